"""What goes out to a URL and comes from it, without trusting the address or the answer."""

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import httpx

from tongxin.refusal import Unreadable, noop

MOST_BYTES = 200 << 20
MOST_REDIRECTS = 5
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
MOST_SECONDS = 300.0
SCHEMES = {"http", "https"}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# IPv4-compatible (given up), NAT64 of a network's own choice, Teredo, site-local (given up).
NEVER = tuple(map(ipaddress.IPv6Network, ("::/96", "64:ff9b:1::/48", "2001::/32", "fec0::/10")))
AGENT = "Tongxin (scheduled pull of what was published)"
POST_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
POST_SECONDS = 15.0  # for a whole answer: many may wait behind one server that trickles
# What a connection may break with; one that was hung up on breaks with any of the last three.
BROKEN = (httpx.HTTPError, httpx.InvalidURL, RuntimeError, ValueError, OSError)


class BadAddress(Unreadable):
    """Not an address we fetch from."""

    says = noop("{url} is not an http or https address.")


class PrivateAddress(Unreadable):
    """An address inside a network: fetching it would let outsiders look in."""

    says = noop("{host} is an address inside a network; only public servers are asked.")


class NotFetched(Unreadable):
    """The server did not give the file."""

    says = noop("{host} did not give the file: {reason}")


class TooManyRedirects(Unreadable):
    """An address that sends us on and on."""

    says = noop("{host} sends us from one address to the next without end.")


class TooSlow(Unreadable):
    """Bytes that trickle."""

    says = noop("{host} sends the file too slowly; it was not finished within {minutes} minutes.")


class TooLarge(Unreadable):
    """More than anybody publishes."""

    says = noop("The file at {host} is larger than {limit} MB.")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the file (None: not changed since last time) and what to say next time."""

    path: Path | None
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server answered: its status and headers; the body is not read."""

    status: int
    headers: httpx.Headers


def post(url: str, body: bytes, headers: dict[str, str], *, may_be_private: bool) -> Posted:
    """Send ``body`` to ``url``, following nothing. Raises `Unreadable`."""
    with _client(POST_TIMEOUT, POST_SECONDS) as client:
        request = _request(
            client, url, {"User-Agent": AGENT, **headers}, may_be_private, method="POST", body=body
        )
        try:
            answer = client.send(request, stream=True)
        except BROKEN as error:
            raise NotFetched(host=_host(url), reason=_reason(error)) from error
        answer.close()
        return Posted(answer.status_code, answer.headers)


