"""Everything that can be quoted, found by what a question means; kept ready in each process."""

import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from tongxin.assistant.notice_search import Found, Told, by_meaning, by_words, findable
from tongxin.assistant.where import Where
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.queries import live_blocks
from tongxin.meaning.calibration import Calibration
from tongxin.meaning.normal import normal
from tongxin.meaning.phrases import Phrase, read_question
from tongxin.meaning.retrieval import Hit, Index
from tongxin.meaning.vectors import EncoderMissing, Vectors
from tongxin.myths.known import current_matcher, vectors
from tongxin.myths.matching import ByWords
from tongxin.myths.queries import claims_state, standing
from tongxin.notices.queries import standing_state

OFFERED = 3
READING_S, AT_A_TIME = 2.0, 16
# The careful lines of `meaning`: an answer at once only where almost nothing else comes near.
CALIBRATION = Calibration()
Phrasings = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """``given``: what is certain enough to be given at once, most often one thing, or nothing;
    ``near``: the nearest, best first; ``is_near``: whether they are near enough to be what was
    meant."""

    given: tuple[str, ...]
    near: tuple[str, ...]
    is_near: bool


NOTHING = Match((), (), is_near=False)


def or_learned(advice: Match, question: str) -> Match:
    """The same; where nothing is certain, the verdict that a reported rumour would be given."""
    claim = None if advice.given else current_matcher().match(question).answer
    if claim is None:
        return advice
    name = f"claim:{claim}"
    near = tuple(dict.fromkeys([name, *advice.near]))[:OFFERED]
    return Match((name,), near, is_near=True)


class Knowledge:
    """The index over what can be quoted; only what changed is read again.

    Advice and verdicts have an index of their own, and are found as if there were no notices.
    """

    def __init__(self, read: Vectors | None = None) -> None:
        read = read or vectors()
        self.index = Index(read, calibration=CALIBRATION)
        self.headlines = Index(read, calibration=CALIBRATION)
        self.beside = self.index
        """Both together: a notice is judged beside everything else."""
        self.circumstances: dict[str, str] = {}
        self.notices: dict[str, Told] = {}
        self._state = ""
        self._words: tuple[str, ByWords] | None = None
        self._told: tuple[str, dict[str, Told]] | None = None
        self._lock = threading.Lock()

    def refresh(self, state: str, *, at: datetime) -> None:
        """Take in what was published or ended since the last question."""
        with self._lock:
            if state == self._state:
                return
            wanted, self.circumstances = what_can_be_quoted(at)
            notices = findable(at=at)
            keep_up(self.index, wanted)
            keep_up(self.headlines, {name: one.phrasings for name, one in notices.items()})
            both = {**self.index.answers, **self.headlines.answers}
            self.beside = self.index.of_phrases(both) if notices else self.index
            self.notices, self._state = notices, state

    def match(
        self, question: str, *, at: datetime, circumstance: str = "", where: Where | None = None
    ) -> Match:
        """What answers a question, and what comes near, best first.

        Of two that are about as near, the one in the circumstance of who asks comes first; of
        notices one that holds where the question names, or where who asks is.
        """
        if not normal(question):
            return NOTHING
        state, where = state_of_words(at), where or Where(question)
        # Vectors of our own words are the worker's to compute: nobody's question waits for them.
        if is_read(state):
            self.refresh(state, at=at)
        if not self._state:
            advice = or_learned(self._match_by_words(question, state, at=at), question)
            return joined(advice, self._told_by_words(question, state, advice, where, at=at))
        asked = read_question(question, self.index.vectors)
        advice = or_learned(self._match(asked, circumstance), question)
        if self._state != state:
            return joined(advice, self._told_by_words(question, state, advice, where, at=at))
        if not self.notices:
            return advice
        hits = self.beside.search_phrase(asked, len(self.beside))
        return joined(
            advice, by_meaning(question, hits, self.notices, where=where, lines=CALIBRATION)
        )

    def _match(self, asked: Phrase, circumstance: str) -> Match:
        """Advice and verdicts alone."""
        hits = self.index.search_phrase(asked, OFFERED)
        if not hits:
            return NOTHING
        verdict = self.index.calibration.verdict(hits[0].probability)
        names = tuple(hit.answer_id for hit in self._fitting(hits, circumstance))
        return Match(names[:1] if verdict == "answer" else (), names, verdict != "unknown")

    def _fitting(self, hits: list[Hit], circumstance: str) -> list[Hit]:
        """The hits, those of the circumstance first among the nearest."""
        if not circumstance or hits[0].is_exact:
            return hits
        near = [hit for hit in hits if hits[0].score - hit.score < NEAR]
        fits = [hit for hit in near if self.circumstances.get(hit.answer_id) == circumstance]
        return fits[:1] + [hit for hit in hits if hit not in fits[:1]]

    def _match_by_words(self, question: str, state: str, *, at: datetime) -> Match:
        """The same by words alone, until everything has been read once."""
        with self._lock:
            if self._words is None or self._words[0] != state:
                self._words = (state, ByWords(what_can_be_quoted(at)[0]))
            found = self._words[1].match(question)
        return Match((found.answer,) if found.answer else (), found.near, bool(found.near))

    def _told_by_words(
        self, question: str, state: str, advice: Match, where: Where, *, at: datetime
    ) -> Found:
        """Notices by words alone, until the newest has been read."""
        with self._lock:
            if self._told is None or self._told[0] != state:
                self._told = (state, findable(at=at))
            notices = self._told[1]
        return by_words(question, notices, where=where, is_known=bool(advice.given))


