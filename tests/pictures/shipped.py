"""Posters of everything that ships: every claim and every circumstance, in both languages."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tongxin.pictures import CardPoster, ClaimPoster, Point

PACKS = Path(__file__).resolve().parents[2] / "tongxin"
AUTHORITY = {"zh": "洪湖市卫生健康局", "en": "Honghu Municipal Health Bureau"}
SITE = "https://tongxin.honghu.gov.cn"


def claims(language: str) -> Iterator[ClaimPoster]:
    """A poster for every claim that ships."""
    for claim in _tables("myths", "claim"):
        yield ClaimPoster(
            claim=claim[f"claim_{language}"],
            verdict=claim["verdict"],
            why=claim[f"why_{language}"],
            sources=tuple(
                f"{one['publisher']}: {one[f'title_{language}']}" for one in claim["evidence"]
            ),
            answered_on=claim["since"],
            true_as_of=claim["true_as_of"],
            address=f"{SITE}/{language}/myths/{claim['slug']}/",
            authority=AUTHORITY[language],
        )


def cards(language: str) -> Iterator[CardPoster]:
    """A card for every circumstance, with all its advice."""
    blocks = _tables("guidance", "block")
    for one in _tables("guidance", "circumstance"):
        rows = [row for row in blocks if row["circumstance"] == one["key"]]
        yield CardPoster(
            title=one[f"name_{language}"],
            intro=one[f"intro_{language}"],
            do=_points(rows, {"must", "should"}, language),
            dont=_points(rows, {"must-not", "should-not"}, language),
            sources=tuple(row[f"source_{language}"] for row in rows),
            as_of=date(2026, 11, 22),
            address=f"{SITE}/{language}/guidance/{one['key']}/",
            authority=AUTHORITY[language],
        )


def _points(rows: list[dict[str, Any]], kinds: set[str], language: str) -> tuple[Point, ...]:
    return tuple(Point(row[f"title_{language}"]) for row in rows if row["polarity"] in kinds)


@cache
def _tables(app: str, name: str) -> list[dict[str, Any]]:
    found = []
    for file in sorted(PACKS.glob(f"{app}/packs/covid-19/*.toml")):
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        rows = read.get(name, [])
        if isinstance(rows, list):  # in a file of blocks, "circumstance" is the name of theirs
            shared = {key: value for key, value in read.items() if isinstance(value, str)}
            found += [shared | row for row in rows]
    return found
