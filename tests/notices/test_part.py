"""An alert on the page, in the feeds, and as CAP."""

import json
from datetime import timedelta

import pytest
from capvalidator import check_schema, check_signature

from tongxin.notices import cap
from tongxin.notices.actions import alerts
from tongxin.notices.models import Step
from tongxin.notices.part import PART
from tongxin.notices.signing import checked

pytestmark = pytest.mark.django_db


def drawn(at):
    files = dict(PART.draw(at))
    assert all(map(PART.owns, files))
    return files


def test_an_alert_is_on_the_page_in_both_languages(chen, said, noon):
    row = alerts.raise_alert(said(), by=chen, at=noon)
    files = drawn(noon)
    for language, title in (("zh-hans", row.title_zh), ("en", row.title_en)):
        for path in (f"{language}/notices/index.html", f"{language}/notices/{row.code}/index.html"):
            assert title in files[path].decode()
        assert title in files[f"notices/{language}.atom"].decode()
    assert [one["code"] for one in json.loads(files["notices/notices.json"])["in_force"]] == [
        row.code
    ]


def test_the_same_notices_have_the_same_bytes(chen, said, noon):
    alerts.raise_alert(said(), by=chen, at=noon)
    assert drawn(noon) == drawn(noon + timedelta(minutes=5))


def test_the_state_changes_when_an_alert_begins_and_when_it_ends(chen, said, noon):
    empty = PART.state(noon)
    alerts.raise_alert(said(effective_at=noon + timedelta(hours=1)), by=chen, at=noon)
    states = [PART.state(noon + timedelta(hours=hours)) for hours in (0, 1, 2, 30)]
    assert empty != states[0] != states[1] == states[2] != states[3]


def test_what_was_cancelled_says_so_on_its_page(chen, said, noon):
    row = alerts.raise_alert(said(), by=chen, at=noon)
    end = alerts.end_alert(
        row.code, step=Step.CANCEL, text_zh="误报", text_en="It was wrong", by=chen, at=noon
    )
    files = drawn(noon)
    assert f"notices/{end.code}/" in files[f"en/notices/{row.code}/index.html"].decode()
    listed = files["en/notices/index.html"].decode()
    assert end.code in listed and row.code not in listed
    assert json.loads(files["notices/notices.json"])["in_force"] == []


def test_cap_is_valid_by_the_schema_of_oasis_and_signed_by_us(chen, said, noon):
    row = alerts.raise_alert(said(severity="Severe"), by=chen, at=noon)
    later = alerts.update_alert(row.code, said(), by=chen, at=noon + timedelta(hours=1))
    end = alerts.end_alert(
        later.code, step=Step.ALL_CLEAR, text_zh="解除", text_en="Over", by=chen, at=noon
    )
    files = drawn(noon + timedelta(hours=2))
    certificate = files["notices/signing-certificate.txt"].decode()
    for one, kind in ((row, "Alert"), (later, "Update"), (end, "Update")):
        raw = files[f"notices/{one.code}.cap.xml"]
        assert check_schema(raw).passed and check_signature(raw).passed
        read = cap.read(checked(raw, certificate=certificate, most_bytes=1 << 20))
        assert (read.msg_type, read.identifier) == (kind, one.code)
    assert read.references == (later.code, row.code) and read.is_all_clear
    assert {info.language: info.headline for info in read.infos} == {
        "zh-CN": row.title_zh,
        "en-US": row.title_en,
    }
