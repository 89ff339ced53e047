"""nginx on loopback: a plain one on a folder of files, or one with the configuration we print."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import machine
from bench.site import Site, free_port, get

FRAME = """
{user}
worker_processes auto;
daemon off;
pid "{folder}/nginx.pid";
error_log "{folder}/error.log" warn;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    sendfile on;
    {inside}
}}
"""
# What anybody would write for a folder of files that are already compressed.
PLAIN = """
    gzip_static on;
    access_log "{folder}/access.log";
    server {{ listen 127.0.0.1:{port}; root "{root}"; index index.html; }}
"""


def missing() -> bool:
    """Whether this machine has no nginx to measure against."""
    return shutil.which("nginx") is None or not Path("/etc/nginx/mime.types").exists()


@contextlib.contextmanager
def plain(root: Path, folder: Path) -> Iterator[tuple[int, list[int]]]:
    """A minimal nginx that serves the folder ``root``: its port and its processes."""
    port = free_port()
    with running(PLAIN.format(folder=folder, port=port, root=root), folder, port) as pids:
        yield port, pids


@contextlib.contextmanager
def ours(site: Site, folder: Path) -> Iterator[tuple[int, list[int]]]:
    """nginx as `tongxin nginx-config` says: its port and its processes."""
    printed = subprocess.run(
        [sys.executable, "-m", "tongxin", "nginx-config"],
        env=os.environ | {"TONGXIN_HOME": str(site.home), "PORT": str(site.port)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    port = free_port()
    here = printed.replace("listen 80;", f"listen 127.0.0.1:{port};")
    here = here.replace("/var/log/nginx/tongxin.log", f'"{folder}/access.log"')
    with running(here, folder, port) as pids:
        yield port, pids


@contextlib.contextmanager
def running(inside: str, folder: Path, port: int) -> Iterator[list[int]]:
    """nginx with ``inside`` in its http block; its processes."""
    folder.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(FRAME.format(user=user, folder=folder, inside=inside), encoding="utf-8")
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(settings)])
    try:
        _await(process, port)
        yield machine.family(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"nginx ended with code {process.returncode}")
        with contextlib.suppress(OSError):
            get(port, "/release.json")
            return
        time.sleep(0.05)
    raise RuntimeError("nginx does not answer")
