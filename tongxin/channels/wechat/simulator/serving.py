"""The simulator as a server on this machine: in a thread for tests, in the foreground by hand."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from tongxin.channels.wechat.simulator.application import Application
from tongxin.channels.wechat.simulator.phone import Phone, Phones
from tongxin.channels.wechat.simulator.world import World

HOST = "127.0.0.1"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 512


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *words: object) -> None:
        """Addresses hold tokens: they are not printed."""


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that answers at ``url``."""

    url: str
    world: World
    phones: Phones

    def phone(self, openid: str, account: str = "county") -> Phone:
        """The phone of one person, by the account's name."""
        found = [s.account for s in self.world.services.values() if s.account.name == account]
        return self.phones.phone(found[0].app_id, openid)


@contextmanager
def running(phones: Phones, *, port: int = 0) -> Iterator[Running]:
    """Serve until the block ends."""
    server = _made(phones, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Running(f"http://{HOST}:{server.server_port}", phones.world, phones)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve(phones: Phones, *, port: int) -> None:
    """Serve until somebody interrupts."""
    with _made(phones, port) as server:
        server.serve_forever()


def _made(phones: Phones, port: int) -> _Server:
    server = _Server((HOST, port), _Quiet)
    server.set_app(Application(phones.world, phones))
    return server
