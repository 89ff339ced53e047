"""Somebody has a receipt and wants to be told on this device, without an account."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.myths.test_claims import a_claim
from tests.myths.test_queue import DRONES, heard
from tongxin.assistant import actions as questions
from tongxin.audit.models import Entry
from tongxin.channels import actions
from tongxin.channels.models import Message, Subscription
from tongxin.channels.tasks import deliver
from tongxin.myths.actions import queue as deeds
from tongxin.myths.actions.claims import note_ruling
from tongxin.myths.models import Cluster, Report

pytestmark = pytest.mark.django_db
RUMOUR, QUESTION = "/api/myths/receipt/subscription", "/api/assistant/receipt/subscription"
PLACES = "/api/push/subscription"
UNKNOWN = "ABCDEFGHJKMNPQRS"


def send(client, method, door, **body):
    return getattr(client, method)(door, body, "application/json")


def topics():
    return Subscription.objects.get().topics


def said():
    return list(Message.objects.order_by("pk").values_list("payload__title", "payload__body"))


def answered(claim, by, at):
    deeds.answer_cluster(Cluster.objects.get(), claim, by=by, at=at)


def corrected(claim, verdict="unproven"):
    claim.verdict = verdict
    claim.save()


def test_who_reported_a_rumour_reads_its_verdict_on_the_phone(follow, service, qing, noon):
    browser = follow(RUMOUR, heard()[1])
    assert browser.answer.status_code == 200 and not browser.answer.cookies
    answered(a_claim(), qing, noon)
    deliver(noon)
    ((_, headers, body),) = service.requests
    read = browser.read(body)
    assert (read["title"], read["body"]) == ("您问的传言有答复了", "不实：喝浓茶能治好新冠")
    assert read["url"] == "/zh-hans/myths/tea-cures/" and read["lang"] == "zh-hans"
    assert headers["Urgency"] != "high"


def test_who_reads_english_is_told_in_english(follow, qing, noon):
    follow(RUMOUR, heard()[1], language="en")
    answered(a_claim(), qing, noon)
    (told,) = said()
    assert told == ("A rumour you asked about is answered", "False: Strong tea cures COVID-19")


def test_a_draft_that_is_published_tells_those_who_wait(follow, qing, noon):
    follow(RUMOUR, heard()[1], language="en")
    draft = deeds.begin_claim(Cluster.objects.get(), by=qing, at=noon)
    assert said() == []
    draft.why_en, draft.why_zh = "No drone flew. The town says so.", "没有无人机。镇上已说明。"
    draft.long_en = draft.long_zh = "…"
    draft.save_revision().publish()
    assert said() == [("A rumour you asked about is answered", f"Unproven: {DRONES}")]


def test_who_was_told_a_verdict_is_told_its_correction(follow, service, qing, noon):
    browser, claim = follow(RUMOUR, heard()[1], language="en"), a_claim()
    answered(claim, qing, noon)
    deliver(noon)
    corrected(claim)
    deliver(noon)
    first, second = (browser.read(body) for _, _, body in service.requests)
    assert second["title"] == "The answer to a rumour you asked about was corrected"
    assert second["body"] == "Unproven: Strong tea cures COVID-19"
    assert first["tag"] == second["tag"], "the correction takes the place of what was wrong"


def test_who_follows_after_the_verdict_is_told_its_correction(follow, qing, noon):
    _, code = heard()
    claim = a_claim()
    answered(claim, qing, noon)
    assert follow(RUMOUR, code, language="en").answer.json()["is_answered"] is True
    corrected(claim)
    claim.withdrawn_on = noon.date()
    claim.save()
    assert [body.partition(":")[0] for _, body in said()] == ["Unproven", "Withdrawn"]


def test_other_words_for_the_same_verdict_ring_for_nobody(follow, qing, noon):
    follow(RUMOUR, heard()[1])
    claim = a_claim()
    answered(claim, qing, noon)
    claim.why_en = "Tea is a drink. It cures nothing."
    claim.save()
    assert len(said()) == 1


def test_what_was_corrected_in_the_night_is_told_in_the_morning_and_once(
    follow, service, qing, noon
):
    browser, claim = follow(RUMOUR, heard()[1], language="en"), a_claim()
    night = noon + timedelta(hours=11)
    answered(claim, qing, night)
    claim.verdict = "unproven"
    note_ruling(claim, by="tests", at=night + timedelta(hours=1))
    deliver(night + timedelta(hours=2))
    assert service.requests == []
    deliver(night + timedelta(hours=8))
    ((_, _, body),) = service.requests
    assert browser.read(body)["body"] == "Unproven: Strong tea cures COVID-19"


def test_a_dismissed_rumour_says_why_and_nothing_follows(follow, service, qing, noon):
    follow(RUMOUR, heard("My neighbour at number seven is ill")[1], language="en")
    deeds.dismiss_cluster(Cluster.objects.get(), "person", by=qing, at=noon)
    ((title, body),) = said()
    assert title == "A rumour you asked about is not answered" and "private person" in body
    assert Message.objects.get().payload["url"] == "/en/myths/report/#have"
    assert topics() == []
    deliver(noon)
    assert len(service.requests) == 1
    assert not Subscription.objects.exists(), "who follows nothing is forgotten"


def test_two_receipts_of_one_rumour_ring_once(follow, qing, noon):
    codes = [heard()[1] for _ in range(2)]
    for code in codes:
        follow(RUMOUR, code)
    follow(RUMOUR, codes[0])
    assert len(topics()) == 2
    answered(a_claim(), qing, noon)
    assert len(said()) == 1


def test_who_asked_is_told_the_answer(follow, service, question, yan, noon):
    row, code = question
    browser = follow(QUESTION, code.lower())
    a_claim()
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon)
    deliver(noon)
    ((_, _, body),) = service.requests
    assert browser.read(body)["title"] == "您的问题有答复了"
    assert browser.read(body)["body"] == "不实：喝浓茶能治好新冠"
    assert browser.read(body)["url"] == "/zh-hans/myths/tea-cures/"


def test_who_asked_is_told_that_the_question_was_closed(follow, question, yan, noon):
    row, code = question
    follow(QUESTION, code, language="en")
    questions.close_question(row, by=yan, at=noon)
    assert said()[0][0] == "Your question was closed"
    assert Message.objects.get().payload["url"] == "/en/ask/#have"


def test_at_night_the_answer_waits_and_the_browser_is_not_forgotten(
    follow, service, question, yan, noon
):
    row, code = question
    follow(QUESTION, code)
    night = noon + timedelta(hours=11)
    questions.close_question(row, by=yan, at=night)
    deliver(night)
    assert service.requests == [] and topics() == []
    deliver(night + timedelta(hours=8))
    assert len(service.requests) == 1 and not Subscription.objects.exists()


def test_nothing_waits_for_ever(follow, service, question, yan, noon):
    row, code = question
    follow(QUESTION, code)
    questions.close_question(row, by=yan, at=noon)
    deliver(noon + timedelta(days=31))
    assert service.requests == [], "what no longer matters is not said"
    assert not Subscription.objects.exists(), "and who waited for it alone is forgotten"


def test_nobody_begins_to_wait_for_what_is_settled(follow, question, qing, noon):
    row, code = question
    questions.close_question(row, by=qing, at=noon)
    dismissed = heard()[1]
    deeds.dismiss_cluster(Cluster.objects.get(), "spam", by=qing, at=noon)
    for door, told in ((QUESTION, code), (RUMOUR, dismissed)):
        answer = follow(door, told).answer
        assert answer.status_code == 409 and answer.json()["code"] == "NothingToWaitFor"
    assert not Subscription.objects.exists()


def test_places_and_receipts_are_kept_beside_each_other(follow, question):
    follow(PLACES, places=["CN-421083"])
    follow(RUMOUR, heard()[1])
    both = follow(QUESTION, question[1]).answer.json()
    assert both["places"] == ["CN-421083"] and len(both["receipts"]) == 2
    after = follow(PLACES, places=["CN-420000"]).answer.json()
    assert after["places"] == ["CN-420000"] and after["receipts"] == both["receipts"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_one_device_follows_no_more_than_it_may(follow, monkeypatch, language):
    monkeypatch.setattr(actions, "MOST_TOPICS", 2)
    follow(PLACES, places=["CN-421083", "CN-420000"])
    client = Client(headers={"accept-language": language})
    answer = follow(RUMOUR, heard()[1], client=client).answer
    assert answer.status_code == 409 and answer.json()["code"] == "TooManyTopics"
    words = {"zh-hans": "最多关注 2 个", "en": "at most 2 places and receipts"}
    assert words[language] in answer.json()["message"]
    assert len(topics()) == 2


def test_leaving_ends_one_receipt_and_the_last_one_forgets_the_browser(
    follow, service, question, client
):
    endpoint, code = f"{service.url}/rui", heard()[1]
    follow(RUMOUR, code)
    follow(QUESTION, question[1])
    left = send(client, "delete", RUMOUR, endpoint=endpoint, code=code).json()
    assert left["places"] == [] and len(left["receipts"]) == 1
    for _ in range(2):
        left = send(client, "delete", QUESTION, endpoint=endpoint, code=question[1]).json()
        assert left == {"places": [], "receipts": [], "persons": []}
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("only", ["places", "receipts"])
def test_all_places_or_all_receipts_can_be_left_without_their_codes(
    follow, service, client, only, qing, noon
):
    endpoint = f"{service.url}/rui"
    follow(PLACES, places=["CN-421083"])
    follow(RUMOUR, heard()[1])
    answered(a_claim(), qing, noon)
    assert send(client, "delete", PLACES, endpoint=endpoint, only=only).status_code == 204
    left = send(client, "post", "/api/push/followed", endpoint=endpoint).json()
    assert {kind for kind, named in left.items() if named} == {"places", "receipts"} - {only}
    assert Message.objects.exists() == (only == "places"), "what waits is not said either"


def test_what_a_browser_follows_is_told_to_nobody_who_does_not_know_it(client, follow):
    follow(RUMOUR, heard()[1])
    asked = send(client, "post", "/api/push/followed", endpoint="https://push.example.org/guess")
    assert asked.json() == {"places": [], "receipts": [], "persons": []}
    broken = client.post("/api/push/followed", '{"endpoint": "\\ud800"}', "application/json")
    assert broken.status_code == 422


@pytest.mark.parametrize("door", [RUMOUR, QUESTION])
@pytest.mark.parametrize("code", [UNKNOWN, "", "' or 1=1 --", "ABCD"])
def test_a_code_that_is_no_receipts_is_refused_alike(follow, door, code):
    answer = follow(door, code).answer
    assert answer.status_code == 404 and answer.json()["code"] == "NotFound"
    assert not Subscription.objects.exists()


def test_a_code_of_the_other_kind_is_unknown(follow, question):
    assert follow(RUMOUR, question[1]).answer.status_code == 404
    assert follow(QUESTION, heard()[1]).answer.status_code == 404


@pytest.mark.parametrize("door", [RUMOUR, QUESTION])
def test_a_page_of_another_site_is_refused(follow, question, service, door):
    code = question[1] if door == QUESTION else heard()[1]
    stranger = Client(headers={"origin": "https://evil.example"})
    assert follow(door, code, client=stranger).answer.status_code == 403
    left = send(stranger, "delete", door, endpoint=f"{service.url}/rui", code=code)
    assert left.status_code == 403 and not Subscription.objects.exists()


def test_only_a_push_service_is_written_to(follow, settings, service):
    settings.DEVELOPMENT = False
    answer = follow(RUMOUR, heard()[1]).answer  # an address of this machine
    assert answer.status_code == 422 and answer.json()["code"] == "NotAPushService"


def test_whoever_tries_codes_is_stopped(follow):
    statuses = [follow(RUMOUR, UNKNOWN).answer.status_code for _ in range(61)]
    assert statuses[:60] == [404] * 60 and statuses[60] == 409


def test_the_code_is_kept_nowhere_and_the_trail_names_no_receipt(follow, question, qing, noon):
    report, code = heard()
    follow(RUMOUR, code)
    follow(QUESTION, question[1])
    deeds.dismiss_cluster(Cluster.objects.get(), "spam", by=qing, at=noon)
    questions.close_question(question[0], by=qing, at=noon)
    kept = str([list(model.objects.values()) for model in (Subscription, Message, Report)])
    trail = str(list(Entry.objects.values("deed", "target", "facts")))
    for secret in (code, question[1]):
        assert secret not in kept + trail
    for stored in (report.receipt, question[0].receipt):
        assert stored[:32] not in trail
    assert report.receipt[:32] not in str(list(Message.objects.values()))


def test_the_page_offers_it_where_something_may_follow(client, question, qing, noon):
    told = ("有结果时在此设备上通知我", "答复有更正时在此设备上通知我")

    def offered(path):
        page = client.get(path).content.decode()
        return [words in page and "notices" in page for words in told]

    _, code = heard()
    rumour, asked = f"/zh-hans/myths/receipt/{code}/", f"/zh-hans/ask/receipt/{question[1]}/"
    assert offered(rumour) == offered(asked) == [True, False]
    answered(a_claim(), qing, noon)
    assert offered(rumour) == [False, True]
    questions.close_question(question[0], by=qing, at=noon)
    assert offered(asked) == [False, False]
    _, other = heard("My neighbour at number seven is ill")
    deeds.dismiss_cluster(Cluster.objects.get(state="open"), "person", by=qing, at=noon)
    assert offered(f"/zh-hans/myths/receipt/{other}/") == [False, False]
