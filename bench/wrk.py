"""Load by wrk: as many requests as a server answers, over a few connections that stay open."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
local paths, at = {%s}, 0
function request()
    at = at %% #paths + 1
    return wrk.format("GET", paths[at], {["Accept-Encoding"] = "gzip"})
end
function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format(
        '\\n{"requests":%%d,"seconds":%%f,"errors":%%d,"p50_ms":%%f,"p95_ms":%%f,"p99_ms":%%f}\\n',
        summary.requests, summary.duration / 1e6,
        e.connect + e.read + e.write + e.status + e.timeout,
        latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True)
class Load:
    """What one run of wrk found."""

    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def missing() -> bool:
    """Whether this machine has no wrk."""
    return shutil.which("wrk") is None


def load(port: int, paths: Sequence[str], *, connections: int, seconds: int) -> Load:
    """Ask for the paths in turn, on one thread. Raises ValueError where an answer failed."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "paths.lua"
        script.write_text(SCRIPT % ",".join(json.dumps(path) for path in paths))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
        done = subprocess.run(
            [*command, "-s", str(script), f"http://127.0.0.1:{port}"],
            capture_output=True,
            check=True,
            text=True,
            timeout=seconds + 60,
        )
    found = Load(**json.loads(done.stdout.splitlines()[-1]))
    if found.errors:
        raise ValueError(f"{found.errors} of {found.requests} requests failed")
    return found
