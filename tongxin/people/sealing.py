"""Values that only this installation reads: encrypted in the database, found by a keyed hash.

AES-256-GCM; each value is bound to the column it stands in, so that none can be moved to another
place or row kind. The keys come from one secret of the installation, which backups hold apart
from the tables.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
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

SECRET = "people"
VERSION = "1"
NONCE_BYTES = 12


class Unsealable(RuntimeError):
    """A stored value does not open: the secret is another one, or the value was tampered with."""


def seal(text: str, *, column: str) -> str:
    """The text, encrypted for one column; never twice the same."""
    nonce = os.urandom(NONCE_BYTES)
    closed = AESGCM(_key(_secret(), "seal")).encrypt(nonce, text.encode(), column.encode())
    return f"{VERSION}:{urlsafe_b64encode(nonce + closed).decode()}"


def unseal(value: str, *, column: str) -> str:
    """What `seal` closed for this column. Raises `Unsealable`."""
    version, _, body = value.partition(":")
    try:
        raw = urlsafe_b64decode(body)
        if version != VERSION:
            raise Unsealable(column)
        key = AESGCM(_key(_secret(), "seal"))
        return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], column.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unsealable(column) from error


def match_key(kind: str, text: str) -> str:
    """Under which a value is found again: 64 hex digits that say nothing without our secret."""
    return hmac.new(_key(_secret(), f"match {kind}"), text.encode(), sha256).hexdigest()


def _secret() -> str:
    return secret(settings.HOME, SECRET)


@lru_cache(maxsize=16)
def _key(master: str, use: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"tongxin {use}".encode()).derive(master.encode())


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
