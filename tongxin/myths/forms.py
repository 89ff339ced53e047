from django import forms
from django.utils.translation import get_language, gettext_lazy

from tongxin.myths.models import Claim, Cluster, Harm
from tongxin.myths.rules import LONGEST


class RumourForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What people tell"),
        help_text=gettext_lazy("Paste the sentence or the message, in Chinese or English."),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
    )
    link = forms.CharField(
        label=gettext_lazy("Or a link"),
        help_text=gettext_lazy("We note the address; we do not open it."),
        required=False,
        widget=forms.URLInput,
    )
    picture = forms.FileField(
        label=gettext_lazy("Or a picture with text"),
        help_text=gettext_lazy("PNG, JPEG or WebP, 5 MB at most. It is read and not kept."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of your receipt"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ClaimChoice(forms.ModelChoiceField):
    """Published claims by what they say in the reader's language."""

    def label_from_instance(self, obj: Claim) -> str:
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        return f"{obj.get_verdict_display()}: {obj.said('claim', language)}"


class AnswerForm(forms.Form):
    claim = ClaimChoice(
        label=gettext_lazy("Claim that answers it"),
        queryset=Claim.objects.filter(live=True, withdrawn_on=None, superseded_by=None),
        to_field_name="slug",
    )


class DismissForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=Cluster.Reason)


class HarmForm(forms.Form):
    harm = forms.TypedChoiceField(label=gettext_lazy("Harm it can do"), choices=Harm, coerce=int)


class ClusterChoice(forms.ModelChoiceField):
    """Open clusters by number."""

    def label_from_instance(self, obj: Cluster) -> str:
        first = min(obj.reports.all(), key=lambda one: one.at, default=None)
        return f"{obj.pk}: {first.text[:40] if first else ''}"


class MergeForm(forms.Form):
    into = ClusterChoice(
        label=gettext_lazy("Put it together with"),
        queryset=Cluster.objects.filter(state=Cluster.State.OPEN).prefetch_related("reports"),
    )
