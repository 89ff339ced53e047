"""Whoever asked a question that a verdict answers hears of its correction, once and last."""

from datetime import timedelta

import pytest

from tests.channels.test_receipts import QUESTION, RUMOUR, answered, corrected, said
from tests.myths.test_claims import a_claim
from tests.myths.test_queue import heard
from tongxin.assistant import actions as questions
from tongxin.assistant.models import Question
from tongxin.channels.tasks import deliver
from tongxin.myths.actions.claims import note_ruling

pytestmark = pytest.mark.django_db


def test_who_asked_and_got_a_verdict_is_told_its_correction(follow, service, question, yan, noon):
    row, code = question
    browser, claim = follow(QUESTION, code, language="en"), a_claim()
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon)
    deliver(noon)
    claim.verdict = "unproven"
    note_ruling(claim, by="tests", at=noon + timedelta(hours=1))
    deliver(noon + timedelta(hours=1))
    assert [browser.read(body)["body"].partition(":")[0] for _, _, body in service.requests] == [
        "False",
        "Unproven",
    ]


def test_a_verdict_corrected_before_it_was_told_is_told_corrected(
    follow, service, question, yan, noon
):
    row, code = question
    browser, claim = follow(QUESTION, code, language="en"), a_claim()
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon + timedelta(hours=11))
    claim.verdict = "unproven"
    note_ruling(claim, by="tests", at=noon + timedelta(hours=12))
    deliver(noon + timedelta(hours=20))
    ((_, _, body),) = service.requests
    assert browser.read(body)["body"] == "Unproven: Strong tea cures COVID-19"


def test_one_browser_with_a_report_and_a_question_of_it_hears_the_correction_once(
    follow, question, yan, qing, noon
):
    row, code = question
    follow(RUMOUR, heard()[1])
    follow(QUESTION, code)
    claim = a_claim()
    answered(claim, qing, noon)
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon)
    corrected(claim)
    assert [title for title, _ in said()].count("您问过的传言，结论已更正") == 1


def test_a_question_answered_with_a_verdict_may_still_be_followed(
    follow, question, yan, noon, client
):
    row, code = question
    a_claim()
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon)
    page = client.get(f"/en/ask/receipt/{code}/").content.decode()
    assert "Tell me here when the answer is corrected" in page
    assert follow(QUESTION, code).answer.json()["is_answered"] is True


def test_an_answer_that_did_not_go_through_is_not_sent_after_its_correction(
    follow, service, question, yan, noon
):
    row, code = question
    browser, claim = follow(QUESTION, code, language="en"), a_claim()
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon)
    service.answers["/rui"] = (503, {})
    deliver(noon)
    claim.verdict = "unproven"
    note_ruling(claim, by="tests", at=noon + timedelta(seconds=1))
    del service.answers["/rui"]
    tried = len(service.requests)
    deliver(noon + timedelta(hours=1))
    deliver(noon + timedelta(hours=2))
    told = [browser.read(body) for _, _, body in service.requests[tried:]]
    assert [one["body"].partition(":")[0] for one in told] == ["Unproven"]


def test_answer_and_correction_share_their_place_on_the_phone(follow, service, question, yan, noon):
    row, code = question
    browser, claim = follow(QUESTION, code), a_claim()
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon)
    deliver(noon)
    claim.verdict = "unproven"
    note_ruling(claim, by="tests", at=noon + timedelta(hours=1))
    deliver(noon + timedelta(hours=1))
    first, second = (browser.read(body)["tag"] for _, _, body in service.requests)
    assert first == second


def test_who_follows_while_the_answer_comes_is_told_by_the_page(
    follow, question, yan, noon, monkeypatch
):
    row, code = question
    stale = Question.objects.get(pk=row.pk)
    a_claim()
    questions.answer_question(row, "claim:tea-cures", by=yan, at=noon)
    monkeypatch.setattr("tongxin.assistant.api.question_of", lambda _: stale)
    assert follow(QUESTION, code).answer.json()["is_answered"] is True
