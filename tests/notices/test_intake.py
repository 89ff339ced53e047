"""What agencies say: kept once, corrected, taken back; nobody speaks for another."""

from datetime import timedelta

import pytest

from tests.channels.push_service import Browser, push_service
from tongxin.audit.models import Entry
from tongxin.channels import actions as channels
from tongxin.channels.models import Message
from tongxin.channels.tasks import deliver
from tongxin.notices import cap, refusals, signing
from tongxin.notices.actions import agencies
from tongxin.notices.models import Agency, Notice, Step
from tongxin.notices.part import PART
from tongxin.notices.queries import board, in_force
from tongxin.notices.xml import to_bytes

pytestmark = pytest.mark.django_db


def rss(*items):
    text = "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><link>https://wjw.example.cn/{guid}</link>"
        f"<description>{title}。</description><pubDate>{when}</pubDate></item>"
        for guid, title, when in items
    )
    return f"<rss><channel>{text}</channel></rss>".encode()


WHEN = "Fri, 20 Mar 2020 10:00:00 +0800"


def alert(name="a1", *, noon, kind="Alert", references=(), secrets=None, **changed):
    facts = {
        "identifier": name,
        "sender": "hubei",
        "sent": noon - timedelta(minutes=5),
        "msg_type": kind,
        "infos": (cap.Info("zh-CN", "疫情", "公交停运", "今日起停运。"),),
        "areas": (cap.Area("洪湖市", ("CN-421083",)),),
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "effective": noon - timedelta(minutes=5),
        "expires": noon + timedelta(days=1),
    } | changed
    told = [("hubei", one, noon) for one in references]
    root = cap.write(cap.CapAlert(**facts), references=told)
    return to_bytes(signing.signed(root, secrets=secrets, name="Hubei") if secrets else root)


def test_a_notice_is_kept_once_with_source_and_time(agency, server, noon):
    row = agency()
    server["/feed"] = rss(("1", "洪湖市第一号通告", WHEN))
    assert agencies.ask_due(noon) == 1
    notice = Notice.objects.get()
    assert (notice.title_zh, notice.places, notice.agency) == (
        "洪湖市第一号通告",
        ["CN-420000"],
        row,
    )
    assert notice.issued_at == noon - timedelta(hours=2)
    page = dict(PART.draw(noon))[f"en/notices/{notice.code}/index.html"].decode()
    assert "Health Commission of Hubei" in page and "20 March 2020" in page
    agencies.ask_agency(row.pk, by="tests", at=noon + timedelta(hours=1))
    assert Notice.objects.count() == 1 and server.asked[-1] == ("/feed", 304)


def test_a_correction_takes_the_place_of_what_was_said(agency, server, noon):
    row = agency()
    for title in ("新增5例", "更正：新增6例"):
        server["/feed"] = rss(("1", title, WHEN))
        agencies.ask_agency(row.pk, by="tests", at=noon)
    listed = board(at=noon).listed()
    assert [(one.title_zh, one.step) for one in listed] == [("更正：新增6例", Step.UPDATE)]
    assert listed[0].follows.title_zh == "新增5例"


def test_what_an_agency_takes_back_says_so(agency, server, noon):
    row = agency()
    atom = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
    gone = '<d:deleted-entry xmlns:d="http://purl.org/atompub/tombstones/1.0" ref="1" when="x"/>'
    for inside in ("<entry><id>1</id><title>消息</title></entry>", gone):
        server["/feed"] = atom.format(inside).encode()
        agencies.ask_agency(row.pk, by="tests", at=noon)
    assert [(one.title_zh, one.step) for one in board(at=noon).listed()] == [("消息", "cancel")]


def test_a_date_to_come_does_not_pin_a_notice_to_the_top(agency, server, noon):
    agency()
    server["/feed"] = rss(("1", "通告", "Sat, 20 Mar 2055 10:00:00 +0800"))
    agencies.ask_due(noon)
    assert Notice.objects.get().issued_at == noon


def test_scripts_in_a_title_reach_no_page(agency, server, noon):
    agency()
    server["/feed"] = rss(("1", "&lt;script&gt;alert(1)&lt;/script&gt;通告", WHEN))
    agencies.ask_due(noon)
    assert not any(b"alert(1)" in content for _, content in PART.draw(noon))


