"""The town: the whole product as `make run` starts it, and a real browser before it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
READY = re.compile(r"ready at (https?://\S+)")
PATIENCE = 240  # seconds for a first start on a slow machine
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Who needs the town as it was shipped comes first, who publishes figures last.
ORDER = {"test_old_figures.py": -1, "test_live.py": 1, "test_officer_publishes.py": 2}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """One town serves all journeys, so one test process runs them, in this order."""
    items.sort(key=lambda item: ORDER.get(item.path.name, 0))
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("town"))
            item.add_marker(pytest.mark.real_clock)


@dataclass
class Town:
    """A running installation."""

    url: str
    home: Path
    process: subprocess.Popen

    def command(self, *words: str, **options) -> subprocess.CompletedProcess:
        """Run `tongxin WORDS` beside it, as an operator would."""
        return subprocess.run(
            [sys.executable, "-m", "tongxin", *words],
            env=environment(self.home),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            **options,
        )

    def say(self, *lines: str, source: str = "official-bulletins") -> None:
        """Import figures, each as "code,metric,date,value", without holding any."""
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "said.csv"
            table.write_text("\n".join(["code,metric,date,value", *lines]))
            done = self.command("import", "csv", str(table), "--source", source)
        assert done.returncode == 0, done.stdout + done.stderr


def environment(home: Path, **more: str) -> dict[str, str]:
    """What an operator's shell would hold: nothing of this test session."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TONGXIN", "DJANGO"))}
    return {**kept, "TONGXIN_HOME": str(home), "LANG": "C.UTF-8", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_ready(process: subprocess.Popen, log: Path) -> str:
    """The address in the one line that says the site is ready."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8")
        if ready := READY.search(text):
            return ready.group(1).rstrip("/")
        if process.poll() is not None:
            raise AssertionError(f"the site stopped at once:\n{text}")
        time.sleep(0.2)
    raise AssertionError(f"not ready after {PATIENCE} s:\n{log.read_text(encoding='utf-8')}")


def start_town(home: Path, log: Path) -> Town:
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tongxin", "run"],
            env=environment(home, HOST="127.0.0.1", PORT=str(port)),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Town(await_ready(process, log), home, process)


def stop_town(town: Town) -> int:
    town.process.send_signal(signal.SIGTERM)
    return town.process.wait(timeout=60)


@pytest.fixture(scope="session")
def town():
    """The sample town, running; one for all, or the steps of a journey are told apart."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert "@town" in os.environ["PYTEST_CURRENT_TEST"], "use --dist loadgroup"
    home = Path(tempfile.mkdtemp(prefix="tongxin town "))
    home.chmod(0o755)
    one = start_town(home, home / "run.log")
    yield one
    stop_town(one)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def browser():
    """A real Chromium."""
    found = next((shutil.which(name) for name in BROWSERS if shutil.which(name)), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, town):
    """A new visitor: ``visit("/", language="zh-CN", size=PHONE)`` gives their page."""
    contexts = []

    def open_page(path: str = "/", *, language: str = "zh-CN", size=None, **options) -> Page:
        options = {"base_url": town.url, **options}
        context = browser.new_context(locale=language, viewport=size or PHONE, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(visit):
    """A member of the cast at the desk."""

    def open_desk(name: str, *, language: str = "en", size=None) -> Page:
        page = visit("/dev/sign-in/", language=language, size=size or DESK)
        page.locator(f"form:has(input[value={name}]) button").click()
        page.wait_for_url(lambda url: "/dev/sign-in/" not in url)
        return page

    return open_desk


def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page under WCAG 2.2 AA."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


def get(url: str, **headers: str):
    """A plain request; the answer's status, headers and body."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.status, answer.headers, answer.read()
