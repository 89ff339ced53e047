from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("10 to 300 characters. It is printed in public."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HourForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def due_at(self) -> datetime:
        """The moment that was chosen, in the time zone of the site."""
        chosen = datetime.combine(self.cleaned_data["on"], self.cleaned_data["hour"])
        return timezone.make_aware(chosen)
