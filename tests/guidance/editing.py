"""What an editor's browser sends from the form of advice."""

from datetime import datetime

from tongxin.guidance.models import AdviceBlock

HERE = "/cms/snippets/guidance/adviceblock/"
ADVICE = {
    "slug": "open-a-window",
    "circumstance": "staying-home",
    "action": "ventilate",
    "polarity": "should",
    "title_zh": "饭后开窗换气",
    "title_en": "Open a window after meals",
    "text_zh": "吃完饭开窗十分钟。",
    "text_en": "Open a window for ten minutes after a meal.",
    "asks_zh": "饭后要开窗吗？\n吃完饭开窗多久？",
    "asks_en": "Do I open a window after a meal?",
    "when": ["risk:medium", "risk:high", "symptoms:none"],
    "places": "CN-421083 洪湖市",
    "source_zh": "世界卫生组织",
    "source_en": "World Health Organization",
    "source_url": "https://www.who.int/",
    "source_on": "2023-03-18",
    "authority": "WHO",
    "layer": "county",
    "narrower_may": "stricter",
    "effective_from": "2023-01-08",
    "expires_on": "",
    "review_by": "2027-05-31",
    "grade": "moderate",
    "go_live_at": "",
    "expire_at": "",
}


def sent(words: AdviceBlock) -> dict[str, object]:
    """The form of advice as it stands."""
    latest = words.get_latest_revision_as_object()
    form = {name: getattr(latest, name) for name in ADVICE}
    form["asks_zh"], form["asks_en"] = "\n".join(latest.asks_zh), "\n".join(latest.asks_en)
    form["places"] = "\n".join(latest.places)
    form["when"] = [f"{axis}:{value}" for axis, vs in latest.when.items() for value in vs]
    return {name: _typed(value) for name, value in form.items()}


def _typed(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else value
