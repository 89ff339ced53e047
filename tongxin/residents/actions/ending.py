"""Records that nobody uses any more end by themselves: a warning, then erasure with a proof."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from tongxin.audit.actions import record
from tongxin.channels.sms.actions import send_text
from tongxin.people.actions import CannotBeErased, erase_person
from tongxin.people.models import Person
from tongxin.people.retention import IDLE_DAYS, WARNED_DAYS
from tongxin.residents.keeping import idle_persons

BATCH = 50
TEXT_HOLDS_FOR = timedelta(days=2)
WAKING = range(8, 20)
"""Hours of the day in which a telephone may ring for this."""


def end_idle_records(*, by: str, at: datetime) -> tuple[int, int]:
    """Warn the owners of unused records, and erase those warned long enough ago; a batch each.

    Returns:
        How many were warned and how many erased. Run again, it does nothing twice.
    """
    _forget_warnings(by=by, at=at)
    if timezone.localtime(at).hour not in WAKING:
        return 0, 0
    idle = idle_persons(since=at - timedelta(days=IDLE_DAYS))
    warned_before = at - timedelta(days=WARNED_DAYS)
    due = idle.filter(warned_at__lte=warned_before).order_by("warned_at")
    ended = [_end(number, by=by, at=at) for number in due.values_list("pk", flat=True)[:BATCH]]
    new = idle.filter(warned_at__isnull=True).order_by("made_at")
    warned = [_warn(number, by=by, at=at) for number in new.values_list("pk", flat=True)[:BATCH]]
    return sum(warned), sum(ended)


@transaction.atomic
def _forget_warnings(*, by: str, at: datetime) -> None:
    """Who came back after the warning is warned anew another time."""
    idle = idle_persons(since=at - timedelta(days=IDLE_DAYS))
    back = Person.objects.filter(warned_at__isnull=False).exclude(pk__in=idle.values("pk"))
    for person in back.select_for_update()[:BATCH]:
        person.warned_at = None
        person.save(update_fields=["warned_at"])
        record("people.record_used_again", person, by=by)


@transaction.atomic
def _warn(number: object, *, by: str, at: datetime) -> bool:
    person = _locked(number, at=at)
    if person is None or person.warned_at is not None:
        return False
    person.warned_at = at
    person.save(update_fields=["warned_at"])
    with override(settings.LANGUAGE_CODE):
        text = gettext(
            "Tongxin: nobody has used your record for a year. It will be erased in %(days)s days. "
            "To keep it, sign in once: %(address)s"
        )
        _text(person.phone, text % {"days": WARNED_DAYS, "address": _address("my")}, by=by, at=at)
    record("people.end_announced", person, by=by)
    return True


def _end(number: object, *, by: str, at: datetime) -> bool:
    try:
        return _erased(number, by=by, at=at)
    except CannotBeErased:
        _postpone(number, by=by, at=at)
        return False


@transaction.atomic
def _erased(number: object, *, by: str, at: datetime) -> bool:
    person = _locked(number, at=at)
    if person is None:
        return False
    phone = person.phone
    proof = erase_person(person, by=by)
    with override(settings.LANGUAGE_CODE):
        text = gettext(
            "Tongxin: your record was erased, as announced. Proof, to be checked at %(address)s: "
            "%(proof)s"
        )
        said = text % {"address": _address("my_proof"), "proof": proof.hash}
        _text(phone, said, by=by, at=at)
    return True


@transaction.atomic
def _postpone(number: object, *, by: str, at: datetime) -> None:
    """What has to be kept by law for now is looked at again after as long as a warning holds."""
    Person.objects.filter(pk=number).update(warned_at=at)
    record("people.end_postponed", f"people.Person:{number}", by=by)


def _locked(number: object, *, at: datetime) -> Person | None:
    """The person, if they are still idle now that nobody else can change them."""
    idle = idle_persons(since=at - timedelta(days=IDLE_DAYS)).filter(pk=number)
    return Person.objects.select_for_update(skip_locked=True).filter(pk__in=idle).first()


def _text(phone: str, text: str, *, by: str, at: datetime) -> None:
    if phone:
        send_text(phone, text, kind="record", holds_for=TEXT_HOLDS_FOR, by=by, at=at)


def _address(page: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(page)
