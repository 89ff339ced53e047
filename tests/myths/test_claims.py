"""Claims as they ship, what is said of them over time, and the files the public reads."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tongxin.myths import part
from tongxin.myths.actions.claims import load_shipped_claims
from tongxin.myths.models import Claim, Ruling
from tongxin.myths.packs import shipped_claims

DISEASE = "covid-19"


@pytest.fixture
def shipped(db) -> int:
    return load_shipped_claims(disease=DISEASE, by="tests", at=timezone.now())


def a_claim(slug="tea-cures", **changes) -> Claim:
    """A published claim made for a test."""
    facts = {
        "topic": "treatment",
        "claim_zh": "喝浓茶能治好新冠",
        "claim_en": "Strong tea cures COVID-19",
        "verdict": "false",
        "since": date(2020, 2, 1),
        "true_as_of": date(2020, 3, 1),
        "why_zh": "没有研究表明喝茶能治病。茶只是饮料。",
        "why_en": "No study shows that tea cures. It is a drink.",
        "long_zh": "茶。",
        "long_en": "Tea.",
        "grade": "moderate",
        "evidence": [],
        "tellings_zh": ["茶叶水可以杀灭新冠病毒"],
        "tellings_en": ["Drink tea and the virus goes"],
        "live": True,
    }
    return Claim.objects.create(slug=slug, **{**facts, **changes})


def drawn() -> dict[str, str]:
    return {path: content.decode() for path, content in part.draw(timezone.now())}


def test_enough_claims_ship_each_with_sources_and_tellings():
    claims = [claim for _, claim in shipped_claims(DISEASE)]
    assert len(claims) >= 40
    assert all(claim.evidence and len(claim.tellings_zh) >= 3 for claim in claims)


def test_shipped_claims_are_loaded_once_and_an_editors_word_stays(shipped):
    assert Claim.objects.filter(live=True).count() == Ruling.objects.count() == shipped >= 40
    row = Claim.objects.first()
    row.why_en, row.shipped = "An editor's own reason. And another.", ""
    row.save()
    assert load_shipped_claims(disease=DISEASE, by="tests", at=timezone.now()) == 0
    row.refresh_from_db()
    assert row.why_en.startswith("An editor's own")


def test_every_claim_has_a_page_and_a_card_in_both_languages(shipped):
    files = drawn()
    for slug in Claim.objects.values_list("slug", flat=True):
        for language in ("zh-hans", "en"):
            assert f"{language}/myths/{slug}/index.html" in files
            assert f"{language}/embed/myth/{slug}/index.html" in files
    assert all(part.PART.owns(path) for path in files)


def test_the_same_claims_give_the_same_bytes_and_the_same_state(db):
    a_claim()
    now = timezone.now()
    assert list(part.draw(now)) == list(part.draw(now))
    before = part.state(now)
    assert part.state(now) == before
    a_claim("garlic", verdict="unproven")
    assert part.state(now) != before


def test_a_corrected_verdict_keeps_what_was_said_readable(db):
    claim = a_claim()
    claim.verdict, claim.why_en = "unproven", "New studies are under way. Wait."
    claim.save()
    newest, first = claim.rulings.order_by("-pk")
    assert (first.verdict, newest.verdict, newest.is_correction) == ("false", "unproven", True)
    assert first.said_until == newest.said_from
    files = drawn()
    page = files["en/myths/tea-cures/index.html"]
    assert "What was said before" in page and "No study shows that tea cures" in page
    assert "Corrected" in files["myths/en.atom"]
    history = json.loads(files["myths/claims.json"])["claims"][0]["history"]
    assert [one["verdict"] for one in history] == ["unproven", "false"]


def test_other_words_for_the_same_verdict_are_no_correction(db):
    claim = a_claim()
    claim.why_en = "Tea is a drink. It cures nothing."
    claim.save()
    assert claim.rulings.get(said_until=None).is_correction is False


def test_a_withdrawn_claim_stays_readable_and_says_so(db):
    claim = a_claim()
    claim.withdrawn_on = timezone.localdate() - timedelta(days=1)
    claim.save()
    page = drawn()["en/myths/tea-cures/index.html"]
    assert "Withdrawn" in page and "No study shows" in page
    assert "application/ld+json" not in page


def test_claim_review_has_what_schema_org_asks_for(db):
    a_claim()
    page = drawn()["en/myths/tea-cures/index.html"]
    found = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert found["@type"] == "ClaimReview" and found["claimReviewed"] and found["url"]
    rating = found["reviewRating"]
    assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
    assert rating["alternateName"] == "False"
    assert found["author"]["name"] and found["itemReviewed"]["@type"] == "Claim"


def test_scripts_in_a_claim_are_text_everywhere(db):
    nasty = "</script><script>alert(1)</script>"
    a_claim(claim_en=nasty, why_en=nasty, long_en=nasty, tellings_en=[nasty])
    for path, content in drawn().items():
        if path.endswith((".html", ".atom")):
            assert "<script>alert" not in content, path


def test_no_cell_of_the_table_is_a_formula(db):
    a_claim(claim_en="=HYPERLINK(1)")
    assert "'=HYPERLINK" in drawn()["myths/claims.csv"]