def fetch(
    url: str, folder: Path, *, etag: str = "", last_modified: str = "", may_be_private: bool
) -> Fetched:
    """Fetch ``url`` into ``folder`` unless it is unchanged. Raises `Unreadable`."""
    # Unpacking is not left to the client: a few kilobytes of Brotli may become gigabytes.
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    deadline = time.monotonic() + MOST_SECONDS
    with _client(TIMEOUT, MOST_SECONDS) as client:
        for _ in range(MOST_REDIRECTS + 1):
            request = _request(client, url, headers, may_be_private)
            answer = _fetch_one(client, request, url, folder, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    raise TooManyRedirects(host=_host(url))


def status_of(url: str, *, may_be_private: bool) -> int:
    """How the server answers who opens ``url``, its redirects followed; nothing is read.

    Raises:
        Unreadable: no answer, or an address that is not asked.
    """
    with _client(POST_TIMEOUT, POST_SECONDS) as client:
        for _ in range(MOST_REDIRECTS + 1):
            request = _request(client, url, {"User-Agent": AGENT}, may_be_private)
            try:
                answer = client.send(request, stream=True)
            except BROKEN as error:
                raise NotFetched(host=_host(url), reason=_reason(error)) from error
            answer.close()
            if not answer.has_redirect_location:
                return answer.status_code
            url = _moved_to(answer, url)
    raise TooManyRedirects(host=_host(url))


@contextmanager
def _client(timeout: httpx.Timeout, seconds: float) -> Iterator[httpx.Client]:
    """One that hangs up at the deadline, also on a server that trickles headers byte by byte."""
    # Proxies of the environment would look the name up themselves, past our check.
    with httpx.Client(timeout=timeout, trust_env=False) as client:
        timer = threading.Timer(seconds, client.close)
        timer.daemon = True
        timer.start()
        try:
            yield client
        finally:
            timer.cancel()


def _fetch_one(
    client: httpx.Client, request: httpx.Request, url: str, folder: Path, deadline: float
) -> Fetched | str:
    """The file, or the address it has moved to."""
    try:
        answer = client.send(request, stream=True)
    except BROKEN as error:
        raise NotFetched(host=_host(url), reason=_reason(error)) from error
    try:
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Fetched(None, "", "")
        if answer.has_redirect_location:
            return _moved_to(answer, url)
        if answer.status_code != httpx.codes.OK:
            raise NotFetched(host=_host(url), reason=f"HTTP {answer.status_code}")
        if packed := answer.headers.get("Content-Encoding", "identity").replace("identity", ""):
            raise NotFetched(host=_host(url), reason=f"Content-Encoding: {packed[:20]}")
        path = folder / _file_name(url)
        _save(answer, path, deadline)
        modified = answer.headers.get("Last-Modified", "")
        return Fetched(path, answer.headers.get("ETag", "")[:200], modified[:60])
    except BROKEN as error:
        raise NotFetched(host=_host(url), reason=_reason(error)) from error
    finally:
        answer.close()


def _moved_to(answer: httpx.Response, url: str) -> str:
    """The address that it sends us on to. Raises `NotFetched`."""
    try:
        return str(httpx.URL(url).join(answer.headers["Location"]))
    except httpx.InvalidURL as error:
        raise NotFetched(host=_host(url), reason=_reason(error)) from error


def _file_name(url: str) -> str:
    """What the file is called, as a name that every folder can hold.

    >>> [_file_name(f"https://a.b/{end}") for end in ("新增.csv?x=1", "%2e%2e", "a%00b")]
    ['新增.csv', 'figures', 'a_b']
    """
    name = re.sub(r"[\x00-\x1f\x7f/\\]", "_", PurePosixPath(httpx.URL(url).path).name)[-60:]
    return name if name.strip(".") else "figures"


def _request(
    client: httpx.Client,
    url: str,
    headers: dict[str, str],
    may_be_private: bool,
    *,
    method: str = "GET",
    body: bytes | None = None,
) -> httpx.Request:
    """A request to an address that was checked, so that a second look-up cannot differ."""
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise BadAddress(url=url) from error
    if target.scheme not in SCHEMES or not target.host or target.userinfo:
        raise BadAddress(url=url)
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    try:
        found = socket.getaddrinfo(target.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(host=target.host, reason=_reason(error)) from error
    addresses = [ipaddress.ip_address(where[0].split("%")[0]) for *_, where in found]
    if not may_be_private and not all(map(is_public, addresses)):
        raise PrivateAddress(host=target.host)
    return client.build_request(
        method,
        target.copy_with(host=str(addresses[0])),
        content=body,
        headers=headers | {"Host": target.netloc.decode("ascii")},
        extensions={"sni_hostname": target.raw_host.decode("ascii")},
    )


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether the address is of a public server, also where it wraps another one.

    >>> [is_public(ipaddress.ip_address(a)) for a in ("64:ff9b::8.8.8.8", "64:ff9b::10.0.0.1")]
    [True, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in NEVER):
            return False
        if inner := _wrapped(address):
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that is asked in the end: mapped, 6to4 or NAT64 (RFC 4291, 3056, 6052)."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _save(answer: httpx.Response, path: Path, deadline: float) -> None:
    size = 0
    host = _host(str(answer.request.headers["Host"]))
    with path.open("wb") as file:
        for chunk in answer.iter_raw():
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLarge(host=host, limit=MOST_BYTES >> 20)
            if time.monotonic() > deadline:
                raise TooSlow(host=host, minutes=int(MOST_SECONDS // 60))
            file.write(chunk)


def _host(url: str) -> str:
    return httpx.URL(url).host or url


def _reason(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:120]
