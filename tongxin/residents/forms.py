from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from tongxin.consent.models import Proxy
from tongxin.people.models import Person
from tongxin.people.phones import e164
from tongxin.people.sign_in_rules import DIGITS
from tongxin.places.queries import search
from tongxin.refusal import Refusal
from tongxin.residents.actions import ERASE, HAND_OVER, who_takes_over

EARLIEST = "1900-01-01"


def refused(refusal: Refusal) -> forms.ValidationError:
    """The refusal beside the field, in the reader's language."""
    return forms.ValidationError(gettext(refusal.says).format(**refusal.facts))


class DateOfBirth(forms.DateInput):
    """The browser's own calendar; typed dates are read too."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"autocomplete": "bday", "min": EARLIEST})


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("We send a code to it. No password, nothing to pay."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "autofocus": True}
        ),
    )

    def clean_phone(self) -> str:
        try:
            return e164(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise refused(refusal) from refusal


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code from the message"),
        help_text=gettext_lazy("Six digits; they hold for ten minutes."),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        code = "".join(letter for letter in self.cleaned_data["code"] if letter.isdecimal())
        plain = "".join(str(int(digit)) for digit in code)
        if len(plain) != DIGITS:
            raise forms.ValidationError(gettext_lazy("The code has six digits."))
        return plain


class DetailsForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    born_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Children and older people get other advice."),
        required=False,
        widget=DateOfBirth(),
    )
    place = forms.CharField(
        label=gettext_lazy("Where you live"),
        help_text=gettext_lazy("County or city, for example Honghu."),
        max_length=60,
        required=False,
    )
    street = forms.CharField(
        label=gettext_lazy("Street or community"),
        help_text=gettext_lazy("So that your community committee can find you when you need help."),
        max_length=120,
        required=False,
    )
    document = forms.ChoiceField(
        label=gettext_lazy("Identity document"),
        help_text=gettext_lazy("Only if you want to: hospitals find your record by it."),
        choices=[("", gettext_lazy("None")), *Person.Document.choices],
        required=False,
    )
    document_number = forms.CharField(
        label=gettext_lazy("Number of the document"),
        help_text=gettext_lazy("It is checked, and kept encrypted."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_place(self) -> str:
        """The code of the place that was meant."""
        text = self.cleaned_data["place"].strip()
        found = search(text, 1) if text else []
        if text and not found:
            raise forms.ValidationError(
                gettext_lazy("We know no place of this name. Write the county or city.")
            )
        return found[0].pk if found else ""

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if bool(given.get("document")) != bool(given.get("document_number")):
            self.add_error(
                "document_number",
                gettext("Choose the document and write its number, or leave both empty."),
            )
        return given


class WardForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    born_on = forms.DateField(
        label=gettext_lazy("Date of birth"), required=False, widget=DateOfBirth()
    )
    relation = forms.ChoiceField(label=gettext_lazy("Who is it?"), choices=Proxy.Relation.choices)
    basis = forms.ChoiceField(
        label=gettext_lazy("How did they agree?"),
        choices=[
            (Proxy.Basis.SPOKEN, gettext_lazy("I asked, and they said yes")),
            (Proxy.Basis.GUARDIAN, gettext_lazy("It is my child, under 18")),
        ],
    )
    has_agreed = forms.BooleanField(
        label=gettext_lazy("They know that I write down their health here, and can end it any day.")
    )

    def clean_born_on(self):
        born_on = self.cleaned_data["born_on"]
        if born_on and born_on > timezone.localdate():
            raise forms.ValidationError(gettext_lazy("The date of birth lies in the future."))
        return born_on


class YesForm(forms.Form):
    """When somebody without a telephone said yes to the person who acts for them."""

    said_on = forms.DateField()


class JoinForm(PhoneForm):
    relation = forms.ChoiceField(label=gettext_lazy("Who is it?"), choices=Proxy.Relation.choices)


class EraseForm(forms.Form):
    """Asks once more; and what shall become of those for whom nobody else acts."""

    is_sure = forms.BooleanField(
        label=gettext_lazy("Erase everything about this person. It cannot be brought back.")
    )

    def __init__(self, *args: Any, wards: Iterable[Person] = (), **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.wards = {f"ward_{person.pk}": person for person in wards}
        for name, person in self.wards.items():
            self.fields[name] = forms.ChoiceField(
                label=person.name or gettext("A person"), choices=_fates(person)
            )
        self.order_fields([*self.wards, "is_sure"])

    def fates(self) -> dict[UUID, str]:
        return {person.pk: self.cleaned_data[name] for name, person in self.wards.items()}


def _fates(person: Person) -> list[tuple[str, str]]:
    """What can become of somebody whose only proxy leaves."""
    request = who_takes_over(person)
    text = gettext("Hand over to %(who)s: I asked, and they agree")
    hand_over = [(HAND_OVER, text % {"who": request.organisation.name})] if request else []
    return [("", gettext("Choose")), *hand_over, (ERASE, gettext("Erase this record too"))]


class ProofForm(forms.Form):
    proof = forms.CharField(label=gettext_lazy("Number on the proof"), max_length=80)
