"""What the public sees. The current release's file where there is one, else drawn now."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial, wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import activate
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from tongxin.people.access import public
from tongxin.pictures.kept import kept_png
from tongxin.places.models import WORLD
from tongxin.places.queries import search as search_places
from tongxin.releases.models import Publication
from tongxin.releases.open_data import already_has, tag_of, unchanged
from tongxin.releases.serving import current_tree, serve_current
from tongxin.situation import pages
from tongxin.situation.asked import EARLIEST
from tongxin.situation.cards import card_png, card_svg
from tongxin.situation.kept_pages import kept, name_of
from tongxin.situation.models import Source
from tongxin.situation.queries.areas import area_page, side_by_side
from tongxin.situation.queries.atlas import Atlas, atlas
from tongxin.situation.queries.caveats import said_after
from tongxin.situation.queries.known import known
from tongxin.situation.queries.revisions import revisions
from tongxin.situation.queries.version import version
from tongxin.situation.shapes import AreaPage

BRIEFLY = "public, max-age=60"
COMPARED = 6  # places side by side at most
LONGEST_NAME = 60


def from_release(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Serve the current release's file at this address; draw the page where it has none."""

    @public
    @require_safe
    @wraps(view)
    def served(request: HttpRequest, language: str, **words: str) -> HttpResponseBase:
        file = None if request.GET else serve_current(request, request.path)
        if file is not None:
            return file
        activate(language)
        return view(request, language, **words)

    return served


def page_of(code: str, *, as_of: datetime, today: date) -> AreaPage:
    """The page of one place as known at a moment; 404 where there is no such place."""
    tree = tree_with(code)
    family, disease = tree.family(code, on=today), settings.DEFAULT_DISEASE
    figures = known(as_of=as_of, disease=disease, places=family)
    return area_page(code, known=figures, atlas=tree, today=today)


def tree_with(code: str) -> Atlas:
    """Every place; 404 where none has the code."""
    tree = atlas()
    if code not in tree:
        raise Http404
    return tree


def answer(request: HttpRequest, tag: str, page: Callable[[], str]) -> HttpResponse:
    """The page of this tag, or 304 without making it where the reader has it."""
    response = unchanged(tag) if already_has(request, tag) else HttpResponse(page())
    response["ETag"], response["Cache-Control"] = tag, BRIEFLY
    return response


def html(request: HttpRequest, text: str) -> HttpResponse:
    """A page that is drawn already; 304 where the reader has it."""
    return answer(request, tag_of(text), lambda: text)


@from_release
def home(request: HttpRequest, language: str) -> HttpResponse:
    """The first page: my place now, then the country and the world at a glance."""
    return html(request, pages.render_home(front_pages(), language=language))


def front_pages() -> list[AreaPage]:
    """The pages that the home page sums up: the home place and those above it."""
    now = timezone.now()
    tree = atlas()
    codes = [settings.HOME_PLACE, *(p.code for p in reversed(tree.ancestors(settings.HOME_PLACE)))]
    return [page_of(code, as_of=now, today=timezone.localdate(now)) for code in codes]


