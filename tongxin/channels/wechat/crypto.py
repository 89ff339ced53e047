"""Signature and envelope of WeChat's callbacks (AES-256-CBC, padded to 32 bytes).

Source: developers.weixin.qq.com, "Message encryption and decryption". Whatever is wrong, the same
refusal comes, so that nobody learns from it which part of a forgery was right.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from tongxin.channels.wechat.refusals import NotFromWeChat

BLOCK = 32  # bytes, although AES itself has blocks of 16
RANDOM, LENGTH = 16, 4  # bytes before the text
STALE = timedelta(minutes=10)
SECONDS = re.compile(r"[0-9]{1,11}")
AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


def signature(token: str, *parts: str) -> str:
    """What proves that whoever sends the parts knows the token.

    >>> signature("token", "1583000000", "nonce")
    '39639059ee8408476be03f93e507da7c5ed3cf97'
    """
    whole = "".join(sorted((token, *parts)))
    return hashlib.sha1(whole.encode(errors="replace")).hexdigest()


def require_signature(given: str, token: str, *parts: str) -> None:
    """Refuse what is not signed with the token. Takes as long whatever is wrong.

    Raises:
        NotFromWeChat
    """
    made = signature(token, *parts).encode()
    if not hmac.compare_digest(made, given.encode(errors="replace")):
        raise NotFromWeChat


def require_fresh(timestamp: str, *, at: datetime) -> None:
    """Refuse what was signed longer ago than any retry, or in the future. `NotFromWeChat`."""
    if not SECONDS.fullmatch(timestamp):
        raise NotFromWeChat
    if abs(at.timestamp() - int(timestamp)) > STALE.total_seconds():
        raise NotFromWeChat


def key_of(encoding_aes_key: str) -> bytes:
    """The 32 bytes that an EncodingAESKey of 43 letters stands for."""
    return base64.b64decode(encoding_aes_key + "=")


def encrypt(text: bytes, *, key: bytes, app_id: str, prefix: bytes | None = None) -> str:
    """The text for this account, in Base64.

    Args:
        prefix: 16 random bytes, fresh ones each time unless given.
    """
    prefix = os.urandom(RANDOM) if prefix is None else prefix
    whole = prefix + len(text).to_bytes(LENGTH, "big") + text + app_id.encode()
    missing = BLOCK - len(whole) % BLOCK
    cipher = Cipher(AES(key), CBC(key[:16])).encryptor()
    sealed = cipher.update(whole + bytes([missing]) * missing) + cipher.finalize()
    return base64.b64encode(sealed).decode()


def decrypt(encrypted: str, *, key: bytes, app_id: str) -> bytes:
    """The text inside. Its signature must have been checked before.

    Raises:
        NotFromWeChat: no envelope, or one for another account.
    """
    try:
        sealed = base64.b64decode(encrypted.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise NotFromWeChat from error
    if not sealed or len(sealed) % BLOCK:
        raise NotFromWeChat
    cipher = Cipher(AES(key), CBC(key[:16])).decryptor()
    whole = _unpadded(cipher.update(sealed) + cipher.finalize())
    start = RANDOM + LENGTH
    end = start + int.from_bytes(whole[RANDOM:start], "big")
    is_ours = hmac.compare_digest(whole[end:], app_id.encode())
    if len(whole) < start or end > len(whole) or not is_ours:
        raise NotFromWeChat
    return whole[start:end]


def _unpadded(whole: bytes) -> bytes:
    count = whole[-1]
    padding = bytes([count]) * min(count, BLOCK)
    if not 1 <= count <= BLOCK or not hmac.compare_digest(whole[-count:], padding):
        raise NotFromWeChat
    return whole[:-count]
