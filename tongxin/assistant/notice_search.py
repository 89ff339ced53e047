"""Which alert or notice a question asks for: by its headline, and by where it holds.

Found beside everything else that can be quoted, and not in its way: advice is asked for in an
index of its own, which no notice changes. How the limits were chosen: docs/assistant.md.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from tongxin.assistant.rules import opening
from tongxin.assistant.where import Where
from tongxin.meaning.calibration import Calibration
from tongxin.meaning.normal import HAN, normal
from tongxin.meaning.retrieval import Hit
from tongxin.meaning.words import words
from tongxin.myths.matching import ByWords
from tongxin.notices.models import Kind, Notice
from tongxin.notices.plain import visible
from tongxin.notices.queries import MOST_QUOTED, standing

CLEAR = 0.75
"""Score from which a notice is meant even if it shares no word with the question."""

ON_TOPIC = 0.6
"""Score from which advice is about the same, and is given behind the notice."""

AS_NEAR = 0.1
"""Of the score: of notices so close to the nearest, the newest is given where news is asked for."""

MOST_GIVEN = MOST_NEAR = 2
SAID = 600  # characters of a text in which the words of a question are looked for
LONGEST_PHRASING = 120
# What may stand in any headline and tells nothing of what this one is about.
IDLE_ZH = re.compile(
    "关于|做好|进一步|加强|开展|有关|事项|工作|情况|重要|紧急|最新|温馨|提示|提醒|通知|通告|公告|通报|"
    "公示|如下|现将|各单位|疫情|防控|防疫|新型冠状病毒|冠状病毒|新冠|肺炎|广大|市民|大家|注意|发布|"
    "消息|请|的"
)
IDLE_EN = frozenset(
    re.findall(
        "[a-z]+",
        "notice alert announcement update information news note warning important urgent latest "
        "new general public epidemic outbreak pandemic covid coronavirus control prevention "
        "please take about regarding concerning the and for from with are is",
    )
)
LEAST_ZH, LEAST_EN = 4, 2  # characters, words that it must have besides
# Words that stand in questions about anything.
ASKED_OF_ALL = (
    "今天 明天 昨天 现在 目前 什么 怎么 怎么办 可以 还能 我们 哪里 时候 要求 全市 全省 本市 这里 "
    "生效 发布 看看 关于 有关 有没有 没有 哪些 通知 通告 公告 警报 预警 最新 today tomorrow "
    "yesterday now there here where when what which with from have will can how about city "
    "province people force notice alert announcement warning latest new any current official show"
)
ASKS_ZH = re.compile(
    "(?:最新|新的?|什么|哪些|有没有|关于|有关|发布|看看?|查)[^，。]{0,12}(?:通知|通告|公告|警报|预警)"
)
ASKS_EN = re.compile(
    r"\b(?:latest|newest|new|any|current|official|which|what|show)\b[\w\s]{0,20}"
    r"\b(?:notice|alert|announcement|warning)s?\b"
    r"|\b(?:notice|alert|announcement)s? (?:about|on|for|of)\b"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as it is looked for."""

    phrasings: tuple[str, ...]
    titles: str
    said: str
    places: tuple[str, ...]
    is_alert: bool


@dataclass(frozen=True, slots=True)
class Found:
    """``given``: certain enough to be given at once; ``near``: to be offered, best first.

    ``leads``: whether the best of them comes before the advice and verdicts that are near.
    ``beside``: advice or a verdict so near that it is given with them.
    """

    given: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    leads: bool = False
    beside: tuple[str, ...] = ()


Notices = Mapping[str, Told]
T = TypeVar("T")


def findable(*, at: datetime) -> dict[str, Told]:
    """Name → each notice that may be quoted now and says what it is about, the newest first."""
    found = {f"notice:{row.code}": told(row) for row in standing(at=at)[:MOST_QUOTED]}
    return {name: one for name, one in found.items() if one.phrasings}


def told(row: Notice) -> Told:
    """What a notice is found by: its headlines; where they say nothing, how its text begins."""
    titles = [visible(title) for title in (row.title_zh, row.title_en) if title]
    texts = [visible(text[:SAID]) for text in (row.text_zh, row.text_en) if text]
    firsts = [opening(text.partition("\n")[0], most=LONGEST_PHRASING) for text in texts]
    kept = [one for one in titles if says_something(one)] or filter(says_something, firsts)
    return Told(
        phrasings=tuple(kept),
        titles=" ".join(titles),
        said=" ".join([*titles, *texts]),
        places=tuple(row.places),
        is_alert=row.kind == Kind.ALERT,
    )


def says_something(headline: str) -> bool:
    """Whether a headline is about one matter, not a whole topic.

    >>> [says_something(text) for text in ("口罩", "关于口罩的通知", "Masks", "Important notice")]
    [False, False, False, False]
    >>> [says_something(text) for text in ("学校停课", "Schools are closed")]
    [True, True]
    """
    plain = normal(headline)
    chinese = re.findall(f"[{HAN}]", IDLE_ZH.sub("", plain))
    english = set(re.findall(r"\b[a-z]{3,}", plain)) - IDLE_EN
    return len(chinese) >= LEAST_ZH or len(english) >= LEAST_EN


def is_bare(question: str) -> bool:
    """Whether it only names a topic.

    >>> [is_bare(text) for text in ("口罩", "N95", "masks", "封城了吗", "school closed?")]
    [True, True, True, False, False]
    """
    plain = normal(question)
    return len(re.findall(f"[{HAN}]", plain)) < LEAST_ZH and len(re.findall("[a-z]+", plain)) < 2


