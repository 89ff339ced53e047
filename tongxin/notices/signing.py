"""Signatures of alerts: ours made, others' checked (XML Signature, enveloped, RSA-SHA256).

RSA with PKCS#1 v1.5, because the same alert then has the same bytes each time it is drawn.
"""

import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from signxml import XMLSigner, XMLVerifier, methods
from signxml.exceptions import SignXMLException

from tongxin.notices.xml import Element, parse_xml

KEY, CERTIFICATE = "alert-signing.pem", "alert-signing.crt"
BITS = 3072
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
DSIG = "{http://www.w3.org/2000/09/xmldsig#}Signature"


class WrongSignature(ValueError):
    """Not signed by whom it must be signed."""


def signed(root: Element, *, secrets: Path, name: str) -> Element:
    """The alert with the signature of this installation in it."""
    key, certificate = own_key(secrets, name)
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm="rsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    )
    return signer.sign(root, key=load_pem_private_key(key, None), cert=certificate.decode())


def checked(raw: bytes, *, certificate: str, most_bytes: int) -> bytes:
    """What was really signed: to be read instead of what came.

    Raises:
        WrongSignature: none, a false one, or another one's.
    """
    root = parse_xml(raw, most_bytes=most_bytes, wrong=WrongSignature)
    if len(root.findall(DSIG)) != 1:
        raise WrongSignature("not signed once")
    try:
        found = XMLVerifier().verify(root, x509_cert=certificate, expect_references=1)
    except (SignXMLException, ValueError, TypeError, LookupError) as error:
        raise WrongSignature(str(error)[:120]) from None
    return found.signed_data


def own_key(secrets: Path, name: str) -> tuple[bytes, bytes]:
    """Private key and certificate, as PEM; made at the first call."""
    if not (secrets / CERTIFICATE).exists():
        _make(secrets, name)
    return _read(secrets)


@lru_cache(maxsize=4)
def _read(secrets: Path) -> tuple[bytes, bytes]:
    return (secrets / KEY).read_bytes(), (secrets / CERTIFICATE).read_bytes()


def _make(secrets: Path, name: str) -> None:
    """Key first, both or none: the certificate's file says that both are there."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, (name or "Tongxin")[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .sign(key, SHA256())
    )
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    secrets.mkdir(parents=True, exist_ok=True)
    try:
        opened = os.open(secrets / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process was first
    with os.fdopen(opened, "wb") as file:
        file.write(text)
    draft = secrets / f".{CERTIFICATE}"
    draft.write_bytes(certificate.public_bytes(Encoding.PEM))
    draft.replace(secrets / CERTIFICATE)
