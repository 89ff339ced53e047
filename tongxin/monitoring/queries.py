"""Who may see whose log, who is in which state, and in whose hands a task goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tongxin.consent.models import Grant, Purpose
from tongxin.consent.queries import (
    grants_in_force,
    people_acted_for,
    people_visible_to,
    proxies_in_force,
)
from tongxin.monitoring import rules
from tongxin.monitoring.models import Entry, Level, Task, Watch
from tongxin.people.models import Organisation, Person, User
from tongxin.people.roles import Role

OPEN = ~Q(state=Task.State.DONE)
LINE = (Role.COMMUNITY_OFFICER, Role.DUTY_OFFICER, Role.DUTY_CHIEF)
"""In whose hands a task comes, one after the other, of those whom the person allows."""
SHOWN_DAYS = 14
MOST_AT_ONCE = 500
COUNTED = ("silent_feverish", "feverish", "silent", "not_yet", "reported")


def household(user: User, *, at: datetime) -> list[Person]:
    """For whom this account keeps a log: first oneself, then the others as they were added."""
    people = list(people_acted_for(user, at=at).select_related("watch"))
    return sorted(people, key=lambda one: (one.pk != user.person_id, one.made_at, one.pk))


def watch_of(person: Person) -> Watch | None:
    """How this person is watched, if they ever logged or were entered."""
    return Watch.objects.filter(person=person).first()


def zone_of(watch: Watch | None) -> ZoneInfo:
    """Where the person's day begins and ends."""
    return ZoneInfo(watch.zone if watch else Watch._meta.get_field("zone").default)


def last_entry(person: Person) -> Entry | None:
    """The last entry of the person with its answers, to be offered again."""
    rows = Entry.objects.filter(person=person).select_related("response")
    return rows.order_by("-on", "-taken_at").first()


def entries_of(person: Person, *, at: datetime) -> list[Entry]:
    """The last two weeks, the newest first."""
    since = rules.local_day(at, zone_of(watch_of(person))) - timedelta(days=SHOWN_DAYS)
    rows = Entry.objects.filter(person=person, on__gt=since).select_related("author__organisation")
    return list(rows.order_by("-on", "-taken_at"))


def open_task_of(person: Person) -> Task | None:
    """The task that somebody has to see to."""
    rows = Task.objects.filter(OPEN, person=person)
    return rows.select_related("owner__organisation", "body").first()


def watched_by(officer: User, *, at: datetime, street: str = "") -> QuerySet[Watch]:
    """People whose log this officer may see now; of one street where one is named."""
    visible = people_visible_to(officer, purpose=Purpose.MONITORING, at=at)
    rows = Watch.objects.filter(person__in=visible).select_related("person__place")
    return rows.filter(person__street=street) if street else rows


def streets_of(officer: User, *, at: datetime) -> list[str]:
    """The streets in which these people live."""
    visible = people_visible_to(officer, purpose=Purpose.MONITORING, at=at)
    rows = visible.filter(watch__isnull=False).exclude(street="").order_by("street")
    return list(rows.values_list("street", flat=True).distinct())


def in_state(name: str, rows: QuerySet[Watch], *, at: datetime) -> QuerySet[Watch]:
    """Those of ``rows`` in a state of `COUNTED`, the longest waiting first."""
    silent, fever = Q(silent_from__lte=at), Q(level__gte=Level.FEVER)
    today = timezone.localdate(at)
    chosen = {
        "silent_feverish": silent & fever,
        "feverish": ~silent & fever,
        "silent": silent,
        "not_yet": ~silent & (Q(logged_on__isnull=True) | Q(logged_on__lt=today)),
        "reported": Q(logged_on__gte=today),
    }[name]
    return rows.filter(chosen).order_by("silent_from", "person")


def is_allowed_by(*, at: datetime) -> Exists:
    """Of rows about a person: whether that person lets anybody read the log now."""
    return Exists(_allowing(at=at).filter(person=OuterRef("person")))


def counts(rows: QuerySet[Watch], *, at: datetime) -> dict[str, int]:
    """How many are in each state."""
    return {name: in_state(name, rows, at=at).order_by().count() for name in COUNTED}


def tasks_for(officer: User, *, at: datetime) -> QuerySet[Task]:
    """Open tasks about people whom this officer may see, the most urgent clock first."""
    visible = people_visible_to(officer, purpose=Purpose.MONITORING, at=at)
    rows = Task.objects.filter(OPEN, person__in=visible)
    return rows.select_related("person", "owner__organisation", "body").order_by("due_at", "pk")


