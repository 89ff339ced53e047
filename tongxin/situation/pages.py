"""Public pages as HTML, made without a request: the same for a release file and for the app."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Literal

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tongxin.places.models import WORLD
from tongxin.releases.site import site
from tongxin.situation import (
    age_text,
    area_text,
    charts,
    risk_text,
    sentence,
    side_by_side,
    wording,
)
from tongxin.situation.about_text import about_facts
from tongxin.situation.diseases import packs
from tongxin.situation.freshness import Age
from tongxin.situation.links import Links, path_of
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Source
from tongxin.situation.shapes import AreaPage, CaveatText, Curve, Revision

Mode = Literal["current", "as_of", "embed"]
DAYS_WORTH_SAYING = 365  # a doubling time beyond a year tells a reader nothing
TEMPLATES = {
    "current": "situation/area.html",
    "as_of": "situation/area.html",
    "embed": "situation/embed.html",
}


def render_area(
    page: AreaPage,
    *,
    language: str,
    mode: Mode = "current",
    release_path: str = "",
    changed_since: Sequence[Revision] = (),
    said_since: Sequence[CaveatText] = (),
) -> str:
    """The page of one place.

    ``mode``: "current" for a release, "as_of" for a day in the past (``changed_since`` is then
    what was said otherwise after it, ``said_since`` what was said about its figures), "embed"
    for the bare page that others frame.
    ``release_path`` is the file's path in the release, which says how deep it lies.
    """
    as_of_on = timezone.localtime(page.as_of).date() if mode == "as_of" else None
    folder = "embed" if mode == "embed" else "situation"
    path = path_of(page.place.code, language, folder=folder)
    depth = (release_path or f"{path[1:]}index.html").count("/")
    links = Links(language, depth, as_of_on)
    if as_of_on:
        path = f"/{language}/situation/{page.place.code}/as-of/{as_of_on}/"
    with translation.override(language):
        facts = area_facts(page, links, language)
        facts |= {
            "site": site(language, path),
            "mode": mode,
            "changed_since": area_text.revision_rows(page, changed_since, language),
            "said_since": area_text.caveat_notes(number_caveats(said_since), language),
            "as_of_day": wording.day(as_of_on, language) if as_of_on else "",
            "as_of_on": as_of_on,
        }
        return render_to_string(TEMPLATES[mode], facts)


def area_facts(page: AreaPage, links: Links, language: str) -> dict[str, Any]:
    """Everything the template of a place shows, as text."""
    numbered = number_caveats(page.caveats)
    curve = page.curve if page.curve and page.curve.days else None
    code = page.place.code
    confirmed = sentence.headline(page, "confirmed")
    return {
        "language": language,
        "static_root": links.static_root,
        "page": page,
        "code": code,
        "figures_code": (page.figures_from or page.place).code,
        "names": {m: area_text.metric_name(m, language) for m in metrics()},
        "is_world": code == WORLD,
        "name": page.place.in_language(language),
        "other_name": wording.both_names(page.place, language),
        "disease": disease_name(page.disease, language),
        "crumbs": area_text.crumbs(page, links, language),
        "sentences": sentence.in_words(page, language),
        "as_of": wording.moment(page.as_of, language),
        "as_of_iso": page.as_of.isoformat(),
        "last_day": wording.day(page.last_day, language),
        "age": age_text.notice(page.last_day, page.age, language),
        "is_trial": page.is_trial,
        "says_who": sentence.source_name(page, confirmed.source, language) if confirmed else "",
        "headlines": area_text.headline_cards(page, language),
        "risk": risk_text.risk_card(page, language),
        "parts_of": wording.in_sentence(page.parts_of or page.place, language),
        "map": area_text.map_view(page, language),
        "rows": area_text.table_rows(page, links, language),
        "columns": area_text.columns(page),
        "silent": area_text.silent_parts(page, links, language),
        "has_suppressed": any(row.is_suppressed for row in page.children),
        **(_curve_facts(curve, numbered, language) if curve else {}),
        "doubling": "" if page.age else _doubling(page.doubling_days),
        "caveats": area_text.caveat_notes(numbered, language),
        "revisions": area_text.revision_rows(page, page.revisions, language),
        "sources": area_text.source_rows(page.sources, language),
        "disagreements": area_text.disagreement_rows(page, page.disagreements, language),
        "links": _links(page, links, language),
    }


def _curve_facts(
    curve: Curve, numbered: Sequence[tuple[int, CaveatText]], language: str
) -> dict[str, Any]:
    return {
        "tabs": area_text.curve_tabs(curve, numbered, language),
        "curve_json": area_text.curve_data(curve),
        "curve_rows": area_text.curve_rows(curve, language),
        "first_on": curve.days[0].isoformat(),
        "last_on": curve.days[-1].isoformat(),
        "r": area_text.newest_r(curve, language),
        "r_svg": charts.reproduction(curve, language),
        "spark": charts.spark(curve),
    }


def _links(page: AreaPage, links: Links, language: str) -> dict[str, str]:
    code, public = page.place.code, settings.PUBLIC_URL.rstrip("/")
    figures = (page.figures_from or page.place).code
    as_of = f"&as_of={links.as_of}" if links.as_of else ""
    return {
        "page": f"{public}{path_of(code, language)}",
        "current": path_of(code, language),
        "embed": f"{public}{path_of(code, language, folder='embed')}",
        "csv": links.file(code, "series.csv"),
        "json": links.file(code, "series.json"),
        "parquet": links.file(code, "series.parquet"),
        "slider": links.file((page.parts_of or page.place).code, "slider.json"),
        "card": f"/situation/{code}/card.{language}.png",
        "api": f"/api/situation/series?place={figures}&metric=confirmed"
        f"&disease={page.disease}{as_of}",
        "compare": f"/{language}/situation/compare/",
        "as_of": f"/{language}/situation/{code}/as-of/",
    }


def _doubling(days: float | None) -> str:
    """In words, or nothing where a total that hardly grows would double in years."""
    return wording.rate(days) if days and days <= DAYS_WORTH_SAYING else ""


def number_caveats(caveats: Sequence[CaveatText]) -> list[tuple[int, CaveatText]]:
    """Caveats in the order of their days, each with the number that marks it on the curve.

    Those about the same days of the same place share a number: they tell of one event.
    """
    in_order = sorted(caveats, key=lambda c: (c.from_on, c.place, c.to_on))
    events = groupby(in_order, key=lambda c: (c.from_on, c.place, c.to_on))
    return [(at, caveat) for at, (_, said) in enumerate(events, start=1) for caveat in said]


def disease_name(code: str, language: str) -> str:
    """A disease's name; its code where it has no pack."""
    pack = packs().get(code)
    return pack.name(language) if pack else code


