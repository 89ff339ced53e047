"""Words that pages of guidance use for what editors choose from lists."""

from django.utils.translation import gettext_lazy

# What kind of source stands behind a piece of advice, for readers who are no doctors.
GRADES = {
    "strong": gettext_lazy("Several good studies agree; further ones will hardly change it."),
    "moderate": gettext_lazy("Studies speak for it; further ones may change details."),
    "limited": gettext_lazy("Few studies so far; further ones may change it."),
    "consensus": gettext_lazy("Experts agree on it; it has hardly been studied by itself."),
    "rule": gettext_lazy("An order of an authority, in force where the authority is."),
}
SIGNS = {
    "must": "do",
    "should": "do",
    "may": "may",
    "should-not": "dont",
    "must-not": "dont",
    "know": "know",
}
AUTHORITIES = {
    "WHO": gettext_lazy("World Health Organization"),
    "NHC": gettext_lazy("National Health Commission of China"),
    "NDCPA": gettext_lazy("National Disease Control and Prevention Administration of China"),
    "China CDC": gettext_lazy("Chinese Center for Disease Control and Prevention"),
    "WOAH": gettext_lazy("World Organisation for Animal Health"),
    "MOE": gettext_lazy("Ministry of Education of China"),
    "NICE": gettext_lazy("National Institute for Health and Care Excellence (United Kingdom)"),
    "NPC": gettext_lazy("National People's Congress of China"),
    "Chinese obstetric experts": gettext_lazy("Chinese experts in obstetrics"),
}
