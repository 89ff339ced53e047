from tongxin.audit.models import Entry
from tongxin.places.actions import load_shipped
from tongxin.places.models import Alias, Boundary, Place


def test_the_shipped_tree_hangs_together(db):
    assert Place.objects.get(code="001").children.count() > 240
    assert Place.objects.get(code="CN").children.count() == 34
    assert Place.objects.get(code="CN-421083").name_en == "Honghu City"
    assert Place.objects.filter(level="county", code__startswith="CN-").count() > 2840
    assert sum(p.population for p in Place.objects.get(code="CN-420000").children.all()) == 57752557


def test_loading_what_ships_twice_changes_nothing(db):
    before = Place.objects.count(), Alias.objects.count(), Boundary.objects.count()
    entries = Entry.objects.count()

    done = load_shipped(by="tests")

    assert all(loaded.new == loaded.changed == 0 for loaded in done.values())
    assert (Place.objects.count(), Alias.objects.count(), Boundary.objects.count()) == before
    assert Entry.objects.count() == entries


def test_what_an_operator_wrote_survives_the_next_start(db):
    Place.objects.filter(code="CN-421083").update(
        name_en="Honghu", population=1, population_year=2020, population_source="us"
    )
    load_shipped(by="tests")
    assert Place.objects.get(code="CN-421083").name_en == "Honghu"


def test_a_missing_place_comes_back(db):
    Place.objects.filter(code="CN-421083").delete()
    assert load_shipped(by="tests")["places"].new == 1
