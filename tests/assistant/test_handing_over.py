import pytest
from django.utils import timezone

from tongxin.assistant import actions
from tongxin.assistant.models import Opinion, Question
from tongxin.assistant.refusals import AlreadySettled, NoSuchAnswer
from tongxin.audit.models import Entry

TEXT = "我叫小明，电话13800138000，地下室返潮要不要消毒"


@pytest.fixture
def handed(db):
    return actions.hand_over(TEXT, language="zh-hans", by="tests", at=timezone.now())


def test_what_is_handed_over_names_nobody(handed):
    question, _ = handed
    assert "13800138000" not in question.text
    assert "地下室返潮" in question.text


def test_the_code_is_kept_nowhere_and_finds_the_question(client, handed):
    question, code = handed
    assert code not in question.receipt
    page = client.get(f"/zh-hans/ask/receipt/{code.lower()}/").content.decode()
    assert "地下室返潮" in page
    assert client.get("/zh-hans/ask/receipt/ABCDEFGHJKMNPQRS/").status_code == 404


def test_an_answer_appears_on_the_receipt(client, words, handed, yan):
    question, code = handed
    actions.answer_question(question, "block:mask-in-crowded-places", by=yan, at=timezone.now())
    page = client.get(f"/en/ask/receipt/{code}/").content.decode()
    assert "/en/guidance/block/mask-in-crowded-places/" in page
    assert Entry.objects.filter(deed="assistant.question_answered").exists()


def test_only_what_is_published_answers(handed, yan):
    question, _ = handed
    with pytest.raises(NoSuchAnswer):
        actions.answer_question(question, "block:no-such", by=yan, at=timezone.now())
    question.refresh_from_db()
    assert question.state == Question.State.WAITING


def test_a_question_is_settled_once(handed, yan):
    question, _ = handed
    actions.close_question(question, by=yan, at=timezone.now())
    with pytest.raises(AlreadySettled):
        actions.close_question(question, by=yan, at=timezone.now())


def test_an_editor_answers_from_the_desk(client, words, handed, yan):
    question, _ = handed
    client.force_login(yan)
    assert "地下室返潮" in client.get("/desk/questions/").content.decode()
    answered = client.post(
        f"/desk/questions/{question.pk}/", {"answer": "block:mask-in-crowded-places"}
    )
    assert answered.status_code == 302
    question.refresh_from_db()
    assert (question.state, question.settled_by) == (Question.State.ANSWERED, yan)


def test_opinions_reach_the_editors_list_until_seen(client, words, yan):
    about = "block:mask-in-crowded-places"
    sent = client.post("/en/ask/opinion/", {"about": about, "kind": "wrong", "note": "N95 only?"})
    assert sent.status_code == 200
    client.force_login(yan)
    assert "N95 only?" in client.get("/desk/questions/opinions/").content.decode()
    client.post("/desk/questions/opinions/seen/", {"about": about})
    assert Opinion.objects.filter(seen_at=None).count() == 0


@pytest.mark.parametrize("about", ["block:no-such", "../../etc", "figure:CN", ""])
def test_opinions_are_only_of_what_is_quoted(client, words, about):
    sent = client.post("/en/ask/opinion/", {"about": about, "kind": "good"})
    assert sent.status_code == 422
    assert Opinion.objects.count() == 0
