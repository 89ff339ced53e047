"""Tasks: a named owner and a clock at once; when it runs out, the next in line."""

from datetime import datetime

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.monitoring import queries, rules
from tongxin.monitoring.models import Entry, Task, Watch
from tongxin.monitoring.packs import pack
from tongxin.monitoring.refusals import NotYoursToSettle, SettledAlready
from tongxin.monitoring.telling import tell_owner
from tongxin.people.models import Person, User

LONGEST_NOTE = 500


@transaction.atomic
def raise_task(
    person: Person, kind: str, *, by: object, at: datetime, entry: Entry | None = None
) -> Task | None:
    """Somebody has to look: the person's task, or None where the person allows nobody to.

    A task that is open already becomes the more urgent of the two, with the shorter clock, and
    is no longer taken where it has become more urgent.
    """
    # Whoever logs holds this row, so that of two dangers at once the second finds the first's task.
    Watch.objects.select_for_update().filter(pk=person.pk).first()
    task = Task.objects.select_for_update().filter(queries.OPEN, person=person).first()
    due_at = at + pack().waits(kind)
    if task is not None:
        if rules.is_more_urgent(kind, task.kind):
            task.kind, task.entry = kind, entry or task.entry
            task.due_at, task.state, task.taken_at = min(task.due_at, due_at), Task.State.OPEN, None
            task.due_at = max(task.due_at, at)
            task.save()
            record("monitoring.task_raised", task, by=by)
            tell_owner(task, by=by, at=at)
        return task
    hands = queries.hands_for(person, at=at)
    if hands is None:
        return None
    task = Task.objects.create(
        person=person,
        kind=kind,
        entry=entry,
        owner=hands.owner,
        body=hands.body,
        step=hands.step,
        made_at=at,
        due_at=due_at,
    )
    record("monitoring.task_made", task, by=by, owner=f"user:{hands.owner.pk}")
    tell_owner(task, by=by, at=at)
    return task


@transaction.atomic
def take_task(task_id: int, *, by: User, at: datetime) -> Task:
    """I see to it: from now on it is mine. Raises `NotYoursToSettle`, `SettledAlready`."""
    task = _ours(task_id, by=by, at=at)
    task.state, task.owner, task.body = Task.State.TAKEN, by, by.organisation
    task.taken_at = at
    task.save()
    record("monitoring.task_taken", task, by=by)
    return task


@transaction.atomic
def settle_task(task_id: int, *, outcome: str, note: str = "", by: User, at: datetime) -> Task:
    """What came of it. Raises `NotYoursToSettle`, `SettledAlready`."""
    task = _ours(task_id, by=by, at=at)
    _end(task, Task.Outcome(outcome), at=at, note=note[:LONGEST_NOTE], owner=by)
    record("monitoring.task_done", task, by=by)
    return task


@transaction.atomic
def hand_on(task_id: int, *, by: object, at: datetime) -> Task | None:
    """Give a task whose clock has run out, or whose owner may no longer look, to the next in line.

    Where nobody watches in the line it stays, and the owner is told again. Where the person no
    longer allows anybody it ends. None where there is nothing to do.
    """
    rows = Task.objects.select_for_update(skip_locked=True, of=("self",))
    task = rows.filter(queries.OPEN, pk=task_id).select_related("person", "owner").first()
    if task is None:
        return None
    may_look = queries.sees(task.owner, task.person, at=at)
    if may_look and task.due_at > at:
        return None
    is_late = task.due_at <= at
    step = task.step + 1 if is_late else 0
    but = task.owner_id
    hands = queries.hands_for(task.person, at=at, from_step=step, but=but)
    if hands is None and not may_look:
        hands = queries.hands_for(task.person, at=at, but=but)
    if hands is None and not may_look and queries.allows_anybody(task.person, at=at):
        return None  # nobody is left who works there: it waits, late, for whoever opens the list
    if hands is None and not may_look:
        _end(task, Task.Outcome.WITHDRAWN, at=at)
        record("monitoring.task_withdrawn", task, by=by)
        return task
    if hands is not None:
        task.owner, task.body, task.step = hands.owner, hands.body, hands.step
        task.state, task.taken_at = Task.State.OPEN, None
    task.due_at = at + pack().waits(task.kind)
    task.save()
    record("monitoring.task_handed_on", task, by=by, owner=f"user:{task.owner_id}")
    tell_owner(task, by=by, at=at)
    return task


def _ours(task_id: int, *, by: User, at: datetime) -> Task:
    """The open task, locked, if this officer may see the person."""
    if queries.task_for(by, task_id, at=at) is None:
        raise NotYoursToSettle
    task = Task.objects.select_for_update(of=("self",)).select_related("owner").get(pk=task_id)
    if task.state == Task.State.DONE:
        raise SettledAlready(name=task.owner.shown_name)
    return task


def _end(
    task: Task, outcome: str, *, at: datetime, note: str = "", owner: User | None = None
) -> None:
    task.state, task.outcome, task.done_at, task.note = Task.State.DONE, outcome, at, note
    task.owner = owner or task.owner
    task.save()
