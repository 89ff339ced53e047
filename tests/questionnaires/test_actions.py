import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.questionnaires.forms import fhirpath, q, when, whole
from tongxin.audit.models import Entry
from tongxin.consent.actions import give_consent
from tongxin.consent.models import Grant, Purpose
from tongxin.people.actions import add_person
from tongxin.questionnaires import queries, refusals
from tongxin.questionnaires.actions import (
    bring_in,
    forget_drafts,
    forget_responses,
    keep_draft,
    load_shipped_forms,
    publish_form,
    submit,
)
from tongxin.questionnaires.models import Draft, Questionnaire, Response

KEY = "0b7e9a52-5f1c-4f6e-9a53-1f2d9e3c4b5a"


def send(row, answers, noon, **more):
    facts = {"key": KEY, "language": "en", "by": "tests", "at": noon} | more
    return submit(row, answers, **facts)


def test_what_ships_is_in_use_and_loaded_once(daily, noon):
    assert load_shipped_forms(by="tests", at=noon) == [daily]
    assert queries.public_form("daily-health-log") == daily
    form = queries.form_of(daily)
    assert all(item.text.in_language("zh-hans") != item.text.plain for item in form.in_order)


def test_a_new_version_takes_the_place_of_the_old(published):
    first = published(whole(q("a"), url="urn:x", version="1"))
    second = published(whole(q("b"), url="urn:x", version="2"))
    first.refresh_from_db()
    assert first.status == Questionnaire.Status.RETIRED
    assert queries.in_use("form") == second


