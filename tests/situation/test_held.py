import pytest

from tests.situation.tidy_files import AT, brought_in, daily, line_of
from tongxin.audit.models import Entry
from tongxin.refusal import Refusal
from tongxin.situation.actions import held as actions
from tongxin.situation.actions.held import accept_held, reject_held
from tongxin.situation.models import Held, Reading
from tongxin.situation.queries.held import effect_of, waiting, waiting_count

LATER = AT.replace(hour=10)


def decided(deed, decision, by, **facts):
    return deed(decision.ids, note="asked the city", by=by, at=LATER, **facts)


def test_accepting_a_fall_brings_in_the_days_that_hang_on_it(tmp_path, chen):
    brought_in(tmp_path, *daily([50, 60, 52, 55, 61]))
    (decision,) = waiting()
    assert (decision.code, decision.figures, decision.from_on.day) == ("total_fell", 2, 3)
    assert decided(accept_held, decision, chen) == 2
    assert line_of("CN-421000") == {1: 50, 2: 60, 3: 52, 4: 55, 5: 61}
    assert set(Reading.objects.values_list("known_at", flat=True)) == {AT}
    held = Held.objects.get()
    assert (held.state, held.decided_by, held.note) == ("accepted", chen, "asked the city")
    entry = Entry.objects.get(deed="situation.accepted_held_figure")
    assert (entry.by, entry.facts["figures"]) == (f"user:{chen.pk}", 2)


def test_rejecting_leaves_the_figures_out_for_good(tmp_path, chen):
    brought_in(tmp_path, *daily([50, 60, 52]))
    assert decided(reject_held, waiting()[0], chen) == 1
    again = brought_in(tmp_path, *daily([50, 60, 52]))
    assert (again.same, again.held, waiting_count()) == (3, 0, 0)
    assert line_of("CN-421000") == {1: 50, 2: 60}


def test_a_decision_takes_later_imports_along_that_hang_on_it(tmp_path, chen):
    brought_in(tmp_path, *daily([50, 60, 52]))
    brought_in(tmp_path, *daily([50, 60, 52, 53]))
    first = Held.objects.order_by("pk").first()
    assert accept_held([first.pk], by=chen, at=LATER) == 2
    assert line_of("CN-421000") == {1: 50, 2: 60, 3: 52, 4: 53}
    assert waiting_count() == 0


def test_what_is_decided_is_decided(tmp_path, chen):
    brought_in(tmp_path, *daily([50, 60, 52]))
    (decision,) = waiting()
    decided(reject_held, decision, chen)
    for deed in (accept_held, reject_held):
        with pytest.raises(actions.NotWaiting):
            decided(deed, decision, chen)
    with pytest.raises(actions.NotWaiting):
        accept_held([], by=chen, at=LATER)


def test_figures_of_no_known_place_need_one(tmp_path, chen):
    rows = [*daily([3, 4], place="荆沙"), *daily([0, 1], place="荆沙", metric="deaths")]
    brought_in(tmp_path, *rows)
    (decision,) = waiting()
    assert (decision.code, decision.figures, decision.places) == ("unknown_place", 4, 1)
    with pytest.raises(actions.PlaceNotNamed, match="荆沙"):
        decided(accept_held, decision, chen)
    with pytest.raises(actions.PlaceNotNamed, match="CN-999999"):
        decided(accept_held, decision, chen, place="CN-999999")
    assert decided(accept_held, decision, chen, place="CN-421000") == 4
    assert line_of("CN-421000", "deaths") == {1: 0, 2: 1}


def test_one_place_cannot_answer_for_two_names_or_replace_a_known_one(tmp_path, chen):
    brought_in(tmp_path, *daily([3], place="荆沙"), *daily([4], place="襄樊府"))
    ids = [held.pk for held in Held.objects.all()]
    with pytest.raises(actions.SeveralPlaces):
        accept_held(ids, place="CN-421000", by=chen, at=LATER)
    brought_in(tmp_path, *daily([50, 60, 52]))
    fell = Held.objects.get(place="CN-421000")
    with pytest.raises(actions.PlaceIsKnown):
        accept_held([fell.pk], place="CN-420100", by=chen, at=LATER)
    assert not Held.objects.exclude(state="waiting").exists()


