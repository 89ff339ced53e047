"""What a release is called, what may be in it, who is kept. Plain Python."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

MANIFEST, FILES = "release.json", "files.json"
# Not part of the id: the same figures built again, a day later, are the same release.
NOT_IN_ID = {"id", "built_at", "seal"}

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
    "atom": "application/atom+xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}
TEXTS = {"html", "json", "csv", "svg", "atom", "txt", "xml", "css", "js"}
WORTH_COMPRESSING = 500  # bytes; below, the headers cost more

ALL_FOR = timedelta(days=30)
DAILY_FOR = timedelta(days=365)
DRAFTS_FOR = timedelta(days=7)

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


def canonical(value: object) -> bytes:
    """JSON that is the same bytes for the same value.

    >>> canonical({"b": 1, "a": "洪湖"}) == canonical({"a": "洪湖", "b": 1})
    True
    """
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def release_id(manifest: Mapping[str, object]) -> str:
    """The SHA-256 of the manifest without what differs from one building to the next.

    >>> release_id({"as_of": "x", "built_at": "1"}) == release_id({"as_of": "x", "built_at": "2"})
    True
    """
    what = {key: value for key, value in manifest.items() if key not in NOT_IN_ID}
    return hashlib.sha256(canonical(what)).hexdigest()


def is_safe_path(path: str) -> bool:
    """Whether a file of a release may have this path: nothing hidden, nothing upwards.

    >>> is_safe_path("en/situation/CN-421083/index.html"), is_safe_path("en/../secret")
    (True, False)
    """
    return len(path) <= 300 and all(_SEGMENT.fullmatch(part) for part in path.split("/"))


def extension(path: str) -> str:
    """The ending of a path in lower case.

    >>> extension("situation/CN/series.CSV"), extension("situation.d/CN")
    ('csv', '')
    """
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[1].lower() if "." in name else ""


def content_type(path: str) -> str:
    """The media type of a file by its ending.

    >>> content_type("feed/en.atom")
    'application/atom+xml; charset=utf-8'
    """
    return CONTENT_TYPES.get(extension(path), "application/octet-stream")


def is_compressible(path: str, size: int) -> bool:
    """Whether a file gets siblings in Brotli and gzip."""
    return extension(path) in TEXTS and size >= WORTH_COMPRESSING


def encodings(accepted: str) -> list[str]:
    """The encodings we have that a browser takes, best first (RFC 9110, section 12.5.3).

    >>> encodings("gzip, deflate, br"), encodings("br;q=0, *"), encodings("")
    (['br', 'gzip'], ['gzip'], [])
    """
    weights: dict[str, float] = {}
    for item in accepted.lower().split(","):
        name, _, parameter = item.partition(";")
        weights[name.strip()] = _weight(parameter)
    other = weights.get("*", 0.0)
    return [name for name in ("br", "gzip") if weights.get(name, other) > 0]


def _weight(parameter: str) -> float:
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameter)
    return float(match[1]) if match else 1.0


def kept(published: Iterable[tuple[str, datetime]], *, now: datetime) -> set[str]:
    """The releases that stay: all of 30 days, the last of each day for a year, of each week after.

    Args:
        published: release and moment of each publication, in local time (a day ends at midnight).
    """
    stays: set[str] = set()
    last: dict[tuple[object, ...], tuple[datetime, str]] = {}
    for release, at in published:
        if now - at <= ALL_FOR:
            stays.add(release)
            continue
        is_recent = now - at <= DAILY_FOR
        group = ("day", at.date()) if is_recent else ("week", *at.isocalendar()[:2])
        last[group] = max(last.get(group, (at, release)), (at, release))
    return stays | {release for _, release in last.values()}


def last_of_hours(shown: Iterable[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    """Of these publications, in order of time, the last of each hour.

    >>> two = [("a", datetime(2020, 2, 12, 16, 1)), ("b", datetime(2020, 2, 12, 16, 59))]
    >>> [release for release, _ in last_of_hours(two)]
    ['b']
    """
    hours = {at.replace(minute=0, second=0, microsecond=0): (pk, at) for pk, at in shown}
    return list(hours.values())


def is_stale_draft(built_at: datetime, *, now: datetime) -> bool:
    """Whether a release that was never published has waited long enough."""
    return now - built_at > DRAFTS_FOR


def is_good_reason(reason: str) -> bool:
    """Whether a stated reason says something: ten characters at least, spaces not counted.

    >>> is_good_reason("旧口径合并，官方已说明原因"), is_good_reason("ok")
    (True, False)
    """
    return len(re.sub(r"\s", "", reason)) >= 10 and len(reason) <= 300
