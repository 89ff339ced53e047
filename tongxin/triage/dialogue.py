"""The self-check as a conversation: known answers and what was typed → a question or the end.

No clock, no database, no session: whoever leads the conversation keeps `Turn.known` between two
turns (in a form, or as `coding.code`). Danger that somebody types is for the caller to see first.

    turn(pack, {})                          → the first question
    turn(pack, known, typed="三天")          → the next one; or the same, with `refused` saying why
    turn(pack, known, chosen=["yes"])       → the same by a button
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tongxin.guidance.told import filled
from tongxin.meaning.normal import normal
from tongxin.refusal import Refusal
from tongxin.triage.answers import read_answer, said, value_name
from tongxin.triage.description import reviewed
from tongxin.triage.packs import Pack, Question, in_language
from tongxin.triage.rules import Answer, Answers, Outcome, State, outcome
from tongxin.triage.spoken import LETTERS, names_any, offered, understood, words


@dataclass(frozen=True)
class Choice:
    """An answer to choose. ``letter``: how it may be typed."""

    value: str
    letter: str
    text: str


@dataclass(frozen=True)
class Turn:
    """Where the conversation stands.

    Attributes:
        known: the answers so far, to be given back with the next turn.
        heard: the question that was just answered; None where nothing was.
        refused: why what was typed is no answer; its words are for the person.
        is_left: the person wants to stop.
        is_order: to go back, to begin again or to stop was typed.
    """

    known: dict[str, Answer]
    outcome: Outcome
    choices: tuple[Choice, ...]
    heard: Question | None = None
    refused: Refusal | None = None
    is_left: bool = False
    is_order: bool = False

    @property
    def is_understood(self) -> bool:
        """Whether what was typed was an answer or an order: not a story, not a refused answer.

        A caller looks for danger in everything else as in any message.
        """
        return self.heard is not None or self.is_order

    @property
    def question(self) -> Question | None:
        """What is asked now; None at the end."""
        return self.outcome.next


def asks_to_begin(text: str) -> bool:
    """Whether somebody says that they want to do the self-check.

    >>> asks_to_begin("我要自查！"), asks_to_begin("Do a self-check"), asks_to_begin("我发烧了")
    (True, True, False)
    """
    plain = normal(text)
    bare = plain.removeprefix("请").removeprefix("帮我").removesuffix(" please").removesuffix("吧")
    return not {plain, bare}.isdisjoint(words("begin"))


def tells_of_symptoms(pack: Pack, text: str) -> bool:
    """Whether a text names something of what the check asks about; to offer the check, no more.

    >>> from tongxin.triage.packs import shipped_pack
    >>> pack = shipped_pack("covid-19")
    >>> tells_of_symptoms(pack, "我发烧了，嗓子疼"), tells_of_symptoms(pack, "口罩怎么戴")
    (True, False)
    """
    return names_any(pack, normal(text))


def turn(
    pack: Pack,
    known: Answers,
    *,
    typed: str = "",
    chosen: Sequence[str] = (),
    language: str = "zh-hans",
) -> Turn:
    """One turn: a typed answer or order (back, again, stop), or an answer chosen by its values."""
    before = _kept(pack, known)
    order = normal(typed)
    if order in words("stop"):
        return replace(_turn(pack, before, language), is_left=True, is_order=True)
    if order in words("again") | words("begin"):
        return replace(_turn(pack, {}, language), is_order=True)
    if order in words("back"):
        return replace(_turn(pack, dict([*before.items()][:-1]), language), is_order=True)
    question = outcome(pack, before).next
    if question is None or not (typed.strip() or chosen):
        return _turn(pack, before, language)
    try:
        given = chosen or understood(pack, question, typed)
        answer = read_answer(question, given, language)
    except Refusal as refusal:
        return _turn(pack, before, language, refused=refusal)
    return _turn(pack, before | {question.key: answer}, language, heard=question)


def as_text(pack: Pack, now: Turn, language: str) -> str:
    """A turn as one plain message: what was heard, then the question with its letters, or the end.

    What was refused is said by the caller, who translates it.
    """
    lines = [heard(now, language)] if now.heard else []
    return "\n".join(lines + (_asked(now, language) if now.question else _end(pack, now, language)))


def heard(now: Turn, language: str) -> str:
    """The answer just given, as it was understood."""
    if now.heard is None:
        return ""
    name = in_language(now.heard, "name", language)
    colon = ": " if language == "en" else "："
    return f"✓ {name}{colon}{said(now.heard, now.known[now.heard.key], language)}"


def reasons(pack: Pack, found: Outcome, language: str) -> list[str]:
    """Why, with clause and source, a line for each."""
    by = {"en": " ({source}, {on}; clause {id})"}.get(language, "（{source}，{on}；条款{id}）")
    return [
        in_language(clause, "reason", language)
        + by.format(
            source=pack.sources[clause.source].name(language),
            on=pack.sources[clause.source].on,
            id=clause.id,
        )
        for clause in found.clauses
    ]


def _kept(pack: Pack, known: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that count for this person, in the order of the questions."""
    return {question.key: known[question.key] for question in State(pack, known).answered}


def _turn(
    pack: Pack,
    known: dict[str, Answer],
    language: str,
    *,
    heard: Question | None = None,
    refused: Refusal | None = None,
) -> Turn:
    known = _kept(pack, known)
    found = outcome(pack, known)
    return Turn(known, found, choices(found.next, language), heard, refused)


def choices(question: Question | None, language: str) -> tuple[Choice, ...]:
    """What can be chosen, each with its letter; of a number only that it is not known."""
    values = offered(question) if question else ()
    return tuple(
        Choice(value, letter, value_name(question, value, language))
        for value, letter in zip(values, LETTERS, strict=False)
        if question
    )


def _asked(now: Turn, language: str) -> list[str]:
    question = now.outcome.next
    if question is None:
        return []
    lines = [in_language(question, "asks", language)]
    if hint := in_language(question, "hint", language):
        lines.append(hint)
    if question.kind == "number":
        unit = in_language(question, "unit", language)
        lines.append(f"{question.least:g}–{question.most:g} {unit}")
    lines += [f"{choice.letter}. {choice.text}" for choice in now.choices]
    return lines


def _end(pack: Pack, now: Turn, language: str) -> list[str]:
    end = now.outcome.disposition
    if end is None:
        return []
    return [
        f"【{end.name(language)}】" if language != "en" else f"{end.name(language).upper()}",
        filled(in_language(end, "text", language)),
        *reasons(pack, now.outcome, language),
        reviewed(pack, language),
    ]
