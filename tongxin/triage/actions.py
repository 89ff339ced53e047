"""Every write: a check that somebody keeps, takes away, or is told of again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, override

from tongxin.audit.actions import record
from tongxin.channels.sms.actions import send_text
from tongxin.consent.queries import acts_for, people_acted_for
from tongxin.people.models import Person, User
from tongxin.triage import queries
from tongxin.triage.answers import written
from tongxin.triage.keeping_rules import KEPT_FOR
from tongxin.triage.models import Check, PackVersion, Reassessment
from tongxin.triage.packs import Pack
from tongxin.triage.queries import Moved
from tongxin.triage.refusals import NoSuchCheck, NotFinished, NotYoursToKeep
from tongxin.triage.rules import Answers, State, outcome

TEXT_HOLDS_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """How many checks were told of, how many of them more urgent, and how many texts went."""

    checks: int
    more_urgent: int
    texts: int


@transaction.atomic
def keep_check(
    person: Person,
    answers: Answers,
    *,
    pack: Pack,
    key: str,
    language: str,
    by: User,
    at: datetime,
) -> Check:
    """Keep a finished check of this person; under the same key it is kept once.

    Raises:
        NotYoursToKeep: ``by`` is neither the person nor acts for them.
        NotFinished
    """
    if not acts_for(by, person, at=at):
        raise NotYoursToKeep
    found = outcome(pack, answers)
    if found.disposition is None:
        raise NotFinished
    given = {q.key: written(q, answers[q.key]) for q in State(pack, answers).answered}
    check, is_new = Check.objects.get_or_create(
        key_hash=sha256(f"{person.pk}:{key}".encode()).hexdigest(),
        defaults={
            "person": person,
            "rules": _kept_version(pack, at=at),
            "answers": given,
            "disposition": found.disposition.key,
            "clause": found.clauses[0].id,
            "language": language,
            "at": at,
        },
    )
    if is_new:
        record("triage.check_kept", person, by=by, check=check.pk)
    return check


@transaction.atomic
def delete_check(check_id: int, *, by: User, at: datetime) -> Person:
    """Delete one kept check; whose it was. Raises `NoSuchCheck`."""
    mine = Check.objects.filter(person__in=people_acted_for(by, at=at))
    check = mine.select_for_update(of=("self",)).select_related("person").filter(pk=check_id)
    row = check.first()
    if row is None:
        raise NoSuchCheck
    record("triage.check_deleted", row.person, by=by, check=row.pk)
    row.delete()
    return row.person


@transaction.atomic
def forget_checks(*, by: str, at: datetime) -> int:
    """Delete what was kept a year ago; how many."""
    gone = Check.objects.filter(at__lt=at - KEPT_FOR)
    count = gone.count()
    if count:
        record("triage.checks_forgotten", "self-checks", by=by, count=count)
        gone.delete()
    return count


@transaction.atomic
def tell_of_change(pack: Pack, *, since: datetime, by: User | str, at: datetime) -> Told:
    """Tell everybody whose kept check since then ends elsewhere by these rules, once a check.

    Their page says it; who would now get more urgent advice is also sent a text.
    """
    now = _kept_version(pack, at=at)
    PackVersion.objects.select_for_update().get(pk=now.pk)  # two who press at once tell once
    found = queries.weighed(pack, queries.older_versions(pack, since=since), since=since)
    already = queries.told_of(pack)
    fresh = [one for one in found.moved if one.check.pk not in already]
    Reassessment.objects.bulk_create(
        [
            Reassessment(
                check_kept=one.check,
                rules=now,
                disposition=one.disposition,
                is_more_urgent=one.is_more_urgent,
                at=at,
            )
            for one in fresh
        ],
        batch_size=1000,
    )
    urgent = [one for one in fresh if one.is_more_urgent]
    texts = _send_texts(urgent, by=by, at=at)
    for person in {one.check.person_id for one in fresh}:
        record("triage.check_reassessed", f"people.Person:{person}", by=by, version=pack.version)
    if fresh:
        counts = {"checks": len(fresh), "more_urgent": len(urgent), "texts": texts}
        record("triage.change_told", now, by=by, **counts)
    return Told(len(fresh), len(urgent), texts)


def _kept_version(pack: Pack, *, at: datetime) -> PackVersion:
    """The row of these rules."""
    row, _ = PackVersion.objects.get_or_create(
        digest=pack.digest,
        defaults={
            "pack_key": pack.key,
            "version": pack.version,
            "content": pack.as_json,
            "kept_at": at,
        },
    )
    return row


def _send_texts(moved: Iterable[Moved], *, by: User | str, at: datetime) -> int:
    """One text a person, about their latest check; how many telephones are written to."""
    latest: dict[object, Check] = {}
    for one in moved:
        check = one.check
        if check.person_id not in latest or latest[check.person_id].at < check.at:
            latest[check.person_id] = check
    count = 0
    for check in latest.values():
        with override(check.language):
            text = _words(check)
        for phone in queries.phones_for(check.person, at=at):
            send_text(phone, text, kind="self-check", holds_for=TEXT_HOLDS_FOR, by=by, at=at)
            count += 1
    return count


def _words(check: Check) -> str:
    """What the text says: no answer, no advice; whoever picks up the telephone reads it."""
    text = gettext(
        "Tongxin: the rules of the self-check have changed. For the answers of %(day)s they now "
        "advise something more urgent. Look again: %(url)s In danger call %(number)s."
    )
    return text % {
        "day": date_format(localtime(check.at), "MONTH_DAY_FORMAT"),
        "url": f"{settings.PUBLIC_URL.rstrip('/')}/my/",
        "number": settings.EMERGENCY_NUMBER,
    }
