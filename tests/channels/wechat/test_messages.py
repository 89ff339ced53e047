"""Every kind of message becomes plain values; what is none is refused, whatever it is."""

import os
import random
import time
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message

from tongxin.channels.wechat.messages import (
    MOST_BYTES,
    Clicked,
    Consent,
    Consents,
    ConsentsChanged,
    ConsentSpent,
    Image,
    Link,
    Location,
    Posted,
    Scanned,
    Subscribed,
    TemplateDone,
    Text,
    Unknown,
    Unsubscribed,
    Video,
    Viewed,
    Voice,
    Whereabouts,
    read,
)
from tongxin.channels.wechat.refusals import UnreadableMessage
from tongxin.channels.wechat.replies import (
    Article,
    ImageReply,
    NewsReply,
    TextReply,
    as_json,
    as_xml,
    from_json,
)

FUZZ_CASES = int(os.environ.get("WECHAT_FUZZ_CASES", "4000"))
AT = datetime(2020, 3, 20, 4, tzinfo=UTC)


def xml(kind, inside="", number="<MsgId>7</MsgId>"):
    head = "<ToUserName>gh_1</ToUserName><FromUserName>rui</FromUserName>"
    head += f"<CreateTime>1584676800</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
    return f"<xml>{head}{number}{inside}</xml>".encode()


def event(name, inside=""):
    return xml("event", f"<Event><![CDATA[{name}]]></Event>{inside}", number="")


def tags(**fields):
    return "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items())


CONSENT = (
    "<List><TemplateId>T1</TemplateId><SubscribeStatusString>{}</SubscribeStatusString></List>"
)
CASES = [
    (xml("text", tags(Content="发烧 38.2 & <b>")), Text("发烧 38.2 & <b>")),
    (xml("image", tags(PicUrl="http://p/1", MediaId="m")), Image("http://p/1", "m")),
    (xml("voice", tags(MediaId="m", Format="amr")), Voice("m", "amr", "")),
    (
        xml("voice", tags(MediaId="m", Format="amr", Recognition="我发烧了")),
        Voice("m", "amr", "我发烧了"),
    ),
    (xml("video", tags(MediaId="m", ThumbMediaId="t")), Video("m", "t", is_short=False)),
    (xml("shortvideo", tags(MediaId="m", ThumbMediaId="t")), Video("m", "t", is_short=True)),
    (
        xml("location", tags(Location_X="29.81", Location_Y="113.47", Scale="16", Label="洪湖")),
        Location(29.81, 113.47, 16, "洪湖"),
    ),
    (xml("link", tags(Title="t", Description="d", Url="u")), Link("t", "d", "u")),
    (event("subscribe", tags(EventKey="")), Subscribed("")),
    (event("subscribe", tags(EventKey="qrscene_clinic-7")), Subscribed("clinic-7")),
    (event("unsubscribe", tags(EventKey="")), Unsubscribed()),
    (event("SCAN", tags(EventKey="clinic-7", Ticket="x")), Scanned("clinic-7")),
    (event("CLICK", tags(EventKey="help")), Clicked("help")),
    (event("VIEW", tags(EventKey="https://a/")), Viewed("https://a/")),
    (
        event("LOCATION", tags(Latitude="29.8", Longitude="-113.4", Precision="65")),
        Whereabouts(29.8, -113.4, 65.0),
    ),
    (
        event("TEMPLATESENDJOBFINISH", tags(MsgID="9", Status="failed:user block")),
        TemplateDone("9", "failed:user block"),
    ),
    (
        event(
            "subscribe_msg_popup_event",
            f"<SubscribeMsgPopupEvent>{CONSENT.format('accept')}{CONSENT.format('reject')}"
            "</SubscribeMsgPopupEvent>",
        ),
        Consents((Consent("T1", is_given=True), Consent("T1", is_given=False))),
    ),
    (
        event(
            "subscribe_msg_change_event",
            f"<SubscribeMsgChangeEvent>{CONSENT.format('reject')}</SubscribeMsgChangeEvent>",
        ),
        ConsentsChanged((Consent("T1", is_given=False),)),
    ),
    (
        event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><TemplateId>T1</TemplateId><MsgID>9</MsgID>"
            "<ErrorCode>0</ErrorCode></List></SubscribeMsgSentEvent>",
        ),
        ConsentSpent("9", "T1", 0),
    ),
]


@pytest.mark.parametrize(("body", "content"), CASES, ids=lambda v: type(v).__name__)
def test_every_kind_becomes_plain_values(body, content):
    found = read(body)
    assert found.content == content
    assert (found.sender, found.to, found.sent_at) == ("rui", "gh_1", AT)


