"""Files fetched from a URL by the clock."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from tongxin import fetching
from tongxin.audit.actions import record
from tongxin.refusal import Refusal, noop
from tongxin.situation.actions.figures import Report, UnknownFormat, import_figures
from tongxin.situation.actions.sources import require_source
from tongxin.situation.importers import FORMATS
from tongxin.situation.models import Pull

LONGEST_WAIT = timedelta(days=1)
WORKER = "worker"


class NameTaken(Refusal):
    """Two pulls of one name."""

    says = noop("There is already a pull called “{name}”.")


class TooOften(Refusal):
    """An interval that would bother the other side."""

    says = noop("A file is asked for at most every {seconds} seconds.")


class NoSuchPull(Refusal):
    """It was removed meanwhile."""

    says = noop("This pull no longer exists.")


@transaction.atomic
def add_pull(
    *,
    name: str,
    url: str,
    format: str,
    source: str,
    disease: str = "covid-19",
    every_seconds: int = 3600,
    stale_after_seconds: int = 86_400,
    by: object,
    at: datetime,
) -> Pull:
    """A pull that is due at once. Stale is counted from now until something changes."""
    if format not in FORMATS:
        raise UnknownFormat(format=format, formats=", ".join(FORMATS))
    if not url.startswith(("http://", "https://")):
        raise fetching.BadAddress(url=url)
    if every_seconds < 10:
        raise TooOften(seconds=10)
    try:
        with transaction.atomic():
            pull = Pull.objects.create(
                name=name,
                url=url,
                format=format,
                source=require_source(source),
                disease=disease,
                every_seconds=every_seconds,
                stale_after_seconds=stale_after_seconds,
                next_at=at,
                last_changed_at=at,
            )
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    record("situation.added_pull", pull, by=by, url=url, format=format)
    return pull


@transaction.atomic
def pause_pull(pull_id: int, *, by: object, at: datetime) -> Pull:
    """The clock leaves it alone until it is resumed."""
    pull = _locked(pull_id)
    pull.is_paused = True
    pull.save(update_fields=["is_paused"])
    record("situation.paused_pull", pull, by=by)
    return pull


@transaction.atomic
def resume_pull(pull_id: int, *, by: object, at: datetime) -> Pull:
    """Due at once, with a fresh start: earlier failures and alarms are forgotten."""
    pull = _locked(pull_id)
    pull.is_paused, pull.failures, pull.next_at = False, 0, at
    pull.last_changed_at, pull.stale_alarm_at = at, None
    pull.save()
    record("situation.resumed_pull", pull, by=by)
    return pull


def run_pull(pull_id: int, *, by: object, at: datetime) -> Report | None:
    """Fetch now and import what is new; None where the file has not changed.

    Raises the `Refusal` that stopped it; it is also noted in the pull, with the next try.
    """
    pull = _claimed(pull_id, at)
    # Between claiming and noting nothing holds a transaction: the other side may be slow.
    try:
        fetched, report = _fetched(pull, by, at)
    except Refusal as refusal:
        _note_failure(pull_id, refusal, by, at)
        raise
    _note_success(pull_id, fetched, report, at)
    return report


def run_due(at: datetime, *, by: object = WORKER) -> int:
    """Run every pull whose time has come, and sound the alarm for stale ones; how many ran."""
    due = list(
        Pull.objects.filter(is_paused=False, next_at__lte=at).order_by("next_at").values_list("pk")
    )
    for (pk,) in due:
        try:
            run_pull(pk, by=by, at=at)
        except Refusal:
            continue  # noted in the pull, where officers see it
    _alarm_stale(at)
    return len(due)


def _fetched(pull: Pull, by: object, at: datetime) -> tuple[fetching.Fetched, Report | None]:
    may_be_private = getattr(settings, "PULL_ALLOW_PRIVATE", settings.DEVELOPMENT)
    with tempfile.TemporaryDirectory(prefix="tongxin-pull-") as folder:
        fetched = fetching.fetch(
            pull.url,
            Path(folder),
            etag=pull.etag,
            last_modified=pull.last_modified,
            may_be_private=may_be_private,
        )
        if fetched.path is None:
            return fetched, None
        report = import_figures(
            fetched.path,
            format=pull.format,
            source=pull.source_id,
            disease=pull.disease,
            by=by,
            at=at,
        )
        return fetched, report


def _locked(pull_id: int) -> Pull:
    pull = Pull.objects.select_for_update().filter(pk=pull_id).first()
    if pull is None:
        raise NoSuchPull
    return pull


@transaction.atomic
def _claimed(pull_id: int, at: datetime) -> Pull:
    """The pull, with its next time set, so that a second worker does not run it too."""
    pull = _locked(pull_id)
    pull.last_tried_at = at
    pull.next_at = at + timedelta(seconds=pull.every_seconds)
    pull.save(update_fields=["last_tried_at", "next_at"])
    return pull


@transaction.atomic
def _note_success(
    pull_id: int, fetched: fetching.Fetched, report: Report | None, at: datetime
) -> None:
    pull = _locked(pull_id)
    pull.failures, pull.last_error, pull.last_ok_at = 0, "", at
    if fetched.path is not None:
        pull.etag, pull.last_modified = fetched.etag, fetched.last_modified
    if report is not None and report.new + report.revised + report.held:
        pull.last_changed_at, pull.stale_alarm_at = at, None
    pull.save()


@transaction.atomic
def _note_failure(pull_id: int, refusal: Refusal, by: object, at: datetime) -> None:
    """Note what went wrong and wait twice as long as last time, at most a day."""
    pull = _locked(pull_id)
    pull.failures += 1
    wait = timedelta(seconds=pull.every_seconds) * 2 ** min(pull.failures, 20)
    pull.next_at = at + max(min(wait, LONGEST_WAIT), timedelta(seconds=pull.every_seconds))
    pull.last_error = str(refusal)[:200]
    pull.save()
    if pull.failures == 1:
        record("situation.pull_failed", pull, by=by, error=pull.last_error)


@transaction.atomic
def _alarm_stale(at: datetime) -> None:
    quiet = Pull.objects.select_for_update().filter(is_paused=False, stale_alarm_at__isnull=True)
    for pull in quiet:
        if at - pull.last_changed_at > timedelta(seconds=pull.stale_after_seconds):
            pull.stale_alarm_at = at
            pull.save(update_fields=["stale_alarm_at"])
            record(
                "situation.pull_is_stale",
                pull,
                by=WORKER,
                last_changed_at=pull.last_changed_at.isoformat(),
            )
