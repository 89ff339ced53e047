"""Values that only this installation reads: encrypted in the database, found by a keyed hash.

AES-256-GCM; each value is bound to the column it stands in, so that none can be moved to another
place or row kind. The keys come from one secret of the installation, which backups hold apart
from the tables.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

from tongxin.database import secret

VERSION = "1"
NONCE_BYTES = 12


class Unsealable(RuntimeError):
    """A stored value does not open: the secret is another one, or the value was tampered with."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that come from one secret of the installation.

    Attributes:
        secret: its name; made at the first use, kept by every backup. Lost, all it sealed is lost.
        info: what the keys are bound to.
    """

    secret: str
    info: str

    def close(self, text: bytes, *, about: str) -> bytes:
        """The text, encrypted for one place; never twice the same."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._key("seal")).encrypt(nonce, text, about.encode())

    def opened(self, closed: bytes, *, about: str) -> bytes:
        """What `close` was given for this place. Raises `Unsealable`."""
        nonce, rest = closed[:NONCE_BYTES], closed[NONCE_BYTES:]
        try:
            return AESGCM(self._key("seal")).decrypt(nonce, rest, about.encode())
        except (InvalidTag, ValueError) as error:
            raise Unsealable(about) from error

    def hash(self, text: str, *, use: str) -> str:
        """64 hex digits that say nothing without the secret."""
        return hmac.new(self._key(use), text.encode(), sha256).hexdigest()

    def _key(self, use: str) -> bytes:
        return _derived(secret(settings.HOME, self.secret), f"{self.info} {use}")


PEOPLE = Keyring("people", "tongxin")


def seal(text: str, *, column: str) -> str:
    """The text, encrypted for one column; never twice the same."""
    closed = PEOPLE.close(text.encode(), about=column)
    return f"{VERSION}:{urlsafe_b64encode(closed).decode()}"


def unseal(value: str, *, column: str) -> str:
    """What `seal` closed for this column. Raises `Unsealable`."""
    version, _, body = value.partition(":")
    if version != VERSION:
        raise Unsealable(column)
    try:
        closed = urlsafe_b64decode(body)
    except ValueError as error:
        raise Unsealable(column) from error
    return PEOPLE.opened(closed, about=column).decode()


def match_key(kind: str, text: str) -> str:
    """Under which a value is found again: 64 hex digits that say nothing without our secret."""
    return PEOPLE.hash(text, use=f"match {kind}")


@lru_cache(maxsize=32)
def _derived(master: str, info: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=info.encode()).derive(master.encode())


class SealedField(models.TextField):
    """Text that is encrypted on its way into the database. It cannot be searched by."""

    @property
    def column_name(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return seal(text, column=self.column_name) if text else text

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return unseal(value, column=self.column_name) if value else value
