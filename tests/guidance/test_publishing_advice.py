"""Advice comes before the public only if the whole stays sound."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tongxin.guidance import actions, packs
from tongxin.guidance.checking import require_sound
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.refusals import AdviceContradicts, PersonaLost
from tongxin.refusal import Refusal

DISEASE = "covid-19"
pytestmark = pytest.mark.real_clock  # what ships is in force today, not in the cast's 2020


@pytest.fixture
def shipped(db) -> int:
    return actions.load_shipped_guidance(disease=DISEASE, by="tests", at=timezone.now())


def another(row: AdviceBlock, **changes) -> AdviceBlock:
    """A new piece of advice, like this one but for the changes."""
    fields = {f.name for f in AdviceBlock._meta.fields} - {"id", "live_revision", "latest_revision"}
    facts = {name: getattr(row, name) for name in fields}
    return AdviceBlock(**{**facts, "slug": "another", "shipped": "", **changes})


def test_enough_ships_and_it_is_sound(shipped):
    rows = AdviceBlock.objects.filter(live=True)
    assert rows.count() == shipped >= 60
    assert len(set(rows.values_list("circumstance", flat=True))) >= 14
    require_sound([], disease=DISEASE, today=date(2026, 11, 22))


def test_shipped_advice_is_loaded_once_and_an_editors_word_stays(shipped):
    row = AdviceBlock.objects.filter(polarity="should").first()
    row.title_en, row.shipped = "An editor's own title", ""
    row.save()
    assert actions.load_shipped_guidance(disease=DISEASE, by="tests", at=timezone.now()) == 0
    row.refresh_from_db()
    assert row.title_en == "An editor's own title"


def test_the_opposite_of_published_advice_cannot_come_before_the_public(shipped):
    row = AdviceBlock.objects.filter(polarity="should", places=[]).first()
    opposite = another(row, polarity="must-not", live=True)
    with pytest.raises(AdviceContradicts, match=row.slug):
        opposite.save()
    assert not AdviceBlock.objects.filter(slug="another").exists()


def test_a_draft_may_say_anything(shipped):
    row = AdviceBlock.objects.filter(polarity="should").first()
    another(row, polarity="must-not", live=False).save()


def test_a_stored_person_does_not_lose_advice_unnoticed(shipped):
    known = packs.personas(DISEASE)[0]
    row = AdviceBlock.objects.get(slug=known.must[0])
    row.expires_on = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        row.save()
    assert isinstance(refused.value, (PersonaLost, Refusal))
