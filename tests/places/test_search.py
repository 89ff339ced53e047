"""Finding a place: on the server and in the browser alike, and without reading all places anew."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from tongxin.places import queries
from tongxin.places.models import Alias, Place
from tongxin.places.queries import search, search_index

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
FRONTEND = HERE.parents[1] / "frontend"
CASES = json.loads((HERE / "search_cases.json").read_text(encoding="utf-8"))


def codes(text, limit=8):
    return [place.code for place in search(text, limit)]


@pytest.mark.parametrize(("text", "first"), CASES.items())
def test_the_best_come_first(text, first):
    found = codes(text)
    assert found[: len(first)] == first
    assert first or not found


def test_of_places_that_fit_alike_the_larger_come_first():
    levels = [Place.objects.get(code=code).level for code in codes("whs", 30)]
    order = ["prefecture", "county"]
    assert levels == sorted(levels, key=order.index) and len(set(levels)) == 2
    people = {"population": 9_000_000, "population_year": 2020, "population_source": "x"}
    smallest = [c for c in codes("whs", 30) if Place.objects.get(code=c).level == "prefecture"][-1]
    Place.objects.filter(code=smallest).update(**people)
    assert codes("whs")[:2] == ["CN-420100", smallest]


def test_the_browser_finds_the_same_in_the_same_order(tmp_path):
    rng = random.Random(7)
    rows = search_index()
    texts = list(CASES)
    for row in rng.sample(rows, 120):
        name = rng.choice([row["z"], row["e"], row["p"], row["i"], *row["a"]])
        at = rng.randrange(len(name))
        texts += [name, name[: at + 1], name[at:], name[:at] + name[at + 1 :]]
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    compiler = FRONTEND / "node_modules/.bin/tsc"
    source, target = FRONTEND / "src/ranking.ts", ["--target", "es2022", "--module", "es2022"]
    made = [compiler, source, *target, "--outDir", tmp_path, "--ignoreConfig"]
    subprocess.run(made, check=True, cwd=tmp_path)
    files = [tmp_path / name for name in ("ranking.js", "rows.json", "texts.json")]
    said = subprocess.run(
        ["node", HERE / "rank.mjs", *files], check=True, capture_output=True, timeout=120
    )
    in_browser = dict(zip(texts, json.loads(said.stdout), strict=True))
    assert in_browser == {text: codes(text) for text in texts}


def test_the_index_is_read_once_and_again_when_a_place_or_an_alias_changes(monkeypatch):
    read = []
    whole = search_index
    monkeypatch.setattr(queries, "search_index", lambda: read.append(1) or whole())
    Place.objects.filter(code="CN-421083").update(name_en="Newname")
    assert codes("newname") == codes("newname") == ["CN-421083"]
    assert len(read) == 1
    Alias.objects.create(place_id="CN-421083", name="Lotus town", key="lotustown")
    assert codes("lotus town") == ["CN-421083"]
    Alias.objects.filter(key="lotustown").delete()
    assert codes("lotus town") != ["CN-421083"]
    assert len(read) == 3
