"""Which claim a rumour is: learned for the claims that ship and for those of editors that are told
often enough; by meaning for the others; by words alone where the sentence encoders are missing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tongxin.meaning.calibration import Calibration
from tongxin.meaning.learned import Learned, questions_read
from tongxin.meaning.lexical import Terms, TermTable
from tongxin.meaning.normal import normal
from tongxin.meaning.retrieval import Index
from tongxin.meaning.vectors import EncoderMissing, Vectors
from tongxin.meaning.words import grams, words
from tongxin.myths.written_claims import Tellings, WrittenClaims

OFFERED = 3
# The weights were learned on the shipped tellings, a seventh at a time held out, and on questions
# that are no rumours; the line, on half of the paraphrases kept apart: docs/editor-myths.md.
BY_MEANING = Calibration(
    constant=-3.32, by_score=4.54, by_margin=9.29, answer_at=0.95, offer_at=0.06
)
ANSWER_WRITTEN, OFFER_WRITTEN = 0.62, 0.3
# Lines of what was learned, drawn on paraphrases that were left out of the learning.
ANSWER_LEARNED, OFFER_LEARNED = 0.9, 0.06
ANSWER_LEARNED_HERE = 0.7
"""Lower, because few tellings make nothing look likely."""

NOT_UNLIKELY = 0.2
"""Chance that a learned claim must have where what is meant answers with it."""


@dataclass(frozen=True)
class Match:
    """What a rumour was found to be.

    Attributes:
        answer: the claim's short name where it is certain enough to answer at once.
        near: short names to offer, best first.
    """

    answer: str | None
    near: tuple[str, ...]


class ByMeaning:
    """Claims found by what is meant."""

    def __init__(self, phrasings: Mapping[str, Sequence[str]], vectors: Vectors) -> None:
        self.index = Index(vectors, calibration=BY_MEANING)
        self.index.add_all(phrasings)

    def match(self, text: str) -> Match:
        """The claim that a text tells."""
        hits = self.index.search(text, OFFERED)
        lines = self.index.calibration
        near = tuple(hit.answer_id for hit in hits if hit.probability >= lines.offer_at)
        sure = hits and lines.verdict(hits[0].probability) == "answer"
        return Match(hits[0].answer_id if sure else None, near)


class ByWords:
    """Claims found by what is written: no encoder needed."""

    def __init__(self, phrasings: Mapping[str, Sequence[str]]) -> None:
        pairs = [(name, text) for name, texts in phrasings.items() for text in texts]
        self.names = [name for name, _ in pairs]
        self.plain = [normal(text) for _, text in pairs]
        self.words = TermTable([Terms.of(words(text)) for _, text in pairs]).bm25()
        self.grams = TermTable([Terms.of(grams(text)) for _, text in pairs]).cosine()

    def match(self, text: str) -> Match:
        """The claim that a text tells."""
        plain = normal(text)
        if not plain or not self.names:
            return Match(None, ())
        best: dict[str, float] = {}
        for name, score in zip(self.names, self._scores(text, plain), strict=True):
            best[name] = max(best.get(name, 0.0), float(score))
        order = sorted(best, key=lambda name: (-best[name], name))[:OFFERED]
        lead = best[order[0]] - (best[order[1]] if len(order) > 1 else 0.0)
        sure = best[order[0]] >= ANSWER_WRITTEN and lead >= 0.1
        near = tuple(name for name in order if best[name] >= OFFER_WRITTEN)
        return Match(order[0] if sure else None, near)

    def _scores(self, text: str, plain: str) -> np.ndarray:
        written = self.grams.scores(Terms.of(grams(text)))
        said = self.words.scores(Terms.of(words(text)))
        same = np.array([one == plain for one in self.plain])
        return np.where(same, 2.0, 0.7 * written + 0.3 * said)


@dataclass(frozen=True)
class Taught:
    """Claims that were learned from many tellings.

    Attributes:
        chances: text → kind → how likely the text tells it. Raises `EncoderMissing`.
        kinds: short name of a claim that may be given → its kind.
        answer_at: from which chance on it is answered.
        unheard: those that are told in ways that were not learned: that one of them is unlikely
            says little.
    """

    chances: Callable[[str], Mapping[str, float]]
    kinds: Mapping[str, str]
    answer_at: float
    unheard: Collection[str] = ()

    def likely(self, text: str) -> list[tuple[str, float]]:
        """Short names with their chances, the likeliest first."""
        read = self.chances(text)
        found = [(slug, read.get(kind, 0.0)) for slug, kind in self.kinds.items()]
        order = sorted(found, key=lambda one: (-one[1], one[0]))
        return [one for one in order[:OFFERED] if one[1] >= OFFER_LEARNED]


def taught_by_shipping(
    learned: Learned, slugs: Iterable[str], vectors: Vectors, *, unheard: Collection[str] = ()
) -> Taught:
    """The claims that ship, of these short names."""

    def chances(text: str) -> dict[str, float]:
        row = learned.chances(questions_read([text], vectors))[0].tolist()
        return dict(zip(learned.kinds, row, strict=True))

    return Taught(chances, {slug: slug for slug in slugs}, ANSWER_LEARNED, unheard)


def taught_here(written: WrittenClaims, told: Tellings, vectors: Vectors) -> Taught:
    """The claims of editors that say what they said when they were learned here."""
    kinds = {slug: one.kind(slug) for slug, one in told.items()}
    are_learned = {slug: kind for slug, kind in kinds.items() if kind in written.meant.kinds}
    return Taught(lambda text: written.chances(text, vectors), are_learned, ANSWER_LEARNED_HERE)


class ByLearning:
    """Claims as they were learned from many tellings, and all by what is meant.

    What is meant answers with a learned claim only where learning does not find it unlikely.
    """

    def __init__(
        self,
        taught: Sequence[Taught],
        others: "Matcher",
        *,
        phrasings: Iterable[Mapping[str, Sequence[str]]] = (),
    ) -> None:
        self.taught, self.others = taught, others
        for one in taught:
            one.likely("?")  # no encoder is found out here, not by who asks
        # The very words of a claim are that claim, the last named before the others.
        every = [pair for part in phrasings for pair in part.items()]
        self.told = {normal(text): slug for slug, many in every for text in many}

    def match(self, text: str) -> Match:
        """The claim that a text tells; where two are sure of different ones, none."""
        if slug := self.told.get(normal(text)):
            return Match(slug, (slug,))
        if not normal(text):
            return Match(None, ())
        other, sure, near, chances = self.others.match(text), [], [], {}
        for one in reversed(self.taught):
            likely = one.likely(text)
            sure += [slug for slug, chance in likely[:1] if chance >= one.answer_at]
            near = [*(slug for slug, _ in likely), *near]
            heard = {slug: 0.0 for slug in one.kinds if slug not in one.unheard}
            chances |= heard | {slug: chance for slug, chance in likely if slug in heard}
        near += other.near
        if other.answer and chances.get(other.answer, 1.0) >= NOT_UNLIKELY:
            sure.insert(0, other.answer)
        near = tuple(dict.fromkeys([*sure, *near]))[:OFFERED]
        return Match(sure[0] if len(set(sure)) == 1 else None, near)


Matcher = ByLearning | ByMeaning | ByWords


def matcher(phrasings: Mapping[str, Sequence[str]], vectors: Vectors | None) -> Matcher:
    """The best there is: by words alone where ``vectors`` is None or the encoders are missing."""
    if vectors is None:
        return ByWords(phrasings)
    try:
        return ByMeaning(phrasings, vectors)
    except EncoderMissing:
        return ByWords(phrasings)
