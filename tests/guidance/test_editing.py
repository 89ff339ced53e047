"""Editors write advice under /cms/; what they type is kept, and nothing comes out by itself."""

from datetime import timedelta

import pytest

from tests.guidance.editing import ADVICE, HERE, sent
from tongxin.audit.models import Entry
from tongxin.guidance.models import AdviceBlock

pytestmark = pytest.mark.real_clock  # what ships is in force today, not in the cast's 2020


def test_an_editor_writes_advice_in_both_languages(client, yan, guidance):
    client.force_login(yan)
    client.post(f"{HERE}add/", ADVICE)
    words = AdviceBlock.objects.get(slug="open-a-window")
    assert not words.live
    assert words.asks_zh == ["饭后要开窗吗？", "吃完饭开窗多久？"]
    assert words.when == {"risk": ["medium", "high"], "symptoms": ["none"]}
    assert words.places == ["CN-421083"]
    assert words.changed_zh_at == words.changed_en_at


def test_only_the_language_that_changed_gets_a_new_moment(client, yan, guidance):
    client.force_login(yan)
    words = AdviceBlock.objects.filter(live=True).first()
    words.refresh_from_db()
    before = words.changed_en_at
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), "title_zh": "换一种说法"})
    draft = AdviceBlock.objects.get(pk=words.pk).get_latest_revision_as_object()
    assert (draft.title_zh, draft.shipped) == ("换一种说法", "")
    assert before - draft.changed_en_at < timedelta(milliseconds=1) < draft.changed_zh_at - before


def test_a_draft_leaves_public_words_as_they_are(client, yan, guidance):
    client.force_login(yan)
    words = AdviceBlock.objects.filter(live=True).first()
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), "title_en": "Another title"})
    assert AdviceBlock.objects.get(pk=words.pk).title_en == words.title_en


def test_saving_unchanged_words_changes_nothing(client, yan, guidance):
    client.force_login(yan)
    for words in AdviceBlock.objects.filter(live=True)[:5]:
        client.post(f"{HERE}edit/{words.pk}/", sent(words))
        draft = AdviceBlock.objects.get(pk=words.pk)
        assert not draft.has_unpublished_changes, words.slug


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("places", "XX-1", "XX-1"),
        ("when", ["risk:purple"], "risk:purple"),
        ("expires_on", "2020-01-01", "guidance_advice_ends_after_it_begins"),
        ("source_url", "javascript:alert(1)", "URL"),
        ("slug", "danger-call-emergency", "danger-call-emergency"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    client, yan, guidance, field, typed, says
):
    client.force_login(yan)
    answer = client.post(f"{HERE}add/", {**ADVICE, field: typed, "action-submit": "1"})
    assert answer.status_code == 200
    assert not AdviceBlock.objects.filter(title_zh="饭后开窗换气").exists()
    assert "Open a window for ten minutes after a meal." in answer.content.decode()


def test_a_draft_that_would_contradict_is_saved_and_says_whom_it_happens_to(client, yan, guidance):
    client.force_login(yan)
    words = AdviceBlock.objects.filter(polarity="should", places=[], live=True).first()
    opposite = {**sent(words), "slug": "opposite", "polarity": "must-not"}
    answer = client.post(f"{HERE}add/", opposite, follow=True, headers={"accept-language": "en"})
    assert AdviceBlock.objects.filter(slug="opposite", live=False).exists()
    assert "tell the same person opposite things" in answer.content.decode()


def test_each_deed_is_in_the_trail(client, yan, qing, guidance):
    client.force_login(yan)
    client.post(f"{HERE}add/", {**ADVICE, "action-submit": "1"})
    words = AdviceBlock.objects.get(slug="open-a-window")
    client.force_login(qing)
    client.post(
        f"{HERE}edit/{words.pk}/",
        {**sent(words), "action-workflow-action": "1", "workflow-action-name": "approve"},
    )
    client.post(f"{HERE}unpublish/{words.pk}/")
    lines = Entry.objects.filter(target=f"guidance.AdviceBlock:{words.pk}").order_by("pk")
    deeds = [(line.by, line.deed.partition(".")[2]) for line in lines]
    assert deeds == [
        (f"user:{yan.pk}", "words_begun"),
        (f"user:{yan.pk}", "submitted"),
        (f"user:{qing.pk}", "approved"),
        (f"user:{qing.pk}", "published"),
        (f"user:{qing.pk}", "taken_back"),
    ]
