"""A result that waits for somebody to sign in: in the browser's session, encrypted, half an hour.

Nothing of it stands in an address. What stands in the table of sessions cannot be read there, and
counts for nothing once it is too old or the rules are others.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from django.http import HttpRequest

from tongxin.people.sealing import Unsealable, seal, unseal
from tongxin.refusal import Refusal
from tongxin.triage import coding
from tongxin.triage.keeping_rules import HELD_FOR
from tongxin.triage.packs import Pack
from tongxin.triage.rules import Answer, Answers

NAME = "self-check held"
COLUMN = "session.self-check"
KEY = re.compile(r"^[A-Za-z0-9_-]{20,40}$")


@dataclass(frozen=True)
class Held:
    """A finished check that waits. ``key``: under which it is kept once."""

    answers: dict[str, Answer]
    key: str


def new_key() -> str:
    """A key for one end of a check."""
    return token_urlsafe(18)


def hold(request: HttpRequest, pack: Pack, answers: Answers, *, key: str, at: datetime) -> None:
    """Remember a finished check in this browser's session."""
    told = {
        "code": coding.code(pack, answers),
        "key": key if KEY.match(key) else new_key(),
        "until": (at + HELD_FOR).isoformat(),
    }
    request.session[NAME] = seal(json.dumps(told), column=COLUMN)


def held(request: HttpRequest, pack: Pack, *, at: datetime) -> Held | None:
    """What waits in this browser's session; None where nothing does any more."""
    try:
        told = json.loads(unseal(request.session[NAME], column=COLUMN))
        if datetime.fromisoformat(told["until"]) <= at:
            return None
        return Held(coding.decoded(pack, told["code"]), told["key"])
    except (KeyError, Unsealable, Refusal):
        return None


def let_go(request: HttpRequest) -> None:
    request.session.pop(NAME, None)
