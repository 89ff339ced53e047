"""What a community officer types in from signed sheets."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tongxin.consent.actions import Allowed, Signature
from tongxin.consent.models import Proxy
from tongxin.consent.requests import Request
from tongxin.people.models import Person
from tongxin.people.phones import e164
from tongxin.refusal import Refusal
from tongxin.residents.forms import DateOfBirth, PhoneForm, refused

RELATIONS = (
    (Proxy.Relation.GRANDPARENT, gettext_lazy("Their grandparent")),
    (Proxy.Relation.PARENT, gettext_lazy("Their parent")),
    (Proxy.Relation.CHILD, gettext_lazy("Their child")),
    (Proxy.Relation.SPOUSE, gettext_lazy("Their husband or wife")),
    (Proxy.Relation.RELATIVE, gettext_lazy("Another relative of theirs")),
    (Proxy.Relation.NEIGHBOUR, gettext_lazy("Their neighbour or friend")),
)


def _plain_input() -> forms.TextInput:
    """The browser keeps nothing of one person for the next."""
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class FindForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Name, identity number or telephone"),
        help_text=gettext_lazy("The whole name or number. Each search is written down."),
        max_length=80,
        widget=_plain_input(),
    )


class PersonForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, widget=_plain_input())
    born_on = forms.DateField(label=gettext_lazy("Date of birth"), widget=DateOfBirth())
    street = forms.CharField(
        label=gettext_lazy("Street or community"), max_length=120, widget=_plain_input()
    )
    document = forms.ChoiceField(
        label=gettext_lazy("Identity document"),
        choices=[("", gettext_lazy("None")), *Person.Document.choices],
        required=False,
    )
    document_number = forms.CharField(
        label=gettext_lazy("Number of the document"),
        help_text=gettext_lazy("It is checked, and kept encrypted."),
        max_length=40,
        required=False,
        widget=_plain_input(),
    )

    def clean_born_on(self):
        born_on = self.cleaned_data["born_on"]
        if born_on > timezone.localdate():
            raise forms.ValidationError(gettext_lazy("The date of birth lies in the future."))
        return born_on

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("document")) != bool(given.get("document_number")):
            self.add_error(
                "document_number",
                gettext_lazy("Choose the document and write its number, or leave both empty."),
            )
        return given


class SignatureForm(forms.Form):
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    signed_in = forms.CharField(
        label=gettext_lazy("Signed where"),
        help_text=gettext_lazy("For example: at home, or the office of the community."),
        max_length=120,
        widget=_plain_input(),
    )
    kept_at = forms.CharField(
        label=gettext_lazy("Where the sheet is kept"),
        help_text=gettext_lazy("Folder and number, so that somebody else finds it."),
        max_length=120,
        widget=_plain_input(),
    )

    def clean_signed_on(self):
        signed_on = self.cleaned_data["signed_on"]
        if signed_on > timezone.localdate():
            raise forms.ValidationError(
                gettext_lazy("The date of the signature lies in the future.")
            )
        return signed_on

    def signature(self) -> Signature:
        said = self.cleaned_data
        return Signature(said["signed_on"], said["signed_in"], said["kept_at"])


class _RequestsForm(SignatureForm):
    """A sheet with boxes, one for each thing that is asked."""

    requests = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "nhsuk-checkboxes__input"}),
    )

    def __init__(self, *args: Any, requests: Iterable[Request], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["requests"].choices = [(one.key, one.sentence) for one in requests]


class SheetForm(_RequestsForm):
    """What was signed, and who acts for the person."""

    proxy_name = forms.CharField(
        label=gettext_lazy("Who acts for them: name"),
        help_text=gettext_lazy("Only if the sheet names somebody, who has signed in before."),
        max_length=80,
        required=False,
        widget=_plain_input(),
    )
    proxy_phone = forms.CharField(
        label=gettext_lazy("Who acts for them: mobile number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("Who the person is to them"),
        choices=[("", "–"), *RELATIONS],
        required=False,
    )

    field_order = ("requests", "proxy_name", "proxy_phone", "relation")

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["requests"].label = gettext_lazy("What was signed: tick each")

    def clean_proxy_phone(self) -> str:
        text = self.cleaned_data["proxy_phone"].strip()
        try:
            return e164(text) if text else ""
        except Refusal as refusal:
            raise refused(refusal) from refusal

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        parts = [given.get(name) for name in ("proxy_name", "proxy_phone", "relation")]
        if any(parts) and not all(parts) and "proxy_phone" not in self.errors:
            self.add_error(
                "proxy_phone",
                gettext_lazy("Name, number and who they are belong together; or leave all empty."),
            )
        return given

    def allowed(self) -> Allowed:
        said = self.cleaned_data
        return Allowed(
            tuple(said["requests"]), said["proxy_name"], said["proxy_phone"], said["relation"]
        )


class NewPersonForm(SheetForm, PersonForm):
    """A person and their first sheet."""

    field_order = ("name", "born_on", "street", "document", "document_number", "requests")

    def person(self) -> dict[str, Any]:
        said = self.cleaned_data
        names = ("name", "born_on", "street", "document")
        return {name: said[name] for name in names} | {"document_no": said["document_number"]}


class WithdrawalForm(_RequestsForm):
    """What a visible person withdraws."""

    ends_proxies = forms.BooleanField(
        label=gettext_lazy("Nobody shall act for them any more"), required=False
    )

    field_order = ("requests", "ends_proxies")

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["requests"].label = gettext_lazy("What is withdrawn: tick each")


class FullWithdrawalForm(SignatureForm):
    """Everything, for somebody whose record the officer may not see."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Exactly as on the first sheet."),
        max_length=80,
        widget=_plain_input(),
    )
    born_on = forms.DateField(
        label=gettext_lazy("Date of birth"), required=False, widget=DateOfBirth()
    )
    number = forms.CharField(
        label=gettext_lazy("Identity number or telephone"),
        max_length=40,
        required=False,
        widget=_plain_input(),
    )

    field_order = ("name", "born_on", "number")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("born_on") and not given.get("number"):
            self.add_error("born_on", gettext_lazy("Write the date of birth or a number, or both."))
        return given


class LinkForm(PhoneForm):
    """The telephone that a person got."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["phone"].help_text = gettext_lazy(
            "A code comes to it; have the person read it out. From then on this number signs in."
        )


class EraseOnPaperForm(forms.Form):
    is_signed = forms.BooleanField(
        label=gettext_lazy("The person asks for it in writing. It cannot be brought back.")
    )
