from pathlib import PurePath
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from tongxin.places.models import Place
from tongxin.situation.importers import FORMATS
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Held, Source

LARGEST_FILE = 200 * 1024 * 1024
FORMAT_NAMES = {
    "xlsx": gettext_lazy("Our sheet (.xlsx)"),
    "csv": gettext_lazy("Our table (.csv)"),
    "jhu": gettext_lazy("Johns Hopkins CSSE, wide series (.csv)"),
    "dxy": gettext_lazy("DXY, area readings (.csv or .json)"),
    "canghailan": gettext_lazy("canghailan, daily series (.csv)"),
}


def format_choices() -> list[tuple[str, Any]]:
    """The formats that can be read, those of our own first."""
    order = {name: number for number, name in enumerate(FORMAT_NAMES)}
    names = sorted(FORMATS, key=lambda name: order.get(name, len(order)))
    return [(name, FORMAT_NAMES.get(name, name)) for name in names]


def metric_choices() -> list[tuple[str, str]]:
    """Every metric by its name in the reader's language."""
    language = get_language() or ""
    return [(code, metric.name(language)) for code, metric in metrics().items()]


class SourceChoice(forms.ModelChoiceField):
    """Sources by their name in the reader's language."""

    def label_from_instance(self, obj: Source) -> str:
        return obj.name_zh if (get_language() or "").startswith("zh") else obj.name_en


def source_field(**facts: Any) -> SourceChoice:
    return SourceChoice(
        label=gettext_lazy("Source"), queryset=Source.objects.order_by("tier", "code"), **facts
    )


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), max_length=200)
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=format_choices)
    source = source_field(
        required=False, empty_label=gettext_lazy("the one this format usually comes from")
    )
    known_at = forms.DateTimeField(
        label=gettext_lazy("Known since"),
        help_text=gettext_lazy("When the figures became known, if not just now."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=gettext_lazy("Why figures changed"),
        help_text=gettext_lazy("In the words of the source. It is shown beside every revision."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(gettext("The file is larger than 200 MB."))
        file.name = PurePath(file.name).name
        return file

    def clean_known_at(self) -> Any:
        moment = self.cleaned_data["known_at"]
        if moment and moment > timezone.now():
            raise forms.ValidationError(gettext("This moment is still to come."))
        return moment


class DecisionForm(forms.Form):
    """What an officer decides about held figures; the choice of figures is beside it."""

    note = forms.CharField(
        label=pgettext_lazy("officer's decision", "Note"),
        help_text=gettext_lazy("Why. It stays with the decision."),
        required=False,
        max_length=300,
    )


class ValueForm(DecisionForm):
    """The number that an unreadable cell should have had."""

    value = forms.IntegerField(
        label=gettext_lazy("The figure, if you know it"),
        required=False,
        min_value=0,
        max_value=10**10,
    )

    field_order = ("value", "note")


class PlaceSearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name, pinyin or code"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


class PullForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("scheduled pull", "Name"), max_length=80)
    url = forms.URLField(
        label=gettext_lazy("Address of the file"), max_length=500, assume_scheme="https"
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=format_choices)
    source = source_field()
    every_minutes = forms.IntegerField(
        label=gettext_lazy("Ask every … minutes"), min_value=1, max_value=10_080, initial=60
    )
    stale_after_hours = forms.IntegerField(
        label=gettext_lazy("Alarm if nothing changed for … hours"),
        min_value=1,
        max_value=8_760,
        initial=24,
    )


class PrecedenceForm(forms.Form):
    place = forms.CharField(
        label=gettext_lazy("Place code"),
        help_text=gettext_lazy("Holds for this place and everything below it."),
        max_length=12,
    )
    metric = forms.ChoiceField(
        label=gettext_lazy("Metric"),
        choices=lambda: [("", gettext("every metric")), *metric_choices()],
        required=False,
    )
    source = source_field()

    def clean_place(self) -> str:
        code = self.cleaned_data["place"].strip().upper()
        if not Place.objects.filter(pk=code).exists():
            raise forms.ValidationError(gettext("There is no place with this code."))
        return code


class HeldFilterForm(forms.Form):
    reason = forms.ChoiceField(label=pgettext_lazy("held figure", "Reason"), required=False)
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=60)
    batch = forms.IntegerField(label=gettext_lazy("Import"), required=False, min_value=1)

    def __init__(self, *args: Any, reasons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", gettext("all")), *reasons]


class SettledFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        required=False,
        choices=lambda: [
            ("", gettext("all")),
            *(one for one in Held.State.choices if one[0] != Held.State.WAITING),
        ],
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=60)
