"""What a phone on slow 4G downloads, and how long it waits, until a place's page can be read."""

import statistics
from typing import Any

from bench.rows import Row, Setting, at_most, not_measured, spread
from bench.site import Site, chromium, running_site

# "Slow 4G" of Lighthouse: 1.6 Mbit/s down, 750 kbit/s up, 150 ms round trip, a phone's processor
# at a quarter of this one. The browser waits the round trip for every request by itself.
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
SLOWER = 4
PHONE = {"width": 390, "height": 844}
LIMIT_KB, LIMIT_S = 150.0, 1.5
PAGES = {
    "home county": "/zh-hans/situation/CN-421083/",
    "province": "/zh-hans/situation/CN-420000/",
}
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--disable-sync", "--no-first-run"]
# When the title and the largest text or picture were painted, in ms since the page was asked for.
WATCH = """
window.seen = {};
const watch = (type, keep) => new PerformanceObserver((list) => list.getEntries().forEach(keep))
    .observe({type, buffered: true});
watch("paint", (entry) => { window.seen[entry.name] = entry.startTime; });
watch("largest-contentful-paint", (entry) => {
    window.seen.largest = entry.startTime;
    window.seen.element = entry.element ? entry.element.tagName : "";
});
"""
IN_VIEW = """() => {
    const inside = (e) => { const b = e.getBoundingClientRect();
        return b.height > 0 && b.top < innerHeight; };
    const title = document.querySelector("main h1");
    const figures = /[0-9]/.test(document.querySelector("main").innerText);
    return Boolean(title && inside(title) && figures);
}"""


class NotReadable(Exception):
    """The page shows no title or no figure where a reader would see it first."""


def measure(setting: Setting) -> list[Row]:
    """Bytes of the whole page, and seconds until the largest text of the first view is painted."""
    browser = chromium()
    if browser is None:
        return [not_measured("first_view", f"<= {LIMIT_KB:.0f} kB, {LIMIT_S} s", "no Chromium")]
    from playwright.sync_api import sync_playwright

    rows = []
    with running_site() as site, sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser, args=OPTIONS)
        for name, path in PAGES.items():
            visit(started, site, path)  # a browser's first page is slower than any other
            visits = [visit(started, site, path) for _ in range(setting.of(5, 2))]
            rows += shown(name, visits)
        started.close()
    return rows


def shown(name: str, visits: list[dict[str, Any]]) -> list[Row]:
    sizes = [found["bytes"] / 1e3 for found in visits]
    waits = [found["largest"] / 1e3 for found in visits]
    first = [found["first-contentful-paint"] / 1e3 for found in visits]
    return [
        Row(
            f"first_view: {name}, bytes",
            f"{spread(sizes, 'kB', 0)}, {visits[-1]['requests']} requests",
            f"limit {LIMIT_KB:.0f} kB",
            goal=f"<= {LIMIT_KB:.0f} kB",
            runs=len(visits),
            facts={"visits": visits},
            **at_most(statistics.median(sizes), LIMIT_KB),
        ),
        Row(
            f"first_view: {name}, readable",
            f"{spread(waits, 's')}, first paint {statistics.median(first):.2f} s",
            f"limit {LIMIT_S} s",
            goal=f"<= {LIMIT_S} s",
            runs=len(visits),
            **at_most(statistics.median(waits), LIMIT_S),
        ),
    ]


def visit(browser: Any, site: Site, path: str) -> dict[str, Any]:
    """One visit with nothing kept from earlier ones."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="zh-CN")
    try:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", NETWORK)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(WATCH)
        page.goto(site.url + path, wait_until="networkidle", timeout=60_000)
        found = painted(page)
        if not page.evaluate(IN_VIEW):
            raise NotReadable(path)
        return found | {"bytes": sum(sizes), "requests": len(sizes)}
    finally:
        context.close()


def painted(page: Any) -> dict[str, Any]:
    """What the page has painted and when, once the browser has told it."""
    for _ in range(100):
        found = page.evaluate("window.seen")
        if found.keys() >= {"largest", "first-contentful-paint"}:
            return found
        page.wait_for_timeout(50)
    raise NotReadable(page.url)
