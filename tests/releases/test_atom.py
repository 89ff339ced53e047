from xml.etree import ElementTree as ET

from tongxin.releases.atom import ATOM, add_author, add_text, new_feed, written


def test_a_feed_is_xml_whatever_is_said_in_it():
    feed = new_feed("zh-hans")
    add_author(feed, "卫健委\x00 & <co>\x1b")
    add_text(feed, "title", "one\ntwo")
    read = ET.fromstring(written(feed))
    assert read.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name") == "卫健委 & <co>"
    assert read.findtext(f"{{{ATOM}}}title") == "one\ntwo"