@from_release
def area(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """One place as it is known now."""
    now = timezone.now()
    page = page_of(code, as_of=now, today=timezone.localdate(now))
    return html(request, pages.render_area(page, language=language))


@xframe_options_exempt
@from_release
def embed(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """One place, small, for the frame of another site."""
    now = timezone.now()
    page = page_of(code, as_of=now, today=timezone.localdate(now))
    response = html(request, pages.render_area(page, language=language, mode="embed"))
    response._csp_update = {"frame-ancestors": ["*"]}
    return response


def end_of(day: date) -> datetime:
    """The last moment of a day where the installation stands."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE))
    return midnight - timedelta(microseconds=1)


@from_release
def area_as_of(request: HttpRequest, language: str, code: str, day: str) -> HttpResponse:
    """One place as it was known at the end of a past day, and what changed since.

    Kept until something it says changes: also the past does, when a figure becomes known late.
    """
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    now = timezone.now()
    if on.year < EARLIEST:
        raise Http404
    if on >= timezone.localdate(now):
        return HttpResponseRedirect(f"/{language}/situation/{code}/")
    tree, disease = tree_with(code), settings.DEFAULT_DISEASE
    state = version(tree.family(code, on=on), disease=disease, by=now, atlas=tree)
    name = name_of("as of", language, code, on, state)
    draw = partial(drawn_as_of, code, on=on, now=now, language=language)
    return answer(request, tag_of(name), lambda: kept(name, draw))


def drawn_as_of(code: str, *, on: date, now: datetime, language: str) -> str:
    """The page of one place on a past day, with what was said of it from then until now."""
    page = page_of(code, as_of=end_of(on), today=on)
    spoken = (page.figures_from or page.place).code
    disease = settings.DEFAULT_DISEASE
    since = revisions(spoken, disease=disease, since=end_of(on), as_of=now)
    above = [place.code for place in atlas().ancestors(spoken)]
    return pages.render_area(
        page,
        language=language,
        mode="as_of",
        changed_since=[revision for revision in since if revision.about_on <= on],
        said_since=said_after([spoken, *above], disease=disease, moment=end_of(on)),
    )


@from_release
def choose_day(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """The form that picks a day, without JavaScript: on to the page of that day."""
    day = request.GET.get("day", "")
    try:
        date.fromisoformat(day)
    except ValueError:
        return HttpResponseRedirect(f"/{language}/situation/{code}/")
    return HttpResponseRedirect(f"/{language}/situation/{code}/as-of/{day}/")


@from_release
def about(request: HttpRequest, language: str) -> HttpResponse:
    """Metrics, sources, rules, the gate: how the figures are made."""
    sources = list(Source.objects.order_by("tier", "code"))
    return html(request, pages.render_about(sources=sources, language=language))


@from_release
def compare(request: HttpRequest, language: str) -> HttpResponse:
    """Up to six places side by side; a code that is no place is named as such."""
    now, disease, tree = timezone.now(), settings.DEFAULT_DISEASE, atlas()
    today = timezone.localdate(now)
    asked = list(dict.fromkeys(request.GET.getlist("place")))[:COMPARED]
    found = [code for code in asked if code in tree]
    above = [place.code for code in found for place in tree.ancestors(code)]
    parts = tree.children(WORLD, on=today) if WORLD in found else []
    figures = known(as_of=now, disease=disease, places={*found, *above, *parts})
    shown = side_by_side(found, known=figures, atlas=tree, today=today)
    unit = "per_100k" if request.GET.get("unit") == "per_100k" else "count"
    return html(request, pages.render_compare(shown, language=language, asked=asked, unit=unit))


@from_release
def search(request: HttpRequest, language: str) -> HttpResponse:
    """Places by name in either language, pinyin or its initials."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_NAME]
    found = search_places(text, limit=30) if text else []
    return render(request, "portal/search.html", {"query": text, "places": found})


@from_release
def releases(request: HttpRequest, language: str) -> HttpResponse:
    """What the public has seen, newest first, each still there to be read."""
    published = (
        Publication.objects.exclude(kind=Publication.Kind.REPLAY)
        .select_related("release")
        .order_by("-pk")
    )
    shown = Paginator(published, 30).get_page(request.GET.get("page"))
    return render(request, "situation/releases.html", {"publications": shown})


@public
@require_safe
def card(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The share card as a picture, drawn from the current release's card once and kept."""
    tree = current_tree()
    drawn = tree / f"situation/{code}/card.{language}.svg" if tree else None
    if drawn and drawn.is_file():
        svg = drawn.read_text(encoding="utf-8")
    else:
        now = timezone.now()
        svg = card_svg(page_of(code, as_of=now, today=timezone.localdate(now)), language)
    picture = kept_png(svg, settings.HOME / "cache" / "cards", draw=card_png)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": BRIEFLY})


@public
@require_safe
def file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Any other file of the current release: series, feeds, the manifest."""
    found = serve_current(request, path)
    if found is None:
        raise Http404
    return found
