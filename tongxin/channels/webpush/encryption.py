"""Message encryption for web push (RFC 8291) in the aes128gcm coding (RFC 8188), one record."""

import base64
import binascii
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096  # bytes of one record, and of a body that every service takes
LAST_RECORD = b"\x02"  # RFC 8188, 2: the delimiter of the last record


def encrypt(
    text: bytes,
    *,
    key: str,
    secret: str,
    salt: bytes | None = None,
    sender: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push request that only this browser can read.

    Args:
        key: the browser's public key, p256dh. secret: its authentication secret, auth.
        salt, sender: fresh ones each time unless given, as the example of RFC 8291 gives them.
    """
    salt = salt or os.urandom(16)
    sender = sender or ec.generate_private_key(CURVE)
    theirs, ours = unbase64(key), point(sender.public_key())
    shared = sender.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    content_key, nonce = keys(shared, unbase64(secret), theirs, ours, salt)
    sealed = AESGCM(content_key).encrypt(nonce, text + LAST_RECORD, None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + sealed


def keys(
    shared: bytes, secret: bytes, browser: bytes, sender: bytes, salt: bytes
) -> tuple[bytes, bytes]:
    """Content key (16 bytes) and nonce (12 bytes): RFC 8291, 3.3 and 3.4."""
    info = b"WebPush: info\0" + browser + sender
    material = HKDF(SHA256(), 32, secret, info).derive(shared)
    content_key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)
    return content_key, nonce


def reads_as_key(key: str, secret: str) -> bool:
    """Whether these are a point of the curve and 16 bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unbase64(key))
        return len(unbase64(secret)) == 16
    except (ValueError, binascii.Error):
        return False


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def base64url(raw: bytes) -> str:
    """Without padding.

    >>> base64url(b"abcd"), unbase64("YWJjZA")
    ('YWJjZA', b'abcd')
    """
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unbase64(text: str) -> bytes:
    """With or without padding."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
