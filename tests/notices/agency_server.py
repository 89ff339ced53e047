"""An agency on this machine whose files a test sets."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Files(dict):
    """Path → bytes; ``asked`` notes what was asked for, ``url`` is where it stands."""


@contextmanager
def agency_server():
    files = Files()
    files.asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = files.get(self.path)
            tag = f'"{hash(body)}"'
            same = body is not None and self.headers.get("If-None-Match") == tag
            status = 404 if body is None else 304 if same else 200
            files.asked.append((self.path, status))
            self.send_response(status)
            self.send_header("ETag", tag)
            content = body if status == 200 else b""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    files.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
