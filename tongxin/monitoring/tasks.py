"""What the worker does by the clock, safe to run twice."""

from datetime import datetime

from tongxin.monitoring import actions, queries

BY = "worker"


def hand_on_late(at: datetime) -> None:
    """Tasks whose clock has run out, or whose owner may no longer look, go to the next in line."""
    for number in queries.tasks_to_hand_on(at=at):
        actions.hand_on(number, by=BY, at=at)


def mind_silence(at: datetime) -> None:
    """Who allows a log and has none is watched; people at risk who have fallen silent are
    somebody's task, once a day."""
    for person in queries.unwatched(at=at):
        actions.begin(person, by=BY, at=at)
    for person in queries.silent_at_risk(at=at):
        actions.raise_task(person, "silence", by=BY, at=at)


def remind(at: datetime) -> None:
    """Whoever wanted to be reminded at this hour is, unless the day is logged already."""
    while actions.remind_some(by=BY, at=at):
        pass


def forget(at: datetime) -> None:
    """What has served its time is deleted."""
    actions.forget(by=BY, at=at)
