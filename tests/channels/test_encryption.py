"""The encryption of web push against the example of its RFC and a browser that reads it."""

import json

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.channels.push_service import Browser, unbase64
from tongxin.channels.webpush.encryption import encrypt, reads_as_key
from tongxin.channels.webpush.identity import authorization, public_key


def private(text):
    return ec.derive_private_key(int.from_bytes(unbase64(text), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_to_the_byte():
    """RFC 8291, section 5 and appendix A."""
    browser = Browser(private("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        key=browser.keys["key"],
        secret="BTBZMqHH6r4Tts7J_aSIgg",
        salt=unbase64("DGv6ra1nlYgDCS1FRnbzlw"),
        sender=private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert body == unbase64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc"
        "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV"
        "WGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_only_the_browser_reads_it_and_no_two_bodies_are_alike():
    browser, said = Browser(), {"title": "警报"}
    bodies = [encrypt(json.dumps(said).encode(), **browser.keys) for _ in range(2)]
    assert bodies[0] != bodies[1] and browser.read(bodies[0]) == said
    with pytest.raises(InvalidTag):
        Browser().read(bodies[0])


def test_who_we_are_is_signed_for_the_service_alone(tmp_path, noon):
    endpoint = "https://push.example.org/x/y"
    header = authorization(endpoint, secrets=tmp_path, contact="mailto:a@b", at=noon)
    token = header.removeprefix("vapid t=").split(", k=")[0]
    head, claims, signature = token.split(".")
    assert json.loads(unbase64(claims))["aud"] == "https://push.example.org"
    raw = unbase64(signature)
    numbers = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    point = unbase64(public_key(tmp_path))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point).verify(
        encode_dss_signature(*numbers), f"{head}.{claims}".encode(), ec.ECDSA(SHA256())
    )


def test_the_key_of_the_installation_is_made_once_and_is_ours_alone(tmp_path):
    assert public_key(tmp_path) == public_key(tmp_path)
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("key", "secret"), [("", ""), ("AAAA", "BBBB"), ("!!", "BTBZMqHH6r4Tts7J_aSIgg"), ("é", "é")]
)
def test_what_is_no_key_is_not_taken_for_one(key, secret):
    assert not reads_as_key(key, secret)
