"""Rumours matched to the claims that ship, and to two public lists: what is answered at once, and
how often rightly."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from bench.rows import Row, Setting, not_measured
from tongxin.meaning.vectors import Vectors
from tongxin.myths.learned_claims import learned_claims
from tongxin.myths.matching import (
    ByLearning,
    ByMeaning,
    ByWords,
    Match,
    Matcher,
    taught_by_shipping,
    taught_here,
)
from tongxin.myths.packs import shipped_claims
from tongxin.myths.written_claims import Told, digest, learn_written

DATA = Path(__file__).with_name("data")
HELD_OUT = "rumours_heldout.csv"
PARAPHRASES = {
    "DXY's list": "rumours_dxy_paraphrases.csv",
    "covid_lies": "rumours_covid_lies_paraphrases.csv",
}
TELLINGS = {
    "DXY's list": "rumours_dxy_tellings.csv",
    "covid_lies": "rumours_covid_lies_tellings.csv",
}
KEPT = Path(__file__).resolve().parents[1] / "build" / "vectors"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "myths"
PRECISION, RECALL, OFFERED = 0.98, 0.70, 0.95
Found = list[tuple[Match, str]]


def measure(setting: Setting) -> list[Row]:
    """Precision and recall on paraphrases that nobody saw who wrote the claims or the rules."""
    phrasings = {
        claim.slug: [claim.claim_zh, claim.claim_en, *claim.tellings_zh, *claim.tellings_en]
        for _, claim in shipped_claims("covid-19")
    }
    asked = rows_of(HELD_OUT)[:: setting.of(1, 4)]
    by_words = told(ByWords(phrasings), asked)
    shipped = taught_by_shipping(learned_claims(), phrasings, Vectors(keep=200))
    learned = ByLearning([shipped], ByWords({}), phrasings=[phrasings])
    by_meaning = told(learned, asked)
    return [
        row("answered rightly", precision(by_meaning), precision(by_words), PRECISION, asked),
        row("answered at once", recall(by_meaning), recall(by_words), RECALL, asked),
        row("answered or offered", offered(by_meaning), offered(by_words), OFFERED, asked),
        *public_lists(setting),
    ]


def public_lists(setting: Setting) -> Iterator[Row]:
    """Lists of others, as if an editor had just written their claims: with the claim alone, and
    with so many ways to tell it. Tellings and paraphrases are our own, by different authors."""
    for name, read in (("DXY's list", dxy_rumours), ("covid_lies", covid_lies)):
        claims = read(SHARED)
        if not claims:
            yield not_measured(f"rumours: {name}", "-", "the list is not here")
            continue
        asked = [
            {"text": one["text"], "slug": one["answer_id"]} for one in rows_of(PARAPHRASES[name])
        ][:: setting.of(1, 4)]
        tellings: dict[str, list[str]] = {number: [] for number in claims}
        for one in rows_of(TELLINGS[name]):
            tellings[one["answer_id"]].append(one["text"])
        vectors = Vectors(KEPT, keep=20_000)
        for count in (0, 8, 12, 16):
            known = {
                number: Told(tuple(texts), tuple(tellings[number][:count]))
                for number, texts in claims.items()
            }
            told_as = {number: [*one.claim, *one.tellings] for number, one in known.items()}
            found, plain = told(as_written(known, vectors), asked), told(ByWords(told_as), asked)
            label = f"{name}, {count} tellings"
            goals = (PRECISION, RECALL, OFFERED) if count == 16 else (None, None, None)
            for what, share, goal in zip(
                ("answered rightly", "answered at once", "answered or offered"),
                (precision, recall, offered),
                goals,
                strict=True,
            ):
                yield row(f"{label}, {what}", share(found), share(plain), goal, asked)


def as_written(known: dict[str, Told], vectors: Vectors) -> Matcher:
    """What an installation makes of claims that its editors have written, were there no others."""
    by_meaning = ByMeaning({n: [*one.claim, *one.tellings] for n, one in known.items()}, vectors)
    if not digest(known):
        return by_meaning
    taught = taught_here(learn_written(known, vectors), known, vectors)
    return ByLearning([taught], by_meaning)


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def dxy_rumours(folder: Path) -> dict[str, list[str]]:
    """Number → title and summary."""
    file = folder / "dxy-rumours.json"
    rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return {str(one["id"]): [one["title"], one["mainSummary"]] for one in rows}


def covid_lies(folder: Path) -> dict[str, list[str]]:
    """Number → misconception."""
    file = folder / "covid_lies" / "covid_lies.csv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        return {one["misconception_id"]: [one["misconception"]] for one in csv.DictReader(lines)}


def told(matcher: Matcher, asked: list[dict[str, str]]) -> Found:
    """Each match with the claim that was meant; empty where none was."""
    return [(matcher.match(one["text"]), one["slug"]) for one in asked]


def precision(found: Found) -> float:
    """Of what was answered at once, the share that was right."""
    right = [match.answer == slug for match, slug in found if match.answer]
    return sum(right) / max(len(right), 1)


def recall(found: Found) -> float:
    """Of the rumours that a claim answers, the share that was answered at once and rightly."""
    known = [match.answer == slug for match, slug in found if slug]
    return sum(known) / max(len(known), 1)


def offered(found: Found) -> float:
    """Of the rumours that a claim answers, the share that was offered it or answered with it."""
    known = [slug in match.near for match, slug in found if slug]
    return sum(known) / max(len(known), 1)


def row(name: str, ours: float, by_words: float, goal: float | None, asked: list) -> Row:
    """One measure, by meaning against by words alone."""
    return Row(
        measure=f"rumours: {name}",
        measured=f"{ours:.1%}",
        against=f"{by_words:.1%} by words alone",
        ratio=ours / by_words if by_words else None,
        goal=f">= {goal:.0%}" if goal else "-",
        is_met=ours >= goal if goal else None,
        runs=1,
        note=f"{len(asked)} held-out phrasings, some of which no claim answers",
        facts={"ours": ours, "by_words": by_words, "asked": len(asked)},
    )
