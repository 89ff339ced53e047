from django import forms
from django.utils.translation import gettext, gettext_lazy

from tongxin.people.phones import e164
from tongxin.places.queries import search
from tongxin.refusal import Refusal
from tongxin.tracing.actions import LONGEST_WHAT, LONGEST_WHERE, Told
from tongxin.tracing.models import Report, Symptom


class ReportForm(forms.Form):
    about = forms.ChoiceField(
        label=gettext_lazy("Who is it about?"), choices=Report.About.choices, initial="other"
    )
    symptoms = forms.MultipleChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=Symptom.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "nhsuk-checkboxes__input"}),
        error_messages={"required": gettext_lazy("Choose at least one symptom.")},
    )
    since_on = forms.DateField(
        label=gettext_lazy("Since when?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    place = forms.CharField(label=gettext_lazy("County or city"), max_length=60)
    where = forms.CharField(
        label=gettext_lazy("Where can the person be found?"),
        help_text=gettext_lazy("Street, building, door; or a shop, a school, a bus."),
        max_length=LONGEST_WHERE,
    )
    what = forms.CharField(
        label=gettext_lazy("What else should we know?"),
        max_length=LONGEST_WHAT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_WHAT}),
    )
    contact = forms.CharField(
        label=gettext_lazy("Your mobile number, if we may ask back"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_place(self) -> str:
        """The code of the place that was meant."""
        found = search(self.cleaned_data["place"], 1)
        if not found:
            raise forms.ValidationError(
                gettext_lazy("We know no place of this name. Write the county or city.")
            )
        return found[0].pk

    def clean_contact(self) -> str:
        text = self.cleaned_data["contact"].strip()
        if not text:
            return ""
        try:
            return e164(text)
        except Refusal as refusal:
            said = gettext(refusal.says).format(**refusal.facts)
            raise forms.ValidationError(said) from refusal

    def told(self) -> Told:
        """What was said, once the form is valid."""
        said = dict(self.cleaned_data)
        return Told(**{**said, "symptoms": tuple(said["symptoms"])})


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of your receipt"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it was closed"), choices=Report.Reason.choices
    )
