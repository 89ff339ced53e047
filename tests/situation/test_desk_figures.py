import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongxin.audit.models import Entry
from tongxin.situation.actions.sources import require_source
from tongxin.situation.models import Batch, Held, Precedence, Pull, Reading

SHEET = """place,metric,date,value
洪湖市,confirmed,2020-02-10,60
洪湖市,confirmed,2020-02-11,65
洪湖市,confirmed,2020-02-12,70
洪湖市,confirmed,2020-02-13,50
某某镇,confirmed,2020-02-13,5
武汉市,confirmed,2020-02-13,abc
"""


@pytest.fixture
def desk(client, chen):
    """Chen at the desk."""
    client.force_login(chen)
    client.cookies["django_language"] = "en"
    return client


def upload(desk, text=SHEET, **more):
    file = SimpleUploadedFile("figures.csv", text.encode())
    return desk.post("/desk/figures/imports/", {"file": file, "format": "csv", **more})


def waiting(code):
    return Held.objects.get(state="waiting", reasons__0__code=code)


def latest(place):
    rows = Reading.objects.filter(series__place=place).order_by("about_on", "known_at")
    return {row.about_on.isoformat(): row.value for row in rows}


def test_an_upload_ends_in_its_report(desk):
    page = upload(desk, note="as the county says")
    batch = Batch.objects.get()
    assert page.url == f"/desk/figures/imports/{batch.pk}/"
    report = desk.get(page.url).content.decode()
    assert "as the county says" in report and batch.sha256 in report
    assert "3 decisions wait" in report


def test_the_same_file_twice_changes_nothing(desk):
    upload(desk)
    before = Reading.objects.count(), Held.objects.count()
    upload(desk)
    assert (Reading.objects.count(), Held.objects.count()) == before


def test_a_file_that_cannot_be_used_is_refused_and_the_form_keeps_its_words(desk):
    page = upload(desk, text="\x00\x01 not a table", note="a note I typed")
    html = page.content.decode()
    assert "error-summary" in html and "a note I typed" in html
    assert page.context["form"].errors.keys() == {"file"}  # beside the field
    assert "Choose the file again" in html
    assert not Batch.objects.exists()


def test_the_empty_sheet_is_a_workbook(desk):
    page = desk.get("/desk/figures/imports/template.xlsx")
    assert page.content[:2] == b"PK"
    assert "attachment" in page.headers["Content-Disposition"]


def test_held_figures_say_why_and_what_accepting_would_change(desk):
    upload(desk)
    html = desk.get("/desk/figures/held/").content.decode()
    assert "it falls from 70 to 50" in html
    assert "No place is called “某某镇”" in html
    assert "“abc” is not a whole number" in html
    assert "→ 50" in html


def test_filters_narrow_the_list(desk):
    upload(desk)
    page = desk.get("/desk/figures/held/?reason=total_fell")
    assert [row.decision.code for row in page.context["rows"]] == ["total_fell"]
    page = desk.get("/desk/figures/held/?place=hong")
    assert [row.place for row in page.context["rows"]] == ["Honghu City"]
    assert not desk.get("/desk/figures/held/?batch=99999").context["rows"]
    assert desk.get("/desk/figures/held/?batch=x&page=last").status_code == 200


def test_an_accepted_figure_is_stored_and_a_rejected_one_is_not(desk, chen):
    upload(desk)
    fell, odd = waiting("total_fell"), waiting("unreadable_value")
    desk.post(
        "/desk/figures/held/decide/",
        {"held": [fell.pk], "decision": "accept", "note": "asked the county"},
    )
    desk.post("/desk/figures/held/decide/", {"held": [odd.pk], "decision": "reject"})
    fell.refresh_from_db()
    assert (fell.state, fell.decided_by, fell.note) == ("accepted", chen, "asked the county")
    assert latest("CN-421083")["2020-02-13"] == 50
    assert latest("CN-420100") == {}


