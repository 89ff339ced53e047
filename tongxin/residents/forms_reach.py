from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from tongxin.channels.models import Reach
from tongxin.channels.reaching.rules import DEFAULT_ORDER, Way, ways

NEVER = "never"
PLACES = [
    ("1", gettext_lazy("first")),
    ("2", gettext_lazy("second")),
    ("3", gettext_lazy("third")),
    ("4", gettext_lazy("last")),
    (NEVER, gettext_lazy("not at all")),
]
LABELS = {
    Way.WECHAT: gettext_lazy("WeChat"),
    Way.PUSH: gettext_lazy("Messages in the browser"),
    Way.SMS: gettext_lazy("Text message"),
    Way.EMAIL: gettext_lazy("E-mail"),
}


class ReachForm(forms.Form):
    """When each way is tried; where two stand at the same place the usual order decides."""

    wechat = forms.ChoiceField(label=LABELS[Way.WECHAT], choices=PLACES)
    push = forms.ChoiceField(label=LABELS[Way.PUSH], choices=PLACES)
    sms = forms.ChoiceField(label=LABELS[Way.SMS], choices=PLACES)
    email = forms.ChoiceField(label=LABELS[Way.EMAIL], choices=PLACES)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of texts and e-mails"), choices=settings.LANGUAGES
    )
    is_one_conversation = forms.BooleanField(
        label=gettext_lazy("Every WeChat account that I have linked may write to me"),
        help_text=gettext_lazy(
            "The authority and the hospital then know that they write to the same person. "
            "Otherwise only the account you linked first writes."
        ),
        required=False,
    )

    @staticmethod
    def first(row: Reach) -> dict[str, Any]:
        """What stands in the form before anything is changed."""
        order = ways(row.order, row.off, is_urgent=False)
        places = {way: str(at) for at, way in enumerate(order, start=1)}
        return {way: places.get(way, NEVER) for way in DEFAULT_ORDER} | {
            "language": row.language,
            "is_one_conversation": row.is_one_conversation,
        }

    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        given = self.cleaned_data
        off = [way for way in DEFAULT_ORDER if given[way] == NEVER]
        order = sorted(
            (way for way in DEFAULT_ORDER if way not in off), key=lambda way: int(given[way])
        )
        return {
            "order": order,
            "off": off,
            "language": given["language"],
            "is_one_conversation": given["is_one_conversation"],
        }
