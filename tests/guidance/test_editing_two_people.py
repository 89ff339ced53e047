"""Nobody publishes alone, by any door."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision

from tests.guidance.editing import ADVICE, HERE, sent
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.refusals import NotAReviewer, NotYourOwn

pytestmark = pytest.mark.real_clock  # what ships is in force today, not in the cast's 2020
APPROVE = {"action-workflow-action": "1", "workflow-action-name": "approve"}


def written(client, by, **more) -> AdviceBlock:
    client.force_login(by)
    client.post(f"{HERE}add/", {**ADVICE, **more})
    return AdviceBlock.objects.get(slug=ADVICE["slug"])


def again(words: AdviceBlock) -> AdviceBlock:
    return AdviceBlock.objects.get(pk=words.pk)


def decide(client, by, words, **more):
    client.force_login(by)
    return client.post(f"{HERE}edit/{words.pk}/", {**sent(again(words)), **APPROVE, **more})


def test_what_one_wrote_another_lets_out(client, yan, qing, guidance):
    words = written(client, yan, **{"action-submit": "1"})
    decide(client, qing, words)
    assert again(words).live


@pytest.mark.parametrize("name", ["yan", "qing"])
def test_the_button_publishes_for_nobody(client, cast, guidance, name):
    words = written(client, cast[name], **{"action-publish": "1"})
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), "action-publish": "1"})
    assert not again(words).live


def test_a_reviewer_does_not_approve_what_they_wrote(client, qing, second_reviewer, guidance):
    words = written(client, qing, **{"action-submit": "1"})
    decide(client, qing, words)
    assert not again(words).live
    decide(client, second_reviewer, words)
    assert again(words).live


def test_nor_what_they_wrote_a_part_of(client, yan, qing, guidance):
    words = written(client, qing)
    client.force_login(yan)
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), "title_en": "Mine", "action-submit": ""})
    client.post(f"{HERE}edit/{words.pk}/", {**sent(again(words)), "action-submit": "1"})
    decide(client, qing, words)
    assert not again(words).live


def test_nor_from_the_list_of_what_waits(client, qing, yan, guidance):
    words = written(client, qing, **{"action-submit": "1"})
    waiting = words.current_workflow_task_state
    for by in (qing, yan):
        client.force_login(by)
        door = f"{HERE}workflow/action/{words.pk}/approve/{waiting.pk}/"
        assert client.post(door, {"comment": ""}).status_code in {302, 403}
        assert not again(words).live


def test_an_editor_approves_nothing(client, yan, guidance, cast):
    words = written(client, cast["qing"], **{"action-submit": "1"})
    decide(client, yan, words)
    assert not again(words).live


def test_words_under_review_stand_still_for_their_writer(client, yan, qing, guidance):
    words = written(client, yan, **{"action-submit": "1"})
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), "title_en": "Slipped in"})
    assert again(words).get_latest_revision_as_object().title_en == ADVICE["title_en"]


def test_a_decision_changes_no_word(client, yan, qing, guidance):
    words = written(client, yan, **{"action-submit": "1"})
    answer = decide(client, qing, words, title_en="Slipped in")
    assert not again(words).live
    assert answer.status_code == 200
    assert "Slipped in" in answer.content.decode()


def test_what_changed_since_the_reviewer_looked_is_not_approved(client, yan, qing, guidance):
    words = written(client, yan, **{"action-submit": "1"})
    decide(client, qing, words, loaded_revision_id=str(words.latest_revision_id - 1))
    assert not again(words).live


def test_an_hour_is_appointed_by_approval_only(client, yan, qing, guidance):
    soon = f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%d %H:%M}"
    words = written(client, qing, go_live_at=soon, **{"action-publish": "1"})
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), "action-submit": "1"})
    decide(client, qing, words)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_an_editor_cancels_no_appointed_hour(client, yan, qing, guidance):
    soon = f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%d %H:%M}"
    words = written(client, yan, go_live_at=soon, **{"action-submit": "1"})
    decide(client, qing, words)
    version = again(words).scheduled_revision
    door = f"{HERE}history/{words.pk}/revisions/{version.pk}/unschedule/"
    client.force_login(yan)
    assert client.post(door).status_code == 409
    client.force_login(qing)
    client.post(door)
    assert again(words).scheduled_revision is None


def test_an_older_version_comes_back_by_review_too(client, yan, qing, guidance):
    words = AdviceBlock.objects.filter(live=True).first()
    client.force_login(qing)
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), "title_en": "A new title"})
    older = words.revisions.order_by("pk").first()
    door = f"{HERE}history/{words.pk}/revisions/{older.pk}/revert/"
    client.post(door, {**sent(words), "title_en": "Mine", "action-publish": "1"})
    assert again(words).title_en == words.title_en
    client.post(f"{HERE}edit/{words.pk}/", {**sent(again(words)), "action-submit": "1"})
    decide(client, qing, words)
    assert again(words).title_en == words.title_en


@pytest.mark.parametrize("name", ["yan", "writer"])
def test_who_wrote_or_only_edits_takes_nothing_back(client, cast, second_reviewer, guidance, name):
    words = written(client, cast["qing"], **{"action-submit": "1"})
    decide(client, second_reviewer, words)
    assert again(words).live
    client.force_login(cast["qing"] if name == "writer" else cast[name])
    assert client.post(f"{HERE}unpublish/{words.pk}/").status_code == 409
    assert again(words).live


def test_published_words_are_deleted_by_nobody(client, yan, qing, guidance):
    words = AdviceBlock.objects.filter(live=True).first()
    draft = written(client, yan)
    for by in (yan, qing):
        client.force_login(by)
        client.post(f"{HERE}delete/{words.pk}/")
        bulk = f"/cms/bulk/guidance/adviceblock/delete/?next={HERE}&id={words.pk}"
        client.post(bulk)
        assert AdviceBlock.objects.filter(pk=words.pk).exists()
    client.post(f"{HERE}delete/{draft.pk}/")
    assert not AdviceBlock.objects.filter(pk=draft.pk).exists()


def test_no_code_publishes_in_a_writers_name(guidance, client, yan, qing, chen):
    words = written(client, qing)
    with pytest.raises(NotYourOwn):
        words.latest_revision.publish(user=qing)
    for other in (yan, chen):
        with pytest.raises(NotAReviewer):
            words.latest_revision.publish(user=other)


def test_approval_of_a_contradiction_is_refused_in_words(client, yan, qing, guidance):
    live = AdviceBlock.objects.filter(polarity="should", places=[], live=True).first()
    opposite = {**sent(live), "slug": ADVICE["slug"], "polarity": "must-not"}
    words = written(client, yan, **opposite, **{"action-submit": "1"})
    client.force_login(qing)
    client.cookies["django_language"] = "en"
    answer = decide(client, qing, words)
    assert answer.status_code == 200
    assert "tell the same person opposite things" in answer.content.decode()
    assert not again(words).live
    waiting = again(words).current_workflow_task_state
    door = f"{HERE}workflow/action/{words.pk}/approve/{waiting.pk}/"
    answer = client.post(door, {"comment": ""}, follow=True)
    assert "tell the same person opposite things" in answer.content.decode()
    assert not again(words).live