def test_deciding_twice_is_harmless_and_said(desk):
    upload(desk)
    choice = {"held": [waiting("total_fell").pk], "decision": "accept"}
    desk.post("/desk/figures/held/decide/", choice)
    before = Reading.objects.count()
    page = desk.post("/desk/figures/held/decide/", choice, follow=True)
    assert "no longer wait" in page.content.decode()
    assert Reading.objects.count() == before


@pytest.mark.parametrize("chosen", [[], ["x"], ["1;drop"]])
def test_nothing_chosen_is_said_and_the_note_and_the_filters_are_kept(desk, chosen):
    upload(desk)
    facts = {"decision": "accept", "note": "rang the county", "query": "reason=total_fell"}
    page = desk.post("/desk/figures/held/decide/", {"held": chosen, **facts})
    html = page.content.decode()
    assert "error-summary" in html and "Choose at least one figure" in html
    assert 'value="rang the county"' in html
    assert [row.decision.code for row in page.context["rows"]] == ["total_fell"]
    assert Held.objects.filter(state="waiting").count() == 3


def test_a_refused_decision_keeps_what_was_chosen_and_typed(desk):
    upload(desk)
    ids = [waiting(code).pk for code in ("total_fell", "unreadable_value")]
    facts = {"held": ids, "decision": "accept", "note": "rang the county"}
    html = desk.post("/desk/figures/held/decide/", facts).content.decode()
    assert "cannot be read as a figure" in html and 'value="rang the county"' in html
    assert html.count(" checked") == 2
    long = desk.post("/desk/figures/held/decide/", {**facts, "note": "x" * 301}).content.decode()
    assert "nhsuk-error-message" in long and "x" * 301 in long
    assert Held.objects.filter(state="waiting").count() == 3


def test_the_page_of_a_refused_decision_can_be_asked_for_again(desk):
    assert desk.get("/desk/figures/held/decide/").url == "/desk/figures/held/"


def test_a_note_on_one_figure_is_kept_until_the_place_is_chosen(desk):
    upload(desk)
    path = f"/desk/figures/held/{waiting('unknown_place').pk}/"
    facts = {"decision": "accept", "note": "a new township"}
    html = desk.post(path, facts).content.decode()
    assert "Choose the place" in html and 'value="a new township"' in html
    desk.post(path, {**facts, "place": "CN-421000"})
    assert latest("CN-421000") == {"2020-02-13": 5}


def test_settled_decisions_are_listed_with_who_and_why(desk):
    upload(desk)
    one = waiting("total_fell")
    facts = {"held": [one.pk], "decision": "reject", "note": "a slip"}
    desk.post("/desk/figures/held/decide/", facts)
    html = desk.get("/desk/figures/held/settled/?state=rejected&place=hong").content.decode()
    assert "it falls from 70 to 50" in html and "a slip" in html and "Chen" in html
    assert not desk.get("/desk/figures/held/settled/?state=accepted").context["rows"]
    assert not desk.get("/desk/figures/held/settled/?place=wuhan").context["rows"]
    late = desk.post(f"/desk/figures/held/{one.pk}/", {"decision": "accept", "note": "no, true"})
    assert "decided already" in late.content.decode() and "no, true" in late.content.decode()


def test_a_place_is_found_and_given_to_an_unknown_name(desk):
    upload(desk)
    one = waiting("unknown_place")
    page = desk.get(f"/desk/figures/held/{one.pk}/?q=jingzhou&place=CN-421000")
    assert "CN-421000" in page.content.decode() and page.context["effect"].place == "CN-421000"
    facts = {"decision": "accept", "place": "CN-421000", "note": "its town"}
    desk.post(f"/desk/figures/held/{one.pk}/", facts)
    assert latest("CN-421000") == {"2020-02-13": 5}
    assert desk.get(f"/desk/figures/held/{one.pk}/").status_code == 200


