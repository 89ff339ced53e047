from datetime import timedelta

import pytest

from tests.conftest import NOON
from tongxin.releases import actions, parts, queries
from tongxin.releases.actions import renewal
from tongxin.releases.models import Publication
from tongxin.releases.part_files import part_files
from tongxin.releases.refusals import CurrentHasChanged
from tongxin.releases.store import store

LATER = NOON + timedelta(hours=1)
PAGE = "en/words/index.html"


@pytest.fixture
def words(monkeypatch) -> dict[str, str]:
    """A part that says what the dictionary says; as it stands, not as it is drawn."""
    said = {PAGE: "Wash your hands"}
    part = parts.Part(
        name="words",
        owns=parts.under("en/words/"),
        state=lambda at: repr(sorted(said.items())),
        draw=lambda at: [(path, text.encode()) for path, text in said.items()],
    )
    monkeypatch.setattr(parts, "parts", lambda: (part,))
    return said


@pytest.fixture
def renew(django_capture_on_commit_callbacks):
    def once(at=LATER):
        with django_capture_on_commit_callbacks(execute=True):
            return actions.renew(by="worker", at=at)

    return once


def shown(path: str) -> str:
    current = queries.current_release()
    return (store().root / "current" / path).read_text() if current else ""


def test_changed_words_reach_readers_and_figures_stay(publish, words, renew):
    figures = publish("12")
    renew()
    assert shown(PAGE) == "Wash your hands"
    words[PAGE] = "Wash your hands with soap"
    row = renew()
    assert row.kind == Publication.Kind.RENEWAL
    assert shown(PAGE) == "Wash your hands with soap"
    assert shown("en/situation/CN-421083/index.html").endswith("12")
    assert row.release.as_of == figures.as_of


def test_after_an_upgrade_old_and_new_pages_have_their_styles(publish, words, renew, monkeypatch):
    publish()
    for style in ("old", "new"):
        monkeypatch.setattr(renewal, "looks", lambda style=style: [(f"static/{style}.css", b"{}")])
        words[PAGE] = style
        renew()
    assert [shown(f"static/{style}.css") for style in ("old", "new")] == ["{}", "{}"]


def test_what_has_not_changed_makes_no_release(publish, words, renew):
    publish()
    renew()
    assert renew() is None


def test_a_page_that_is_taken_back_is_gone(publish, words, renew):
    publish()
    renew()
    words.clear()
    renew()
    assert PAGE not in store().files(queries.current_release().pk)


def test_nothing_is_renewed_before_the_first_release_or_during_a_replay(
    build, words, renew, django_capture_on_commit_callbacks
):
    assert renew() is None
    release = build()
    with django_capture_on_commit_callbacks(execute=True):
        actions.show_replayed(release.pk, by="tests", at=NOON)
    assert renew() is None


def test_words_are_renewed_again_after_a_replay_has_ended(
    publish, build, words, renew, django_capture_on_commit_callbacks
):
    present = publish("12")
    replayed = build("3", day=-5)
    with django_capture_on_commit_callbacks(execute=True):
        for release in (replayed, present):
            actions.show_replayed(release.pk, by="tests", at=NOON)
    assert renew() is not None
    assert shown(PAGE) == "Wash your hands"


def test_figures_published_while_words_are_drawn_are_not_taken_back(
    publish, words, renew, monkeypatch
):
    publish("12")
    drawn, newer = parts.drawn, []

    def interrupted(at, only):
        if not newer:
            newer.append(publish("13", day=1))
        return drawn(at, only=only)

    monkeypatch.setattr(parts, "drawn", interrupted)
    assert renew() is None
    assert queries.current_release() == newer[0]
    renew()
    assert shown("en/situation/CN-421083/index.html").endswith("13")
    assert shown(PAGE) == "Wash your hands"


def test_an_officer_who_decided_before_the_words_changed_may_publish(publish, build, words, renew):
    seen = publish("12").pk
    renew()
    row = actions.publish(build("13", day=1).pk, by="tests", at=LATER, seen=seen)
    assert row.release.as_of > NOON


def test_an_officer_who_decided_before_the_figures_changed_is_told(publish, build, words, renew):
    seen = publish("12").pk
    publish("13", day=1)
    renew()
    with pytest.raises(CurrentHasChanged):
        actions.publish(build("14", day=2).pk, by="tests", at=LATER, seen=seen)


def test_a_part_draws_only_what_it_owns(publish, words, renew):
    publish()
    words["en/index.html"] = "mine"
    with pytest.raises(ValueError, match="does not own"):
        renew()
    assert PAGE not in store().files(queries.current_release().pk)


def test_a_release_of_figures_takes_words_that_have_not_changed_as_they_lie(
    publish, words, renew, monkeypatch
):
    publish()
    renew()
    monkeypatch.setattr(parts, "drawn", lambda at, only: iter(sorted(only)))
    assert [path for path, _ in part_files(LATER)] == [PAGE]
    words[PAGE] = "Wash your hands with soap"
    assert list(part_files(LATER)) == ["words"]


def test_of_many_renewals_the_last_of_each_hour_is_kept(publish, words, renew):
    figures = publish("12")
    made = []
    for minute in (1, 2, 59, 61, 125):
        words[PAGE] = f"Version {minute}"
        made.append(renew(LATER + timedelta(minutes=minute)).release_id)
    gone = actions.prune(by="tests", at=LATER + timedelta(days=2))
    assert set(gone) == set(made[:2])
    assert figures.pk not in gone
