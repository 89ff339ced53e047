"""Letters that the log sends: to the owner of a task, and to remind."""

from datetime import datetime, timedelta

from tongxin.channels.reaching import tell_person
from tongxin.monitoring import words
from tongxin.monitoring.models import Task
from tongxin.people.models import Person

TASK, REMINDER = "log-task", "log-reminder"
REMINDER_HOLDS = timedelta(hours=12)


def tell_owner(task: Task, *, by: object, at: datetime) -> None:
    """The owner learns of the task at once, whatever hour it is; nobody is told twice of a turn."""
    if task.owner.person is None:
        return
    tell_person(
        task.owner.person,
        words.of_task(task),
        kind=TASK,
        key=f"task:{task.pk}:{task.step}:{task.kind}:{task.due_at:%m%d%H%M}",
        holds_for=max(task.due_at - at, timedelta(minutes=30)),
        is_urgent=True,
        by=by,
        at=at,
    )


def remind(person: Person, *, day: str, by: object, at: datetime) -> None:
    """Once a day, however many people somebody keeps the log of."""
    tell_person(
        person,
        words.of_reminder(),
        kind=REMINDER,
        key=f"{REMINDER}:{day}",
        holds_for=REMINDER_HOLDS,
        by=by,
        at=at,
    )
