"""Notices as the public reads them: which files of a release they make, and of what."""

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from django.conf import settings

from tongxin.guidance.models import AdviceBlock
from tongxin.myths.queries import published
from tongxin.notices import open_data, pages
from tongxin.notices.cap_out import cap_of, certificate
from tongxin.notices.models import Agency, Kind
from tongxin.notices.queries import Board, board, in_force, shown
from tongxin.releases.assets import BUILT
from tongxin.releases.makers import makers
from tongxin.releases.parts import Part, under

LANGUAGES = [code for code, _ in settings.LANGUAGES]
WORKER = "push-worker.js"  # at the root, because it works for every page of the site
# What decides how the files look, besides what the notices say.
MAKERS = (
    "notices/*.py",
    "notices/templates/notices/*.html",
    "notices/locale/**/*.po",
)


def state(at: datetime) -> str:
    """A hash of the notices shown, of those in force, of what they name, of what draws them."""
    rows = shown(at=at)
    slugs = sorted({slug for row in rows for slug in row.blocks})
    named = sorted({slug for row in rows for slug in row.claims})
    told = published(disease=settings.DEFAULT_DISEASE).filter(slug__in=named).order_by("slug")
    titles = AdviceBlock.objects.filter(slug__in=slugs, live=True).order_by("slug")
    said = [
        [(row.code, row.shown_under_id) for row in rows],
        [row.code for row in in_force(at=at)],
        list(Agency.objects.order_by("pk").values_list("pk", "name_zh", "name_en")),
        list(titles.values_list("slug", "title_zh", "title_en")),
        [(one.slug, one.claim_zh, one.claim_en, one.verdict, one.is_withdrawn) for one in told],
        makers(MAKERS, BUILT / WORKER),
    ]
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


def draw(at: datetime) -> Iterator[tuple[str, bytes]]:
    """Pages, feeds and CAP documents."""
    now = board(at=at)
    yield "notices/notices.json", open_data.notices_json(now)
    yield "notices/signing-certificate.txt", certificate()
    yield from _documents(now)
    if (worker := BUILT / WORKER).exists():
        yield WORKER, worker.read_bytes()
    for language in LANGUAGES:
        yield f"notices/{language}.atom", open_data.atom(now, language)
        yield f"{language}/notices/index.html", pages.render_index(now, language).encode()
        yield f"{language}/follow/index.html", pages.render_follow(language).encode()
        for row in now.rows:
            html = pages.render_notice(now, row, language)
            yield f"{language}/notices/{row.code}/index.html", html.encode()


def _documents(now: Board) -> Iterator[tuple[str, bytes]]:
    for row in now.rows:
        if row.kind == Kind.ALERT and (document := cap_of(row, now.places)):
            yield f"notices/{row.code}.cap.xml", document


OWN = [f"{code}/{folder}/" for code in LANGUAGES for folder in ("notices", "follow")]
PART = Part("notices", under("notices/", WORKER, *OWN), state, draw)