@pytest.mark.parametrize("body", [body for body, _ in CASES[:15]])
def test_the_other_reader_sees_the_same_sender_and_time(body):
    theirs, ours = parse_message(body), read(body)
    assert (theirs.source, theirs.target) == (ours.sender, ours.to)
    if isinstance(ours.content, Text):
        assert theirs.content == ours.content.text


def test_a_kind_of_next_year_is_kept_as_it_is():
    found = read(xml("hologram", tags(Depth="3"))).content
    assert isinstance(found, Unknown) and found.kind == "hologram"
    assert ("Depth", "3") in found.fields
    assert read(event("user_dreamt")).content.kind == "event:user_dreamt"


def test_messages_are_told_apart_by_number_and_events_by_who_when_and_what():
    assert read(xml("text", "<Content>a</Content>")).key == "message:7"
    assert read(event("CLICK", tags(EventKey="a"))).key == "event:rui:1584676800:click:"
    done = [event("TEMPLATESENDJOBFINISH", tags(MsgID=n, Status="success")) for n in "12"]
    assert read(done[0]).key != read(done[1]).key, "two receipts of one second are two"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
HOSTILE = [
    b"",
    b"not xml",
    b"<xml/>",
    b"<xml>" * 5000,
    b"<?xml version='1.0' encoding='utf-7'?><xml/>",
    b"<?xml version='1.0' encoding='no-such'?><xml/>",
    (BOMB + xml("text", "<Content>&c;</Content>").decode()).encode(),
    (BOMB + xml("text", "<Content>&c;</Content>").decode()).encode("utf-16"),
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>&f;</xml>',
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml/>',
    xml("text", f"<Content>{'a' * MOST_BYTES}</Content>"),
    xml("").replace(b"1584676800", b"9" * 40),
    xml("text").replace(b"1584676800", "１５".encode()),
    xml("text").replace(b"rui", b""),
    xml("text").replace(b"rui", b"r" * 200),
    xml("location", tags(Location_X="nan", Location_Y="1")),
    xml("location", tags(Location_X="1e400", Location_Y="1")),
    event("LOCATION", tags(Latitude="91", Longitude="0", Precision="1")),
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_message_is_refused_and_nothing_is_fetched(body):
    with pytest.raises(UnreadableMessage):
        read(body)


def mutated(chance):
    """A real message that somebody has tampered with."""
    body = bytearray(chance.choice(CASES)[0])
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(body) + 1)
        match chance.randrange(4):
            case 0:
                body[place:place] = chance.randbytes(chance.randint(1, 8))
            case 1:
                del body[place : place + chance.randint(1, 20)]
            case 2:
                body[place:place] = chance.choice([b"<", b"]]>", b"&#0;", b"&a;", b"\x00", b"<!--"])
            case 3:
                body = body + body[place : place + 40]
    return bytes(body)


def test_tampered_messages_are_read_or_refused_in_bounded_time_and_memory():
    chance = random.Random(7)
    began, slowest = time.perf_counter(), 0.0
    tracemalloc.start()
    for _ in range(FUZZ_CASES):
        body, start = mutated(chance), time.perf_counter()
        with suppress(UnreadableMessage):
            assert isinstance(read(body), Posted)
        slowest = max(slowest, time.perf_counter() - start)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20 and slowest < 1.0, (peak, slowest, time.perf_counter() - began)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(body):
    with pytest.raises(UnreadableMessage):
        read(body)


REPLIES = [
    TextReply("请拨打 120 ]]> & <b>"),
    TextReply("控制符\x00\x0b和👨‍👩‍👧"),
    ImageReply("media"),
    NewsReply(Article("题", "述", "https://a/", "https://p/")),
]


@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_is_good_xml_to_whoever_wrote_and_survives_being_kept(reply):
    posted = read(CASES[0][0])
    found = parse_message(as_xml(reply, posted, at=AT))
    assert (found.target, found.source) == ("rui", "gh_1")
    assert as_json(from_json(as_json(reply))) == as_json(reply)
    if isinstance(reply, TextReply):
        assert found.content == as_json(reply)["text"]["content"]


@given(st.text())
def test_any_text_can_be_said_and_fits(text):
    posted = read(CASES[0][0])
    said = as_json(TextReply(text))["text"]["content"]
    assert len(said.encode()) <= 2048
    as_xml(TextReply(text), posted, at=AT)
