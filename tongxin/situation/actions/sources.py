"""Who says figures: rows of `Source`, from our table or made by an officer."""

import csv
from pathlib import Path

from tongxin.refusal import Refusal, noop
from tongxin.situation.models import Source

TABLE = Path(__file__).resolve().parents[1] / "data" / "sources.csv"


class UnknownSource(Refusal):
    """No source has this code."""

    says = noop("There is no source “{source}”. Add it first, or choose one of: {sources}.")


def shipped_sources() -> list[Source]:
    """The sources that Tongxin knows from the start, unsaved."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return [Source(**row | {"tier": int(row["tier"])}) for row in csv.DictReader(table)]


def require_source(code: str) -> Source:
    """The source of this code, added from our table where needed. Raises `UnknownSource`."""
    if found := Source.objects.filter(pk=code).first():
        return found
    ours = {source.code: source for source in shipped_sources()}
    if code not in ours:
        known = sorted({*ours, *Source.objects.values_list("code", flat=True)})
        raise UnknownSource(source=code, sources=", ".join(known))
    return Source.objects.get_or_create(code=code, defaults=_fields(ours[code]))[0]


def _fields(source: Source) -> dict[str, object]:
    names = ("name_zh", "name_en", "url", "licence", "tier")
    return {name: getattr(source, name) for name in names}
