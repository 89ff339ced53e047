"""Pages, texts and data of guidance, as a release holds them."""

import json
from datetime import timedelta
from html.parser import HTMLParser
from posixpath import dirname, join, normpath

import pytest
from django.utils import timezone, translation

from tongxin.guidance import packs, part
from tongxin.guidance.for_whom import common, for_whom
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.open_data import blocks_json
from tongxin.guidance.pages import render_circumstance, render_index
from tongxin.guidance.plain_texts import LONGEST, message, read_aloud
from tongxin.guidance.questions import questions
from tongxin.guidance.told import told

DISEASE = "covid-19"
# The signs of the alphabet of GSM 03.38 besides letters and digits, as far as English needs them.
GSM = set(" @$!\"#%&'()*+,-./:;<=>?")
pytestmark = pytest.mark.real_clock  # what ships is in force today, not in the cast's 2020


class Links(HTMLParser):
    """The relative links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href") or ""
        if tag == "a" and href.startswith("../"):
            self.found.append(href.partition("#")[0])


def now(**later):
    return told(DISEASE, today=timezone.localdate() + timedelta(**later))


def change(slug: str, **facts) -> AdviceBlock:
    """Published words as an editor's last act left them; the checks are another test's."""
    AdviceBlock.objects.filter(slug=slug).update(**facts)
    return AdviceBlock.objects.get(slug=slug)


def test_a_release_holds_guidance_in_both_languages_and_its_links_lead_somewhere(guidance):
    files = dict(part.draw(timezone.now()))
    assert all(part.PART.owns(path) for path in files)
    pages = {path: text.decode() for path, text in files.items() if path.endswith(".html")}
    assert len(pages) == 2 * (2 + 22 + len(guidance))
    for path, html in pages.items():
        for link in Links(html).found:
            target = normpath(join(dirname(path), link))
            assert target in files or f"{target}/index.html" in files, (path, link)
    texts = [text.decode() for path, text in files.items() if path.endswith((".txt", ".html"))]
    assert not [text for text in texts if "{emergency}" in text]


def test_unchanged_words_are_drawn_to_the_same_bytes(guidance):
    one = packs.circumstances(DISEASE)["caring"]
    assert render_circumstance(now(), one, "en") == render_circumstance(now(), one, "en")
    assert part.state(timezone.now()) == part.state(timezone.now() + timedelta(minutes=1))


def test_the_state_changes_with_words_and_with_days_not_with_drafts(guidance):
    at = timezone.now()
    before = part.state(at)
    AdviceBlock.objects.create(**draft(guidance[0]))
    change("symptoms-test", has_unpublished_changes=True)
    assert part.state(at) == before
    change("symptoms-test", title_en="Get a test early")
    worded = part.state(at)
    change("symptoms-test", expires_on=timezone.localdate(at))
    ending = part.state(at)
    assert len({before, worded, ending, part.state(at + timedelta(days=1))}) == 4


def draft(row: AdviceBlock) -> dict:
    fields = {f.name: getattr(row, f.name) for f in AdviceBlock._meta.fields if f.name != "id"}
    return fields | {"slug": "a-draft", "live": False}


def test_advice_is_on_its_last_day_and_not_on_the_next(guidance):
    row = change("symptoms-test", expires_on=timezone.localdate())
    one = packs.circumstances(DISEASE)["symptoms"]
    assert row.title_en in render_circumstance(now(), one, "en")
    assert row.title_en in read_aloud(now(), one, "en")
    after = now(days=1)
    assert row.title_en not in render_circumstance(after, one, "en")
    assert row.title_en not in read_aloud(after, one, "en")
    assert row.slug not in {block.slug for block in after.rows}


def test_advice_to_come_is_announced_with_its_day_and_is_not_yet_told(guidance):
    row = change("symptoms-test", effective_from=timezone.localdate() + timedelta(days=3))
    assert row in now().coming and row not in now().live
    assert row.title_en in render_index(now(), "en")
    assert row not in now().of("symptoms") and row in now(days=3).of("symptoms")


def test_a_change_of_words_stands_under_what_has_changed_lately(guidance):
    html = render_index(now(), "en")
    assert "Nothing since this guidance first came out" in html
    change("symptoms-test", changed_en_at=timezone.now() + timedelta(days=2))
    html = render_index(now(days=2), "en")
    assert "Get tested early" in html.partition("What has changed lately")[2]


def test_every_short_message_is_one_message(guidance):
    for row in guidance:
        for language, longest in LONGEST.items():
            text = message(row, language)
            assert len(text) <= longest and text
            outside = {sign for sign in text if not sign.isalnum()} - GSM
            assert language != "en" or (not outside and text.isascii()), text


def test_the_data_say_what_the_rules_see(guidance):
    body = json.loads(blocks_json(now()))
    blocks = {block["slug"]: block for block in body["blocks"]}
    assert set(blocks) == {row.slug for row in guidance}
    for row in guidance:
        found = blocks[row.slug]
        assert found["when"] == row.when and found["polarity"] == row.polarity
        assert found["effective_from"] == row.effective_from.isoformat()
    assert "120" in blocks["danger-call-emergency"]["text_en"]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({}, []),
        ({"symptoms": ["none", "mild"]}, []),  # the danger box speaks to the others
        ({"age": ["older"]}, ["Age: 60 years or older"]),
        ({"age": ["child", "adult", "older"]}, ["Age: all but Baby under 3 months"]),
        ({"pregnant": ["yes"]}, ["Pregnant: Yes"]),
    ],
)
def test_for_whom_it_is_in_words(when, said):
    with translation.override("en"):
        assert for_whom(when, DISEASE, "en") == said


def test_what_a_page_is_about_is_not_said_of_each_piece_again():
    whens = [{"state": ["positive"]}, {"state": ["positive"], "age": ["older"]}]
    assert common(whens) == {"state"}
    assert for_whom(whens[0], DISEASE, "en", known=common(whens)) == []


def test_every_axis_is_asked_once():
    asked = [axis.key for _, axis in questions(DISEASE)]
    assert sorted(asked) == sorted(axis.key for axis in packs.axes(DISEASE))