@pytest.mark.parametrize("body", [None, b"<rss", b"<html/>"])
def test_a_feed_that_fails_is_noted_and_asked_later_and_later(agency, server, noon, body):
    row = agency()
    if body:
        server["/feed"] = body
    waits, at = [], noon
    for _ in range(3):
        agencies.ask_due(at)
        row.refresh_from_db()
        waits.append((row.next_at - at).seconds // 60)
        at = row.next_at
    assert waits == [20, 40, 80] and row.failures == 3 and row.last_error
    assert Entry.objects.filter(deed="notices.agency_failed").count() == 1


def test_an_agency_that_falls_silent_sounds_the_alarm_once(agency, server, noon):
    agency(stale_after_seconds=3600)
    server["/feed"] = rss()
    for hours in (0, 2, 3):
        agencies.ask_due(noon + timedelta(hours=hours))
    assert Agency.objects.get().stale_alarm_at == noon + timedelta(hours=2)
    assert Entry.objects.filter(deed="notices.agency_is_stale").count() == 1


def test_cap_goes_from_the_agency_to_the_page_and_to_phones(agency, server, noon, tmp_path):
    secrets = tmp_path / "hubei"
    certificate = signing.own_key(secrets, "Hubei")[1].decode()
    row = agency("cap", certificate=certificate)
    server["/feed"] = alert(noon=noon, secrets=secrets)
    with push_service() as service:
        browser = Browser()
        phone = channels.Browser(f"{service.url}/rui", **browser.keys, language="zh-hans")
        channels.subscribe(phone, places=["place:CN-421083"], by="tests", at=noon)
        agencies.ask_due(noon)
        deliver(noon)
        assert browser.read(service.requests[0][2])["title"] == "公交停运"
    (held,) = in_force(at=noon)
    assert held.is_signed and held.agency == row and held.severity == "Severe"
    files = dict(PART.draw(noon))
    assert "公交停运" in files["zh-hans/notices/index.html"].decode()
    assert files[f"notices/{held.code}.cap.xml"] == server["/feed"]


def test_a_cancel_ends_the_alert_and_reaches_whoever_was_told(agency, server, noon):
    row = agency("cap")
    phone = channels.Browser("http://127.0.0.1:9/x", **Browser().keys, language="zh-hans")
    channels.subscribe(phone, places=["place:CN-421083"], by="tests", at=noon)
    server["/feed"] = alert(noon=noon)
    agencies.ask_agency(row.pk, by="tests", at=noon)
    Message.objects.update(tries=1, sent_at=noon)
    server["/feed"] = alert("a2", noon=noon, kind="Cancel", references=["a1"], infos=(), areas=())
    agencies.ask_agency(row.pk, by="tests", at=noon)
    assert in_force(at=noon) == []
    end = Notice.objects.get(guid="a2")
    assert (end.title_zh, end.step, end.follows.guid) == ("公交停运", "cancel", "a1")
    assert Message.objects.filter(about=f"notice:{end.code}").count() == 1


def test_one_agency_cannot_take_back_what_another_said(agency, server, noon):
    row = agency("cap")
    server["/feed"] = alert(noon=noon)
    agencies.ask_agency(row.pk, by="tests", at=noon)
    other = agency("cap", name_zh="别家", url=f"{server.url}/other")
    server["/other"] = alert("a2", noon=noon, kind="Cancel", references=["a1"])
    agencies.ask_agency(other.pk, by="tests", at=noon)
    assert [held.guid for held in in_force(at=noon)] == ["a1"]


def test_references_in_a_loop_end(agency, server, noon):
    row = agency("cap")
    for name, references in (("a1", ["a2", "a1"]), ("a2", ["a1", "a2"]), ("a3", ["a2", "a1"])):
        server["/feed"] = alert(name, noon=noon, kind="Update", references=references)
        agencies.ask_agency(row.pk, by="tests", at=noon)
    assert [held.guid for held in in_force(at=noon)] == ["a3"]
    assert len(dict(PART.draw(noon))) > 5


def test_a_cancel_of_two_ends_both(agency, server, noon):
    row = agency("cap")
    for name in ("a1", "a2"):
        server["/feed"] = alert(name, noon=noon)
        agencies.ask_agency(row.pk, by="tests", at=noon)
    server["/feed"] = alert("a3", noon=noon, kind="Cancel", references=["a1", "a2"])
    agencies.ask_agency(row.pk, by="tests", at=noon)
    assert in_force(at=noon) == []


def broken(raw, noon):
    return raw.replace("公交停运".encode(), "公交免费".encode())


def unsigned(raw, noon):
    return alert(noon=noon)


def wrapped(raw, noon):
    """The signed alert hidden inside another one."""
    inner = raw.split(b"?>", 1)[1].strip()
    return alert(noon=noon).replace(b"</alert>", inner + b"</alert>")


@pytest.mark.parametrize("forge", [broken, unsigned, wrapped])
def test_a_wrong_signature_shows_nothing(agency, server, noon, tmp_path, forge):
    certificate = signing.own_key(tmp_path / "hubei", "Hubei")[1].decode()
    row = agency("cap", certificate=certificate)
    server["/feed"] = forge(alert(noon=noon, secrets=tmp_path / "hubei"), noon)
    with pytest.raises((refusals.BadSignature, refusals.BrokenFeed)):
        agencies.ask_agency(row.pk, by="tests", at=noon)
    assert not Notice.objects.exists()


def test_somebody_elses_signature_shows_nothing(agency, server, noon, tmp_path):
    certificate = signing.own_key(tmp_path / "hubei", "Hubei")[1].decode()
    row = agency("cap", certificate=certificate)
    server["/feed"] = alert(noon=noon, secrets=tmp_path / "stranger")
    with pytest.raises(refusals.BadSignature):
        agencies.ask_agency(row.pk, by="tests", at=noon)


@pytest.mark.parametrize("changed", [{"status": "Exercise"}, {"scope": "Private"}, {"infos": ()}])
def test_exercises_and_private_alerts_stay_inside(agency, server, noon, changed):
    row = agency("cap")
    server["/feed"] = alert(noon=noon, **changed)
    with pytest.raises(refusals.BrokenFeed):
        agencies.ask_agency(row.pk, by="tests", at=noon)


def test_alerts_are_fetched_from_a_feed_that_names_them_once(agency, server, noon):
    row = agency("cap")
    server["/a1"] = alert(noon=noon)
    server["/feed"] = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><title>t</title>'
        f'<link type="application/cap+xml" href="{server.url}/a1"/></entry></feed>'
    ).encode()
    for hours in (0, 1):
        agencies.ask_agency(row.pk, by="tests", at=noon + timedelta(hours=hours))
        Agency.objects.update(etag="")
    assert Notice.objects.get().guid == "a1"
    assert [path for path, _ in server.asked].count("/a1") == 1


