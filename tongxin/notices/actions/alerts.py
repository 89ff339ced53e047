"""An officer's alert: raised, let out by a second person where it is grave, updated, ended."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tongxin.audit.actions import record
from tongxin.guidance.models import AdviceBlock
from tongxin.myths.queries import published
from tongxin.notices import queries, refusals
from tongxin.notices.models import Kind, Notice, Step
from tongxin.notices.rules import needs_second_person
from tongxin.notices.telling import tell_of
from tongxin.people.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer says in an alert."""

    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    places: list[str]
    severity: str
    urgency: str
    certainty: str
    effective_at: datetime
    expires_at: datetime
    link: str = ""
    blocks: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)


@transaction.atomic
def raise_alert(said: Said, *, by: User, at: datetime) -> Notice:
    """A new alert: before the public at once, or waiting where a second person must look.

    Raises:
        EndsBeforeItBegins, NoSuchPlace, UnknownTie, UnknownClaim
    """
    return _put(said, step=Step.FIRST, follows=None, by=by, at=at)


@transaction.atomic
def update_alert(code: str, said: Said, *, by: User, at: datetime) -> Notice:
    """A new version of an alert: it takes the place of the one it follows.

    Raises:
        NotOurs, NotTheLatest, EndsBeforeItBegins, NoSuchPlace, UnknownTie, UnknownClaim
    """
    return _put(said, step=Step.UPDATE, follows=_ours(code), by=by, at=at)


@transaction.atomic
def end_alert(
    code: str, *, step: str, text_zh: str, text_en: str, by: User, at: datetime
) -> Notice:
    """Take an alert back (``Step.CANCEL``) or say that the danger is over (``ALL_CLEAR``).

    One person suffices: a false alarm must not wait. Whoever was told is told.

    Raises:
        NotOurs, NotTheLatest
    """
    before = _ours(code)
    facts = {
        name: getattr(before, name)
        for name in ("title_zh", "title_en", "places", "blocks", "claims", "link")
    }
    facts |= {name: getattr(before, name) for name in ("severity", "urgency", "certainty")}
    row = _new(
        facts | {"text_zh": text_zh, "text_en": text_en},
        step=step,
        follows=before,
        by=by,
        at=at,
    )
    return _publish(row, by=by, at=at)


@transaction.atomic
def let_out(code: str, *, by: User, at: datetime) -> Notice:
    """The second person lets a grave alert out.

    Raises:
        SecondPersonMustLook: whoever wrote it cannot. AlreadyOut. NotTheLatest.
        EndsBeforeItBegins: it has waited too long.
    """
    row = Notice.objects.select_for_update().filter(code=code).first()
    if row is None or row.published_at is not None:
        raise refusals.AlreadyOut
    if row.drafted_by_id == by.pk:
        raise refusals.SecondPersonMustLook
    if row.expires_at and row.expires_at <= at:
        raise refusals.EndsBeforeItBegins
    if row.follows and queries.latest_after(row.follows).pk != row.follows_id:
        raise refusals.NotTheLatest
    return _publish(row, by=by, at=at)


@transaction.atomic
def drop_alert(code: str, *, by: User, at: datetime) -> None:
    """An alert that waits is not let out: it is gone, the trail keeps that it was.

    Raises:
        AlreadyOut
    """
    row = Notice.objects.select_for_update().filter(code=code, published_at=None).first()
    if row is None:
        raise refusals.AlreadyOut
    record("notices.alert_dropped", row, by=by, code=code)
    row.delete()


def _put(said: Said, *, step: str, follows: Notice | None, by: User, at: datetime) -> Notice:
    _check(said, at=at)
    facts = {name: getattr(said, name) for name in said.__slots__}
    row = _new(facts, step=step, follows=follows, by=by, at=at)
    if needs_second_person(row.severity, ends=row.is_over):
        record("notices.alert_waits", row, by=by, severity=row.severity, places=row.places)
        return row
    return _publish(row, by=by, at=at)


def _check(said: Said, *, at: datetime) -> None:
    if said.expires_at <= max(said.effective_at, at):
        raise refusals.EndsBeforeItBegins
    if unknown := queries.unknown_places(said.places):
        raise refusals.NoSuchPlace(code=unknown[0])
    known = set(AdviceBlock.objects.filter(slug__in=said.blocks).values_list("slug", flat=True))
    for slug in said.blocks:
        if slug not in known:
            raise refusals.UnknownTie(slug=slug)
    told = published(disease=settings.DEFAULT_DISEASE).filter(slug__in=said.claims)
    if unknown := sorted(set(said.claims) - set(told.values_list("slug", flat=True))):
        raise refusals.UnknownClaim(slug=unknown[0])


def _new(
    facts: dict[str, object], *, step: str, follows: Notice | None, by: User, at: datetime
) -> Notice:
    code = secrets.token_hex(6)
    return Notice.objects.create(
        **facts,
        code=code,
        guid=code,
        kind=Kind.ALERT,
        step=step,
        follows=follows,
        issued_at=at,
        known_at=at,
        drafted_by=by,
    )


def _publish(row: Notice, *, by: User, at: datetime) -> Notice:
    row.published_at, row.published_by, row.issued_at = at, by, at
    row.save(update_fields=["published_at", "published_by", "issued_at"])
    record(
        "notices.alert_published",
        row,
        by=by,
        step=row.step,
        severity=row.severity,
        places=row.places,
        follows=row.follows.code if row.follows else None,
    )
    tell_of(row, by=by, at=at)
    return row


def _ours(code: str) -> Notice:
    row = Notice.objects.select_for_update().filter(code=code).first()
    if row is None or row.agency_id is not None:
        raise refusals.NotOurs
    if row.published_at is None or row.is_over or queries.latest_after(row).pk != row.pk:
        raise refusals.NotTheLatest
    return row
