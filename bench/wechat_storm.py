"""A poster is scanned by a whole county at once: subscribe events into the running product.

Phones of the simulator send at a fixed pace, whether answers come or not; an answer's delay
counts from the moment at which the event was due, so that a queue is not hidden.
"""

import http.client
import os
import secrets
import statistics
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.rows import Row, Setting, at_most
from bench.site import Site

LIMIT_S, PER_SECOND = 3.0, 1000
THREADS = 32
KEY = "a" * 43
FILE = """
[[account]]
name = "storm"
kind = "county"
title_zh = "示范县"
title_en = "Sample county"
app_id = "wxstorm0001"
secret = "{secret}"
token = "{token}"
aes_key = "{key}"
"""


@dataclass(frozen=True)
class Storm:
    """When events were due, and how long after that each was answered with a greeting."""

    sent: int
    took_s: float
    delays_s: list[float]


def measure(setting: Setting) -> list[Row]:
    """The slowest hundredth of answers, and whether every event is in the tables."""
    home = Path(os.environ["TONGXIN_HOME"])
    file = home / "wechat-storm.toml"
    text = FILE.format(secret=secrets.token_hex(16), token=secrets.token_hex(8), key=KEY)
    file.write_text(text, encoding="utf-8")
    os.environ["WECHAT_FILE"] = str(file)
    pace, seconds = setting.of(PER_SECOND, 50), setting.of(60, 5)
    site = Site(home)
    try:
        storm = blow(site.port, pace=pace, seconds=seconds)
        kept = in_the_tables()
    finally:
        site.stop()
        file.unlink()
    return rows(storm, kept, pace=pace, seconds=seconds)


def rows(storm: Storm, kept: int, *, pace: int, seconds: int) -> list[Row]:
    """What the storm found, as lines of the table."""
    unanswered = storm.sent - len(storm.delays_s)
    p99 = statistics.quantiles(storm.delays_s, n=100)[98] if len(storm.delays_s) > 1 else 1e9
    did = f"{len(storm.delays_s) / storm.took_s:,.0f} a second answered"
    return [
        Row(
            "wechat_storm: p99 of answers",
            f"{p99:.2f} s, {did}",
            f"{pace:,} events a second for {seconds} s",
            goal=f"<= {LIMIT_S:.0f} s",
            runs=storm.sent,
            **at_most(p99, LIMIT_S),
            note="phones and product share this machine",
            facts={"unanswered": unanswered, "took_s": storm.took_s},
        ),
        Row(
            "wechat_storm: followers stored",
            f"{kept:,}",
            f"{storm.sent:,} events sent",
            ratio=kept / storm.sent,
            goal="none lost",
            is_met=kept == storm.sent and not unanswered,
            runs=storm.sent,
        ),
    ]


def blow(port: int, *, pace: int, seconds: int) -> Storm:
    """Send the events in time and collect how late the answers were."""
    import django

    django.setup()
    from tongxin.channels.wechat.accounts import account
    from tongxin.channels.wechat.simulator.phone import Phones
    from tongxin.channels.wechat.simulator.world import World

    one = account("storm")
    world = World([one], clock=lambda: datetime.now(UTC))
    phones = Phones(world, {one.app_id: "/wechat/storm/"}, deliverer(port))
    count, delays, turns = pace * seconds, [], iter(range(pace * seconds))
    lock, began = threading.Lock(), time.monotonic() + 0.5

    def send() -> None:
        while True:
            with lock:
                number = next(turns, None)
            if number is None:
                return
            due = began + number / pace
            time.sleep(max(0.0, due - time.monotonic()))
            turn = phones.phone(one.app_id, f"storm-{number}").subscribes("poster")
            if turn.answer and turn.answer["msgtype"] == "text":
                delays.append(time.monotonic() - due)

    threads = [threading.Thread(target=send, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Storm(count, time.monotonic() - began, delays)


def deliverer(port: int):
    """How phones reach the product: one connection a thread, kept open."""
    own = threading.local()

    def deliver(address: str, body: bytes) -> tuple[int, bytes]:
        try:
            if not hasattr(own, "line"):
                own.line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            own.line.request("POST", address, body, {"Content-Type": "text/xml"})
            answer = own.line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            own.__dict__.pop("line", None)
            raise OSError(str(error)) from error

    return deliver


def in_the_tables() -> int:
    """How many of the storm's followers are stored."""
    from django.db import connection

    from tongxin.channels.models import Follower

    try:
        return Follower.objects.filter(account="storm", scene="poster").count()
    finally:
        connection.close()
