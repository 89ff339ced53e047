"""A figure as an answer: from the series, with its day, its source and since when it is known."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from tongxin.assistant.figure_questions import FigureAsked, figure_asked
from tongxin.assistant.quotes import Quote
from tongxin.assistant.where import named_code, place_in
from tongxin.places.models import Place
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Source
from tongxin.situation.queries.known import known
from tongxin.situation.shapes import Line


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    """``quotes``: the figure, if there is one; ``note``: what else must be said."""

    quotes: tuple[Quote, ...]
    note: str = ""


def figure_answer(
    text: str, *, language: str, at: datetime, place: str = ""
) -> FigureAnswer | None:
    """The figure that a question asks for; None where it asks for none."""
    today = timezone.localdate(at)
    asked = figure_asked(text, today=today)
    if asked is None:
        return None
    code = place_in(text) or named_code(place) or settings.HOME_PLACE
    found = Place.objects.filter(code=code).first()
    if found is None:
        return None
    return _told(found, asked, language=language, at=at, today=today)


def _told(
    place: Place, asked: FigureAsked, *, language: str, at: datetime, today: date
) -> FigureAnswer:
    name = place.called(language)
    figures = known(as_of=at, disease=settings.DEFAULT_DISEASE, places=[place.code])
    line = figures.line(place.code, asked.metric)
    if line is None and figures.withheld_days(place.code, asked.metric).size:
        return FigureAnswer((), gettext("A count this small is not published, to protect people."))
    if line is None:
        note = gettext("There is no series of “{metric}” for {place}.")
        return FigureAnswer((), note.format(metric=_metric(asked, language), place=name))
    day = _day(line, asked, today)
    if day is None:
        newest = _quote(place, line, asked, line.days[-1].item(), language)
        return FigureAnswer((newest,), _no_day(line))
    return FigureAnswer((_quote(place, line, asked, day, language),))


def _day(line: Line, asked: FigureAsked, today: date) -> date | None:
    """The day meant, if the series has it; the newest where none was said."""
    days = set(line.days.tolist())
    if asked.on is None and asked.month_day is None:
        return line.days[-1].item()
    meant = asked.days(first=line.days[0].item(), today=today)
    return next((day for day in meant if day in days), None)


def _no_day(line: Line) -> str:
    text = gettext(
        "There is no figure of that day; this is the newest. Figures reach from {first} to {last}."
    )
    first, last = (date_format(line.days[at].item(), "DATE_FORMAT") for at in (0, -1))
    return text.format(first=first, last=last)


def _quote(place: Place, line: Line, asked: FigureAsked, day: date, language: str) -> Quote:
    value, is_new = _value(line, asked, day)
    source = Source.objects.filter(code=line.source).first()
    name = place.called(language)
    said = gettext("{metric}: {value}").format(
        metric=_metric(asked, language) if is_new == asked.is_new else _total(asked, language),
        value=f"{value:,}",
    )
    return Quote(
        kind="figure",
        id=f"figure:{place.code}",
        label=gettext("Figure"),
        title=f"{name} · {date_format(day, 'DATE_FORMAT')}",
        text=said,
        source=(source.name_en if language == "en" else source.name_zh) if source else line.source,
        source_url=source.url if source else "",
        authority=gettext("as known on {moment}").format(
            moment=date_format(timezone.localtime(line.known_at), "DATETIME_FORMAT")
        ),
        on=day,
        url=f"/{language}/situation/{place.code}/",
    )


def _value(line: Line, asked: FigureAsked, day: date) -> tuple[int, bool]:
    """The value, and whether it is of that day alone (else: the total)."""
    days, values = line.days, line.values
    at = int(np.searchsorted(days, np.datetime64(day)))
    value = int(values[at])
    if asked.is_new and at and days[at - 1] == days[at] - 1:
        return value - int(values[at - 1]), True
    return value, False


def _metric(asked: FigureAsked, language: str) -> str:
    total = _total(asked, language)
    return gettext("New that day ({metric})").format(metric=total) if asked.is_new else total


def _total(asked: FigureAsked, language: str) -> str:
    return metrics()[asked.metric].name(language)