def asks_for_notices(question: str) -> bool:
    """Whether it asks what was announced.

    >>> asks_for_notices("latest notice about schools"), asks_for_notices("有什么新通知")
    (True, True)
    >>> asks_for_notices("收到密接通知怎么办"), asks_for_notices("Do I need a mask?")
    (False, False)
    """
    plain = normal(question)
    return bool(ASKS_ZH.search(plain) or ASKS_EN.search(plain))


def topic(question: str, where: Where, places: Iterable[str] = ()) -> set[str]:
    """The words that say what it is about; names of places are not among them."""
    names = {*words(" ".join(where.words_of(places))), *asked_of_all()}
    asked = {word for word in words(question) if len(word) > (2 if word.isascii() else 1)}
    return asked - names


@lru_cache(maxsize=1)
def asked_of_all() -> frozenset[str]:
    return frozenset(words(ASKED_OF_ALL))


def speaks_of(one: Told, question: str, where: Where) -> bool:
    """Whether it has a word of what the question is about."""
    return bool(topic(question, where, one.places) & set(words(one.said)))


def covers(one: Told, question: str, where: Where) -> bool:
    """Whether its headline has every word of what the question is about.

    One such word is enough to ask for an alert where the question names the place.
    """
    asked = topic(question, where, one.places)
    least = 1 if where.named[0] and one.is_alert else 2
    return len(asked) >= least and asked <= set(words(one.titles))


def by_meaning(
    question: str, hits: Sequence[Hit], notices: Notices, *, where: Where, lines: Calibration
) -> Found:
    """What is meant, judged beside everything else; ``hits`` are all answers, best first."""
    ours, others = parted(hits, lambda hit: hit.answer_id in notices)
    here, away = parted(ours, lambda hit: holds(notices[hit.answer_id], where))
    if asks_for_notices(question):
        least = here[0].score - AS_NEAR if here else 0.0
        close = [h.answer_id for h in here if h.score >= least and may_be_meant(h, lines)]
        if (found := announced(close, question, notices, where)).given:
            return found
    best = others[0].score if others else 0.0
    sure, near = likely(here, best, lines)
    if not near:
        return Found(near=likely(away, best, lines)[1][:1])
    one, is_known = notices[near[0]], others and others[0].is_exact
    if here[0].score <= best or is_bare(question) or is_known:
        return Found(near=near)
    if covers(one, question, where):
        sure = near[:1]
    elif here[0].score < CLEAR and not speaks_of(one, question, where):
        sure = ()
    beside = (others[0].answer_id,) if sure and best >= ON_TOPIC else ()
    return Found(sure, near, leads=True, beside=beside)


def by_words(question: str, notices: Notices, *, where: Where, is_known: bool) -> Found:
    """The same by what is written, while the headlines have not been read.

    ``is_known``: advice or a verdict answers at once, and is not measured against this.
    """
    here, away = parted(notices, lambda name: holds(notices[name], where))
    if asks_for_notices(question) and (found := announced(here, question, notices, where)).given:
        return found
    written = matcher(tuple((name, notices[name].phrasings) for name in here)).match(question)
    full = [name for name in here if covers(notices[name], question, where)][:MOST_GIVEN]
    near = tuple(dict.fromkeys([*full, *written.near]))[:MOST_NEAR]
    if not near:
        rest = matcher(tuple((name, notices[name].phrasings) for name in away)).match(question)
        return Found(near=rest.near[:1])
    if is_known or is_bare(question) or not speaks_of(notices[near[0]], question, where):
        return Found(near=near)
    return Found(tuple(full or filter(None, [written.answer])), near, leads=True)


def announced(close: Iterable[str], question: str, notices: Notices, where: Where) -> Found:
    """The newest that speak of what was asked for, in their headline before in their text."""
    fitting = [name for name in notices if name in set(close)]
    fitting = [name for name in fitting if speaks_of(notices[name], question, where)]
    asked = topic(question, where)
    fitting.sort(key=lambda name: asked.isdisjoint(words(notices[name].titles)))
    return Found(tuple(fitting[:MOST_GIVEN]), tuple(fitting[:MOST_NEAR]), leads=True)


def likely(
    hits: Sequence[Hit], best: float, lines: Calibration
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the nearest notices, the one to be given and those to be offered.

    ``best``: the score of the nearest of everything else.
    """
    scores = [hit.score for hit in hits]
    chances = {}
    for number, hit in enumerate(hits[:MOST_NEAR]):
        rival = max([best, *scores[:number], *scores[number + 1 :][:1]])
        chances[hit.answer_id] = lines.probability(hit.score, hit.score - rival)
    sure = [name for name, chance in chances.items() if chance >= lines.answer_at]
    return tuple(sure[:1]), tuple(n for n, chance in chances.items() if chance >= lines.offer_at)


def may_be_meant(hit: Hit, lines: Calibration) -> bool:
    """Whether it is near enough to be offered, however near others are."""
    return lines.probability(hit.score, 0.0) >= lines.offer_at


def holds(one: Told, where: Where) -> bool:
    return where.lies_in(one.places, one.titles)


def parted(things: Iterable[T], is_so: Callable[[T], bool]) -> tuple[list[T], list[T]]:
    """Those of which it is so, and the others; each in the order they came in."""
    found: tuple[list[T], list[T]] = ([], [])
    for thing in things:
        found[not is_so(thing)].append(thing)
    return found


@lru_cache(maxsize=4)
def matcher(phrasings: tuple[tuple[str, tuple[str, ...]], ...]) -> ByWords:
    """Made anew only when other notices stand, or for another place."""
    return ByWords(dict(phrasings))
