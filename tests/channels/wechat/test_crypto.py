"""The envelope, held against an independent reader of it, and against whatever strangers send."""

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from tongxin.channels.wechat import crypto
from tongxin.channels.wechat.refusals import NotFromWeChat

APP, TOKEN, AES = "wx1234567890abcdef", "token7", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
KEY = crypto.key_of(AES)


def envelope(text=b"<xml/>", **given):
    return crypto.encrypt(text, **{"key": KEY, "app_id": APP} | given)


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_what_we_seal_the_other_reader_opens_and_the_other_way_round(text):
    theirs = PrpCrypto(KEY)
    assert theirs.decrypt(envelope(text.encode()), APP) == text
    sealed = theirs.encrypt(text, APP).decode()
    assert crypto.decrypt(sealed, key=KEY, app_id=APP) == text.encode()


def test_a_whole_sealed_answer_is_read_by_the_other_reader():
    sealed = envelope("<xml>你好</xml>".encode())
    seal = crypto.signature(TOKEN, "1583000000", "n", sealed)
    given = {"Encrypt": sealed}
    other = WeChatCrypto(TOKEN, AES, APP)
    assert other.decrypt_message(given, seal, "1583000000", "n") == "<xml>你好</xml>"
    with pytest.raises(InvalidSignatureException):
        other.decrypt_message(given, seal, "1583000001", "n")


@given(st.text(max_size=30), st.text(st.characters(codec="utf-8"), max_size=30))
def test_both_sign_alike(stamp, nonce):
    stamp = stamp.encode(errors="replace").decode()
    check_signature(TOKEN, crypto.signature(TOKEN, stamp, nonce), stamp, nonce)


@pytest.mark.parametrize("given", ["", "0" * 40, "ä", "\ud800", "f" * 10_000])
def test_a_wrong_signature_is_refused(given):
    with pytest.raises(NotFromWeChat):
        crypto.require_signature(given, TOKEN, "1", "2")


@pytest.mark.parametrize("seconds", [-601, 601])
def test_what_is_too_old_or_from_the_future_is_refused(noon, seconds):
    stamp = str(int((noon + timedelta(seconds=seconds)).timestamp()))
    with pytest.raises(NotFromWeChat):
        crypto.require_fresh(stamp, at=noon)
    crypto.require_fresh(str(int(noon.timestamp()) + seconds // 2), at=noon)


@pytest.mark.parametrize("stamp", ["", "x", "-1", "１５", "9" * 400, "1e9", "1 "])
def test_what_is_no_time_is_refused(noon, stamp):
    with pytest.raises(NotFromWeChat):
        crypto.require_fresh(stamp, at=noon)


def broken_padding(last):
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES as Aes
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    cipher = Cipher(Aes(KEY), CBC(KEY[:16])).encryptor()
    return base64.b64encode(cipher.update(bytes(31) + bytes([last])) + cipher.finalize()).decode()


def test_whatever_is_wrong_inside_the_same_is_said():
    """Nobody learns whether app id, padding, length or coding was the wrong part."""
    wrong = [envelope(app_id="wx-another"), envelope(key=bytes(32)), "", "%%%", "äöü", "QUJD"]
    wrong += [broken_padding(last) for last in (0, 1, 31, 32, 33, 255)]
    said = set()
    for sealed in wrong:
        with pytest.raises(NotFromWeChat) as refused:
            crypto.decrypt(sealed, key=KEY, app_id=APP)
        said.add((str(refused.value), refused.value.status))
    assert len(said) == 1


@given(st.binary(max_size=400).map(lambda raw: base64.b64encode(raw).decode()) | st.text())
def test_no_forgery_does_more_than_be_refused(sealed):
    with pytest.raises(NotFromWeChat):
        crypto.decrypt(sealed, key=KEY, app_id=APP)


def test_the_same_text_never_looks_the_same():
    assert envelope() != envelope()
    assert len(base64.b64decode(envelope())) % crypto.BLOCK == 0


def test_a_length_that_points_outside_is_refused():
    for length in (b"\xff\xff\xff\xff", b"\x00\x00\x00\x19"):
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES as Aes
        from cryptography.hazmat.primitives.ciphers.modes import CBC

        whole = bytes(16) + length + APP.encode()
        whole += bytes([32 - len(whole) % 32]) * (32 - len(whole) % 32)
        cipher = Cipher(Aes(KEY), CBC(KEY[:16])).encryptor()
        sealed = base64.b64encode(cipher.update(whole) + cipher.finalize()).decode()
        with pytest.raises(NotFromWeChat):
            crypto.decrypt(sealed, key=KEY, app_id=APP)
