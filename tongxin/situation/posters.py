"""The poster of a place today, for a notice board or a screen: drawn from the same page."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tongxin import pictures
from tongxin.pictures import Figure, Risk, SituationPoster, Size
from tongxin.situation import age_text, area_text, risk_text, sentence, wording
from tongxin.situation.links import path_of
from tongxin.situation.pages import disease_name
from tongxin.situation.shapes import AreaPage

NAMES = {Size.PHONE: "poster", Size.SCREEN: "poster-screen"}
DAYS = 100  # of the curve


def posters(page: AreaPage, language: str) -> Iterator[tuple[str, bytes]]:
    """The poster in every size, as files of a release."""
    record = poster_of(page, language)
    for size, name in NAMES.items():
        svg = pictures.situation_poster(record, language, size)
        yield f"situation/{page.place.code}/{name}.{language}.svg", svg.encode()


def poster_of(page: AreaPage, language: str) -> SituationPoster:
    """What the poster of a place says in a language."""
    with translation.override(language):
        confirmed = sentence.headline(page, "confirmed")
        source = sentence.source_name(page, confirmed.source, language) if confirmed else ""
        moment = wording.moment(page.as_of, language)
        about = f"{disease_name(page.disease, language)} · " + _("as of %(moment)s") % {
            "moment": moment
        }
        return SituationPoster(
            place=page.place.in_language(language),
            about=about,
            said=tuple(sentence.in_words(page, language)),
            aged=_aged(page, language),
            figures=tuple(
                _figure(card, is_old=page.age is not None)
                for card in area_text.headline_cards(page, language)[:4]
            ),
            risk=_risk(page, language),
            sources=(source,) if source else (),
            address=f"{settings.PUBLIC_URL.rstrip('/')}{path_of(page.place.code, language)}",
            authority=settings.AUTHORITY,
            **_curve(page, language),
        )


def _aged(page: AreaPage, language: str) -> str:
    if page.age is None or page.last_day is None:
        return ""
    return age_text.said(page.last_day, page.age.unit, page.age.count, language)


def _figure(card: dict[str, Any], *, is_old: bool) -> Figure:
    words = {"change": card["change"].replace(wording.MINUS, "–")}
    return Figure(
        name=card["name"],
        value=_("withheld") if card["is_suppressed"] else card["value"],
        change=_("%(change)s on the day") % words if card["change"] else "",
        tone="" if is_old else card["tone"],
    )


def _risk(page: AreaPage, language: str) -> Risk | None:
    """The level, with its day where that is long past."""
    said = risk_text.risk_card(page, language)
    if said is None:
        return None
    on = _("on %(day)s") % {"day": said["on"]} if page.age else ""
    gap = " " if on and language == "en" else ""
    return Risk("" if page.age else said["level"], f"{said['name']}{gap}{on}")


def _curve(page: AreaPage, language: str) -> dict[str, Any]:
    curve = page.curve
    if curve is None or not curve.days:
        return {}
    days = curve.days[-DAYS:]
    return {
        "curve_name": _("New confirmed cases a day"),
        "curve": tuple(curve.new[-DAYS:]),
        "first_day": wording.day(days[0], language, "short"),
        "last_day": wording.day(days[-1], language, "short"),
    }
