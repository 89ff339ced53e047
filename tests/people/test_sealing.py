"""One place for sealing; what was sealed before it was one place still opens. And what logs say."""

import hashlib
import hmac
import logging

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tongxin.channels.wechat import sealing as wechat
from tongxin.database import secret
from tongxin.people.log_paths import HidePaths
from tongxin.people.sealing import PEOPLE

NONCE = bytes(12)


def key(home, name, info):
    """As each app derived it by itself: HKDF-SHA256 of its secret, bound to its words."""
    return HKDF(SHA256(), 32, None, info).derive(secret(home, name).encode())


def test_what_was_sealed_when_each_app_had_its_own_sealing_still_opens(own_home):
    people = AESGCM(key(own_home, "people", b"tongxin seal"))
    assert PEOPLE.opened(NONCE + people.encrypt(NONCE, b"hush", b"x"), about="x") == b"hush"
    theirs = AESGCM(key(own_home, "wechat", b"tongxin wechat seal"))
    assert wechat.unseal(NONCE + theirs.encrypt(NONCE, b"hush", b"x"), about="x") == b"hush"
    hashing = key(own_home, "wechat", b"tongxin wechat hash")
    assert wechat.hash_of("a", "b") == hmac.new(hashing, b"a\0b", hashlib.sha256).hexdigest()


def test_the_applications_own_log_names_no_record():
    path = "/my/00000000-0000-4000-8000-000000000001/record/"
    line = logging.LogRecord("x", logging.WARNING, "x", 1, "%s: %s", ("Not Found", path), None)
    assert HidePaths().filter(line) and line.getMessage() == "Not Found: /my/-/record/"
    handlers = settings.LOGGING["handlers"].values()
    assert all("paths" in handler["filters"] for handler in handlers)