def test_a_published_version_keeps_its_content(published, noon):
    row = published(whole(q("a"), url="urn:x", version="1"))
    with pytest.raises(refusals.PublishedAlready):
        bring_in(
            whole(q("b"), url="urn:x", version="1"), slug="form", is_public=True, by="t", at=noon
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Questionnaire.objects.filter(pk=row.pk).update(definition={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Questionnaire.objects.filter(pk=row.pk).delete()


def test_a_form_whose_expressions_cannot_be_read_is_not_published(db, noon):
    raw = whole(q("a", extension=[fhirpath("calculatedExpression", "1 +")]))
    row = bring_in(raw, slug="form", is_public=True, by="tests", at=noon)
    with pytest.raises(refusals.BadExpression) as refused:
        publish_form(row, by="tests", at=noon)
    assert refused.value.facts["at"] == "a"


def test_answers_are_taken_once_for_a_key(daily, well, noon):
    first = send(daily, well, noon)
    again = send(daily, well, noon + timedelta(hours=1))
    assert (again.pk, again.receipt) == (first.pk, first.receipt)
    well["item"].pop(0)
    with pytest.raises(refusals.OtherAnswersUnderThisKey):
        send(daily, well, noon)
    assert Response.objects.count() == 1


def test_a_submission_sent_again_after_the_form_went_out_of_use_keeps_its_receipt(published, noon):
    row = published(whole(q("a"), url="urn:x", version="1"))
    answers = {
        "resourceType": "QuestionnaireResponse",
        "item": [{"linkId": "a", "answer": [{"valueString": "x"}]}],
    }
    first = send(row, answers, noon)
    published(whole(q("b"), url="urn:x", version="2"))
    row.refresh_from_db()
    assert send(row, answers, noon) == first
    with pytest.raises(refusals.NotInUse):
        send(row, answers, noon, key=KEY[::-1])


def test_incomplete_answers_change_nothing(daily, well, noon):
    well["item"] = [item for item in well["item"] if item["linkId"] != "symptoms"]
    with pytest.raises(refusals.NotComplete) as refused:
        send(daily, well, noon)
    assert [problem.path for problem in refused.value.problems] == ["/symptoms"]
    assert not Response.objects.exists()
    assert not Entry.objects.filter(deed="questionnaires.answered").exists()


def test_what_is_not_asked_does_not_go_out(published, noon):
    condition = [when("a", "=", answerBoolean=True)]
    row = published(whole(q("a", "boolean"), q("b", enableWhen=condition)))
    answers = {
        "resourceType": "QuestionnaireResponse",
        "item": [
            {"linkId": "a", "answer": [{"valueBoolean": False}]},
            {"linkId": "b", "answer": [{"valueString": "secret"}]},
        ],
    }
    assert "secret" not in str(send(row, answers, noon).answers)


def test_given_answers_are_never_changed_and_go_with_the_person(daily, well, noon):
    person = add_person(name="Rui", place="CN-421083", by="tests")
    row = send(daily, well, noon, person=person)
    with pytest.raises(DatabaseError), transaction.atomic():
        Response.objects.filter(pk=row.pk).update(answers={})
    person.delete()
    assert not Response.objects.exists()


def test_the_trail_holds_no_answer(daily, well, noon):
    send(daily, well, noon)
    facts = str(list(Entry.objects.filter(deed__startswith="questionnaires").values("facts")))
    assert "36.6" not in facts and "answered" not in facts


def test_unfinished_answers_are_found_by_their_code_for_thirty_days(daily, well, noon):
    draft, code = keep_draft(daily, well, language="en", by="tests", at=noon)
    assert code not in str(Draft.objects.values())
    assert queries.draft_by_code(f" {code.lower()} ", at=noon) == draft
    well["item"].pop()
    same, code_again = keep_draft(daily, well, language="en", by="tests", at=noon, code=code)
    assert (same.pk, code_again) == (draft.pk, code)
    later = noon + timedelta(days=31)
    assert queries.draft_by_code(code, at=later) is None
    assert forget_drafts(by="worker", at=later) == 1
    with pytest.raises(refusals.NoSuchDraft):
        keep_draft(daily, well, language="en", by="tests", at=later, code=code)


def test_a_person_has_one_draft_of_a_form(daily, well, noon):
    person = add_person(name="Rui", place="CN-421083", by="tests")
    for _ in range(2):
        keep_draft(daily, well, language="en", by="tests", at=noon, person=person)
    assert queries.draft_of(person, daily, at=noon) == Draft.objects.get()


@pytest.mark.django_db(transaction=True)
def test_sent_many_times_at_once_it_is_stored_once(daily, well, noon):
    receipts, faults = [], []
    start = threading.Barrier(8)

    def sender():
        try:
            start.wait()
            receipts.append(send(daily, well, noon).receipt)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=sender) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(receipts) == 8 and len(set(receipts)) == 1
    assert Response.objects.count() == 1
    assert Entry.objects.filter(deed="questionnaires.answered").count() == 1


def test_observations_come_from_given_answers(daily, well, noon):
    person = add_person(name="Rui", place="CN-421083", by="tests")
    found = queries.observations_of(send(daily, well, noon, person=person))
    temperature = found[0]
    assert temperature["valueQuantity"]["value"] == 36.6
    assert temperature["code"]["coding"][0]["code"] == "8310-5"
    assert temperature["subject"] == {"reference": f"Patient/{person.pk}"}
    feeling = next(one for one in found if one["code"]["coding"][0]["code"] == "feeling")
    (coding,) = feeling["valueCodeableConcept"]["coding"]
    assert coding["extension"][0]["valueDecimal"] == 1


def test_answers_are_forgotten_once_nobody_may_see_them(daily, well, rui, dara, noon):
    day = timedelta(days=1)
    mine = send(daily, well, noon, person=rui.person)
    nameless = send(daily, well, noon, key=KEY.replace("0", "1"))
    facts = {"to": dara.organisation, "purpose": Purpose.CARE, "by": rui, "at": noon}
    grant = give_consent(rui.person, **facts, until=noon + 200 * day)

    def forget(days):
        return forget_responses(by="worker", at=noon + days * day)

    assert forget(89) == forget(91) == forget(213) == 0
    assert forget(214) == 1 and Response.objects.get() == nameless
    assert forget(365) == 0 and forget(366) == 1

    later = send(daily, well, noon + 50 * day, key=KEY.replace("0", "2"), person=rui.person)
    Grant.objects.filter(pk=grant.pk).update(withdrawn_at=noon + 100 * day)
    assert forget(139) == 0 and forget(141) == 1 and mine.pk != later.pk
