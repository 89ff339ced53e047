"""The application server: the program is loaded once, and its processes part afterwards.

Loaded in each process it would cost the start, the processor and the memory twice. Nothing is
asked of the database before they part, so they share no connection.
"""

import gc
import sys
from importlib import import_module
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

TARGET = "tongxin.wsgi:application"
PROCESSES = 2
THREADS = 4
"""Of each process: so many requests are answered at once."""


def load() -> None:
    """Import everything that the first request would: settings, apps, addresses and views, and
    what reads questions, so that nobody in danger waits for it."""
    from django.urls import get_resolver

    import_module(TARGET.partition(":")[0])
    get_resolver().check()
    import_module("tongxin.assistant.danger").danger("?")  # leaves no thread behind
    gc.freeze()  # what is shared stays shared: the collector no longer writes to it


def main() -> None:
    """Serve on the socket that the command line names."""
    server = Granian(
        TARGET,
        uds=Path(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    )
    load()
    server.serve()


if __name__ == "__main__":
    main()
