"""Questionnaire, diagram and text say what the pack says."""

import re
from xml.etree import ElementTree

import pytest

from tongxin.pictures import png
from tongxin.triage.description import description
from tongxin.triage.diagram import HEIGHT, WIDTH, sheets
from tongxin.triage.fhir import questionnaire

ID = re.compile(r"^[A-Za-z0-9\-.]{1,64}$")


def items(found):
    """Every item with those that it stands in."""
    for item in found.get("item", []):
        yield item, []
        for inner, above in items(item):
            yield inner, [item, *above]


def is_shown(item, answers):
    """Whether a form that knows only the standard shows an item."""
    tests = [
        answers.get(test["question"], set()) & {test["answerCoding"]["code"]} != set()
        for test in item.get("enableWhen", [])
    ]
    together = any if item.get("enableBehavior") == "any" else all
    return together(tests) if tests else True


def test_the_questionnaire_has_valid_and_unique_names(pack):
    made = questionnaire(pack, "https://example.org")
    links = [item["linkId"] for item, _ in items(made)]
    assert ID.match(made["id"]) and len(links) == len(set(links))
    assert all(ID.match(link) for link in links)
    assert made["status"] == "active" and made["version"] == pack.version


def test_every_text_of_the_questionnaire_stands_in_both_languages(pack):
    for item, _ in items(questionnaire(pack, "https://example.org")):
        if item["type"] == "group":
            continue
        (translation,) = item["_text"]["extension"]
        assert translation["extension"][0] == {"url": "lang", "valueCode": "en"}
        assert translation["extension"][1]["valueString"] != item["text"]
        for option in item.get("answerOption", []):
            assert option["valueCoding"]["display"] and option["valueCoding"]["_display"]


def test_the_questionnaire_asks_whom_the_pack_asks(pack):
    from tests.triage.test_tables import BENCH
    from tongxin.triage.tables import rows

    shown = {
        item["linkId"]: [item, *above]
        for item, above in items(questionnaire(pack, "https://example.org"))
    }
    for _, cells, answers in rows(pack, BENCH / "triage_pairs.csv", "en"):
        coded = {
            name.replace("_", "-"): set(text.split("|"))
            for name, text in cells.items()
            if name in pack.questions and text
        }
        for question in pack.question:
            chain = shown[question.key.replace("_", "-")]
            seen = all(is_shown(item, coded) for item in chain)
            assert seen == (question.key in answers), (cells["id"], question.key)


def test_numbers_have_their_unit_and_range(pack):
    made = {item["linkId"]: item for item, _ in items(questionnaire(pack, "https://e.org"))}
    facts = {one["url"].rpartition("/")[2]: one for one in made["temperature"]["extension"]}
    assert facts["minValue"]["valueDecimal"] == 33.0
    assert facts["questionnaire-unit"]["valueCoding"]["display"] == "℃"
    assert made["oxygen"]["type"] == "integer" and not made["oxygen"]["required"]
    assert made["oxygen.unknown"]["type"] == "boolean"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_diagram_fits_its_pages_and_needs_no_font(pack, language):
    pages = sheets(pack, language)
    assert 2 <= len(pages) <= 4
    for page in pages:
        root = ElementTree.fromstring(page)
        assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
        assert "font-family" not in page and "<text" not in page
        for shape in root.iter("{http://www.w3.org/2000/svg}rect"):
            bottom = float(shape.get("y", 0)) + float(shape.get("height"))
            assert bottom <= HEIGHT
    assert png(pages[0], width=400).startswith(b"\x89PNG")


@pytest.mark.parametrize(("language", "field"), [("zh-hans", "zh"), ("en", "en")])
def test_the_text_holds_every_clause_question_and_source(pack, language, field):
    text = description(pack, language)
    for clause in pack.clause:
        assert f"[{clause.id}]" in text and getattr(clause, f"reason_{field}") in text
        source = pack.sources[clause.source]
        assert (source.url or getattr(source, f"name_{field}")) in text
    for question in pack.question:
        assert getattr(question, f"asks_{field}") in text
    assert "{emergency}" not in text and "120" in text


def test_every_reason_is_drawn(pack):
    drawn = "".join(sheets(pack, "en"))
    for clause in pack.clause:
        assert clause.reason_en.split()[0] in drawn
