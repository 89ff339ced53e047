"""Where a PostgreSQL server is found: parsed from `DATABASE_URL`, or recorded by the cluster."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import psycopg
from psycopg.conninfo import make_conninfo

from tongxin.database.trouble import DatabaseUnavailable, noop

OLDEST = 15
"""The oldest PostgreSQL that has everything the models use (NULLS NOT DISTINCT)."""

SCHEMES = ("postgres", "postgresql")


@dataclass(frozen=True)
class Address:
    """Where one database lives and how to sign in. The password never shows in `repr`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    name: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def dsn(self) -> str:
        """The libpq connection string."""
        parts: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.name,
        }
        return make_conninfo(
            **{name: value for name, value in parts.items() if value}, **self.options
        )

    @property
    def url(self) -> str:
        """The same as a `DATABASE_URL`: `parse_url` of it gives this address again."""
        options = dict(self.options)
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.host.startswith("/"):
            options["host"], host = self.host, ""
        who = quote(self.user, safe="") + (
            f":{quote(self.password, safe='')}" if self.password else ""
        )
        tail = f"?{urlencode(options)}" if options else ""
        return f"postgres://{who}@{host}:{self.port}/{quote(self.name, safe='')}{tail}"

    def django(self) -> dict[str, Any]:
        """What `DATABASES["default"]` needs in Django's settings."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": str(self.port),
            "USER": self.user,
            "PASSWORD": self.password,
            "NAME": self.name,
            "OPTIONS": dict(self.options),
        }

    def named(self, name: str) -> "Address":
        """The address of another database on the same server."""
        return replace(self, name=name)

    def connect(self, **extra: Any) -> psycopg.Connection:
        """A connection that commits each statement by itself."""
        return psycopg.connect(self.dsn, autocommit=True, connect_timeout=10, **extra)


def parse_url(url: str) -> Address:
    """The address in a `DATABASE_URL`, or DatabaseUnavailable saying what is wrong with it.

    >>> parse_url("postgres://ann:s%40fe@db.example:6543/town?sslmode=require")
    Address(host='db.example', port=6543, user='ann', name='town', options={'sslmode': 'require'})
    >>> parse_url("postgresql:///town?host=/run/postgresql").host
    '/run/postgresql'
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port or 5432
    except ValueError as error:
        raise DatabaseUnavailable(
            noop("DATABASE_URL cannot be read: {reason}."), reason=error
        ) from error
    if parts.scheme not in SCHEMES:
        raise DatabaseUnavailable(
            noop(
                "DATABASE_URL must look like postgres://user:password@host:5432/name. "
                "Tongxin needs PostgreSQL; unset DATABASE_URL to use the one it brings."
            )
        )
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise DatabaseUnavailable(
            noop(
                "DATABASE_URL names no database: add it after the last slash, as in …:5432/tongxin."
            )
        )
    return Address(
        host=unquote(parts.hostname or "") or options.pop("host", "localhost"),
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        name=name,
        options=options,
    )


def require_recent(address: Address) -> None:
    """Nothing, when the server answers and is recent enough; else DatabaseUnavailable."""
    try:
        with address.connect() as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            noop("The database at {host}:{port} cannot be reached: {reason}"),
            host=address.host,
            port=address.port,
            reason=str(error).strip(),
        ) from error
    if version < OLDEST:
        raise DatabaseUnavailable(
            noop("The database is PostgreSQL {found}; Tongxin needs {needed} or newer."),
            found=version,
            needed=OLDEST,
        )
