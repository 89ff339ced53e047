"""The web server's configuration: which files it serves itself, with which headers."""

from pathlib import Path

from tongxin.runner.plan import LOOPBACK, Plan

KINDS = "html|json|csv|parquet|geojson|xml|atom|svg|png|webp|txt|ico|webmanifest|woff2|js|css"
"""The only kinds of file that leave a release folder."""

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)
"""Content-Security-Policy of release pages; the application sets its own on its pages."""

TWIN = """
        add_header Content-Encoding $tongxin_encoding;
        add_header Vary Accept-Encoding;
        more_set_headers -s "200 206" "Content-Type: $tongxin_type";"""
"""What our own nginx says of a file whose compressed twin may have been chosen."""

TRUST = """set_real_ip_from 127.0.0.0/8;
    set_real_ip_from ::1;
    real_ip_header X-Forwarded-For;
    real_ip_recursive on;
    map "$realip_remote_addr $http_x_forwarded_proto" $tongxin_scheme {
        "~^(?:127\\.\\S+|::1) https$" https;
        default $scheme;
    }"""
"""Believe a proxy on this machine about who asks, and whether by https."""


def caddyfile(plan: Plan, *, socket: Path, behind_proxy: bool) -> str:
    """The configuration of the Caddy that `tongxin run` starts."""
    return _fill(
        "Caddyfile",
        site=f"{plan.encryption.scheme}://{_domain(plan)}:{plan.port}",
        automation=plan.encryption.automation,
        tls=plan.encryption.directive(),
        host=plan.host,
        socket=_quoted(socket),
        caddy=_quoted(plan.home / "caddy"),
        log=_quoted(plan.home / "logs" / "caddy.log"),
        access=_quoted(plan.home / "logs" / "access.log"),
        trust="trusted_proxies static 127.0.0.1/8 ::1" if behind_proxy else "",
        hsts=_hsts(plan, behind_proxy=behind_proxy),
        static=_quoted(plan.static),
        current=_quoted(plan.current),
        trees=_quoted(plan.trees),
    ).replace("unix/" + _quoted(socket), _quoted(f"unix/{socket}"))


def nginx(plan: Plan) -> str:
    """The same rules for an operator's own nginx in front of `tongxin run`."""
    return _fill(
        "nginx.conf",
        **_nginx_parts("", scheme="$scheme", now="@tongxin", kept="@tongxin"),
        missing_static="@past_static",
        port=plan.port,
        upstream=f"{plan.host}:{plan.port}",
        twin="",
        static=plan.static,
        current=plan.current,
        trees=plan.trees,
    )


def own_nginx(plan: Plan, *, socket: Path, behind_proxy: bool, is_root: bool) -> str:
    """The configuration of the nginx that `tongxin run` starts.

    It knows the compressed twins of our files by their names, because the wheel's nginx is built
    without ``gzip_static``.
    """
    where = f"[{plan.host}]" if ":" in plan.host else plan.host
    safe = plan.encryption.way == "files"
    return _fill(
        "nginx-own.conf",
        **_nginx_parts(TWIN, scheme="$tongxin_scheme", now="@plain_now", kept="@plain_kept"),
        missing_static="@plain_static",
        user="user root;" if is_root else "",
        trust=TRUST if behind_proxy else "map $scheme $tongxin_scheme { default $scheme; }",
        listen=f"{where}:{plan.port}{' ssl' if safe else ''}",
        tls=plan.encryption.nginx_directives(),
        starting=_text("starting.html").replace("\n", ""),
        access=plan.home / "logs" / "access.log",
        socket=socket,
        twin="$tongxin_twin",
        static=plan.static,
        current=plan.current,
        trees=plan.trees,
    )


def _nginx_parts(more_headers: str, *, scheme: str, now: str, kept: str) -> dict[str, str]:
    """What every nginx configuration of ours says, the operator's and our own.

    ``now`` and ``kept``: where a request goes on whose file is not in the release.
    """
    headers = _text("nginx-headers.conf").rstrip() + more_headers
    places = _text("nginx-places.conf").replace("<plain_now>", now).replace("<plain_kept>", kept)
    return {
        "rules": _text("nginx-rules.conf").replace("<scheme>", scheme),
        "places": places.replace("<headers>", headers),
        "twins": _text("nginx-twins.conf").replace("<headers>", headers),
    }


def _domain(plan: Plan) -> str:
    """The host name a certificate is wanted for; else every name is answered."""
    return plan.encryption.domain if plan.encryption.way in ("internal", "auto") else ""


def _fill(template: str, **values: object) -> str:
    """The template beside this file with its <placeholders> filled in."""
    text = _text(template)
    for name, value in {**values, "policy": POLICY, "kinds": KINDS}.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def _hsts(plan: Plan, *, behind_proxy: bool) -> str:
    """Once encrypted, always encrypted; never said over plain HTTP or of this machine."""
    header = '?Strict-Transport-Security "max-age=31536000"'
    if plan.encryption.way and plan.encryption.domain not in LOOPBACK:
        return f"header {header}"
    if behind_proxy:
        return f"@encrypted header X-Forwarded-Proto https\n\theader @encrypted {header}"
    return ""


def _text(template: str) -> str:
    return Path(__file__).with_name(template).read_text(encoding="utf-8")


def _quoted(value: object) -> str:
    """A Caddyfile token, whatever the path contains."""
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
