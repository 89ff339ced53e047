from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import get_language, gettext, gettext_lazy

from tongxin.people.models import Organisation, User
from tongxin.people.roles import Role
from tongxin.places.models import Place
from tongxin.refusal import Refusal


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show on the form, in the reader's language, why the house said no."""
    form.add_error(None, gettext(refusal.says).format(**refusal.facts))


class OrganisationChoice(forms.ModelChoiceField):
    """Organisations by their name in the reader's language."""

    def label_from_instance(self, obj: Organisation) -> str:
        return obj.name_zh if (get_language() or "").startswith("zh") else obj.name_en


class AccountForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    organisation = OrganisationChoice(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.order_by("name_en"),
        required=False,
    )


class NewAccountForm(AccountForm):
    username = forms.CharField(
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("What the person types to sign in, for example chenming."),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    display_name = forms.CharField(
        label=gettext_lazy("Name that colleagues see"), max_length=150, required=False
    )

    field_order = ("username", "display_name", "role", "organisation")


class OrganisationForm(forms.Form):
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Organisation.Kind.choices)
    place = forms.CharField(
        label=gettext_lazy("Place code"),
        help_text=gettext_lazy("For example CN-421083."),
        max_length=12,
    )

    def clean_place(self) -> str:
        code = self.cleaned_data["place"].strip().upper()
        if not Place.objects.filter(pk=code).exists():
            raise forms.ValidationError(
                gettext_lazy("There is no place with this code."), code="unknown"
            )
        return code


class TrailFilterForm(forms.Form):
    by = forms.CharField(
        label=gettext_lazy("Who"),
        help_text=gettext_lazy("A user name, or a process such as worker."),
        required=False,
        max_length=150,
    )
    deed = forms.CharField(
        label=gettext_lazy("Deed"),
        help_text=gettext_lazy("Its beginning is enough, for example releases."),
        required=False,
        max_length=60,
    )
    target = forms.CharField(label=gettext_lazy("Done to"), required=False, max_length=120)
    from_on = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    to_on = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_by(self) -> str:
        """The name as the trail has it: the number of an account, or a process."""
        name = self.cleaned_data["by"].strip()
        user = User.objects.filter(username__iexact=name).first() if name else None
        return f"user:{user.pk}" if user else name
