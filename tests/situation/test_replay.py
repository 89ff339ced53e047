import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.conftest import NOON
from tests.situation.figures import day, readings
from tongxin.places.models import Place
from tongxin.releases import actions, queries
from tongxin.releases.models import Publication, Release
from tongxin.releases.refusals import NoReplayInProduction
from tongxin.releases.store import store
from tongxin.situation.actions.publishing import build_release
from tongxin.situation.management.commands import replay
from tongxin.situation.models import Caveat

WUHAN = "CN-420100"
# Wuhan around the revision of 12 February 2020, as its bulletins said it.
TOTALS = {10: 18_454, 11: 19_558, 12: 32_994, 13: 35_991, 14: 37_914}


@pytest.fixture
def outbreak(db):
    """The days around the revision, each known on its own evening; published as of today."""
    readings(WUHAN, "confirmed", TOTALS)
    Caveat.objects.create(
        place_id="CN-420000",
        metric="confirmed",
        from_on=day(12),
        to_on=day(12),
        text_zh="病例定义改变",
        text_en="The case definition changed",
        source="notice",
        known_at=NOON.replace(month=2, day=12),
    )
    present = build_release(as_of=NOON, by="tests", at=NOON)
    actions.publish(present.pk, by="tests", at=NOON)
    return present


def play(*words: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("replay", "--speed", "100days/s", "--place", WUHAN, *words, stdout=out)
    return out.getvalue()


def test_each_day_is_shown_as_it_was_known(outbreak):
    said = play("--from", "2020-02-10", "--to", "2020-02-14")
    rows = re.findall(r"(2020-02-\d\d) +([0-9a-f]{12}) .*? (\d+,\d{3}) ", said)
    assert [row[0][-2:] for row in rows] == ["10", "11", "12", "13", "14"]
    assert [int(row[2].replace(",", "")) for row in rows] == list(TOTALS.values())
    for on, (_, short, _) in zip(TOTALS, rows, strict=True):
        release = queries.find_release(short)
        page = (store().tree(release.pk) / f"en/situation/{WUHAN}/index.html").read_text()
        later = [f"{total:,}" for other, total in TOTALS.items() if other > on]
        assert f"{TOTALS[on]:,}" in page and not [total for total in later if total in page]


def test_the_reason_for_the_revision_arrives_on_its_day(outbreak):
    play("--from", "2020-02-11", "--to", "2020-02-12")
    before, after = Release.objects.filter(as_of__lt=NOON).order_by("as_of")
    path = f"en/situation/{WUHAN}/index.html"
    told = "The case definition changed"
    assert told not in (store().tree(before.pk) / path).read_text()
    assert told in (store().tree(after.pk) / path).read_text()


def test_the_present_is_shown_again_afterwards(outbreak):
    assert "shown again" in play("--from", "2020-02-10", "--to", "2020-02-11")
    assert queries.current_release() == outbreak
    kinds = Publication.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["publish", "replay", "replay", "replay"]


def test_the_last_day_stays_if_asked(outbreak):
    play("--from", "2020-02-10", "--to", "2020-02-11", "--stay")
    assert queries.current_release() != outbreak


def test_the_present_is_shown_again_when_stopped_by_hand(outbreak, monkeypatch):
    shown = []

    def stop_after_two(release):
        shown.append(release)
        if len(shown) == 3:
            raise KeyboardInterrupt
        return show(release)

    show = replay.show_unless_shown
    monkeypatch.setattr(replay, "show_unless_shown", stop_after_two)
    said = play("--from", "2020-02-10", "--to", "2020-02-14")
    assert "Stopped" in said and queries.current_release() == outbreak


def test_nothing_is_replayed_before_real_readers(outbreak, settings):
    settings.DEVELOPMENT = False
    with pytest.raises(NoReplayInProduction):
        play()
    assert Publication.objects.count() == 1


def test_a_replay_that_cannot_keep_pace_says_so(monkeypatch):
    clock = iter([0.0, 0.0, 3.0, 4.0])
    monkeypatch.setattr(replay, "monotonic", lambda: next(clock))
    monkeypatch.setattr(replay.time, "sleep", lambda seconds: None)
    behind: list[float] = []
    assert list(replay.paced([day(1), day(2), day(3)], 1.0, say=behind.append))
    assert behind == [2.0]


def test_a_replay_ahead_of_its_pace_waits(monkeypatch):
    clock = iter([0.0, 0.0, 0.25])
    slept: list[float] = []
    monkeypatch.setattr(replay, "monotonic", lambda: next(clock))
    monkeypatch.setattr(replay.time, "sleep", slept.append)
    assert list(replay.paced([day(1), day(2)], 1.0, say=slept.append)) == [day(1), day(2)]
    assert slept == [0.75]


@pytest.mark.parametrize(
    ("speed", "seconds"),
    [("1day/s", 1), ("2days/s", 0.5), ("7d/s", 1 / 7), ("1day/2s", 2), ("0.5 day/s", 2)],
)
def test_the_speed_is_days_for_each_second(speed, seconds):
    assert replay.seconds_a_day(speed) == pytest.approx(seconds)


@pytest.mark.parametrize("speed", ["", "fast", "0day/s", "1day/0s", "-1day/s", "1/s"])
def test_a_speed_that_cannot_be_read_is_refused(speed):
    with pytest.raises(CommandError):
        replay.seconds_a_day(speed)


@pytest.mark.parametrize("words", [("--from", "2020-02-14", "--to", "2020-02-10"), ("--from", "x")])
def test_days_that_make_no_sense_are_refused(outbreak, words):
    with pytest.raises(CommandError):
        play(*words)
    assert queries.current_release() == outbreak


def test_a_place_that_does_not_exist_is_refused(outbreak):
    with pytest.raises(Place.DoesNotExist):
        call_command("replay", "--place", "XX-nowhere")