def task_for(officer: User, task_id: int, *, at: datetime) -> Task | None:
    """One task, open or done, if this officer may see the person now."""
    visible = people_visible_to(officer, purpose=Purpose.MONITORING, at=at)
    rows = Task.objects.filter(pk=task_id, person__in=visible)
    return rows.select_related("person__place", "owner", "body", "entry").first()


@dataclass(frozen=True, slots=True)
class Hands:
    """In whose hands a task comes at a step of the line."""

    owner: User
    body: Organisation
    step: int


def hands_for(
    person: Person, *, at: datetime, from_step: int = 0, but: int | None = None
) -> Hands | None:
    """Who is next for this person: the first step with anybody whom the person allows.

    Args:
        from_step: earlier steps of `LINE` are passed over.
        but: an account that had its turn.
    """
    bodies = list(_allowing(at=at).filter(person=person).values_list("to", flat=True))
    for step, role in enumerate(LINE):
        if step < from_step:
            continue
        staff = User.objects.filter(role=role, is_active=True, organisation__in=bodies)
        by_number = {user.pk: user for user in staff.exclude(pk=but).select_related("organisation")}
        chosen = rules.least_busy(by_number, _open_tasks(by_number))
        if chosen is not None:
            return Hands(by_number[chosen], by_number[chosen].organisation, step)
    return None


def allows_anybody(person: Person, *, at: datetime) -> bool:
    """Whether the person lets any organisation read their log now."""
    found = grants_in_force(at=at).filter(person=person, purpose=Purpose.MONITORING)
    return found.exists()


def sees(officer: User, person: Person, *, at: datetime) -> bool:
    """Whether this officer may see this person's log now."""
    visible = people_visible_to(officer, purpose=Purpose.MONITORING, at=at)
    return officer.is_active and visible.filter(pk=person.pk).exists()


def tasks_to_hand_on(*, at: datetime) -> list[int]:
    """Open tasks whose clock has run out, or whose owner may no longer see the person."""
    sees_still = grants_in_force(at=at).filter(
        Q(only__isnull=True) | Q(only=OuterRef("owner")),
        person=OuterRef("person"),
        to=OuterRef("owner__organisation"),
        purpose__in={Purpose.MONITORING, Purpose.EMERGENCY},
    )
    gone = Q(owner__is_active=False) | ~Q(owner__role__in=LINE) | ~Exists(sees_still)
    rows = Task.objects.filter(OPEN).filter(Q(due_at__lte=at) | gone)
    return list(rows.order_by("due_at").values_list("pk", flat=True))


def silent_at_risk(*, at: datetime) -> list[Person]:
    """People at risk of whom nothing has come, whom nobody looked after in the last day, and who
    allow somebody to."""
    lately = Task.objects.filter(person=OuterRef("person")).filter(
        OPEN | Q(kind=Task.Kind.SILENCE, made_at__gt=at - timedelta(days=1))
    )
    allowed = _allowing(at=at).filter(
        person=OuterRef("person"), to__staff__role__in=LINE, to__staff__is_active=True
    )
    rows = Watch.objects.filter(~Q(risk="") | Q(is_older=True), silent_from__lte=at)
    rows = rows.filter(Exists(allowed)).exclude(Exists(lately)).select_related("person")
    return [watch.person for watch in rows.order_by("silent_from")[:MOST_AT_ONCE]]


def unwatched(*, at: datetime) -> list[Person]:
    """People who let somebody read their log and have not begun one: their silence counts too."""
    allowed = _allowing(at=at).filter(person=OuterRef("pk"))
    rows = Person.objects.filter(Exists(allowed), watch__isnull=True)
    return list(rows.order_by("made_at")[:MOST_AT_ONCE])


def _allowing(*, at: datetime) -> QuerySet[Grant]:
    """What lets a whole organisation read logs now."""
    return grants_in_force(at=at).filter(purpose=Purpose.MONITORING, only__isnull=True)


def reminded_for(person: Person, *, at: datetime) -> list[Person]:
    """Who is reminded of this person's log: they themselves, or who acts for them."""
    if User.objects.filter(person=person, is_active=True).exists():
        return [person]
    return [
        proxy.acts for proxy in proxies_in_force(at=at).filter(person=person).select_related("acts")
    ]


def _open_tasks(numbers: Iterable[int]) -> dict[int, int]:
    rows = Task.objects.filter(OPEN, owner__in=list(numbers)).values("owner").annotate(n=Count("*"))
    return {row["owner"]: row["n"] for row in rows}
