"""Every write of its own: a telephone for a record on paper, and how records end."""

from tongxin.residents.actions.ending import end_idle_records
from tongxin.residents.actions.leaving import (
    ERASE,
    HAND_OVER,
    WhatAboutThem,
    erase_self,
    who_takes_over,
)
from tongxin.residents.actions.telephones import TelephoneInUse, link_telephone

__all__ = [
    "ERASE",
    "HAND_OVER",
    "TelephoneInUse",
    "WhatAboutThem",
    "end_idle_records",
    "erase_self",
    "link_telephone",
    "who_takes_over",
]
