"""An entry is taken: kept as FHIR answers, weighed, and given to somebody where it must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tongxin.assistant.red_flags import danger_by_rules
from tongxin.consent.queries import people_acted_for
from tongxin.monitoring import queries, rules
from tongxin.monitoring.actions.tasks import raise_task
from tongxin.monitoring.actions.watches import begin, reckon
from tongxin.monitoring.models import Entry, Task, Via, Watch
from tongxin.monitoring.packs import Pack, pack
from tongxin.monitoring.refusals import NothingToLog, NotThatDay, NotYoursToLog
from tongxin.monitoring.said import Said, as_response
from tongxin.people.models import Person, User
from tongxin.questionnaires.actions import submit
from tongxin.questionnaires.models import Questionnaire
from tongxin.questionnaires.queries import in_use
from tongxin.questionnaires.rules import content_hash

FORM = "daily-health-log"
MOST_A_DAY = 50
"""Entries of one day that count towards where the person stands, the latest ones."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person's day. ``on``: None is today where the person is; ``key``: of the client."""

    person: Person
    said: Said
    key: str
    on: date | None = None


@transaction.atomic
def log_household(
    lines: Sequence[Line],
    *,
    by: User,
    via: str = Via.WEB,
    language: str,
    at: datetime,
) -> list[Entry]:
    """The logs of people for whom this account speaks: all of them, or none.

    Raises:
        NothingToLog, NotYoursToLog, NotThatDay
        NotComplete, OtherAnswersUnderThisKey, BadKey: of the form.
    """
    if not lines:
        raise NothingToLog
    ours = set(people_acted_for(by, at=at).values_list("pk", flat=True))
    if not ours.issuperset(line.person.pk for line in lines):
        raise NotYoursToLog
    ordered = sorted(
        lines, key=lambda line: str(line.person.pk)
    )  # so that two never wait crosswise
    taken = {
        line.person.pk: log(line, via=via, author=by, language=language, by=by, at=at)
        for line in ordered
    }
    return [taken[line.person.pk] for line in lines]


@transaction.atomic
def log_sheet(lines: Sequence[Line], *, by: User, language: str, at: datetime) -> list[Entry]:
    """A paper sheet that an officer types in: all lines, or none.

    Raises:
        NotYoursToLog: the officer may not see one of these people now.
        NotThatDay, NotComplete, OtherAnswersUnderThisKey, BadKey
    """
    for line in lines:
        if not queries.sees(by, line.person, at=at):
            raise NotYoursToLog
    ordered = sorted(lines, key=lambda line: str(line.person.pk))
    return [
        log(line, via=Via.PAPER, author=by, language=language, by=by, at=at) for line in ordered
    ]


@transaction.atomic
def log(
    line: Line,
    *,
    via: str,
    author: User | None,
    language: str,
    by: object,
    at: datetime,
) -> Entry:
    """Take one person's day, exactly once for a key.

    The same answers by the same author within a quarter of an hour are one entry. The caller has
    made sure that ``author`` may speak for the person.

    Raises:
        NotThatDay
        NotComplete, OtherAnswersUnderThisKey, BadKey: of the form.
    """
    person, numbers = line.person, pack()
    watch = begin(person, by=by, at=at)
    today = rules.local_day(at, ZoneInfo(watch.zone))
    on = line.on or today
    if not today - timedelta(days=numbers.back_dated_days) <= on <= today:
        raise NotThatDay(days=numbers.back_dated_days)
    form, answers = _form(), as_response(line.said)
    same = _same(person, answers, author, on, form=form, numbers=numbers, at=at)
    if same:
        return same
    response = submit(
        form,
        answers,
        key=line.key,
        language=language,
        by=by,
        at=at,
        person=person,
        author=author,
    )
    if response.authored_at != at:  # taken before, under the same key
        return Entry.objects.get(response=response)
    return _entered(line, response, watch, on, via=via, author=author, by=by, at=at)


def _entered(
    line: Line,
    response: object,
    watch: Watch,
    on: date,
    *,
    via: str,
    author: User | None,
    by: object,
    at: datetime,
) -> Entry:
    person, numbers, said = line.person, pack(), line.said
    # By rules alone: what was learned hears danger in a bare "headache", and rings somebody up.
    in_words = bool(said.other) and danger_by_rules(said.other).level == "now"
    found = rules.find(
        said.facts(is_danger_in_words=in_words),
        numbers.limits,
        months=rules.months_old(person.born_on, on),
    )
    entry = Entry.objects.create(
        person=person,
        response=response,
        on=on,
        taken_at=at,
        author=author,
        via=via,
        celsius=said.celsius,
        symptoms=list(said.symptoms),
        feeling=said.feeling,
        level=found.level,
        reasons=list(found.reasons),
    )
    _stand(watch, at=at)
    kind = rules.task_kind(found.level, at_risk=watch.is_at_risk)
    today = rules.local_day(at, ZoneInfo(watch.zone))
    if kind and on >= today - timedelta(days=numbers.alarm_days):
        raise_task(person, kind, by=by, at=at, entry=entry)
    elif kind:  # of long ago: somebody looks, but nothing burns
        raise_task(person, Task.Kind.FEVER, by=by, at=at, entry=entry)
    return entry


def _stand(watch: Watch, *, at: datetime) -> None:
    """Where the person stands, worked out from the entries of the last day that has any."""
    rows = Entry.objects.filter(person=watch.person).order_by("-on", "-taken_at")
    lately = list(rows.values_list("on", "author", "taken_at", "level")[:MOST_A_DAY])
    last_on = lately[0][0]
    said = [
        rules.Said(author, taken_at, rules.Level(level))
        for on, author, taken_at, level in lately
        if on == last_on
    ]
    found = rules.standing(said)
    watch.logged_on, watch.level = last_on, found.level
    watch.is_contradictory = found.is_contradictory
    reckon(watch, at=at)


def _same(
    person: Person,
    answers: dict,
    author: User | None,
    on: date,
    *,
    form: Questionnaire,
    numbers: Pack,
    at: datetime,
) -> Entry | None:
    """The entry that said exactly this of this day a moment ago."""
    since = at - timedelta(minutes=numbers.duplicate_minutes)
    hash_ = content_hash([form.slug, answers, str(person.pk)])
    rows = Entry.objects.filter(person=person, on=on, author=author, taken_at__gt=since)
    return rows.filter(response__body_hash=hash_).first()


def _form() -> Questionnaire:
    form = in_use(FORM)
    if form is None:
        raise Questionnaire.DoesNotExist(FORM)
    return form
