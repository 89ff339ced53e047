import json

import pytest

from tests.questionnaires.forms import CORE, form, q, when, whole
from tongxin.questionnaires import refusals
from tongxin.questionnaires.definition import TYPES
from tongxin.questionnaires.reading import MOST_ITEMS, read_questionnaire


def test_every_type_of_r4_is_read():
    read = form(*(q(name, name) for name in sorted(TYPES)))
    assert {item.type for item in read.in_order} == TYPES


def test_translations_stand_beside_the_words():
    parts = [{"url": "lang", "valueCode": "zh-Hans"}, {"url": "content", "valueString": "发热"}]
    beside = {"extension": [{"url": f"{CORE}translation", "extension": parts}]}
    (item,) = form(q("fever", "boolean", _text=beside)).items
    assert (item.text.in_language("zh-hans"), item.text.in_language("en")) == ("发热", "fever")


def test_a_contained_value_set_gives_the_answers():
    concepts = [{"code": "y", "display": "Yes"}, {"code": "n", "display": "No"}]
    include = [{"system": "urn:yn", "concept": concepts}]
    contained = {"resourceType": "ValueSet", "id": "yn", "compose": {"include": include}}
    read = form(q("a", "choice", answerValueSet="#yn"), contained=[contained])
    assert [option.text.plain for option in read.items[0].options] == ["Yes", "No"]


def test_an_expansion_gives_the_answers_of_all_its_levels():
    inner = [{"system": "urn:s", "code": "b"}]
    outer = [{"system": "urn:s", "code": "a", "contains": inner, "abstract": True}]
    contained = {"resourceType": "ValueSet", "id": "s", "expansion": {"contains": outer}}
    read = form(q("a", "choice", answerValueSet="#s"), contained=[contained])
    assert [option.value.value["code"] for option in read.items[0].options] == ["b"]


BROKEN = {
    "no questionnaire": ({"resourceType": "Patient"}, refusals.NotAQuestionnaire, ""),
    "not JSON": ("{", refusals.NotAQuestionnaire, ""),
    "no number": ('{"resourceType": NaN}', refusals.NotAQuestionnaire, ""),
    "a linkId twice": (whole(q("a"), q("g", "group", q("a"))), refusals.LinkIdTwice, "a"),
    "no linkId": (whole({"type": "string"}), refusals.NoLinkId, "item[0]"),
    "an unknown type": (whole(q("a", "coding")), refusals.UnknownType, "a"),
    "items below text": (whole(q("a", "display", q("b"))), refusals.BadProperty, "a"),
    "depends on nothing": (
        whole(q("a", enableWhen=[when("z", "=", answerString="x")])),
        refusals.UnknownQuestion,
        "z",
    ),
    "an unknown operator": (
        whole(q("b"), q("a", enableWhen=[when("b", "~", answerString="x")])),
        refusals.BadProperty,
        "a",
    ),
    "a half date": (
        whole(q("a", initial=[{"valueDate": "2020-02-30"}])),
        refusals.BadProperty,
        "a",
    ),
    "half a letter": (whole(q("a", text="\ud800")), refusals.NotAQuestionnaire, ""),
}


@pytest.mark.parametrize(("raw", "refusal", "named"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_refused_and_named(raw, refusal, named):
    with pytest.raises(refusal) as refused:
        read_questionnaire(raw)
    assert named in str(refused.value)


def test_a_form_too_long_or_too_deep_is_refused():
    with pytest.raises(refusals.TooLarge):
        form(*(q(str(n)) for n in range(MOST_ITEMS + 1)))
    deep = q("x")
    for n in range(30):
        deep = q(str(n), "group", deep)
    with pytest.raises(refusals.TooLarge):
        form(deep)
    with pytest.raises(refusals.NotAQuestionnaire):
        read_questionnaire('{"item":' * 5000)
    with pytest.raises(refusals.NotAQuestionnaire):
        read_questionnaire(json.dumps(whole(q("a", text="x" * 4_000_000))))