def test_an_unreadable_figure_needs_its_number(tmp_path, chen):
    brought_in(tmp_path, "荆州市,confirmed,2020-02-01,12人")
    (decision,) = waiting()
    with pytest.raises(actions.UnreadableFigure, match="12人"):
        decided(accept_held, decision, chen)
    assert decided(accept_held, decision, chen, value=12) == 1
    assert line_of("CN-421000") == {1: 12}


def test_of_two_values_one_is_accepted(tmp_path, chen):
    brought_in(tmp_path, *daily([3]), *daily([4]))
    three, four = Held.objects.order_by("value")
    accept_held([four.pk], by=chen, at=LATER)
    reject_held([three.pk], note="", by=chen, at=LATER)
    assert line_of("CN-421000") == {1: 4}


def test_a_value_at_odds_with_a_known_one_is_known_from_the_decision_on(tmp_path, chen):
    brought_in(tmp_path, *daily([3]), at=AT)
    brought_in(tmp_path, *daily([4]), at=AT)
    accept_held([Held.objects.get().pk], by=chen, at=LATER)
    said = Reading.objects.order_by("known_at").values_list("known_at", "value")
    assert list(said) == [(AT, 3), (LATER, 4)]


def test_small_falls_of_a_file_are_one_decision(tmp_path, db):
    rows = [*daily([50, 60, 59, 60]), *daily([70, 80, 78, 80], place="黄冈市")]
    brought_in(tmp_path, *rows, *daily([900, 990, 700, 990], place="武汉市"))
    assert [(d.code, len(d.ids)) for d in waiting()] == [("total_fell", 2), ("total_fell", 1)]


def test_waiting_is_narrowed_by_place_reason_and_import(tmp_path, db):
    report = brought_in(tmp_path, *daily([50, 60, 52]), *daily([3], place="荆沙"))
    assert len(waiting()) == len(waiting(batch=report.batch)) == 2
    assert [d.code for d in waiting(place="CN-421000")] == ["total_fell"]
    assert [d.code for d in waiting(reason="unknown_place")] == ["unknown_place"]
    assert waiting(batch=report.batch + 1) == []


def test_the_effect_says_what_the_day_and_its_new_cases_become(tmp_path, db):
    brought_in(tmp_path, *daily([50, 60, 52, 61]))
    effect = effect_of(Held.objects.get())
    (change,) = effect.changes
    assert (change.before, change.after, change.new_before, change.new_after) == (
        None,
        52,
        None,
        -8,
    )
    assert (effect.next_day.new_before, effect.next_day.new_after) == (1, 9)
    assert effect.is_shown


def test_the_effect_says_when_another_source_is_shown(tmp_path, db):
    brought_in(tmp_path, *daily([50, 60, 70, 80]))
    brought_in(tmp_path, *daily([49, 59, 40]), source="dxy")
    assert not effect_of(Held.objects.get()).is_shown


def test_the_effect_of_an_unplaced_figure_needs_a_place(tmp_path, db):
    brought_in(tmp_path, *daily([3], place="荆沙"))
    held = Held.objects.get()
    assert effect_of(held).place is None
    assert effect_of(held, place="CN-421000").changes[0].after == 3


def test_a_refused_decision_changes_nothing(tmp_path, chen):
    brought_in(tmp_path, *daily([50, 60, 52]), "荆州市,deaths,2020-02-01,x")
    ids = [held.pk for held in Held.objects.order_by("about_on", "pk")]
    with pytest.raises(Refusal):
        accept_held(ids, by=chen, at=LATER)
    assert waiting_count() == 2 and line_of("CN-421000") == {1: 50, 2: 60}
