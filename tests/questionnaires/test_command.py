import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.questionnaires.forms import fhirpath, q, whole
from tongxin.questionnaires.models import Questionnaire

pytestmark = pytest.mark.django_db


def run(*words):
    out = StringIO()
    call_command("questionnaires", *map(str, words), stdout=out)
    return out.getvalue()


def written(tmp_path, raw):
    file = tmp_path / "Fever clinic.json"
    file.write_text(json.dumps(raw), encoding="utf-8")
    return file


def test_a_form_is_brought_in_with_a_report_and_put_into_use(tmp_path):
    other = {"url": "http://hl7.org/fhir/StructureDefinition/designNote", "valueString": "x"}
    raw = whole(q("a", extension=[other]), q("b", "choice", answerValueSet="http://elsewhere"))
    said = run("import", written(tmp_path, raw), "--publish", "--public")
    assert "designNote" in said and "http://elsewhere" in said
    row = Questionnaire.objects.get()
    assert (row.slug, row.status, row.is_public) == ("fever-clinic", "active", True)
    assert "fever-clinic" in run("list")
    run("retire", "fever-clinic")
    row.refresh_from_db()
    assert row.status == "retired"


def test_a_draft_is_opened_to_the_public_by_bringing_it_in_again(tmp_path):
    file = written(tmp_path, whole(q("a")))
    run("import", file)
    run("import", file, "--publish", "--public")
    assert Questionnaire.objects.get().is_public


def test_an_expression_that_cannot_be_read_stops_publication(tmp_path):
    raw = whole(q("a", extension=[fhirpath("calculatedExpression", "1 +")]))
    file = written(tmp_path, raw)
    assert "✗" in run("import", file)
    with pytest.raises(CommandError):
        run("import", file, "--publish")
    assert Questionnaire.objects.get().status == "draft"


def test_a_broken_file_is_refused_in_words(tmp_path):
    with pytest.raises(CommandError) as refused:
        run("import", written(tmp_path, whole(q("a"), q("a"))))
    assert "a" in str(refused.value)
    with pytest.raises(CommandError):
        run("import", tmp_path / "nowhere.json")
    with pytest.raises(CommandError):
        run("retire", "nothing")
