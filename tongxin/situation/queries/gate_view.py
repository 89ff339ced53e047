"""The gate's findings and a release's differences, as the desk and the terminal show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils import translation
from django.utils.translation import gettext

from tongxin.refusal import noop
from tongxin.releases.models import Override, Release
from tongxin.releases.queries import open_override
from tongxin.situation import gate, wording
from tongxin.situation.metrics import metrics
from tongxin.situation.queries.atlas import Atlas
from tongxin.situation.queries.known import Known, known
from tongxin.situation.shapes import Line, PlaceName

WORDS = {"stops": noop("Stops"), "warns": noop("Note")}


@dataclass(frozen=True, slots=True)
class Found:
    """One finding in the reader's language."""

    severity: str  # stops | warns
    word: str
    rule: str
    place: str
    metric: str
    on: date
    sentence: str  # names the place, the metric, the day and the figures
    is_excused: bool  # a caveat gives the reason


@dataclass(frozen=True, slots=True)
class GateView:
    """What the gate says about a release, and whether it may go out."""

    stops: list[Found]
    warnings: list[Found]
    override: Override | None
    may_go_out: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One series that two releases say differently."""

    place: PlaceName
    metric: str
    metric_name: str
    kind: str  # appeared | disappeared | revised | continued
    about_on: date  # the newest day that either says
    before: int | None  # each release's figure of its own newest day
    after: int | None
    days_added: int
    days_revised: int

    @property
    def change(self) -> int | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def gate_view(release: Release, *, language: str) -> GateView:
    """The findings stored in the release, worst first, in words."""
    with translation.override(language):
        found = [_found(finding, language) for finding in release.findings]
    override = open_override(release.pk)
    is_printed = bool(release.manifest["overrides"])
    is_granted = override is not None and override.granted_at is not None
    return GateView(
        stops=[one for one in found if one.severity == "stops"],
        warnings=[one for one in found if one.severity != "stops"],
        override=override,
        may_go_out=not release.is_stopped or is_printed or is_granted,
    )


def difference(
    before: Release | None, after: Release, *, atlas: Atlas, language: str
) -> list[Difference]:
    """Which series the two releases say differently, revised ones first, then the greatest."""
    disease = after.manifest["disease"]
    new = known(as_of=after.as_of, disease=disease)
    old = known(as_of=before.as_of, disease=disease) if before else None
    found = list(_differences(old, new, atlas, language))
    order = {"revised": 0, "disappeared": 1, "appeared": 2, "continued": 3}
    return sorted(found, key=lambda d: (order[d.kind], -abs(d.change or 0), d.place.code))


def _found(finding: dict, language: str) -> Found:
    tongue = "zh" if language.startswith("zh") else "en"
    metric = metrics().get(finding["metric"])
    on = date.fromisoformat(finding["on"])
    figures = {name: wording.number(value) for name, value in finding["figures"].items()}
    names = {
        role: finding.get(f"{role}_{tongue}", finding.get(role, "")) for role in ("place", "other")
    }
    rule, word = gate.SAYS[finding["rule"]], WORDS[finding["severity"]]
    said = gettext(rule).format(**(figures | names))
    name = metric.name(language) if metric else finding["metric"]
    parts = {"said": said, "metric": name, "on": wording.day(on, language)}
    return Found(
        severity=finding["severity"],
        word=gettext(word),
        rule=finding["rule"],
        place=finding["place"],
        metric=finding["metric"],
        on=on,
        sentence=gettext("%(said)s (%(metric)s, %(on)s)") % parts,
        is_excused=finding["excused"],
    )


def _differences(
    old: Known | None, new: Known, atlas: Atlas, language: str
) -> Iterator[Difference]:
    keys = {*new.keys, *(old.keys if old else ())}
    for place, metric in sorted(keys):
        if place not in atlas:
            continue
        lines = (old.line(place, metric) if old else None, new.line(place, metric))
        counted = _compared(*lines)
        if counted is not None:
            kind, added, revised = counted
            yield Difference(
                place=atlas.name(place),
                metric=metric,
                metric_name=metrics()[metric].name(language),
                kind=kind,
                about_on=max(line.days[-1] for line in lines if line is not None).item(),
                before=_newest(lines[0]),
                after=_newest(lines[1]),
                days_added=added,
                days_revised=revised,
            )


def _compared(old: Line | None, new: Line | None) -> tuple[str, int, int] | None:
    """What kind of difference, days added and days revised; None where the lines are equal."""
    if old is None or new is None:
        if old is new:
            return None
        return ("appeared", len(new.days), 0) if new else ("disappeared", 0, 0)
    _, here, there = np.intersect1d(old.days, new.days, return_indices=True)
    revised = int((old.values[here] != new.values[there]).sum()) + len(old.days) - len(here)
    added = len(new.days) - len(there)
    if not revised and not added:
        return None
    return ("revised" if revised else "continued", added, revised)


def _newest(line: Line | None) -> int | None:
    return None if line is None else int(line.values[-1])
