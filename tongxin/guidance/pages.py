"""Public pages of guidance as HTML, made without a request: files of a release."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tongxin.guidance.for_whom import common, for_whom
from tongxin.guidance.icons import icons
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.packs import Circumstance, PersonAxis, circumstances
from tongxin.guidance.posters import shown
from tongxin.guidance.questions import Question, questions
from tongxin.guidance.told import Told, filled, grouped, said
from tongxin.guidance.wording import AUTHORITIES, GRADES, SIGNS
from tongxin.places.models import Place
from tongxin.releases.site import site

LATELY = 8  # changes named on the index
DAY = {"en": "d MMMM y", "zh": "y年M月d日"}


def render_index(now: Told, language: str) -> str:
    """The circumstances, the way to one's own advice, and what has changed."""
    with translation.override(language):
        facts = _facts(now, language, "guidance/")
        counts = {one.key: len(now.of(one.key)) for one in now.circumstances()}
        facts |= {
            "cards": [
                _circumstance(one, language) | {"count": counts[one.key]}
                for one in now.circumstances()
            ],
            "lately": _lately(now, language),
            "coming": [item(now, row, language) for row in now.coming],
            "first_on": _day(_first_day(now.rows), language),
        }
        return render_to_string("guidance/index.html", facts)


def render_circumstance(now: Told, one: Circumstance, language: str) -> str:
    """What to do and not to do in one circumstance."""
    with translation.override(language):
        rows = [row for row in now.of(one.key) if row not in now.danger]
        shared = common(row.when for row in rows)
        facts = _facts(now, language, f"guidance/{one.key}/")
        facts |= _circumstance(one, language)
        facts |= {
            "groups": {
                kind: [item(now, row, language, known=shared) for row in found]
                for kind, found in grouped(rows).items()
            },
            "coming": [
                item(now, row, language) for row in now.coming if row.circumstance == one.key
            ],
            "sources": _sources(rows, language),
            "poster": shown(now, one, language),
            "reviewed": _day(max((_changed_on(row) for row in rows), default=None), language),
            "review_by": _day(min((row.review_by for row in rows), default=None), language),
            "others": [_circumstance(c, language) for c in now.circumstances() if c != one],
        }
        return render_to_string("guidance/circumstance.html", facts)


def render_block(now: Told, row: AdviceBlock, language: str) -> str:
    """One piece of advice at its lasting address, with all that is known of it."""
    with translation.override(language):
        one = circumstances(now.disease)[row.circumstance]
        facts = _facts(now, language, f"guidance/block/{row.slug}/")
        facts |= {
            "item": item(now, row, language),
            "asks": row.said("asks", language),
            "circumstance": _circumstance(one, language),
            "beside": [
                item(now, other, language)
                for other in now.live
                if other.action == row.action and other != row
            ],
        }
        return render_to_string("guidance/block.html", facts)


def render_for_me(now: Told, language: str) -> str:
    """The questions; what applies to the reader is found in the reader's own browser."""
    with translation.override(language):
        facts = _facts(now, language, "guidance/for-me/")
        facts |= {
            "cards": [_circumstance(one, language) for one in now.circumstances()],
            "questions": [
                _question(now, one, axis, language) for one, axis in questions(now.disease)
            ],
        }
        return render_to_string("guidance/for_me.html", facts)


def item(
    now: Told, row: AdviceBlock, language: str, *, known: Collection[str] = ()
) -> dict[str, Any]:
    """One piece of advice as templates show it; ``known`` names what the page says for all."""
    places = [_name(now.places[code], language) for code in row.places if code in now.places]
    return {
        "slug": row.slug,
        "polarity": row.polarity,
        "sign": SIGNS[row.polarity],
        "says": row.get_polarity_display(),
        "title": said(row, "title", language),
        "text": said(row, "text", language),
        "for_whom": for_whom(row.when, now.disease, language, known=known),
        "places": places,
        "source": row.said("source", language),
        "source_url": row.source_url,
        "source_on": _day(row.source_on, language),
        "authority": AUTHORITIES.get(row.authority, row.authority),
        "layer": row.get_layer_display(),
        "layer_key": row.layer,
        "since": _day(row.effective_from, language),
        "until": _day(row.expires_on, language),
        "review_by": _day(row.review_by, language),
        "is_overdue": row.review_by < now.today,
        "is_coming": row.effective_from > now.today,
        "changed": _day(_changed_on(row), language),
        "grade": row.get_grade_display(),
        "grade_says": GRADES[row.grade],
    }


def _facts(now: Told, language: str, path: str) -> dict[str, Any]:
    """What every page knows: the site, where its files lie, and the danger box."""
    root = "../" * (path.count("/") + 1)
    return {
        "site": site(language, f"/{language}/{path}"),
        "language": language,
        "root": root,
        "start": f"{root}{language}/guidance/",
        "static_root": f"{root}static/",
        "emergency": settings.EMERGENCY_NUMBER,
        "danger": [item(now, row, language) for row in now.danger],
    }


def _question(now: Told, one: Question, axis: PersonAxis, language: str) -> dict[str, Any]:
    """A question in both persons, with its answers; the gravest explained by a block's words."""
    signs = [said(row, "text", language) for row in now.live if row.slug == one.signs_of]
    last = axis.values[-1].key
    return {
        "axis": one.axis,
        "name": axis.name(language),
        "usual": one.usual,
        "you": one.said("you", language),
        "they": one.said("they", language),
        "hint": one.said("hint", language),
        "values": [
            {
                "key": value.key,
                "name": value.name(language),
                "signs": signs[0] if signs and value.key == last else "",
            }
            for value in axis.values
        ],
    }


def _circumstance(one: Circumstance, language: str) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name(language),
        "intro": filled(one.intro(language)),
        "icon": icons().get(one.key, ""),
    }


def _lately(now: Told, language: str) -> list[dict[str, Any]]:
    """What has changed since the guidance first came out, the newest first."""
    first = _first_day(now.rows)
    changed = [row for row in now.live if first and _changed_on(row) > first]
    changed.sort(key=lambda row: (-_changed_on(row).toordinal(), row.slug))
    return [item(now, row, language) for row in changed[:LATELY]]


def _first_day(rows: Iterable[AdviceBlock]) -> date | None:
    return min((_changed_on(row) for row in rows), default=None)


def _changed_on(row: AdviceBlock) -> date:
    """The day on which its words last changed."""
    moments = [m for m in (row.changed_zh_at, row.changed_en_at) if m]
    return timezone.localtime(max(moments)).date() if moments else row.effective_from


def _sources(rows: Iterable[AdviceBlock], language: str) -> list[dict[str, str]]:
    """Every source once, with its day."""
    found = {
        (row.said("source", language), row.source_url): _day(row.source_on, language)
        for row in rows
    }
    return [{"name": name, "url": url, "on": on} for (name, url), on in sorted(found.items())]


def _day(on: date | None, language: str) -> str:
    if on is None:
        return ""
    short = "en" if language == "en" else "zh"
    return format_date(on, DAY[short], locale=short)


def _name(place: Place, language: str) -> str:
    return place.name_en if language == "en" else place.name_zh
