"""What is answered: danger first, then a figure, then the advice, verdict or notice meant."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from tongxin.assistant import self_check
from tongxin.assistant.danger import danger
from tongxin.assistant.figures import figure_answer
from tongxin.assistant.knowledge import knowledge
from tongxin.assistant.notice_search import asks_for_notices, topic
from tongxin.assistant.quotes import Quote, alerts_beside, alerts_here, quoted
from tongxin.assistant.red_flags import Danger, danger_by_rules
from tongxin.assistant.refusals import NothingAsked, QuestionTooLong
from tongxin.assistant.rules import LONGEST
from tongxin.assistant.where import Where
from tongxin.meaning.normal import language as language_of
from tongxin.meaning.normal import normal
from tongxin.triage.dialogue import asks_to_begin

# The advice that each kind of danger quotes; found in the published guidance like any other.
EMERGENCY_BLOCKS = {
    "emergency": ("block:danger-call-emergency", "block:danger-what-to-say"),
    "self-harm": ("block:mind-crisis",),
    "baby": ("block:baby-fever-doctor",),
}
ABOUT_DANGER = "block:know-danger-signs"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what its asker let the browser say; none of it is kept.

    ``check``: the state of the self-check in which it is said; ``chosen``: an answer by button.
    """

    text: str
    page: str = "zh-hans"
    circumstance: str = ""
    place: str = ""
    check: str = ""
    chosen: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The language to answer in: of the question, else of the page."""
        spoken = language_of(self.text)
        return {"en": "en", "zh": "zh-hans", "mixed": "zh-hans"}.get(spoken, self.page)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        kind: ``danger`` | ``figure`` | ``answer`` | ``offer`` | ``unknown`` | ``check``.
        dangers: what must be told first, the gravest first (`red_flags.Danger.answers`).
        quotes: what is answered; ``offers``: what may be meant.
        is_about_danger: danger signs were asked about; the emergency number is shown too.
        otherwise: after a danger that is not certain, what is answered if nobody is in it.
        is_otherwise: this reply is such a one.
        check: a turn of the self-check (`self_check.turn`).
        begins_check: the state with which the self-check begins, where it is offered.
    """

    kind: str
    language: str
    emergency_number: str
    dangers: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    offers: tuple[Quote, ...] = ()
    note: str = ""
    is_about_danger: bool = False
    signs: tuple[str, ...] = field(default=())
    otherwise: "Reply | None" = None
    is_otherwise: bool = False
    check: dict[str, Any] | None = None
    begins_check: str = ""

    @property
    def check_state(self) -> str:
        """With what the self-check goes on; empty where none is under way."""
        turn = self.check or (self.otherwise.check if self.otherwise else None)
        return turn["state"] if turn else ""

    def as_json(self) -> dict[str, Any]:
        """The reply for the programming interface."""
        return {
            "kind": self.kind,
            "language": self.language,
            "emergency_number": self.emergency_number,
            "dangers": list(self.dangers),
            "is_about_danger": self.is_about_danger,
            "note": self.note,
            "quotes": [quote.as_json() for quote in self.quotes],
            "offers": [quote.as_json() for quote in self.offers],
            "otherwise": [
                quote.as_json()
                for quote in (
                    self.otherwise.quotes or self.otherwise.offers if self.otherwise else ()
                )
            ],
        }


def answer(asked: Asked, *, at: datetime) -> Reply:
    """The answer to a question, in the language of the question.

    Raises:
        NothingAsked: no word in it. QuestionTooLong: more than `LONGEST` characters.
    """
    first, *rest = steps(asked, at=at)
    return replace(first, otherwise=rest[0]) if rest else first