def test_an_unreadable_figure_is_typed_by_the_officer(desk):
    upload(desk)
    one = waiting("unreadable_value")
    assert 'name="value"' in desk.get(f"/desk/figures/held/{one.pk}/").content.decode()
    desk.post(f"/desk/figures/held/{one.pk}/", {"decision": "accept", "value": "545"})
    assert latest("CN-420100") == {"2020-02-13": 545}


@pytest.mark.parametrize("value", ["10000000001", "9223372036854775808", "-1", "1\0"])
def test_a_figure_beyond_all_people_is_not_stored(desk, value):
    upload(desk)
    one = waiting("unreadable_value")
    facts = {"decision": "accept", "value": value, "note": "as the city says"}
    html = desk.post(f"/desk/figures/held/{one.pk}/", facts).content.decode()
    assert "nhsuk-error-message" in html and "as the city says" in html
    assert latest("CN-420100") == {} and waiting("unreadable_value") == one


def test_a_zero_byte_in_a_place_names_no_place(desk):
    upload(desk)
    path = f"/desk/figures/held/{waiting('unknown_place').pk}/"
    assert desk.get(path, {"place": "XX\0"}).context["place"] is None
    assert desk.get("/desk/figures/held/", {"place": "XX\0"}).status_code == 200
    page = desk.post(path, {"place": "XX\0", "decision": "accept"})
    assert "is no place we know" in page.content.decode()


def test_sources_that_disagree_stand_side_by_side_and_one_is_put_first(desk):
    require_source("own"), require_source("jhu-csse")
    row = "place,metric,date,value\n洪湖市,confirmed,2020-02-10,{}\n"
    upload(desk, row.format(60))
    upload(desk, row.format(66), source="jhu-csse")
    (shown,) = desk.get("/desk/figures/disagreements/").context["rows"]
    assert (shown["found"].chosen_value, shown["found"].other_value) == (60, 66)
    facts = {"place": "CN-421083", "metric": "confirmed", "source": "jhu-csse"}
    desk.post("/desk/figures/disagreements/", facts)
    (shown,) = desk.get("/desk/figures/disagreements/?q=honghu").context["rows"]
    assert shown["found"].chosen_value == 66
    assert Precedence.objects.get(rank=1).source_id == "jhu-csse"
    assert desk.get("/desk/figures/disagreements/?q=wuhan").context["rows"] == []


def test_a_pull_is_added_paused_and_resumed(desk):
    require_source("own")
    facts = {
        "name": "county",
        "url": "https://example.org/f.csv",
        "format": "csv",
        "source": "own",
        "every_minutes": 30,
        "stale_after_hours": 24,
    }
    desk.post("/desk/figures/pulls/", facts)
    pull = Pull.objects.get()
    assert (pull.every_seconds, pull.stale_after_seconds) == (1800, 86_400)
    page = desk.post("/desk/figures/pulls/", facts)
    assert page.context["form"].errors.keys() == {"name"} and Pull.objects.count() == 1
    assert "https://example.org/f.csv" in page.content.decode()
    desk.post(f"/desk/figures/pulls/{pull.pk}/pause/")
    assert Pull.objects.get().is_paused
    desk.post(f"/desk/figures/pulls/{pull.pk}/resume/")
    assert not Pull.objects.get().is_paused
    assert Entry.objects.filter(deed="situation.paused_pull").exists()


def test_a_pull_that_fails_says_why(desk):
    require_source("own")
    facts = {
        "name": "county",
        "url": "http://127.0.0.1:9/f.csv",
        "format": "csv",
        "source": "own",
        "every_minutes": 30,
        "stale_after_hours": 24,
    }
    desk.post("/desk/figures/pulls/", facts)
    page = desk.post(f"/desk/figures/pulls/{Pull.objects.get().pk}/run/", follow=True)
    assert "tx-message--error" in page.content.decode()
    assert Pull.objects.get().failures == 1
