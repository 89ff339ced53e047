"""When a job of the schedule runs next. Plain Python."""

from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=1)


def next_run(*, started: datetime, every_seconds: int, failures: int) -> datetime:
    """The next moment to run: the interval, doubled for each failure in a row, an hour at most.

    >>> from datetime import UTC
    >>> noon = datetime(2020, 2, 12, 12, tzinfo=UTC)
    >>> next_run(started=noon, every_seconds=30, failures=0).strftime("%H:%M:%S")
    '12:00:30'
    >>> next_run(started=noon, every_seconds=30, failures=3).strftime("%H:%M:%S")
    '12:04:00'
    >>> next_run(started=noon, every_seconds=30, failures=40).strftime("%H:%M:%S")
    '13:00:00'
    """
    interval = timedelta(seconds=every_seconds)
    if failures:
        interval = max(interval, min(interval * 2 ** min(failures, 20), LONGEST_WAIT))
    return started + interval
