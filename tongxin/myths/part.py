"""Myths as the public reads them: which files of a release they make, and of what."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from tongxin.myths import pages
from tongxin.myths.feeds import claims_atom, claims_csv, claims_json
from tongxin.myths.figures import figures_of
from tongxin.myths.pages import Book
from tongxin.myths.posters import posters
from tongxin.myths.queries import asked, claims_state, histories, published
from tongxin.releases.makers import makers
from tongxin.releases.parts import Part, under

# What decides how the files look, besides what the claims say.
MAKERS = (
    "myths/*.py",
    "pictures/*.py",
    "pictures/*.toml",
    "myths/templates/myths/*.html",
    "myths/locale/**/*.po",
)


def state(at: datetime) -> str:
    """A hash of the published claims, of the day (measures end yesterday), of what draws them."""
    today = timezone.localdate(at)
    said = claims_state(disease=settings.DEFAULT_DISEASE)
    return sha256(f"{makers(MAKERS)} {said} {today}".encode()).hexdigest()[:32]


def draw(at: datetime) -> Iterator[tuple[str, bytes]]:
    """Pages, cards to be framed, measures and open data, in every language."""
    today = timezone.localdate(at)
    claims = list(published(disease=settings.DEFAULT_DISEASE))
    book = Book(claims, histories(claims))
    figures = figures_of(asked(before=today), today=today)
    yield "myths/claims.json", claims_json(book)
    yield "myths/claims.csv", claims_csv(book)
    for language in pages.languages():
        yield f"myths/{language}.atom", claims_atom(book, language)
        yield f"{language}/myths/index.html", pages.render_index(book, language).encode()
        measures = pages.render_figures(figures, language)
        yield f"{language}/myths/measures/index.html", measures.encode()
        for claim in claims:
            html = pages.render_claim(book, claim, language)
            yield f"{language}/myths/{claim.slug}/index.html", html.encode()
            card = pages.render_card(book, claim, language)
            yield f"{language}/embed/myth/{claim.slug}/index.html", card.encode()
            yield from posters(claim, language)


_starts = [
    start for code, _ in settings.LANGUAGES for start in (f"{code}/myths/", f"{code}/embed/myth/")
]
PART = Part("myths", under("myths/", *_starts), state, draw)
