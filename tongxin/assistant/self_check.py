"""The self-check inside the conversation: one question a turn, until it ends.

What is answered so far travels in the form of each turn, as the code of the self-check with the
language before it (“en:TX1-…”). Nothing is stored, and nothing stands in an address.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from tongxin.refusal import Refusal
from tongxin.triage import coding, dialogue
from tongxin.triage.packs import Pack, in_language, shipped_pack
from tongxin.triage.pages import end_page, page
from tongxin.triage.rules import Answer

LONGEST_STATE = 120
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class State:
    """Where a check stands. ``is_broken``: what came was none, and it begins anew."""

    language: str
    known: dict[str, Answer]
    is_broken: bool = False


def begins(language: str) -> str:
    """The state of a check of which nothing is answered yet."""
    return f"{language}:"


def pack_now() -> Pack:
    """The rules in force."""
    return shipped_pack(settings.DEFAULT_DISEASE)


def read_state(text: str, *, page_language: str) -> State:
    """The state that a form brought back; an empty one, where it is mistyped or of other rules."""
    language, _, code = text[:LONGEST_STATE].partition(":")
    if language not in LANGUAGES:
        return State(page_language, {}, is_broken=True)
    if not code:
        return State(language, {})
    try:
        return State(language, coding.decoded(pack_now(), code))
    except Refusal:
        return State(language, {}, is_broken=True)


def offers(text: str) -> bool:
    """Whether somebody tells of symptoms, so that the check is worth offering."""
    return dialogue.tells_of_symptoms(pack_now(), text)


def turn(state: State, *, typed: str, chosen: list[str]) -> dict[str, Any]:
    """One turn as `assistant/_check.html` shows it; in the language that is active."""
    pack, language = pack_now(), state.language
    now = dialogue.turn(pack, state.known, typed=typed, chosen=chosen, language=language)
    facts: dict[str, Any] = {
        "heard": dialogue.heard(now, language),
        "refused": _refused(now.refused),
        "is_broken": state.is_broken,
        "is_understood": now.is_understood,
        "state": "" if now.is_left else f"{language}:{coding.code(pack, now.known)}",
        "can_go_back": bool(now.known),
        "language": language,
    }
    if now.is_left:
        return facts | {"kind": "left"}
    if now.question is None:
        return end_page(pack, now.known, language) | facts | {"kind": "end", "state": ""}
    question = now.question
    return (
        page(pack, language)
        | facts
        | {
            "kind": question.kind,
            "asks": in_language(question, "asks", language),
            "hint": in_language(question, "hint", language),
            "unit": in_language(question, "unit", language),
            "unknown_why": in_language(question, "unknown_why", language),
            "values": [c for c in now.choices if c.value in question.values],
            "extra": [c for c in now.choices if c.value not in question.values],
            "number": len(now.outcome.asked) + 1,
        }
    )


def said(state: State, chosen: list[str]) -> str:
    """What somebody said by a button, in words; empty where it is no answer to what was asked."""
    now = dialogue.turn(pack_now(), state.known, language=state.language)
    names = {choice.value: choice.text for choice in now.choices}
    comma = ", " if state.language == "en" else "、"
    return comma.join(names.get(value, value[:20]) for value in chosen)


def _refused(refusal: Refusal | None) -> str:
    return gettext(refusal.says).format(**refusal.facts) if refusal else ""
