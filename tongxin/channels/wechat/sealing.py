"""How followers are kept private: known by a keyed hash, written to by an encrypted name.

Both keys come from one secret of the installation, made at the first use. Lost, every follower
is lost with it (a backup holds it).
"""

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tongxin.database import secret

NAME = "wechat"
NONCE = 12  # bytes


def hash_of(account: str, text: str) -> str:
    """What tells followers and messages of one account apart without naming them."""
    key = _key(settings.HOME, b"hash")
    return hmac.new(key, f"{account}\0{text}".encode(), hashlib.sha256).hexdigest()


def seal(text: bytes, *, about: str) -> bytes:
    """The text, readable by this installation only, and only for what it was sealed about."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key(settings.HOME, b"seal")).encrypt(nonce, text, about.encode())


def unseal(sealed: bytes, *, about: str) -> bytes:
    """What `seal` was given.

    Raises:
        ValueError: the key is another one, or the row is not the one it was sealed for.
    """
    nonce, rest = bytes(sealed[:NONCE]), bytes(sealed[NONCE:])
    try:
        return AESGCM(_key(settings.HOME, b"seal")).decrypt(nonce, rest, about.encode())
    except InvalidTag as error:
        raise ValueError("sealed by another installation or for another row") from error


@lru_cache(maxsize=8)
def _key(home: Path, purpose: bytes) -> bytes:
    material = secret(home, NAME).encode()
    return HKDF(SHA256(), 32, None, b"tongxin wechat " + purpose).derive(material)
