"""How visitors reach us encrypted: with a certificate in files, one of our own, or a public one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tongxin.refusal import Refusal, noop

DOMAIN = re.compile(r"[A-Za-z0-9.-]*")


class BadTls(Refusal):
    """The words about encryption do not go together."""

    says = noop(
        "TLS is “internal” or “auto” and needs DOMAIN, or TLS_CERT and TLS_KEY name two files."
    )


class NoCertificate(Refusal):
    """A file of the certificate is not there."""

    says = noop("{file} cannot be read; TLS_CERT and TLS_KEY name the certificate and its key.")


@dataclass(frozen=True)
class Encryption:
    """One of: none; certificate and key; `internal` (our own authority); `auto` (public, ACME)."""

    way: str = ""
    domain: str = ""
    certificate: str = ""
    key: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Encryption":
        """What TLS, DOMAIN, TLS_CERT and TLS_KEY ask for."""
        way, domain = environ.get("TLS", ""), environ.get("DOMAIN", "")
        files = [environ.get("TLS_CERT", ""), environ.get("TLS_KEY", "")]
        if way not in ("", "internal", "auto") or any(files) != all(files):
            raise BadTls
        if (way and (any(files) or not domain)) or not DOMAIN.fullmatch(domain):
            raise BadTls
        for file in files:
            if file and not Path(file).is_file():
                raise NoCertificate(file=file)
        return cls("files" if any(files) else way, domain, *files)

    @property
    def scheme(self) -> str:
        """What addresses begin with."""
        return "https" if self.way else "http"

    @property
    def automation(self) -> str:
        """How much the web server does about certificates by itself: Caddy's `auto_https`."""
        return {"internal": "auto_https disable_redirects", "auto": ""}.get(
            self.way, "auto_https off"
        )

    def directive(self) -> str:
        """The line of the Caddyfile that names the certificate."""
        if self.way == "files":
            return f'tls "{Path(self.certificate).absolute()}" "{Path(self.key).absolute()}"'
        return "tls internal" if self.way == "internal" else ""

    def nginx_directives(self) -> str:
        """What names the certificate to nginx."""
        if self.way != "files":
            return ""
        files = {"ssl_certificate": self.certificate, "ssl_certificate_key": self.key}
        said = [f'{name} "{Path(file).absolute()}";' for name, file in files.items()]
        return " ".join([*said, "http2 on;"])

    @property
    def is_managed(self) -> bool:
        """Whether the web server has to get and renew the certificate by itself."""
        return self.way in ("internal", "auto")
