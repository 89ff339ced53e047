"""An authority's own sign-in on loopback, speaking as much OpenID Connect as a sign-in needs."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit


class _Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        where = urlsplit(self.path)
        if where.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(where.query).items()}
            back = urlencode({"code": "once", "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
            return
        root = self.server.url
        self._say(
            {
                "/.well-known/openid-configuration": {
                    "issuer": root,
                    "authorization_endpoint": f"{root}/authorize",
                    "token_endpoint": f"{root}/token",
                    "userinfo_endpoint": f"{root}/who",
                    "jwks_uri": f"{root}/keys",
                },
                "/who": {"sub": self.server.subject, "name": "Zhao"},
            }[where.path]
        )

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "a", "token_type": "Bearer", "expires_in": 60})

    def _say(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def oidc_server():
    """A running provider: ``url``, and ``subject``, who is signed in there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    server.url, server.subject = f"http://127.0.0.1:{server.server_port}", "zhao-at-work"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
