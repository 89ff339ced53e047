"""Every write: what a person allows, who acts for whom, and the glass that staff may break."""

from tongxin.consent.actions.grants import (
    EMERGENCY_ACCESS,
    GrantHasEnded,
    NoSuchRecord,
    NotYoursToGrant,
    ReasonMissing,
    give_consent,
    open_in_emergency,
    read_record,
    withdraw_consent,
)
from tongxin.consent.actions.proxies import (
    NotGrownUp,
    NotYourProxy,
    OwnProxy,
    TooManyProxies,
    add_ward,
    end_proxy,
    join_by_code,
)

__all__ = [
    "EMERGENCY_ACCESS",
    "GrantHasEnded",
    "NoSuchRecord",
    "NotGrownUp",
    "NotYourProxy",
    "NotYoursToGrant",
    "OwnProxy",
    "ReasonMissing",
    "TooManyProxies",
    "add_ward",
    "end_proxy",
    "give_consent",
    "join_by_code",
    "open_in_emergency",
    "read_record",
    "withdraw_consent",
]
