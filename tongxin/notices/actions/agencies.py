"""Agencies whose notices we pass on: added, paused, and fetched by the clock."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import IntegrityError, transaction

from tongxin import fetching
from tongxin.audit.actions import record
from tongxin.notices import refusals
from tongxin.notices.actions.intake import Found, take_in
from tongxin.notices.models import Agency, Format
from tongxin.notices.reading import read, wanted_documents
from tongxin.places.models import Place
from tongxin.refusal import Refusal

WORKER = "worker"
LONGEST_WAIT = timedelta(days=1)
SOONEST = 30  # seconds


@transaction.atomic
def add_agency(
    *,
    name_zh: str,
    name_en: str,
    url: str,
    format: str,
    tier: int,
    place: str,
    language: str,
    certificate: str = "",
    every_seconds: int = 600,
    stale_after_seconds: int = 7 * 86_400,
    by: object,
    at: datetime,
) -> Agency:
    """An agency that is asked at once. Stale is counted from now until something changes.

    Raises:
        BadAddress, NoSuchPlace, AgencyExists, NotACertificate
    """
    if format not in Format.values or not url.startswith(("http://", "https://")):
        raise fetching.BadAddress(url=url)
    if not Place.objects.filter(pk=place).exists():
        raise refusals.NoSuchPlace(code=place)
    _check_certificate(certificate)
    try:
        with transaction.atomic():
            row = Agency.objects.create(
                name_zh=name_zh,
                name_en=name_en,
                url=url,
                format=format,
                tier=tier,
                place_id=place,
                language=language,
                certificate=certificate.strip(),
                every_seconds=max(every_seconds, SOONEST),
                stale_after_seconds=stale_after_seconds,
                next_at=at,
                last_changed_at=at,
            )
    except IntegrityError as error:
        raise refusals.AgencyExists(name=name_zh) from error
    record("notices.agency_added", row, by=by, url=url, format=format, tier=tier)
    return row


@transaction.atomic
def pause_agency(agency_id: int, *, by: object, at: datetime) -> None:
    """The clock leaves it alone until it is resumed; what it said stays."""
    row = Agency.objects.select_for_update().get(pk=agency_id)
    row.is_paused = True
    row.save(update_fields=["is_paused"])
    record("notices.agency_paused", row, by=by)


@transaction.atomic
def resume_agency(agency_id: int, *, by: object, at: datetime) -> None:
    """Due at once, with a fresh start: earlier failures and alarms are forgotten."""
    row = Agency.objects.select_for_update().get(pk=agency_id)
    row.is_paused, row.failures, row.next_at = False, 0, at
    row.last_changed_at, row.stale_alarm_at = at, None
    row.save()
    record("notices.agency_resumed", row, by=by)


def ask_agency(agency_id: int, *, by: object, at: datetime) -> Found | None:
    """Fetch now and take in what is new; None where nothing has changed.

    Raises the `Refusal` that stopped it; it is also noted, with the next try.
    """
    row = _claimed(agency_id, at)
    # Between claiming and noting nothing holds a transaction: the other side may be slow.
    try:
        fetched, found = _asked(row, by=by, at=at)
    except Refusal as refusal:
        _note_failure(agency_id, refusal, by, at)
        raise
    _note_success(agency_id, fetched, found, at)
    return found


def ask_due(at: datetime, *, by: object = WORKER) -> int:
    """Ask everyone whose time has come, and sound the alarm for the stale; how many were asked."""
    due = Agency.objects.filter(is_paused=False, next_at__lte=at).order_by("next_at")
    asked = list(due.values_list("pk", flat=True))
    for pk in asked:
        try:
            ask_agency(pk, by=by, at=at)
        except Refusal:
            continue  # noted with the agency, where officers see it
    _alarm_stale(at)
    return len(asked)


def _asked(row: Agency, *, by: object, at: datetime) -> tuple[fetching.Fetched, Found | None]:
    with tempfile.TemporaryDirectory(prefix="tongxin-notices-") as folder:
        fetched = fetching.fetch(
            row.url,
            Path(folder),
            etag=row.etag,
            last_modified=row.last_modified,
            may_be_private=settings.PULL_ALLOW_PRIVATE,
        )
        if fetched.path is None:
            return fetched, None
        said = read(row, fetched.path.read_bytes())
        documents = [
            (url, _document(url, Path(folder))) for url in wanted_documents(row, said.entries)
        ]
    return fetched, take_in(row, said, documents=documents, by=by, at=at)


def _document(url: str, folder: Path) -> bytes:
    """A CAP document that a feed names; empty where it cannot be had now."""
    try:
        found = fetching.fetch(url, folder, may_be_private=settings.PULL_ALLOW_PRIVATE)
    except Refusal:
        return b""
    return found.path.read_bytes() if found.path else b""


def _check_certificate(text: str) -> None:
    try:
        if text.strip():
            x509.load_pem_x509_certificate(text.strip().encode())
    except ValueError:
        raise refusals.NotACertificate from None


@transaction.atomic
def _claimed(agency_id: int, at: datetime) -> Agency:
    """The agency, with its next time set, so that a second worker does not ask it too."""
    row = Agency.objects.select_for_update().get(pk=agency_id)
    row.next_at = at + timedelta(seconds=row.every_seconds)
    row.save(update_fields=["next_at"])
    return row


@transaction.atomic
def _note_success(
    agency_id: int, fetched: fetching.Fetched, found: Found | None, at: datetime
) -> None:
    row = Agency.objects.select_for_update().get(pk=agency_id)
    row.failures, row.last_error, row.last_ok_at = 0, "", at
    if fetched.path is not None:
        row.etag, row.last_modified = fetched.etag, fetched.last_modified
    if found is not None and found.missed:
        row.etag = row.last_modified = ""  # ask for all of it again
    if found is not None and found.new:
        row.last_changed_at, row.stale_alarm_at = at, None
    row.save()


@transaction.atomic
def _note_failure(agency_id: int, refusal: Refusal, by: object, at: datetime) -> None:
    """Note what went wrong and wait twice as long as last time, at most a day."""
    row = Agency.objects.select_for_update().get(pk=agency_id)
    row.failures += 1
    wait = timedelta(seconds=row.every_seconds) * 2 ** min(row.failures, 16)
    row.next_at = at + min(wait, LONGEST_WAIT)
    row.last_error = str(refusal)[:300]
    row.save()
    if row.failures == 1:
        record("notices.agency_failed", row, by=by, error=row.last_error)


@transaction.atomic
def _alarm_stale(at: datetime) -> None:
    quiet = Agency.objects.select_for_update().filter(is_paused=False, stale_alarm_at=None)
    for row in quiet:
        if at - row.last_changed_at > timedelta(seconds=row.stale_after_seconds):
            row.stale_alarm_at = at
            row.save(update_fields=["stale_alarm_at"])
            record("notices.agency_is_stale", row, by=WORKER)