def steps(asked: Asked, *, at: datetime) -> Iterator[Reply]:
    """The answer as it grows: danger is told before anything else is looked for.

    Raises `NothingAsked`, `QuestionTooLong`.
    """
    if asked.check or asks_to_begin(asked.text):
        yield from check_steps(asked, at=at)
        return
    require_question(asked.text)
    found = danger(asked.text)
    with override(asked.language):
        if found.level == "now":
            yield danger_reply(found, asked, at=at)
            if found.is_certain:
                return
        ordinary = figure_reply(asked, at=at) or found_reply(asked, found, at=at)
        begins = self_check.begins(asked.language) if self_check.offers(asked.text) else ""
        yield replace(ordinary, is_otherwise=found.level == "now", begins_check=begins)


def check_steps(asked: Asked, *, at: datetime) -> Iterator[Reply]:
    """A turn of the self-check; danger that somebody types comes before it all the same.

    Raises `QuestionTooLong`.
    """
    if len(asked.text) > LONGEST:
        raise QuestionTooLong(most=LONGEST)
    begin = self_check.begins(asked.language)
    state = self_check.read_state(asked.check or begin, page_language=asked.page)
    with override(state.language):
        asked = replace(asked, page=state.language)
        turn = self_check.turn(state, typed=asked.text, chosen=[*asked.chosen])
        # What was learned was learned from sentences: of “38.9” or “better”, said to a question of
        # ours, it knows nothing. The pack judges the answer, and the rules what stands beside it.
        found = danger_by_rules(asked.text) if turn["is_understood"] else danger(asked.text)
        if found.level == "now":
            yield replace(danger_reply(found, asked, at=at), language=state.language)
        note = gettext("The self-check is at {address}").format(
            address=f"/{state.language}/self-check/"
        )
        told = Reply("check", state.language, settings.EMERGENCY_NUMBER, note=note, check=turn)
        yield replace(told, is_otherwise=found.level == "now")


def require_question(text: str) -> None:
    """Raises `NothingAsked`, `QuestionTooLong`."""
    if len(text) > LONGEST:
        raise QuestionTooLong(most=LONGEST)
    if not normal(text):
        raise NothingAsked


def danger_reply(found: Danger, asked: Asked, *, at: datetime) -> Reply:
    """The emergency number, and the advice of the emergency; nothing else."""
    names = [name for kind in found.answers for name in EMERGENCY_BLOCKS[kind]]
    quotes = quoted(names, language=asked.language, at=at)
    return reply("danger", asked, dangers=found.answers, quotes=tuple(quotes), signs=found.signs)


def figure_reply(asked: Asked, *, at: datetime) -> Reply | None:
    """The figure that is asked for; None where the question asks for none."""
    told = figure_answer(asked.text, language=asked.language, at=at, place=asked.place)
    if told is None:
        return None
    return reply("figure", asked, quotes=told.quotes, note=told.note)


def found_reply(asked: Asked, found: Danger, *, at: datetime) -> Reply:
    """What is meant; what may be meant; or that we do not know."""
    where = Where(asked.text, asked.place)
    match = knowledge().match(asked.text, at=at, circumstance=asked.circumstance, where=where)
    is_about = found.level == "about"
    # What ended since it was found is not there any more, and is not given.
    quotes = quoted(match.given, language=asked.language, at=at)
    if not quotes and is_about:
        quotes = quoted([ABOUT_DANGER], language=asked.language, at=at)
    if not quotes and asks_for_notices(asked.text) and not topic(asked.text, where):
        quotes = alerts_here(where, language=asked.language, at=at)
    if quotes or is_about:
        quotes += alerts_beside(quotes, where=where, language=asked.language, at=at)
        return reply("answer", asked, quotes=tuple(quotes), is_about_danger=is_about)
    offers = tuple(quoted(match.near, language=asked.language, at=at))
    return reply("offer" if match.is_near and offers else "unknown", asked, offers=offers)


def reply(kind: str, asked: Asked, **said: Any) -> Reply:
    """A reply in the language of the question, with the number to call."""
    return Reply(kind, asked.language, settings.EMERGENCY_NUMBER, **said)
