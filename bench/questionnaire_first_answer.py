"""A form of 300 questions on a slow phone: how long until the first answer can be typed.

Against LForms of the U.S. National Library of Medicine on the very same questionnaire, on the same
machine, in the same run. LForms is fetched from npm for this bench alone and never shipped.
"""

import contextlib
import functools
import http.server
import json
import shutil
import statistics
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.first_view import OPTIONS, PHONE
from bench.rows import Row, Setting, not_measured, spread
from bench.site import chromium, running_site

ROOT = Path(__file__).resolve().parent.parent
LFORMS = "lforms@40.1.3"
FOLDER = ROOT / "build" / "lforms"
SLOWER = 6
GOAL = "faster than LForms"
SLUG = "bench-300"
# Focus the first box as soon as it can be seen, and note when a letter has arrived in it.
WATCH = """
const seen = () => [...document.querySelectorAll("main input, .lhc-form input")].find((one) =>
    ["text", "number"].includes(one.type) && !one.disabled && one.getClientRects().length);
const look = () => {
    const box = seen();
    if (!box) return requestAnimationFrame(look);
    box.addEventListener("input", () => { window.typedAt ??= performance.now(); });
    box.focus();
    window.focusedAt = performance.now();
};
requestAnimationFrame(look);
"""
LFORMS_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>LForms</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="package/dist/lforms/webcomponent/styles.css"></head>
<body><main id="form"></main>
<script src="package/dist/lforms/webcomponent/assets/lib/zone.min.js"></script>
<script src="package/dist/lforms/webcomponent/lhc-forms.js"></script>
<script src="package/dist/lforms/fhir/R4/lformsFHIR.min.js"></script>
<script>
fetch("form.json").then((answer) => answer.json()).then((form) =>
    LForms.Util.addFormToPage(LForms.Util.convertFHIRQuestionnaireToLForms(form, "R4"), "form"));
</script></body></html>"""


def measure(setting: Setting) -> list[Row]:
    """Milliseconds from the address to the first letter, ours and theirs in turn."""
    browser = chromium()
    if browser is None:
        return [not_measured("questionnaire_first_answer", GOAL, "no Chromium")]
    if not fetched():
        return [not_measured("questionnaire_first_answer", GOAL, f"npm cannot fetch {LFORMS}")]
    from playwright.sync_api import sync_playwright

    whole = questionnaire()
    file = FOLDER / "form.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    (FOLDER / "index.html").write_text(LFORMS_PAGE, encoding="utf-8")
    with running_site() as site, served(FOLDER) as theirs, sync_playwright() as driver:
        publish(file)
        started = driver.chromium.launch(executable_path=browser, args=OPTIONS)
        pages = {"ours": f"{site.url}/en/forms/{SLUG}/", "LForms": theirs}
        for address in pages.values():
            visit(started, address)  # a browser's first page is slower than any other
        times: dict[str, list[dict[str, float]]] = {"ours": [], "LForms": []}
        for _ in range(setting.of(5, 2)):
            for name, address in pages.items():
                times[name].append(visit(started, address))
        started.close()
    return [row(times)]


def row(times: dict[str, list[dict[str, float]]]) -> Row:
    """One line; what was focused when is in the facts."""
    ours, theirs = ([one["typed"] / 1e3 for one in times[name]] for name in ("ours", "LForms"))
    ratio = statistics.median(ours) / statistics.median(theirs)
    sizes = {name: found[-1]["bytes"] / 1e3 for name, found in times.items()}
    return Row(
        "questionnaire_first_answer",
        spread(ours, "s"),
        f"LForms {spread(theirs, 's')}",
        ratio=ratio,
        goal=GOAL,
        is_met=ratio < 1,
        runs=len(ours),
        note=f"300 items, processor {SLOWER} x slower, no slower network: "
        f"{sizes['ours']:.0f} kB, LForms {sizes['LForms']:.0f} kB",
        facts={"visits": times},
    )


def questionnaire() -> dict[str, Any]:
    """Ten parts of 29 questions each: numbers, choices and words; a few appear by an answer."""
    options = [{"valueString": word} for word in ("never", "sometimes", "often", "always")]
    kinds = [{"type": "integer"}, {"type": "choice", "answerOption": options}, {"type": "string"}]
    parts = []
    for part in range(10):
        asked: list[dict[str, Any]] = [
            {"linkId": f"{part}.{n}", "text": f"Question {n} of part {part}", **kinds[n % 3]}
            for n in range(29)
        ]
        condition = {"question": f"{part}.1", "operator": "exists", "answerBoolean": True}
        asked[2]["enableWhen"] = [condition]
        parts.append({"linkId": f"p{part}", "type": "group", "text": f"Part {part}", "item": asked})
    url = f"https://tongxin.example/Questionnaire/{SLUG}"
    whole = {"resourceType": "Questionnaire", "status": "active", "url": url, "version": "1"}
    return whole | {"title": "Three hundred questions", "item": parts}


def publish(file: Path) -> None:
    """Into use on the running site, by the operator's own command."""
    command = [sys.executable, "-m", "tongxin", "questionnaires", "import", str(file)]
    subprocess.run([*command, "--name", SLUG, "--publish", "--public"], check=True, cwd=ROOT)


def fetched() -> bool:
    """Whether LForms is there, unpacked without what it would install beside it."""
    if (FOLDER / "package").is_dir():
        return True
    npm = shutil.which("npm")
    if npm is None:
        return False
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "pack", "--silent", LFORMS], cwd=FOLDER, check=False)
    packed = next(FOLDER.glob("lforms-*.tgz"), None)
    if done.returncode != 0 or packed is None:
        return False
    with tarfile.open(packed) as archive:
        archive.extractall(FOLDER, filter="data")
    return True


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps no log."""

    def log_message(self, *_: object) -> None: ...


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on loopback."""
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index.html"
    finally:
        server.shutdown()
        server.server_close()


def visit(browser: Any, address: str) -> dict[str, float]:
    """One visit with nothing kept: when the first box had the focus, and its first letter."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="en-GB")
    try:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        wire.send("Network.enable")
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(WATCH)
        page.goto(address, wait_until="commit", timeout=60_000)
        focused = awaited(page, "() => window.focusedAt")
        page.keyboard.type("7")
        typed = awaited(page, "() => window.typedAt")
        return {"focused": focused, "typed": typed, "bytes": sum(sizes)}
    finally:
        context.close()


def awaited(page: Any, script: str) -> float:
    """What the script finds, once it finds something; a strict page allows no other waiting."""
    for _ in range(3000):
        if found := page.evaluate(script):
            return float(found)
        page.wait_for_timeout(20)
    raise TimeoutError(page.url)
