"""Guidance as the public reads it: which files of a release it makes, and of what."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from tongxin.guidance import pages
from tongxin.guidance.open_data import blocks_json
from tongxin.guidance.plain_texts import read_aloud, short_messages
from tongxin.guidance.posters import posters
from tongxin.guidance.told import Told, told
from tongxin.releases.makers import makers
from tongxin.releases.parts import Part, under

LANGUAGES = [code for code, _ in settings.LANGUAGES]
# What decides how the files look, besides what the advice says.
MAKERS = (
    "guidance/*.py",
    "guidance/templates/guidance/*.html",
    "guidance/packs/*/*.toml",
    "guidance/*.toml",
    "guidance/locale/**/*.po",
    "pictures/*.py",
    "pictures/*.toml",
)


def state(at: datetime) -> str:
    """A hash of the published advice, of what of it holds today, and of what draws it."""
    now = told(settings.DEFAULT_DISEASE, today=timezone.localdate(at))
    return sha256(f"{makers(MAKERS)} {now.state}".encode()).hexdigest()[:32]


def draw(at: datetime) -> Iterator[tuple[str, bytes]]:
    """Pages, texts to be read aloud and sent, and the data, in every language."""
    now = told(settings.DEFAULT_DISEASE, today=timezone.localdate(at))
    yield "guidance/blocks.json", blocks_json(now)
    for language in LANGUAGES:
        yield from _pages(now, language)
        for one in now.circumstances():
            folder = f"guidance/{one.key}"
            yield f"{folder}/read-aloud.{language}.txt", read_aloud(now, one, language).encode()
            yield f"{folder}/sms.{language}.txt", short_messages(now, one, language).encode()
            yield from posters(now, one, language)


def _pages(now: Told, language: str) -> Iterator[tuple[str, bytes]]:
    start = f"{language}/guidance"
    yield f"{start}/index.html", pages.render_index(now, language).encode()
    yield f"{start}/for-me/index.html", pages.render_for_me(now, language).encode()
    for one in now.circumstances():
        html = pages.render_circumstance(now, one, language)
        yield f"{start}/{one.key}/index.html", html.encode()
    for row in now.rows:
        html = pages.render_block(now, row, language)
        yield f"{start}/block/{row.slug}/index.html", html.encode()


PART = Part("guidance", under("guidance/", *(f"{c}/guidance/" for c in LANGUAGES)), state, draw)
