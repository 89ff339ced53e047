"""A hundred drafts saved a minute while five hundred people read: does reading get slower?"""

import asyncio
import os
import re
import statistics
import threading
import time
from pathlib import Path

import httpx

from bench.rows import Row, Setting, at_most, spread
from bench.site import Site

READERS = 500
PAUSE_S = 10.0  # between two pages of one reader
SAVE_EVERY_S = 0.6
PAGES = ("/en/guidance/", "/zh-hans/guidance/going-out/", "/en/situation/", "/zh-hans/guidance/")
FORM = "/cms/snippets/guidance/adviceblock/add/"
SLOWER = 1.5  # times the 95th percentile of reading alone; two cores serve both here
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ADVICE = {
    "circumstance": "staying-home",
    "action": "ventilate",
    "polarity": "should",
    "title_zh": "饭后开窗换气",
    "title_en": "Open a window after meals",
    "text_zh": "吃完饭开窗十分钟。",
    "text_en": "Open a window for ten minutes after a meal.",
    "asks_zh": "饭后要开窗吗？",
    "asks_en": "Do I open a window after a meal?",
    "when": "risk:medium",
    "places": "",
    "source_zh": "世界卫生组织",
    "source_en": "World Health Organization",
    "source_url": "https://www.who.int/",
    "source_on": "2023-03-18",
    "authority": "WHO",
    "layer": "county",
    "narrower_may": "stricter",
    "effective_from": "2023-01-08",
    "review_by": "2027-05-31",
    "grade": "moderate",
}


def measure(setting: Setting) -> list[Row]:
    """Waits of readers alone and beside an editor who never stops; what the saves took."""
    seconds = setting.of(60, 12)
    site = Site(Path(os.environ["TONGXIN_HOME"]), mode="development")
    try:
        asyncio.run(read(site.url, 5))  # the caches of both runs are warm
        alone = asyncio.run(read(site.url, seconds))
        stop, saves = threading.Event(), []
        editor = threading.Thread(target=save, args=(site.url, stop, saves))
        editor.start()
        beside = asyncio.run(read(site.url, seconds))
        stop.set()
        editor.join()
    finally:
        site.stop()
    return rows(alone, beside, saves, seconds)


def rows(alone: list[float], beside: list[float], saves: list[float], seconds: int) -> list[Row]:
    """No errors, as many saves as asked, and readers who wait no longer."""
    failed = [time for time in alone + beside + saves if time < 0]
    before, after = (at_95([t for t in times if t >= 0]) for times in (alone, beside))
    facts = {"alone_p95_ms": before, "beside_p95_ms": after, "saves": len(saves)}
    a_minute = len(saves) * 60 / seconds
    return [
        Row(
            "editing: reading beside saves, 95th percentile",
            f"{after:.1f} ms",
            f"reading alone {before:.1f} ms",
            goal=f"<= {SLOWER}",
            runs=len(alone) + len(beside),
            facts=facts,
            **at_most(after, before * SLOWER),
        ),
        Row(
            f"editing: errors at {a_minute:.0f} saves a minute",
            f"{len(failed)} of {len(alone + beside + saves)}; saves {spread(saves, 'ms', 0)}",
            "none",
            goal="0",
            runs=len(saves),
            facts={"saves_ms": saves},
            ratio=float(len(failed)),
            is_met=not failed,
        ),
    ]


def at_95(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


async def read(url: str, seconds: float) -> list[float]:
    """Milliseconds of every page that the readers opened; -1 for one that failed."""
    limits = httpx.Limits(max_connections=READERS, max_keepalive_connections=READERS)
    times: list[float] = []
    end = time.monotonic() + seconds
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=30) as client:
        people = (_reader(client, number, end, times) for number in range(READERS))
        await asyncio.gather(*people)
    return times


async def _reader(client: httpx.AsyncClient, number: int, end: float, times: list[float]) -> None:
    await asyncio.sleep(PAUSE_S * number / READERS)
    while time.monotonic() < end:
        began = time.perf_counter()
        try:
            answer = await client.get(PAGES[number % len(PAGES)])
        except httpx.HTTPError:
            times.append(-1.0)
        else:
            waited = (time.perf_counter() - began) * 1000
            times.append(waited if answer.status_code == httpx.codes.OK else -1.0)
        await asyncio.sleep(PAUSE_S)


def save(url: str, stop: threading.Event, saves: list[float]) -> None:
    """Save new drafts, a hundred a minute, as one editor after another would."""
    with httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client:
        page = client.get("/dev/sign-in/").text
        client.post("/dev/sign-in/", data={"csrfmiddlewaretoken": _token(page), "username": "yan"})
        token, began, number = _token(client.get(FORM).text), time.monotonic(), 0
        while not stop.wait(max(0.0, began + number * SAVE_EVERY_S - time.monotonic())):
            number += 1
            words = ADVICE | {"slug": f"bench-{os.getpid()}-{number}"}
            asked = time.perf_counter()
            answer = client.post(
                FORM, data={**words, "csrfmiddlewaretoken": token}, follow_redirects=False
            )
            waited = (time.perf_counter() - asked) * 1000
            saves.append(waited if answer.status_code == httpx.codes.FOUND else -1.0)


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise ValueError("the page has no form")
    return found[1]
