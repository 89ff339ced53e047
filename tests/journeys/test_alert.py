"""An alert: from an agency's CAP to the page and to a phone; and from an officer's hand."""

import json
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from tests.channels.push_service import Browser, push_service
from tests.journeys.conftest import faults, get
from tests.notices.agency_server import agency_server
from tongxin.notices import cap, signing
from tongxin.notices.xml import to_bytes

PATIENCE = 150  # seconds, on a machine that has much else to do


def await_true(what, *, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.5)
    return found


def alert(name, secrets, title, **changed):
    now = datetime.now(UTC).replace(microsecond=0)
    facts = {
        "identifier": name,
        "sender": "hubei@example.cn",
        "sent": now,
        "msg_type": "Alert",
        "infos": (cap.Info("zh-CN", "疫情", title, "今日起全省长途客运停运。"),),
        "areas": (cap.Area("湖北省", ("CN-420000",)),),
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "effective": now,
        "expires": now + timedelta(days=1),
    } | changed
    told = [("hubei@example.cn", "a1", now)] if changed else []
    root = cap.write(cap.CapAlert(**facts), references=told)
    return to_bytes(signing.signed(root, secrets=secrets, name="Hubei"))


@pytest.fixture
def phone(town):
    """A browser that follows the home place, by way of a push service on this machine."""
    with push_service() as service:
        browser = Browser()
        browser.service = service
        keys = {"p256dh": browser.keys["key"], "auth": browser.keys["secret"]}
        wish = {
            "subscription": {"endpoint": f"{service.url}/phone", "keys": keys},
            "language": "zh-hans",
            "places": ["CN-421083"],
        }
        request = urllib.request.Request(
            f"{town.url}/api/push/subscription",
            json.dumps(wish).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200
        yield browser


def received(phone):
    return [phone.read(body)["title"] for _, _, body in phone.service.requests]


def test_an_alert_from_an_agency_reaches_page_and_phone_and_so_does_its_end(
    town, sign_in, visit, phone, tmp_path
):
    certificate = signing.own_key(tmp_path, "Hubei")[1].decode()
    with agency_server() as server:
        server["/cap"] = alert("a1", tmp_path, "全省长途客运停运")
        desk = sign_in("chen")
        desk.goto("/desk/alerts/agencies/")
        for field, text in {
            "name_zh": "湖北省应急管理厅",
            "name_en": "Emergency Office of Hubei",
            "url": f"{server.url}/cap",
            "place": "CN-420000",
            "certificate": certificate,
        }.items():
            desk.fill(f"[name={field}]", text)
        desk.select_option("[name=format]", "cap")
        assert faults(desk) == []
        desk.locator("main form button", has_text="Add").click()
        await_true(lambda: received(phone) == ["全省长途客运停运"])

        page = visit("/zh-hans/notices/")
        await_true(lambda: page.reload() and page.locator(".tx-notice--severe").count())
        assert faults(page) == []
        page.goto("/zh-hans/")
        page.locator("[data-alerts] a", has_text="全省长途客运停运").click()
        page.get_by_text("湖北省应急管理厅").first.wait_for()
        document = page.locator("a[href$='.cap.xml']").get_attribute("href")
        assert get(town.url + "/notices/" + document.rsplit("/", 1)[1])[2] == server["/cap"]

        server["/cap"] = alert("a2", tmp_path, "客运恢复", msg_type="Update", is_all_clear=True)
        desk.goto("/desk/alerts/agencies/")
        desk.locator("button[value=ask]").first.click()
        await_true(lambda: len(received(phone)) == 2)
        await_true(lambda: page.reload() and page.locator(".tx-notice-after").count())


def test_an_officer_warns_once_and_it_is_everywhere(sign_in, visit, phone):
    desk = sign_in("chen", language="zh-CN")
    desk.goto("/desk/alerts/new/")
    words = {"title_zh": "自来水请煮沸", "title_en": "Boil tap water", "places": "洪湖市"}
    words |= {
        "text_zh": "洪湖市城区自来水请煮沸再喝。",
        "text_en": "Boil tap water before drinking.",
    }
    for field, text in words.items():
        desk.fill(f"[name={field}]", text)
    desk.select_option("[name=severity]", "Severe")
    find, rumours = desk.locator("#id_claims_find"), desk.locator("[name=claims]:visible")
    find.fill("大蒜")
    find.press("Enter")  # finds, and publishes nothing
    assert 0 < rumours.count() < 10
    desk.locator("[name=claims][value=garlic-prevents]").check()
    find.fill("没有这样的传言")
    assert [box.get_attribute("value") for box in rumours.all()] == ["garlic-prevents"]
    assert faults(desk) == []
    desk.locator("main form button[type=submit]").click()
    desk.get_by_text("警报已发布").first.wait_for()
    desk.get_by_role("link", name="更新").click()
    assert rumours.first.get_attribute("value") == "garlic-prevents", "what is ticked comes first"
    assert rumours.first.is_checked()
    await_true(lambda: "自来水请煮沸" in received(phone))
    page = visit("/en/", language="en")
    await_true(
        lambda: page.reload() and page.locator("[data-alerts] a", has_text="Boil tap").count()
    )


def test_the_service_worker_shows_what_is_pushed(visit, town):
    """Chromium's own push service is out of reach here; the worker is given the message itself."""
    page = visit("/zh-hans/follow/", permissions=["notifications"])
    page.locator("[data-follow-places] li").first.wait_for()
    assert faults(page) == []
    devtools = page.context.new_cdp_session(page)
    registrations = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda e: registrations.append(e))
    devtools.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.register('/push-worker.js')")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    found = [one for event in registrations for one in event["registrations"]]
    said = '{"title": "警报", "body": "请检测", "url": "/zh-hans/notices/", "tag": "notice:1"}'
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": town.url, "registrationId": found[-1]["registrationId"], "data": said},
    )
    shown = """navigator.serviceWorker.ready.then((r) => r.getNotifications())
        .then((all) => all.map((one) => one.title))"""
    await_true(lambda: page.evaluate(shown) == ["警报"], seconds=15)
