"""A change of rules as the desk and the terminal show it: examples, and whom it would concern."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module

from django.utils.translation import gettext

from tongxin.data_files import BrokenData
from tongxin.triage import queries
from tongxin.triage.actions import Told
from tongxin.triage.models import PackVersion
from tongxin.triage.packs import Pack


@dataclass(frozen=True)
class ChangeTold:
    """One older version against the rules of now.

    Attributes:
        report: who is sent elsewhere, with witnesses, in words; empty where it cannot be said.
        waiting: how many of those who would end elsewhere were not told yet.
        arrows: (from, to, how many kept checks, whether that is more urgent).
    """

    version: str
    report: str
    total: int
    moved: int
    more_urgent: int
    unread: int
    waiting: int
    arrows: tuple[tuple[str, str, int, bool], ...]


def change_told(row: PackVersion, pack: Pack, *, since: datetime, language: str) -> ChangeTold:
    """The change from one older version to the rules of now."""
    try:
        old = row.pack
    except BrokenData:
        unread = row.checks.filter(at__gte=since).count()
        return ChangeTold(row.version, "", 0, 0, 0, unread, 0, ())
    found = queries.weighed(pack, [row], since=since)
    told = queries.told_of(pack)
    pairs = Counter((m.check.disposition, m.disposition, m.is_more_urgent) for m in found.moved)
    arrows = tuple(
        (old.dispositions[a].name(language), pack.dispositions[b].name(language), count, urgent)
        for (a, b, urgent), count in sorted(pairs.items(), key=lambda one: (not one[0][2], -one[1]))
    )
    return ChangeTold(
        row.version,
        _report(old, pack, language),
        found.total,
        len(found.moved),
        len(found.more_urgent),
        found.unread,
        sum(one.check.pk not in told for one in found.moved),
        arrows,
    )


def told_in_words(told: Told) -> str:
    """What was done."""
    text = gettext(
        "Told of %(checks)d checks, %(more_urgent)d of them more urgent; texts: %(texts)d."
    )
    return text % {"checks": told.checks, "more_urgent": told.more_urgent, "texts": told.texts}


@lru_cache(maxsize=8)
def _report(old: Pack, new: Pack, language: str) -> str:
    """People whom the new rules send elsewhere. The solver is loaded only when it is asked."""
    difference = import_module("tongxin.triage.difference")
    return difference.report(old, new, difference.changes(old, new), None, language, gettext)
