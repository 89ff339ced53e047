"""The officer's list of those who are silent and were feverish, over a county's whole log."""

import http.client
import os
import statistics
import time
from pathlib import Path

from bench.log_people import body_of, county, session_of, staff
from bench.rows import Row, Setting, at_most, spread
from bench.site import Site

PEOPLE, DAYS = 1_000_000, 14
SARA_ALERT_S, LIMIT_S = 10.0, 1.0
"""Sara Alert's own gate for its list of patients, and ours."""

LIST = "/desk/log/?state=silent_feverish"


def measure(setting: Setting) -> list[Row]:
    """Seconds of the list's page over HTTP, counts of all states included."""
    people, days = setting.of(PEOPLE, 20_000), setting.of(DAYS, 3)
    os.environ["TONGXIN_MODE"] = "development"  # the cast signs in without a second factor
    site = Site(Path(os.environ["TONGXIN_HOME"]), mode="development")
    try:
        import django

        django.setup()
        bodies = {kind: body_of(kind) for kind in ("committee", "health_authority")}
        began = time.monotonic()
        county(people, days, bodies)
        filled = time.monotonic() - began
        officer = staff("bench-chief", "duty_chief", bodies["health_authority"])
        cookie = session_of(officer)
        page = asked(site, cookie, LIST)
        if "人" not in page:
            raise ValueError("the list is empty")
        times = [timed(site, cookie, LIST) for _ in range(setting.of(10, 3))]
    finally:
        site.stop()
    middle = statistics.median(times)
    return [
        Row(
            "log_list: silent and feverish",
            spread(times, "s"),
            f"Sara Alert's gate, {SARA_ALERT_S:.0f} s",
            goal=f"<= {LIMIT_S:.0f} s",
            ratio=middle / SARA_ALERT_S,
            is_met=at_most(middle, LIMIT_S)["is_met"],
            runs=len(times),
            note=f"{people:,} people, {days} days each; made in {filled:.0f} s",
            facts={"seconds": times},
        )
    ]


def timed(site: Site, cookie: str, path: str) -> float:
    """Seconds until the whole page is here."""
    began = time.perf_counter()
    asked(site, cookie, path)
    return time.perf_counter() - began


def asked(site: Site, cookie: str, path: str) -> str:
    """The page; raises where it is not there."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise ValueError(f"{path} answers {answer.status}")
    return body
