"""Pages that are drawn on request: places side by side, a past day, a search; as readers wait."""

import statistics
import time

from bench.rows import Row, Setting, at_most, spread
from bench.site import get, running_site

COMPARE = "/en/situation/compare/?place=CN-420000&place=US&place=CN-421083"
SEARCH = "/en/search/?q=whs"
PAST = "/en/situation/{place}/as-of/2020-02-{day:02}/"
PLACES = ("001", "CN", "CN-420000", "CN-421083")
COMPARE_MS, AGAIN_MS, FIRST_MS, SEARCH_MS = 150, 300, 1000, 100
PROCESSES = 2  # of the server: each reads the places once, before anything is measured


def measure(setting: Setting) -> list[Row]:
    """Milliseconds from request to whole answer, one reader at a time."""
    days = range(1, setting.of(6, 2) + 1)
    past = [PAST.format(place=place, day=day) for day in days for place in PLACES]
    with running_site() as site:
        for path in [COMPARE, SEARCH, PAST.format(place="FR", day=20)] * 4 * PROCESSES:
            waited(site.port, path)
        first = [waited(site.port, path) for path in past]
        again = [waited(site.port, path) for path in past]
        compared = [waited(site.port, COMPARE) for _ in range(setting.of(30, 10))]
        found = [waited(site.port, SEARCH) for _ in range(setting.of(30, 10))]
    return [
        row("three places side by side", compared, COMPARE_MS),
        row("a past day, first reader", first, FIRST_MS),
        row("a past day, the next", again, AGAIN_MS),
        row("search by initials", found, SEARCH_MS),
    ]


def row(name: str, times: list[float], limit: float) -> Row:
    """The median against a limit of ours."""
    return Row(
        f"request_pages: {name}",
        spread(times, "ms", 0),
        f"limit {limit} ms",
        goal="<= 1",
        runs=len(times),
        facts={"ms": times},
        **at_most(statistics.median(times), limit),
    )


def waited(port: int, path: str) -> float:
    """Milliseconds for one page; raises where it is not there."""
    began = time.perf_counter()
    status, _ = get(port, path)
    if status != 200:
        raise ValueError(f"{path} answers {status}")
    return (time.perf_counter() - began) * 1000
