"""The gate before a release: what is wrong with the figures that were not wrong before."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from tongxin.situation import gate
from tongxin.situation.queries.atlas import Atlas
from tongxin.situation.queries.caveats import caveats
from tongxin.situation.queries.known import Known, known
from tongxin.situation.queries.matter import Matter
from tongxin.situation.queries.reasons import LONGEST_REASON_DAYS
from tongxin.situation.queries.withholding import LEVELS

NOTICED_FOR = timedelta(days=14)  # an event that a release carried is listed for a fortnight
COUNTS_NOBODY = {"missing_since", "future_date"}
SUMS_PARTS = {"children_exceed_parent", "children_do_not_sum"}
MISSING_FOR_DAYS = 60  # a place silent for longer has stopped reporting; its page says so


def findings(matter: Matter, *, before: datetime | None) -> list[dict[str, object]]:
    """What the gate found, worst first.

    ``before``: the ``as_of`` of the release that the public sees. What that release carried
    already does not stop this one again; without one, only the last fortnight is looked at.
    """
    now = gate.check(gate_table(matter), today=matter.today, reasons=_reasons(matter))
    if before is None or before >= matter.as_of:
        carried, since = frozenset(), matter.today - NOTICED_FOR
    else:
        carried, since = _carried(before, matter), date.min
    judged = [
        _judged(f, carried, matter.today) for f in now if f.on >= since or f.rule == "missing_since"
    ]
    found = [f for f in judged if f is not None]
    return [_as_json(f, matter.atlas) for f in sorted(found, key=lambda f: f.severity)]


def gate_table(matter: Matter) -> gate.GateTable:
    """The figures as the gate reads them: the chosen sources', small ones included."""
    withheld: dict[tuple[str, date], set[str]] = {}
    for place, metric in sorted(matter.known.keys):
        for on in matter.known.withheld_days(place, metric).tolist():
            withheld.setdefault((metric, on), set()).add(place)
    return gate.GateTable(
        parents=matter.atlas.parents,
        values=_chosen(matter.raw),
        withheld={key: frozenset(places) for key, places in withheld.items()},
    )


def _carried(before: datetime, matter: Matter) -> frozenset[tuple[object, ...]]:
    """What the gate would have said of the figures that the public sees now."""
    told = known(as_of=before, disease=matter.known.disease, raw=True)
    table = gate.GateTable(parents=matter.atlas.parents, values=_chosen(told))
    on = timezone.localtime(before).date()
    return frozenset(_identity(finding) for finding in gate.check(table, today=on))


def _identity(finding: gate.Finding) -> tuple[object, ...]:
    figures = tuple(sorted(finding.figures.items()))
    return (finding.rule, finding.place, finding.metric, finding.on, finding.other, figures)


def _judged(
    finding: gate.Finding, carried: frozenset[tuple[object, ...]], today: date
) -> gate.Finding | None:
    """The finding as this release lists it; None where it is old news."""
    if finding.rule == "missing_since":
        is_news = finding.metric == "confirmed" and finding.figures["days"] <= MISSING_FOR_DAYS
        return finding if is_news else None
    if _identity(finding) in carried:
        is_recent = finding.on >= today - NOTICED_FOR
        return replace(finding, severity="warns") if is_recent else None
    return finding


def _reasons(matter: Matter) -> list[gate.Reason]:
    told = caveats(disease=matter.known.disease, as_of=matter.as_of)
    return [
        gate.Reason(text.place, text.metric, text.from_on, text.to_on)
        for texts in told.values()
        for text in texts
        if (text.to_on - text.from_on).days < LONGEST_REASON_DAYS
    ]


def _chosen(told: Known) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    lines = ((key, told.line(*key)) for key in sorted(told.keys))
    return {key: (line.days, line.values) for key, line in lines if line is not None}


def _as_json(finding: gate.Finding, places: Atlas) -> dict[str, object]:
    """A finding with the names of its places, as the release keeps it and the public reads it."""
    names = {}
    for role in ("place", "other"):
        code = getattr(finding, role)
        if code in places:
            names |= {f"{role}_zh": places.name(code).zh, f"{role}_en": places.name(code).en}
    tells = _tells_small_counts(finding, places)
    figures = {name: None if tells else float(n) for name, n in finding.figures.items()}
    return asdict(finding) | names | {"on": finding.on.isoformat(), "figures": figures}


def _tells_small_counts(finding: gate.Finding, places: Atlas) -> bool:
    """Whether the finding's figures would say what the pages withhold: they are left out."""
    if finding.rule in COUNTS_NOBODY:
        return False
    told = {finding.place, finding.other}
    if finding.rule in SUMS_PARTS:
        told |= {code for code, above in places.parents.items() if above == finding.place}
    return any(code in places and places.name(code).level in LEVELS for code in told)
