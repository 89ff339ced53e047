"""Building a release of everything that ships: the first, the next day's, and the switch."""

import statistics
from datetime import timedelta

from bench import ten_million
from bench.machine import seconds
from bench.rooms import BY, prepared_database
from bench.rows import Row, Setting, at_most, spread

FEW = 10  # places of a quick run
LIMIT_S, SWITCH_LIMIT_S = 60.0, 2.0
FIGURES = "SELECT count(*) FROM situation_reading"
# One more day of every series, as an import of that day would add it.
NEXT_DAY = """
INSERT INTO situation_reading (series_id, about_on, known_at, value, batch_id)
SELECT DISTINCT ON (series_id) series_id, about_on + 1, %s, value + 1, batch_id
FROM situation_reading WHERE value IS NOT NULL ORDER BY series_id, about_on DESC, known_at DESC
"""


def measure(setting: Setting) -> list[Row]:
    """Seconds of the first release, of the one a day later, and of publishing."""
    with prepared_database():
        from django.db import connection
        from django.utils import timezone

        load_figures(setting)
        with connection.cursor() as cursor:
            figures = cursor.execute(FIGURES).fetchone()[0]
        first, first_s = built()
        days = []
        for _ in range(setting.of(2, 1)):
            with connection.cursor() as cursor:
                cursor.execute(NEXT_DAY, [timezone.now()])
                added = cursor.rowcount
            following, took = built()
            days.append(took)
        switches = switched(first.pk, following.pk, times=setting.of(10, 3))
    what = f"{first.files_count:,} files, {figures:,} figures"
    return [
        row("first", [first_s], LIMIT_S, what),
        row("a day later", days, LIMIT_S, f"{added:,} new figures, every place's"),
        row("publish", switches, SWITCH_LIMIT_S, "transaction and pointer"),
    ]


def load_figures(setting: Setting) -> None:
    """What ships; for a first impression a handful of places."""
    from django.utils import timezone

    from tongxin.situation.actions.shipped import load_shipped_figures

    if setting.quick:
        ten_million.import_part(ten_million.add_counties(FEW, word="release"))
    else:
        load_shipped_figures(by=BY, at=timezone.now())


def row(name: str, times: list[float], limit: float, what: str) -> Row:
    return Row(
        f"release_build: {name}",
        f"{spread(times, 's')}, {what}",
        f"limit {limit:.0f} s",
        goal=f"<= {limit:.0f} s",
        runs=len(times),
        facts={"seconds": times},
        **at_most(statistics.median(times), limit),
    )


def built() -> tuple:
    """A release of what is known now, and the seconds it took."""
    from django.utils import timezone

    from tongxin.situation.actions.publishing import build_release

    found = []
    now = timezone.now() + timedelta(seconds=1)
    took = seconds(lambda: found.append(build_release(as_of=now, by=BY, at=now)))
    return found[0], took


def switched(older: str, newer: str, *, times: int) -> list[float]:
    """Seconds until the public sees another release: published once, then to and fro."""
    from django.utils import timezone

    from tongxin.releases.actions import publish, roll_back
    from tongxin.releases.store import store

    publish(older, by=BY, at=timezone.now())
    found = [seconds(lambda: publish(newer, by=BY, at=timezone.now()))]
    for number in range(times - 1):
        target = older if number % 2 == 0 else newer
        back = {"reason": "measuring how long it takes", "by": BY, "at": timezone.now()}
        found.append(seconds(lambda target=target, back=back: roll_back(target, **back)))
        if store().current() != target:
            raise RuntimeError("the pointer did not move")
    return found
