"""Every web server that may stand in front, before an application that echoes paths."""

import contextlib
import gzip
import http.client
import http.server
import os
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import brotli

from tongxin.runner import front
from tongxin.runner.plan import Plan, caddy, nginx

NGINX = """
<user>
daemon off;
pid nginx.pid;
error_log stderr;
events {}
http {
    types { text/html html; application/json json; text/javascript js; image/svg+xml svg; }
    include tongxin.conf;
}
"""
PAGE = "<!doctype html><title>中国</title>" + "病例" * 1000


class Application(http.server.BaseHTTPRequestHandler):
    """Answers everything with the path it was asked for."""

    def do_GET(self):
        body = f"application {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def address_string(self):
        return "socket"

    def log_message(self, *words):
        pass


def write(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


class Installation(Plan):
    """A plan whose static files are the test's own."""

    static = property(lambda self: self.home / "static")


def installed(home):
    """An installation in this folder, with one release and some static files."""
    plan = Installation(home, "127.0.0.1", free_port(), "development")
    tree = plan.trees / "20200212-1600"
    write(
        tree, {"en/situation/CN/index.html": PAGE, "release.json": "{}", "en/key.pem": "hush-hush"}
    )
    write(tree, {".hidden/index.html": "hush-hush", "zh-hans/embed/CN/index.html": PAGE})
    write(tree / "static", {"site-Ab3dEf9h.js": "of the release", "site-0lderOne.css": "older"})
    write(plan.static, {"site-Ab3dEf9h.js": "hashed", "mark.svg": "<svg/>", ".env": "hush-hush"})
    page = tree / "en/situation/CN/index.html"
    page.with_name("index.html.br").write_bytes(brotli.compress(PAGE.encode()))
    page.with_name("index.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    plan.current.symlink_to(tree)
    (home / "logs").mkdir()
    return plan


@contextlib.contextmanager
def before_caddy(plan):
    """Caddy as `tongxin run` starts it, before an application that echoes paths."""
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "app.sock"
        with socketserver.ThreadingUnixStreamServer(str(socket), Application) as application:
            threading.Thread(target=application.serve_forever, daemon=True).start()
            settings = plan.home / "Caddyfile"
            settings.write_text(front.caddyfile(plan, socket=socket, behind_proxy=False))
            command = [str(caddy()), "run", "--adapter", "caddyfile", "--config", str(settings)]
            with started(command):
                yield plan
            application.shutdown()


@contextlib.contextmanager
def before_own_nginx(plan):
    """nginx as `tongxin run` starts it, before the same application."""
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "app.sock"
        with socketserver.ThreadingUnixStreamServer(str(socket), Application) as application:
            threading.Thread(target=application.serve_forever, daemon=True).start()
            shown = Installation(plan.home, plan.host, free_port(), plan.mode, plan.encryption)
            text = front.own_nginx(
                shown, socket=socket, behind_proxy=False, is_root=os.geteuid() == 0
            )
            settings = Path(folder) / "nginx.conf"
            settings.write_text(text, encoding="utf-8")
            with running_nginx(nginx(), folder, settings):
                yield shown
            application.shutdown()


@contextlib.contextmanager
def before_nginx(plan):
    """nginx with what `tongxin nginx-config` prints; only port and log are the test's own."""
    address = ("127.0.0.1", plan.port)
    with http.server.ThreadingHTTPServer(address, Application) as application:
        threading.Thread(target=application.serve_forever, daemon=True).start()
        shown = Installation(plan.home, plan.host, free_port(), plan.mode)
        text = front.nginx(plan).replace("listen 80;", f"listen 127.0.0.1:{shown.port};")
        text = text.replace("/var/log/nginx/tongxin.log", f'"{plan.home}/logs/access.log"')
        settings = plan.home / "nginx.conf"
        settings.write_text(NGINX.replace("<user>", "user root;" if os.geteuid() == 0 else ""))
        (plan.home / "tongxin.conf").write_text(text)
        with running_nginx("nginx", plan.home, settings):
            yield shown
        application.shutdown()


@contextlib.contextmanager
def running_nginx(program, folder, settings):
    """nginx with settings that it finds in order itself."""
    words = [str(program), "-p", f"{folder}/", "-c", str(settings), "-e", "stderr"]
    tested = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with started(words):
        yield


@contextlib.contextmanager
def started(command):
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    yield server
    server.terminate()
    server.wait()


SERVERS = {"caddy": before_caddy}
SERVERS |= {"own nginx": before_own_nginx} if nginx() else {}
SERVERS |= {"nginx": before_nginx} if shutil.which("nginx") else {}


def free_port():
    with socketserver.TCPServer(("127.0.0.1", 0), None) as probe:
        return probe.server_address[1]


def await_answer(port):
    for _ in range(100):
        try:
            return ask(port, "/healthz")
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Caddy does not answer")


def ask(port, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    answer.body = answer.read()
    connection.close()
    return answer
