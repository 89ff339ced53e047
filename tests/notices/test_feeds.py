"""Feeds of every kind read into the same entries; hostile ones refused or made harmless."""

import json
from time import perf_counter

import pytest

from tongxin.notices import cap, feeds
from tongxin.notices.plain import one_line, safe_link

RSS = """<rss version="2.0"><channel><item><guid>1</guid><title>洪湖 &lt;b&gt;通告&lt;/b&gt;</title>
<description><![CDATA[<p>一段</p><p>二段</p>]]></description><link>https://x.cn/1</link>
<pubDate>Sat, 01 Feb 2020 08:00:00 +0800</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>洪湖 通告</title>
<summary type="html">&lt;p&gt;一段&lt;/p&gt;二段</summary>
<link rel="alternate" href="https://x.cn/1"/><updated>2020-02-01T08:00:00+08:00</updated></entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1",
                "title": "洪湖 通告",
                "content_html": "<p>一段</p>二段",
                "url": "https://x.cn/1",
                "date_published": "2020-02-01T08:00:00+08:00",
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("read", "text"), [(feeds.read_xml, RSS), (feeds.read_xml, ATOM), (feeds.read_json, JSON)]
)
def test_one_entry_is_the_same_in_every_format(read, text):
    (entry,) = read(text.encode())
    assert (entry.guid, entry.title, entry.text) == ("1", "洪湖 通告", "一段\n二段")
    assert entry.link == "https://x.cn/1"
    assert entry.at == feeds.moment("2020-02-01T00:00:00Z")


def test_a_tombstone_takes_an_entry_back():
    """RFC 6721."""
    (entry,) = feeds.read_xml(
        b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        b'<at:deleted-entry ref="1" when="2020-02-02T00:00:00Z"/></feed>'
    )
    assert entry.is_withdrawn and entry.guid == "1"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{"&" + before + ";" * 1}{("&" + before + ";") * 9}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><rss><channel><item><guid>1</guid><title>&i;</title></item></channel></rss>"
)
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><title>&f;</title></rss>'
STYLE = '<?xml-stylesheet href="https://evil.org/x.xsl"?><rss><channel/></rss>'


@pytest.mark.parametrize(
    "raw",
    [
        BOMB,
        FILE,
        STYLE,
        "<rss>",
        "",
        "\0\0",
        "<html/>",
        "<a>" * 5000,
        "<rss>" + "<item/>" * 30_000 + "</rss>",
        "<rss>" + " " * (5 << 20) + "</rss>",
    ],
    ids=["bomb", "file", "style", "torn", "empty", "zeros", "page", "deep", "many", "large"],
)
def test_what_is_not_honest_xml_is_refused(raw):
    with pytest.raises(feeds.NotAFeed):
        feeds.read_xml(raw.encode())
    with pytest.raises(cap.NotCap):
        cap.read(raw.encode())


@pytest.mark.parametrize("raw", ["{", "[]", "[" * 100_000, '{"items": []}', '"x"', "\0"])
def test_what_is_no_json_feed_is_refused(raw):
    with pytest.raises(feeds.NotAFeed):
        feeds.read_json(raw.encode())


def test_of_an_endless_feed_only_the_first_entries_are_read():
    items = "".join(f"<item><guid>{n}</guid><title>t</title></item>" for n in range(5000))
    assert len(feeds.read_xml(f"<rss><channel>{items}</channel></rss>".encode())) == 200


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<script>alert(1)</script>通告", "通告"),
        ("&lt;img src=x onerror=alert(1)&gt;通告", "通告"),
        ("&amp;lt;script&amp;gt;x&amp;lt;/script&amp;gt;通告", "通告"),
        ("通告<scr<script>ipt>通告", "通告"),
        ("病例 < 10 例，<b>见下</b>", "病例 < 10 例，见下"),
        ("通\u200b告\u202e\u2066", "通告"),
        ("通\n告\t\0", "通 告"),
    ],
)
def test_markup_and_tricks_do_not_survive(markup, text):
    assert one_line(markup, most=100) == text


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "//x.cn", "https://u:p@x.cn/", "https://[/",
     "https://x.cn/<script>", "ftp://x.cn/", "https://x.cn/" + "a" * 1001],
)  # fmt: skip
def test_only_web_addresses_are_links(link):
    assert safe_link(link) == ""


@pytest.mark.parametrize("text", ["", "x", "2020", "Sat, 99 Feb 2020", "9" * 400])
def test_a_moment_that_is_none_is_none(text):
    assert feeds.moment(text) is None or text == "2020"


@pytest.mark.parametrize("markup", ["<script", "<!--", "<br", "<style>", "&amp;lt;!--", "< "])
def test_markup_that_is_never_closed_is_read_in_no_time(markup):
    begun = perf_counter()
    one_line("news " + markup * (200_000 // len(markup)), most=50)
    assert perf_counter() - begun < 3
