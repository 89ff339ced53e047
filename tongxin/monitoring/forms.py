"""What is typed: a household's day, a reminder, the outcome of a task, a sheet."""

from datetime import date

from django import forms
from django.utils.translation import gettext, gettext_lazy

from tongxin.monitoring.models import Feeling, Symptom, Task, Watch
from tongxin.monitoring.refusals import NoTemperature
from tongxin.monitoring.said import CELSIUS, LONGEST, UNITS, Said, temperature
from tongxin.refusal import Refusal

WELL, ILL = "well", "ill"
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
CONTACT = [*YES_NO, ("unknown", gettext_lazy("Don't know"))]


def in_words(refusal: Refusal) -> str:
    """A refusal as the reader reads it."""
    return gettext(refusal.says).format(**refusal.facts)


def typed(text: str, most: int) -> str:
    """What came outside a form, cut, without the one letter that no database takes."""
    return text.replace("\x00", "")[:most]


class LogForm(forms.Form):
    """One person's day. Nothing chosen means: not now."""

    how = forms.ChoiceField(
        label=gettext_lazy("How is it today?"),
        choices=[
            (WELL, gettext_lazy("Nothing unusual")),
            (ILL, gettext_lazy("Something is not right")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    degrees = forms.CharField(
        label=gettext_lazy("Temperature"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 5}),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=list(UNITS.items()), initial=CELSIUS, required=False
    )
    symptoms = forms.MultipleChoiceField(
        label=gettext_lazy("What is there today that is not usual?"),
        choices=Symptom.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other = forms.CharField(
        label=gettext_lazy("Something else"), max_length=LONGEST, required=False
    )
    since = forms.DateField(
        label=gettext_lazy("Since when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    feeling = forms.ChoiceField(
        label=gettext_lazy("How do they feel altogether?"),
        choices=Feeling.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    contact = forms.ChoiceField(
        label=gettext_lazy("Close to somebody who has the disease, in the last 14 days?"),
        choices=CONTACT,
        required=False,
        widget=forms.RadioSelect,
    )
    travelled = forms.ChoiceField(
        label=gettext_lazy("Outside the county since the last entry?"),
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )
    where = forms.CharField(label=gettext_lazy("Where?"), max_length=LONGEST, required=False)
    medicine = forms.ChoiceField(
        label=gettext_lazy("Medicine today?"),
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )
    which = forms.CharField(
        label=gettext_lazy("Which medicine?"), max_length=LONGEST, required=False
    )

    @property
    def text_of_illness(self) -> list[forms.BoundField]:
        """What is typed about an illness."""
        return [self["other"], self["since"]]

    @property
    def is_filled(self) -> bool:
        """Whether anything was said of this person."""
        names = ("how", "degrees", "symptoms", "other", "feeling")
        return any(self.data.get(self.add_prefix(name)) for name in names)

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if not self.is_filled:
            return said
        try:
            unit = said.get("unit") or CELSIUS
            said["temperature"] = temperature(said.get("degrees", ""), unit)
        except NoTemperature as refusal:
            self.add_error("degrees", in_words(refusal))
        is_ill = bool(said.get("symptoms") or said.get("other"))
        if said.get("how") == WELL and is_ill:
            self.add_error("how", gettext("You ticked symptoms below. Which is right?"))
        if said.get("how") == ILL and not (is_ill or said.get("feeling") or said.get("degrees")):
            self.add_error("symptoms", gettext("Say what is not right."))
        if not (said.get("how") or is_ill or self.data.get(self.add_prefix("degrees"))):
            self.add_error("how", gettext("Say how it is today."))
        for box, text, words in (
            ("travelled", "where", gettext("Say where.")),
            ("medicine", "which", gettext("Say which medicine.")),
        ):
            if said.get(box) == "yes" and not said.get(text):
                self.add_error(text, words)
        return said

    def said(self) -> Said:
        """What was said, once the form is valid."""
        given = self.cleaned_data
        return Said(
            temperature=given.get("temperature"),
            unit=given.get("unit") or CELSIUS,
            symptoms=tuple(given["symptoms"]),
            other=given["other"].strip(),
            since=given["since"],
            feeling=given["feeling"],
            contact=given["contact"],
            travelled=_yes(given["travelled"]),
            places=(given["where"],) if given["where"] else (),
            took_medicine=_yes(given["medicine"]),
            medicine=given["which"],
        )


def as_yesterday(said: Said, today: date) -> dict[str, object]:
    """Yesterday's answers as a form offers them; a temperature is measured anew.

    >>> as_yesterday(Said(contact="no"), date(2020, 3, 20))["how"]
    'well'
    """
    is_ill = bool(said.symptoms or said.other)
    return {
        "how": ILL if is_ill else WELL,
        "unit": said.unit,
        "symptoms": list(said.symptoms),
        "other": said.other,
        "since": said.since.isoformat() if said.since else "",
        "feeling": "same" if is_ill else "",
        "contact": said.contact,
        "travelled": "no" if said.travelled is not None else "",
        "medicine": {True: "yes", False: "no", None: ""}[said.took_medicine],
        "which": said.medicine,
    }


def _yes(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


class ReminderForm(forms.Form):
    remind_at = forms.TimeField(
        label=gettext_lazy("Remind me at"),
        help_text=gettext_lazy("Leave it empty for no reminder."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Where the person is, for example Asia/Shanghai."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RiskForm(forms.Form):
    risk = forms.ChoiceField(
        label=gettext_lazy("At risk because"),
        choices=[("", gettext_lazy("Not at special risk")), *Watch.Risk.choices],
        required=False,
    )


OUTCOMES = [one for one in Task.Outcome.choices if one[0] != Task.Outcome.WITHDRAWN]


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=gettext_lazy("What came of it"), choices=OUTCOMES)
    note = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SheetForm(forms.Form):
    pasted = forms.CharField(
        label=gettext_lazy("Lines from a spreadsheet"),
        help_text=gettext_lazy(
            "Copy the cells and paste them here. Columns: name, temperature, what is not right; "
            "and if it is another day, the date."
        ),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