def render_home(pages: Sequence[AreaPage], *, language: str) -> str:
    """The front page: the first of ``pages`` is "my place", the others what stands around it."""
    links = Links(language, depth=1)
    with translation.override(language):
        tiles = [
            area_facts(page, links, language) | {"url": links.place(page.place.code)}
            for page in pages
        ]
        facts = {
            "site": site(language, f"/{language}/"),
            "language": language,
            "static_root": links.static_root,
        }
        return render_to_string("portal/home.html", facts | {"mine": tiles[0], "around": tiles[1:]})


def render_about(sources: Iterable[Source], *, language: str) -> str:
    """What is counted, who says so, and how each number is made."""
    with translation.override(language):
        facts = about_facts(sources, settings.DEFAULT_DISEASE, language)
        facts |= {
            "site": site(language, f"/{language}/situation/about/"),
            "language": language,
            "static_root": Links(language, depth=3).static_root,
        }
        return render_to_string("situation/about.html", facts)


def render_compare(
    pages: Sequence[AreaPage], *, language: str, asked: Sequence[str] = (), unit: str = "count"
) -> str:
    """Up to six places side by side. ``asked`` are the codes as asked for, found or not.

    ``unit`` is "count" or "per_100k"; a place without population is left out of the second.
    """
    with translation.override(language):
        facts = {
            "site": site(language, f"/{language}/situation/compare/"),
            "language": language,
            "unit": unit,
            "age": age_text.notice(*_newest(pages), language),
            "is_trial": any(page.is_trial for page in pages),
            "missing": [code for code in asked if code not in {p.place.code for p in pages}],
            **_compared(pages, unit, language),
        }
        return render_to_string("situation/compare.html", facts)


def _newest(pages: Sequence[AreaPage]) -> tuple[date | None, Age | None]:
    """The newest day of several pages, and its age."""
    dated = [page for page in pages if page.last_day]
    newest = max(dated, key=lambda page: page.last_day or date.min, default=None)
    return (newest.last_day, newest.age) if newest else (None, None)


def _compared(pages: Sequence[AreaPage], unit: str, language: str) -> dict[str, Any]:
    drawn = [p for p in pages if p.curve and (unit == "count" or p.place.population)]
    curves = [p.curve for p in drawn if p.curve]
    facts: dict[str, Any] = {
        "places": [
            {
                "code": p.place.code,
                "name": p.place.in_language(language),
                "url": path_of(p.place.code, language),
                "headlines": area_text.headline_cards(p, language),
                "day": wording.day(p.last_day, language) if p.last_day else "",
                "new7": wording.signed(sentence.new_in_week(p.curve)),
                "figures_from": p.figures_from and p.figures_from.in_language(language),
                "line": drawn.index(p) if p in drawn else None,
            }
            for p in pages
        ],
    }
    if not curves:
        return facts
    first, last = min(c.days[0] for c in curves), max(c.days[-1] for c in curves)
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    series = [
        _laid(page.curve, days, page.place.population if unit == "per_100k" else None)
        for page in drawn
        if page.curve
    ]
    return facts | {"tabs": side_by_side.tabs(days, series, language)}


def _laid(curve: Curve, days: Sequence[date], population: int | None) -> list[float | None]:
    """7-day means on a longer calendar, per 100,000 where ``population`` is given."""
    by_day = dict(zip(curve.days, curve.mean7, strict=True))
    found = [by_day.get(on) for on in days]
    if population is None:
        return found
    return [None if v is None else v * 100_000 / population for v in found]