def test_the_same_from_two_stands_under_the_more_official(agency, server, noon):
    press = agency(name_zh="晚报", tier=4, url=f"{server.url}/press")
    agency(tier=2)
    server["/press"] = rss(("9", "湖北省新增确诊病例196例", WHEN), ("8", "湖北省新增34例", WHEN))
    server["/feed"] = rss(("1", "湖北：新增确诊病例196例", WHEN))
    agencies.ask_agency(press.pk, by="tests", at=noon)
    agencies.ask_due(noon)
    listed = {one.title_zh: [s.title_zh for s in one.same.all()] for one in board(at=noon).listed()}
    assert listed == {"湖北：新增确诊病例196例": ["湖北省新增确诊病例196例"], "湖北省新增34例": []}


def test_a_signed_part_inside_another_document_is_not_believed(agency, server, noon, tmp_path):
    """XML signature wrapping: what was signed is true, but it is not what the document says."""
    secrets = tmp_path / "hubei"
    certificate = signing.own_key(secrets, "Hubei")[1].decode()
    row = agency("cap", certificate=certificate)
    true = alert(noon=noon, secrets=secrets).split(b"?>", 1)[1].strip()
    false = alert(noon=noon, secrets=secrets).replace("公交停运".encode(), "公交免费".encode())
    server["/feed"] = false.replace(b"<identifier>", true + b"<identifier>", 1)
    with pytest.raises((refusals.BadSignature, refusals.BrokenFeed)):
        agencies.ask_agency(row.pk, by="tests", at=noon)
    assert not Notice.objects.exists()
