"""Who we are to push services: VAPID (RFC 8292), with a key made at the first call."""

import json
import os
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tongxin.channels.webpush.encryption import CURVE, base64url, point

KEY = "vapid.pem"
HOLDS_FOR = timedelta(hours=12)  # RFC 8292, 2: at most 24 hours


def authorization(endpoint: str, *, secrets: Path, contact: str, at: datetime) -> str:
    """The header that says who asks, made for the endpoint's own service."""
    key = own_key(secrets)
    service = urlsplit(endpoint)
    claims = {
        "aud": f"{service.scheme}://{service.netloc}",
        "exp": int((at + HOLDS_FOR).timestamp()),
        "sub": contact,
    }
    said = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(SHA256())))
    signature = base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signature}, k={public_key(secrets)}"


def public_key(secrets: Path) -> str:
    """What a browser is told when it subscribes (``applicationServerKey``)."""
    return base64url(point(own_key(secrets).public_key()))


def own_key(secrets: Path) -> ec.EllipticCurvePrivateKey:
    """The key of this installation. Lost, every subscription is lost with it."""
    if not (secrets / KEY).exists():
        _make(secrets)
    return _read(secrets / KEY)


@lru_cache(maxsize=4)
def _read(path: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} holds no key of an elliptic curve")
    return key


def _make(secrets: Path) -> None:
    """Write it whole, once: of two threads or processes the second takes the first one's."""
    text = ec.generate_private_key(CURVE).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    secrets.mkdir(parents=True, exist_ok=True)
    draft = secrets / f".{KEY}-{token_hex(8)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
    try:
        os.link(draft, secrets / KEY)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _part(values: dict[str, object]) -> str:
    return base64url(json.dumps(values, separators=(",", ":")).encode())
