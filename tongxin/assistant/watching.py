"""Whoever asked and was answered with a verdict hears of it when it is corrected."""

from datetime import datetime

from django.dispatch import receiver

from tongxin.assistant.models import Question
from tongxin.myths.actions.telling import corrected, tell_corrected
from tongxin.myths.models import Ruling


@receiver(corrected, dispatch_uid="questions answered with a verdict")
def _after_a_correction(ruling: Ruling, by: object, at: datetime, **_: object) -> None:
    answered = Question.objects.filter(answer=f"claim:{ruling.claim.slug}")
    receipts = list(answered.values_list("receipt", flat=True))
    tell_corrected(receipts, ruling, by=by, at=at)
