"""Serving a release: our own ways against a plain nginx on the same files."""

import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import machine, nginx, wrk
from bench.rows import Row, Setting, not_measured
from bench.site import Site, get, running_site

AS_SHIPPED, BEHIND_NGINX = 0.5, 0.9
CONNECTIONS = 32
PATHS = (
    "/zh-hans/",
    "/zh-hans/situation/CN-420000/",
    "/en/situation/CN/",
    "/situation/CN-420000/series.json",
    "/situation/CN/card.en.svg",
    "/release.json",
)
Server = tuple[int, list[int]]  # its port, its processes


class Differs(Exception):
    """Two servers do not send the same bytes, so their speeds cannot be compared."""


def measure(setting: Setting) -> list[Row]:
    """Requests a second and processor time a request, as shipped and behind nginx."""
    if nginx.missing() or wrk.missing():
        why = "nginx or wrk is missing: apt-get install nginx wrk"
        return [
            not_measured("public_files: as shipped", f">= {AS_SHIPPED} x", why),
            not_measured("public_files: our nginx config", f">= {BEHIND_NGINX} x", why),
        ]
    with ExitStack() as stack:
        site = stack.enter_context(running_site())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        peer = stack.enter_context(nginx.plain(site.current, folder / "plain"))
        ours = stack.enter_context(nginx.ours(site, folder / "ours"))
        shipped = (site.port, site.pids("nginx") or site.pids("caddy run"))
        paths = shared_paths(site)
        require_same(paths, [peer[0], ours[0], shipped[0]])
        return [
            *compared("public_files: as shipped", shipped, peer, paths, AS_SHIPPED, setting),
            *compared("public_files: our nginx config", ours, peer, paths, BEHIND_NGINX, setting),
        ]


def shared_paths(site: Site) -> list[str]:
    """Those of the paths that this release has."""
    return [path for path in PATHS if (site.current / path.strip("/")).exists()]


def require_same(paths: Sequence[str], ports: Sequence[int]) -> None:
    """Nothing, when every server sends the same files, compressed alike; else Differs."""
    for path in paths:
        answers = {get(port, path) for port in ports}
        if len(answers) != 1 or next(iter(answers))[0] != 200:
            said = [(status, len(body)) for status, body in answers]
            raise Differs(f"{path}: {said}")


def compared(
    measure: str, ours: Server, peer: Server, paths: list[str], goal: float, setting: Setting
) -> list[Row]:
    """The two in turn, several times; the ratios are the medians of the pairs' ratios."""
    runs = setting.of(5, 1)
    for port, _ in (ours, peer):
        wrk.load(port, paths, connections=CONNECTIONS, seconds=1)
    pairs = [(served(ours, paths, setting), served(peer, paths, setting)) for _ in range(runs)]
    speed = statistics.median(a / b for (a, _), (b, _) in pairs)
    cost = statistics.median(a / b for (_, a), (_, b) in pairs)
    mine, theirs = (
        [[run[at] for run in side] for at in (0, 1)] for side in zip(*pairs, strict=True)
    )
    facts = {"pairs": pairs, "paths": paths, "connections": CONNECTIONS}
    return [
        Row(
            f"{measure}: requests",
            f"{statistics.median(mine[0]):,.0f} /s",
            f"plain nginx: {statistics.median(theirs[0]):,.0f} /s",
            ratio=speed,
            goal=f">= {goal} x",
            is_met=speed >= goal,
            runs=runs,
            facts=facts,
        ),
        Row(
            f"{measure}: processor",
            f"{statistics.median(mine[1]):.0f} us/request",
            f"plain nginx: {statistics.median(theirs[1]):.0f} us/request",
            ratio=cost,
            goal=f"<= {1 / goal:.2g} x",
            is_met=cost <= 1 / goal,
            runs=runs,
        ),
    ]


def served(server: Server, paths: list[str], setting: Setting) -> tuple[float, float]:
    """Requests a second, and microseconds of the server's processor time a request."""
    port, pids = server
    before = machine.cpu_seconds(pids)
    found = wrk.load(port, paths, connections=CONNECTIONS, seconds=setting.of(4, 2))
    used = machine.cpu_seconds(pids) - before
    return found.per_second, used / found.requests * 1e6
