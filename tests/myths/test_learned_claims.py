"""Shipped claims are recognised as learned; those of editors stand beside them."""

import pytest

from tongxin.meaning.vectors import Vectors
from tongxin.myths import learned_claims
from tongxin.myths.matching import ByLearning, ByWords, taught_by_shipping
from tongxin.myths.packs import shipped_claims

SHIPPED = {claim.slug: (claim.claim_zh, claim.claim_en) for _, claim in shipped_claims("covid-19")}
WRITTEN = {"garlic-bath": ("大蒜泡澡能防新冠", "Bathing with garlic prevents COVID-19")}


@pytest.fixture(scope="module")
def claims():
    return ByLearning([shipped(SHIPPED)], ByWords(WRITTEN), phrasings=[SHIPPED, WRITTEN])


def shipped(slugs):
    return taught_by_shipping(learned_claims.learned_claims(), slugs, Vectors())


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("听说多吃大蒜就不会得新冠，是真的吗", "garlic-prevents"),
        ("my aunt swears that eating garlic every day keeps covid away", "garlic-prevents"),
        ("5G基站会传播病毒？", "fiveg-causes-covid"),
    ],
)
def test_a_telling_nobody_wrote_down_is_answered(claims, text, slug):
    assert claims.match(text).answer == slug


@pytest.mark.parametrize("text", ["明天社区医院几点开门", "hello", "？？", "😀"])
def test_what_no_claim_answers_is_not_answered(claims, text):
    assert claims.match(text).answer is None


def test_the_very_words_of_an_editors_claim_are_that_claim(claims):
    assert claims.match("bathing with garlic prevents covid-19!").answer == "garlic-bath"


def test_a_withdrawn_claim_is_not_given_though_it_was_learned():
    left = {slug: texts for slug, texts in SHIPPED.items() if slug != "garlic-prevents"}
    found = ByLearning([shipped(left)], ByWords({}))
    assert found.match("听说多吃大蒜就不会得新冠，是真的吗").answer is None


def test_a_telling_that_an_editor_added_to_a_shipped_claim_counts():
    told = {"garlic-prevents": (*SHIPPED["garlic-prevents"], "我二舅用陈皮水漱口防那个病")}
    every = taught_by_shipping(learned_claims.learned_claims(), SHIPPED, Vectors(), unheard=told)
    found = ByLearning([every], ByWords(told))
    assert found.match("我二舅用陈皮水漱口防那个病的").answer == "garlic-prevents"


def test_the_weights_were_learned_from_these_claims_and_phrasings():
    told = "claims or phrasings have changed: run `tongxin assistant learn-claims`"
    assert learned_claims.learned_claims().digest == learned_claims.digest(), told
