"""Claims of editors, learned at this installation from how people tell them.

An editor's claim is found by what it means from the first minute. Once it has eight tellings, of
those that the editor wrote down and the reports that editors answered with it, it is also learned,
like the claims that ship: by what is meant and by the very words. What was answered at once is no
telling, so that a mistake does not teach itself.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from tongxin.meaning import learned, wording
from tongxin.meaning.learned import Learned, Plan, questions_read
from tongxin.meaning.network import softmax
from tongxin.meaning.vectors import DIMENSIONS, READING, Vectors
from tongxin.meaning.wording import Wording
from tongxin.myths.learned_claims import NONE, tellings
from tongxin.myths.learned_claims import digest as shipped_digest

FEWEST = 8
"""Tellings besides the claim itself, in both languages together, from which on it is learned. With
fewer, the search by meaning answers more: docs/editor-myths.md."""

OF_SHIPPED = 3
"""Of the tellings of the claims that ship every third is enough to know what is another claim."""

WORDED = 0.3
"""How much the very words count beside what is meant."""

AT_A_TIME = 16
PLAN = Plan(hidden=0, epochs=20, pace=2e-3, voices=2)
WIDTH = sum(DIMENSIONS.values())
FILES = ("written-claims.npz", "written-claims-words.npz")


@dataclass(frozen=True)
class Told:
    """How one claim is told.

    Attributes:
        claim: itself, in each language.
        tellings: that the editor wrote down.
        reports: of people, the newest first.
    """

    claim: tuple[str, ...]
    tellings: tuple[str, ...]
    reports: tuple[str, ...] = ()

    def kind(self, slug: str) -> str:
        """Names the claim as it was learned: one that now says something else is another.

        >>> Told(("茶治病", "Tea cures"), ()).kind("tea-cures")
        'tea-cures#13bbff6c'
        """
        return f"{slug}#{sha256(repr(self.claim).encode()).hexdigest()[:8]}"

    @property
    def is_enough(self) -> bool:
        """Whether there is something to learn from."""
        return len(self.tellings) + len(self.reports) >= FEWEST


Tellings = Mapping[str, Told]


@dataclass(frozen=True)
class WrittenClaims:
    """What was learned of them."""

    meant: Learned
    worded: Wording

    def chances(self, text: str, vectors: Vectors) -> dict[str, float]:
        """Kind → that the text tells it. Raises `EncoderMissing`."""
        meant = self.meant.logits(questions_read([text], vectors))[0]
        joined = (1 - WORDED) * meant + WORDED * self.worded.logits(text)
        return dict(zip(self.meant.kinds, softmax(joined[None])[0].tolist(), strict=True))


def digest(told: Tellings) -> str:
    """Of what is learned from; empty where there is nothing to learn."""
    rows = sorted((one.kind(slug), repr(one)) for slug, one in told.items() if one.is_enough)
    return sha256(repr((READING, shipped_digest(), rows)).encode()).hexdigest() if rows else ""


def learn_written(told: Tellings, vectors: Vectors) -> WrittenClaims:
    """Learn those that are told often enough, beside messages that tell no claim or another.

    Half a minute for a hundred claims; the first time, some minutes to read those messages. What
    people wrote is read in memory alone. Raises `EncoderMissing`.
    """
    name, ours, theirs = digest(told), [], []
    for slug, one in told.items():
        if one.is_enough:
            ours += [(text, one.kind(slug)) for text in (*one.claim, *one.tellings)]
            theirs += [(text, one.kind(slug)) for text in one.reports]
    ours += [(text, NONE) for text in others(told)]
    texts, named = zip(*ours, *theirs, strict=True)
    rows = [  # in small parts: others wait for the encoder
        vectors.by_both([text for text, _ in ours[start : start + AT_A_TIME]])
        for start in range(0, len(ours), AT_A_TIME)
    ]
    if theirs:
        rows.append(questions_read([text for text, _ in theirs], vectors))
    return WrittenClaims(
        learned.learn(np.vstack(rows), named, PLAN, group=str, digest=name),
        wording.learn_wording(
            texts,
            named,
            only=[text for text, _ in ours],
            longest=2,
            epochs=15,
            voices=1,
            digest=name,
        ),
    )


def others(told: Tellings) -> list[str]:
    """Messages that tell none of these: no claim at all, or one that ships."""
    none = [text for text, slug in tellings() if slug == NONE]
    shipped = [text for text, slug in tellings() if slug != NONE and slug not in told]
    return none + shipped[::OF_SHIPPED]


def save_written(claims: WrittenClaims, folder: Path) -> None:
    """Put it where `load_written` finds it; what lay there is replaced whole."""
    folder.mkdir(parents=True, exist_ok=True)
    drafts = [folder / f"{os.getpid()}-{name}" for name in FILES]
    learned.save(claims.meant, drafts[0])
    wording.save(claims.worded, drafts[1])
    for draft, name in zip(drafts, FILES, strict=True):
        os.replace(draft, folder / name)


def load_written(folder: Path) -> WrittenClaims | None:
    """What was learned last; None where nothing was, or where it cannot be read (any more, yet)."""
    try:
        meant, worded = learned.load(folder / FILES[0]), wording.load(folder / FILES[1])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    is_whole = meant.digest == worded.digest and len(meant.middle) == WIDTH
    return WrittenClaims(meant, worded) if is_whole else None


def forget_written(folder: Path) -> None:
    """Nothing is learned here any more."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def state(folder: Path) -> Sequence[int]:
    """Changes when something else was learned."""
    files = [folder / name for name in FILES]
    return [file.stat().st_mtime_ns for file in files if file.exists()]
