"""Public pages of notices as HTML, made without a request: files of a release."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from tongxin.guidance.models import AdviceBlock
from tongxin.myths.queries import published
from tongxin.notices.models import Kind, Notice, Step
from tongxin.notices.queries import Board, line_of
from tongxin.releases.site import site

MOMENT = {"en": "d MMMM y, HH:mm", "zh": "y年M月d日 HH:mm"}
LISTED = 60
LEAD = 160  # characters of a text in a list


def render_index(board: Board, language: str) -> str:
    """Alerts in force, then the newest of everything, to be narrowed by kind and place."""
    with translation.override(language):
        facts = _facts(language, "notices/")
        listed = board.listed()[:LISTED]
        held = {row.pk for row in board.in_force}
        facts |= {
            "alerts": [item(board, row, language) for row in board.in_force],
            "items": [item(board, row, language) for row in listed if row.pk not in held],
            "kinds": _kinds(listed),
            "places": _places(board, listed, language),
        }
        return render_to_string("notices/index.html", facts)


def render_notice(board: Board, row: Notice, language: str) -> str:
    """One notice at its lasting address: what it says, who says so, what became of it."""
    with translation.override(language):
        facts = _facts(language, f"notices/{row.code}/")
        after = board.after.get(row.pk)
        facts |= {
            "item": item(board, row, language),
            "after": after and item(board, after, language),
            "before": [item(board, one, language) for one in line_of(row)[1:]],
            "same": [item(board, one, language) for one in board.same.get(row.pk, [])],
            "advice": advice(row, language),
            "claims": claims(row, language),
        }
        return render_to_string("notices/notice.html", facts)


def render_follow(language: str) -> str:
    """Where a browser asks to be told of alerts for places."""
    with translation.override(language):
        return render_to_string("notices/follow.html", _facts(language, "follow/"))


def item(board: Board, row: Notice, language: str) -> dict[str, Any]:
    """A notice as templates and data files show it."""
    text = row.said("text", language)
    is_held = row.pk in {one.pk for one in board.in_force}
    return {
        "code": row.code,
        "kind": row.kind,
        "kind_says": row.get_kind_display(),
        "step": row.step,
        "step_says": "" if row.step == Step.FIRST else row.get_step_display(),
        "title": row.said("title", language),
        "text": text,
        "lead": text if len(text) <= LEAD else text[: LEAD - 1].rstrip() + "…",
        "tag": _tag(row, language),
        "source": source(row, language),
        "link": row.link,
        "issued": moment(row.issued_at, language),
        "issued_iso": timezone.localtime(row.issued_at).isoformat(),
        "known": moment(row.known_at, language),
        "from": moment(row.effective_at, language),
        "until": moment(row.expires_at, language),
        "until_iso": row.expires_at and timezone.localtime(row.expires_at).isoformat(),
        "severity": row.severity,
        "severity_says": row.get_severity_display() if row.severity else "",
        "urgency_says": row.get_urgency_display() if row.urgency else "",
        "certainty_says": row.get_certainty_display() if row.certainty else "",
        "codes": row.places,
        "places": [board.places[c].called(language) for c in row.places if c in board.places],
        "is_in_force": is_held,
        "is_over": row.is_over,
        "is_signed": row.is_signed or row.agency_id is None,
        "has_cap": row.kind == Kind.ALERT and bool(row.original or row.agency_id is None),
        "others": [source(one, language) for one in board.same.get(row.pk, [])],
    }


def source(row: Notice, language: str) -> str:
    """Who says so."""
    if row.agency is not None:
        return row.agency.called(language)
    return settings.AUTHORITY or gettext("The health authority")


def advice(row: Notice, language: str) -> list[dict[str, str]]:
    """The advice it changes, by title, as far as it is published."""
    found = AdviceBlock.objects.filter(slug__in=row.blocks, live=True).order_by("slug")
    return [{"slug": one.slug, "title": one.said("title", language)} for one in found]


def claims(row: Notice, language: str) -> list[dict[str, str]]:
    """The rumours it speaks to, each with what is said of it, as far as it is published."""
    found = published(disease=settings.DEFAULT_DISEASE).filter(slug__in=row.claims)
    said = gettext("{verdict}: {claim}")
    return [
        {
            "slug": one.slug,
            "title": said.format(
                verdict=gettext("Withdrawn") if one.is_withdrawn else one.get_verdict_display(),
                claim=one.said("claim", language),
            ),
        }
        for one in found.order_by("slug")
    ]


def moment(at: datetime | None, language: str) -> str:
    """A moment as people write it, local time."""
    if at is None:
        return ""
    short = "en" if language == "en" else "zh"
    return format_datetime(
        timezone.localtime(at), MOMENT[short], tzinfo=timezone.get_default_timezone(), locale=short
    )


def _tag(row: Notice, language: str) -> str:
    """The language that the words really are in, where it is not the page's."""
    if language == "en":
        return "" if row.title_en else "zh-Hans"
    return "" if row.title_zh else "en"


def _kinds(rows: Iterable[Notice]) -> list[tuple[str, str]]:
    present = {row.kind for row in rows}
    return [(kind, str(says)) for kind, says in Kind.choices if kind in present]


def _places(board: Board, rows: Iterable[Notice], language: str) -> list[tuple[str, str]]:
    codes = {code for row in rows for code in row.places}
    found = [(code, board.places[code].called(language)) for code in codes if code in board.places]
    return sorted(found, key=lambda pair: pair[0])


def _facts(language: str, path: str) -> dict[str, Any]:
    root = "../" * (path.count("/") + 1)
    return {
        "site": site(language, f"/{language}/{path}"),
        "language": language,
        "root": root,
        "start": f"{root}{language}/",
        "static_root": f"{root}static/",
    }
