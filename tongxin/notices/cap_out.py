"""Our own alerts as CAP 1.2 documents, signed; an agency's as it came."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from tongxin.notices import cap, queries
from tongxin.notices.models import Notice, Step
from tongxin.notices.signing import own_key, signed
from tongxin.notices.xml import to_bytes
from tongxin.places.models import Place

TYPES = {Step.FIRST: "Alert", Step.UPDATE: "Update", Step.ALL_CLEAR: "Update"}
EVENT = {"zh-CN": "公共卫生警报", "en-US": "Public health alert"}
SIGNED = {"zh-CN": "zh-hans", "en-US": "en"}


def cap_of(row: Notice, places: dict[str, Place]) -> bytes | None:
    """The document of an alert; None where there is none: news, and notices."""
    if row.agency_id is not None:
        return row.original.encode() or None
    before = [(sender(), one.guid, timezone.localtime(one.issued_at)) for one in followed(row)]
    root = cap.write(as_alert(row, places), references=before)
    return to_bytes(signed(root, secrets=settings.HOME / "secrets", name=settings.AUTHORITY))


def followed(row: Notice) -> list[Notice]:
    """All that it takes the place of, the newest first."""
    return queries.line_of(row)[1:]


def as_alert(row: Notice, places: dict[str, Place]) -> cap.CapAlert:
    """The alert as CAP has it."""
    return cap.CapAlert(
        identifier=row.guid,
        sender=sender(),
        sent=timezone.localtime(row.issued_at),
        msg_type=TYPES.get(row.step, "Cancel"),
        infos=tuple(_info(row, tag) for tag in SIGNED),
        areas=tuple(_area(code, places) for code in row.places),
        severity=row.severity,
        urgency=row.urgency,
        certainty=row.certainty,
        effective=row.effective_at and timezone.localtime(row.effective_at),
        expires=row.expires_at and timezone.localtime(row.expires_at),
        sender_name=settings.AUTHORITY or "Tongxin",
        is_all_clear=row.step == Step.ALL_CLEAR,
    )


def certificate() -> bytes:
    """The certificate by which others check what we signed, as PEM."""
    return own_key(settings.HOME / "secrets", settings.AUTHORITY)[1]


def sender() -> str:
    """Who we are to other systems: stable, without blanks or commas, as CAP wants."""
    return f"tongxin@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}"


def _info(row: Notice, tag: str) -> cap.Info:
    language = SIGNED[tag]
    return cap.Info(
        language=tag,
        event=EVENT[tag],
        headline=row.said("title", language),
        description=row.said("text", language),
        web=f"{settings.PUBLIC_URL.rstrip('/')}/{language}/notices/{row.code}/",
    )


def _area(code: str, places: dict[str, Place]) -> cap.Area:
    place = places.get(code)
    names = f"{place.name_zh} / {place.name_en}" if place else code
    return cap.Area(names, (code,))
