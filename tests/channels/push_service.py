"""A push service on this machine, and a browser that reads what it is sent (RFC 8291, plainly)."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def derive(salt, material, info, length):
    first = hmac.new(salt, material, hashlib.sha256).digest()
    return hmac.new(first, info + b"\x01", hashlib.sha256).digest()[:length]


class Browser:
    """Keys as a browser makes them, and the reading of a body."""

    def __init__(self, private=None, secret=b"0123456789abcdef"):
        self.private = private or ec.generate_private_key(ec.SECP256R1())
        self.secret = secret
        self.point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    @property
    def keys(self):
        return {"key": base64url(self.point), "secret": base64url(self.secret)}

    def read(self, body):
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + self.point + sender
        material = derive(self.secret, shared, info, 32)
        key = derive(salt, material, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(salt, material, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, sealed, None)
        assert text[-1:] == b"\x02"
        return json.loads(text[:-1])


class PushService:
    def __init__(self):
        self.requests = []  # (path, headers, body)
        self.answers = {}  # path → (status, headers)


@contextmanager
def push_service():
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.requests.append((self.path, dict(self.headers), body))
            status, headers = service.answers.get(self.path, (201, {"Location": "/m/1"}))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def trickling():
    """The address of a service that never comes to the end of its answer."""
    done = threading.Event()

    def answer():
        asker, _ = listening.accept()
        with asker:
            asker.sendall(b"HTTP/1.1 201 Created\r\nX-Slow: ")
            for _ in range(200):  # 20 seconds
                if done.wait(0.1):
                    return
                try:
                    asker.sendall(b"a")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        done.set()
        thread.join()


def ask_to_follow(client, service, door, *, name="rui", browser=None, **wish):
    """A browser that has posted what it wants to be told of; its ``answer`` is what it got."""
    browser = browser or Browser()
    keys = {"p256dh": browser.keys["key"], "auth": browser.keys["secret"]}
    given = {"endpoint": f"{service.url}/{name}", "keys": keys}
    wish = {"subscription": given, "language": "zh-hans"} | wish
    browser.answer = client.post(door, wish, "application/json")
    return browser
