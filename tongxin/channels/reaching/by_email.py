"""A letter by e-mail, given to the mail server once; its acceptance is the receipt."""

from datetime import datetime
from smtplib import SMTPException

from django.core.mail import send_mail

from tongxin.channels.models import Attempt
from tongxin.channels.reaching import queries
from tongxin.channels.reaching.receipts import DELIVERED, FAILED, Fate


def start(attempt: Attempt, *, by: str, at: datetime) -> Fate:
    """Whether the mail server took it."""
    letter = attempt.letter
    words = letter.words_in(queries.reach_of(letter.person).language)
    text = f"{words.body}\n\n{words.address}"
    title = " ".join(words.title.split())  # a line break would begin another header
    try:
        taken = send_mail(title, text, None, [queries.address_of(letter.person)])
    except (SMTPException, OSError) as error:
        return Fate(FAILED, type(error).__name__)
    return Fate(DELIVERED) if taken else Fate(FAILED, "not taken")
