"""The log as a text message, for phones without anything else."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from tongxin.channels.sms.intake import Inbound
from tongxin.monitoring import by_message, queries
from tongxin.monitoring.models import Via
from tongxin.people.models import User
from tongxin.people.sealing import match_key
from tongxin.refusal import Refusal


def answer(inbound: Inbound) -> str | None:
    """What was taken, or why nothing was; None where the text is no log."""
    text = by_message.log_in(inbound.text)
    if text is None:
        return None
    user = _account(inbound.phone)
    if by_message.is_danger(text) and (user is None or not _reads(text, user, at=inbound.at)):
        return gettext("This can be dangerous. Call {number} now.").format(
            number=settings.EMERGENCY_NUMBER
        )
    if user is None:
        return gettext("Nobody has signed in with this number yet: {page}").format(
            page=by_message.page()
        )
    people = queries.household(user, at=inbound.at)
    try:
        return by_message.taken(
            text, people, user=user, key=f"sms:{inbound.number}", via=Via.SMS, at=inbound.at
        )
    except Refusal as refusal:
        why = gettext(refusal.says).format(**refusal.facts)
        others = [person.name for person in people[1:] if person.name]
        return f"{why}\n{by_message.how_to(others)}"


def _reads(text: str, user: User, *, at: datetime) -> bool:
    try:
        by_message.read_lines(text, queries.household(user, at=at))
    except Refusal:
        return False
    return True


def _account(phone: str) -> User | None:
    """The resident's account of this number; staff log on the page."""
    found = User.objects.filter(phone_key=match_key("phone", phone), is_active=True)
    user = found.exclude(person=None).first()
    return None if user is None or user.organisation_id else user
