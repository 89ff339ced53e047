import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from tests.conftest import NOON
from tests.situation.figures import day, evening, readings
from tongxin.refusal import Refusal
from tongxin.releases import actions, queries
from tongxin.releases.models import Appointment, Override, Publication, Release
from tongxin.releases.refusals import NotAllowedToRelease, ReleaseStopped
from tongxin.releases.store import store
from tongxin.situation import publishing, tasks
from tongxin.situation.actions.publishing import build_release
from tongxin.situation.queries.matter import gather, published_places

HUBEI, WUHAN, HONGHU, JINGZHOU = "CN-420000", "CN-420100", "CN-421083", "CN-421000"


def build(**changes) -> Release:
    return build_release(**({"as_of": evening(9), "by": "tests", "at": NOON} | changes))


def content(release: Release, path: str) -> bytes:
    return (store().tree(release.pk) / path).read_bytes()


@pytest.fixture
def figures(db):
    readings(WUHAN, "confirmed", [100, 120, 150, 190, 240, 300, 370, 450, 540])
    readings(HUBEI, "confirmed", [200, 230, 270, 330, 400, 480, 570, 670, 780])


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The groups of files that were drawn, not remembered."""
    keys: list[str] = []
    stored = publishing._stored

    def counting(group, batch):
        keys.append(group.key.split()[0])
        return stored(group, batch)

    monkeypatch.setattr(publishing, "_stored", counting)
    return keys


def test_places_with_figures_what_stands_above_and_home_have_pages(figures):
    places = published_places(gather(as_of=evening(9), disease="covid-19"))
    assert {WUHAN, HUBEI, "CN", HONGHU, JINGZHOU} <= set(places)
    assert "CN-330000" not in places


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_release_holds_every_kind_of_file(figures, language):
    paths = set(store().files(build().pk))
    assert paths >= {
        f"{language}/index.html",
        f"{language}/situation/index.html",
        f"{language}/situation/about/index.html",
        f"{language}/situation/{WUHAN}/index.html",
        f"{language}/embed/{WUHAN}/index.html",
        f"situation/{WUHAN}/card.{language}.svg",
        f"situation/{WUHAN}/series.json",
        f"situation/{WUHAN}/series.csv",
        f"situation/{WUHAN}/series.parquet",
        f"feed/{language}.atom",
        "search.json",
        "checks.json",
    }


def test_the_files_say_what_was_known_then_and_no_later(figures):
    early, late = build(as_of=evening(5)), build()
    path = f"en/situation/{WUHAN}/index.html"
    assert b"240" in content(early, path) and b"540" not in content(early, path)
    assert b"540" in content(late, path)


def test_the_manifest_names_disease_rules_and_sources(figures):
    manifest = build().manifest
    assert manifest["disease"] == "covid-19" and manifest["last_day"] == "2020-02-09"
    assert set(manifest["rules"]) >= {"metrics.toml", "covid-19.toml"}
    (source,) = manifest["sources"]
    assert source["code"] == "dxy" and source["known_at"] == "2020-02-09T16:00:00+08:00"
    assert len(json.dumps(manifest)) < 5000


def test_the_feed_tells_of_what_people_published_before(figures):
    shown, draft = build(as_of=evening(5)), build(as_of=evening(6))
    replayed = build(as_of=evening(7))
    actions.publish(shown.pk, by="tests", at=NOON)
    actions.show_replayed(replayed.pk, by="tests", at=NOON)
    feed = content(build(), "feed/en.atom").decode()
    assert feed.count("<entry>") == 2
    assert shown.manifest["feed"]["as_of"] in feed and draft.manifest["feed"]["as_of"] not in feed


def test_the_same_figures_are_the_same_release_and_nothing_is_drawn(figures, drawn):
    first = build()
    assert drawn
    drawn.clear()
    assert build(at=NOON + timedelta(hours=1)) == first
    assert drawn == []


def test_an_hour_later_no_page_is_drawn_again(figures, drawn):
    first = build()
    drawn.clear()
    later = build(as_of=evening(9) + timedelta(hours=1))
    assert later != first and drawn == ["feed"]
    assert {c.path for c in queries.changes(first.pk, later.pk)} == {
        "feed/en.atom",
        "feed/zh-hans.atom",
    }


def test_one_new_figure_draws_its_own_page_and_those_that_show_it(figures, drawn):
    readings(HONGHU, "confirmed", [1, 2, 3])
    first = build()
    drawn.clear()
    readings(HONGHU, "confirmed", {4: 9}, known_at=evening(9))
    second = build()
    changed = {c.path for c in queries.changes(first.pk, second.pk)}
    assert f"en/situation/{HONGHU}/index.html" in changed
    assert f"en/situation/{JINGZHOU}/index.html" in changed  # its table has Honghu
    assert f"en/situation/{WUHAN}/index.html" not in changed
    assert 0 < drawn.count("page") <= 3


def test_a_changed_template_draws_everything_again(figures, drawn, settings):
    build()
    drawn.clear()
    settings.PUBLIC_URL = "https://other.example"
    build()
    assert drawn.count("page") == len(
        published_places(gather(as_of=evening(9), disease="covid-19"))
    )


def test_what_was_forgotten_or_swept_is_drawn_again(figures, drawn):
    release = build()
    (store().root.parent / "cache/rendered.json").write_text("not json")
    drawn.clear()
    assert build() == release and drawn
    sha = store().files(release.pk)["en/index.html"]
    store().place_of(sha).unlink()
    drawn.clear()
    build()
    assert drawn == ["home"] and store().has(sha)


def test_all_cores_draw_the_same_as_one(figures, monkeypatch):
    alone = store().files(build().pk)
    (store().root.parent / "cache/rendered.json").unlink()
    monkeypatch.setattr(publishing, "WORTH_A_POOL", 1)
    assert store().files(build().pk) == alone


def test_residents_build_no_release(figures, cast):
    for name in ("rui", "sam", "dara", "ola"):
        with pytest.raises(NotAllowedToRelease):
            build(by=cast[name])
    assert not Release.objects.exists()


def test_a_stopped_release_is_built_and_not_published(figures):
    readings(WUHAN, "confirmed", {10: 300})
    release = build(as_of=evening(10))
    assert release.is_stopped
    with pytest.raises(ReleaseStopped):
        actions.publish(release.pk, by="tests", at=NOON)


def test_a_due_release_is_published_by_the_worker(figures, chen):
    release = build()
    actions.appoint(release.pk, due_at=NOON + timedelta(hours=1), by=chen, at=NOON)
    tasks.publish_due_releases(NOON)
    assert queries.current_release() is None
    tasks.publish_due_releases(NOON + timedelta(hours=1))
    assert queries.current_release() == release


def command(*words: str, **options) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("publish", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_publishes_what_was_known_on_a_day(figures):
    said = command("--as-of", "2020-02-05")
    release = queries.current_release()
    assert timezone.localtime(release.as_of).date() == day(5)
    assert str(release) in said and "Published" in said


def test_the_command_makes_a_draft_or_a_date(figures, chen):
    assert "Built" in command("--draft")
    assert not Publication.objects.exists()
    said = command("--at", "16:00", "--as", "chen")
    assert Appointment.objects.get().due_at == NOON + timedelta(hours=4)
    assert "2020-03-20 16:00" in said


def test_the_command_says_why_a_release_is_stopped_and_asks_for_a_second_key(figures, chen):
    readings(WUHAN, "confirmed", {10: 300})
    words = ("--as-of", "2020-02-10")
    with pytest.raises(ReleaseStopped):
        command(*words)
    reason = ("--override-reason", "the bulletin itself explains it")
    with pytest.raises(CommandError, match="--as"):
        command(*words, *reason)
    said = command(*words, *reason, "--as", "chen")
    assert "Wuhan" in said and "540" in said and "300" in said
    assert Override.objects.get().asked_by == chen
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    "words", [("--as-of", "12.02.2020"), ("--at", "4 pm", "--as", "chen"), ("--at", "16:00")]
)
def test_the_command_says_how_to_write_it(figures, chen, words):
    with pytest.raises((CommandError, Refusal)):
        command(*words)
    assert not Publication.objects.exists()
