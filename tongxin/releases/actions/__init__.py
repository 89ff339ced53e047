"""Every write: build aside, publish, roll back, two keys for a stopped release, prune."""

from tongxin.releases.actions.appointments import appoint, cancel_appointment, keep_appointment
from tongxin.releases.actions.building import build, name_release, prune
from tongxin.releases.actions.overrides import ask_override, grant_override
from tongxin.releases.actions.publications import (
    publish,
    repair_pointer,
    roll_back,
    show_replayed,
)
from tongxin.releases.actions.renewal import renew

__all__ = [
    "appoint",
    "ask_override",
    "build",
    "cancel_appointment",
    "grant_override",
    "keep_appointment",
    "name_release",
    "prune",
    "publish",
    "renew",
    "repair_pointer",
    "roll_back",
    "show_replayed",
]
