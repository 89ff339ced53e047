"""Every write of the log: entries, tasks with their clocks, and how a person is watched."""

from tongxin.monitoring.actions.entries import Line, log, log_household, log_sheet
from tongxin.monitoring.actions.tasks import hand_on, raise_task, settle_task, take_task
from tongxin.monitoring.actions.watches import begin, change_watch, forget, remind_some

__all__ = [
    "Line",
    "begin",
    "change_watch",
    "forget",
    "hand_on",
    "log",
    "log_household",
    "log_sheet",
    "raise_task",
    "remind_some",
    "settle_task",
    "take_task",
]
