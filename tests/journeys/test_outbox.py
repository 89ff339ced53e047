"""What data-offline promises to any form: the scripts as they ship, in Chromium, before a server
that answers as it is told. It stands for every app that lets its forms wait for a network."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import expect

from tongxin.releases.assets import BUILT, asset

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Log</title>
<script type="module" src="{script}"></script></head><body><main id="main" tabindex="-1">
<h1>Log</h1>{outbox}<form method="post" action="/my/log/" data-offline
data-offline-taken="/my/log/receipt/" data-offline-owner="{owner}">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<input type="hidden" name="key" value="{key}">
<label>How are you? <input name="how"></label>
<button name="deed" value="send">Send</button></form></main></body></html>"""


class Log(BaseHTTPRequestHandler):
    """A page of somebody who signs in, with a token that changes at each sign-in."""

    def do_GET(self):
        world = self.server
        if self.path.startswith("/static/") or self.path == "/push-worker.js":
            file = BUILT / self.path.removeprefix("/static/").removeprefix("/")
            return self.answer(200, file.read_bytes(), "text/javascript")
        if self.path == "/my/log/" and not world.owner:
            return self.redirect("/my/sign-in/?next=/my/log/")
        if self.path == "/my/log/":
            world.pages += 1
            facts = {"owner": world.owner, "token": world.token, "key": f"key-{world.pages:020}"}
            with translation.override("en"):
                words = render_to_string("questionnaires/_offline.html")
            page = PAGE.format(script=f"/{world.script}", outbox=words, **facts)
            return self.answer(200, page.encode())
        return self.answer(200, f"<h1>{self.path}</h1>".encode())

    def do_POST(self):
        world = self.server
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if not world.owner:
            return self.redirect("/my/sign-in/")
        if sent["csrfmiddlewaretoken"] != [world.token]:
            return self.answer(403, b"token")
        world.tries += 1
        if world.status != 303:
            return self.answer(world.status, b"<h1>Look again</h1>")
        world.taken.setdefault(sent["key"][0], (world.owner, sent["how"][0], sent["deed"][0]))
        return self.redirect("/my/log/receipt/1/")

    def answer(self, status, body, kind="text/html"):
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, to):
        self.send_response(303)
        self.send_header("Location", to)
        self.end_headers()

    def log_message(self, *_): ...


@pytest.fixture
def world():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Log)
    server.owner, server.token, server.status = "rui", "first", 303
    server.script, server.pages, server.tries, server.taken = asset("forms.js"), 0, 0, {}
    server.script = server.script.removeprefix("/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser, world):
    context = browser.new_context(base_url=f"http://127.0.0.1:{world.server_port}")
    context.set_default_timeout(10_000)
    opened = context.new_page()
    opened.goto("/my/log/")
    opened.wait_for_timeout(300)
    yield opened
    context.close()


def kept(page, how="tired"):
    """Written and sent while there is no network."""
    page.context.set_offline(True)
    page.get_by_label("How are you?").fill(how)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-outbox-said]")).to_contain_text("Kept on this phone")


def rows(page):
    return page.locator("[data-outbox-list] li")


def test_with_a_network_it_is_sent_at_once_and_nothing_stays(page, world):
    page.get_by_label("How are you?").fill("well")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page).to_have_url(re.compile("/my/log/receipt/1/$"), timeout=20_000)
    assert list(world.taken.values()) == [("rui", "well", "send")]


def test_whoever_signed_in_again_has_the_token_of_then(page, world):
    kept(page)
    world.token = "second"
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/my/log/receipt/1/$"), timeout=20_000)
    assert list(world.taken.values()) == [("rui", "tired", "send")]


def test_it_waits_until_its_writer_has_signed_in_and_is_never_sent_as_another(page, world):
    kept(page)
    world.owner = ""
    page.context.set_offline(False)
    expect(rows(page)).to_contain_text("once you have signed in")
    world.owner, world.token = "sam", "second"
    page.goto("/my/log/")
    expect(rows(page)).to_contain_text("once the person who wrote it has signed in")
    expect(page.get_by_role("button", name="Look at it and mend it")).to_be_hidden()
    assert world.taken == {} and page.get_by_label("How are you?").input_value() == ""
    world.owner, world.token = "rui", "third"
    page.goto("/my/log/")
    expect(rows(page)).to_contain_text("It has arrived")
    assert list(world.taken.values()) == [("rui", "tired", "send")]


@pytest.mark.parametrize("status", [503, 429])
def test_a_server_in_trouble_is_tried_again(page, world, status):
    world.status = status
    page.get_by_label("How are you?").fill("tired")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(rows(page)).to_contain_text("It will be sent when there is a network")
    assert world.tries > 0 and world.taken == {}
    world.status = 303
    page.goto("/my/log/")
    expect(rows(page)).to_contain_text("It has arrived")
    assert len(world.taken) == 1


@pytest.mark.parametrize("status", [422, 404, 200])
def test_a_refusal_keeps_what_was_written(page, world, status):
    kept(page)
    world.status = status
    page.context.set_offline(False)
    expect(rows(page)).to_contain_text("needs another look")
    page.context.set_offline(True)
    page.get_by_role("button", name="Look at it and mend it").click()
    expect(page.get_by_label("How are you?")).to_have_value("tired")
    page.get_by_label("How are you?").fill("very tired")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(rows(page)).to_have_count(1)
    world.status = 303
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/my/log/receipt/1/$"), timeout=20_000)
    assert [how for _, how, _ in world.taken.values()] == ["very tired"]


def test_two_answers_of_one_household_go_under_two_keys(page, world):
    kept(page, "tired")
    page.reload()
    kept(page, "grandmother is well")
    expect(rows(page)).to_have_count(2)
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/my/log/receipt/1/$"), timeout=20_000)
    assert sorted(how for _, how, _ in world.taken.values()) == ["grandmother is well", "tired"]


def test_what_waits_can_be_deleted(page, world):
    kept(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete from this phone").click()
    expect(page.locator("[data-outbox]")).to_be_hidden()
    page.context.set_offline(False)
    page.goto("/my/log/")
    assert world.taken == {}