def keep_up(index: Index, wanted: Phrasings) -> None:
    """Make an index find exactly this; what it has already is not read again."""
    known = {name: tuple(p.text for p in phrases) for name, phrases in index.answers.items()}
    for gone in known.keys() - wanted.keys():
        index.remove(gone)
    if changed := {n: p for n, p in wanted.items() if known.get(n) != p}:
        index.add_all(changed)


def joined(advice: Match, notices: Found) -> Match:
    """Both, what is meant more surely first."""
    first, second = (notices, advice) if notices.leads else (advice, notices)
    given = dict.fromkeys(first.given + second.given + notices.beside)
    is_near = advice.is_near or bool(notices.near)
    return Match(tuple(given), first.near + second.near, is_near)


NEAR = 0.03
"""Of the score: answers so close are told apart by the circumstance of who asks."""


def what_can_be_quoted(at: datetime) -> tuple[Phrasings, dict[str, str]]:
    """Advice and verdicts: name → how people ask for it; and the circumstance of each piece."""
    disease = settings.DEFAULT_DISEASE
    found: Phrasings = {}
    circumstances = {}
    for row in live_blocks(disease=disease, on=timezone.localdate(at)):
        name = f"block:{row.slug}"
        found[name] = tuple([row.title_zh, row.title_en, *row.asks_zh, *row.asks_en])
        circumstances[name] = row.circumstance
    for claim in standing(disease=disease):
        found[f"claim:{claim.slug}"] = tuple(claim.phrasings)
    return found, circumstances


def state_of_words(at: datetime) -> str:
    """Changes when anything that can be quoted does, or the day. Four small queries."""
    disease = settings.DEFAULT_DISEASE
    rows = AdviceBlock.objects.filter(live=True, disease=disease)
    facts = rows.aggregate(Count("pk"), Max("live_revision"), Max("last_published_at"))
    notices = standing_state(at=at)
    return f"{timezone.localdate(at)} {facts} {claims_state(disease=disease)} {notices}"


def read_ahead(*, at: datetime) -> bool:
    """Go on reading what can be quoted, a few seconds at most; whether all is read.

    Never done where the encoders are missing: answers are then found by their words alone.
    """
    state = state_of_words(at)
    if is_read(state):
        return True
    # Notices are few and new: they do not wait for the rest to be read the first time.
    told = [one.phrasings for one in findable(at=at).values()]
    texts = [text for many in (*told, *what_can_be_quoted(at)[0].values()) for text in many]
    until, kept = monotonic() + READING_S, vectors()
    try:
        for start in range(0, len(texts), AT_A_TIME):
            kept.by_both(texts[start : start + AT_A_TIME])
            if monotonic() > until:
                return False
    except EncoderMissing:
        return False
    if texts:
        _mark().parent.mkdir(parents=True, exist_ok=True)
        _mark().write_text(state, encoding="utf-8")
    return bool(texts)


def is_read(state: str) -> bool:
    """Whether everything that can be quoted in this state has been read."""
    mark = _mark()
    return mark.exists() and mark.read_text(encoding="utf-8") == state


def _mark() -> Path:
    """It names the vectors, which may be removed (`make clean`) while the data stay."""
    return settings.HOME / "meaning" / f"answers-read-{vectors().identity}"


_kept: dict[str, Knowledge] = {}
_lock = threading.Lock()


def knowledge() -> Knowledge:
    """The one of this process."""
    with _lock:
        home = str(settings.HOME)
        if home not in _kept:
            _kept[home] = Knowledge()
        return _kept[home]
