"""The answer in words: how bad is it here, since when, and says who?

Whole sentences, so that a translator never has to join parts. Each says one thing and is left
out where its figure is not known; none is written from a guess.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxin.situation import wording
from tongxin.situation.shapes import AreaPage, Curve, Headline

SUMMED = "sum-of-countries"  # the world where no source speaks for it


def in_words(page: AreaPage, language: str) -> list[str]:
    """Sentences for the top of a page, the most important first."""
    confirmed = headline(page, "confirmed")
    place = wording.in_sentence(page.figures_from or page.place, language)
    if confirmed is None or confirmed.value is None or confirmed.about_on is None:
        return _nothing_said(page, language)
    return [
        *_borrowed(page, language),
        *_how_many(page, confirmed, place, language),
        *_which_way(page, confirmed, language),
        *_since_when(page, language),
    ]


def headline(page: AreaPage, metric: str) -> Headline | None:
    """The page's big number of a metric."""
    return next((h for h in page.headlines if h.metric == metric), None)


def source_name(page: AreaPage, code: str, language: str) -> str:
    """A source as readers know it."""
    for source in page.sources:
        if source.code == code:
            return source.zh if language.startswith("zh") else source.en
    return _("sum of the countries") if code == SUMMED else code


def new_in_week(curve: Curve | None) -> int | None:
    """New cases of the last seven days of a curve, from its totals; None where unknown."""
    if curve is None or len(curve.confirmed) < 8:
        return None
    last, before = curve.confirmed[-1], curve.confirmed[-8]
    return None if last is None or before is None else last - before


def first_day(curve: Curve | None) -> date | None:
    """The first day with a confirmed case."""
    if curve is None:
        return None
    pairs = zip(curve.days, curve.confirmed, strict=True)
    return next((on for on, value in pairs if value), None)


def last_new_day(curve: Curve | None) -> date | None:
    """The last day on which the total rose."""
    if curve is None:
        return None
    known = [(d, v) for d, v in zip(curve.days, curve.confirmed, strict=True) if v is not None]
    rises = (on for (_, b), (on, a) in zip(known[-2::-1], known[:0:-1], strict=True) if a > b)
    return next(rises, None)


def _nothing_said(page: AreaPage, language: str) -> list[str]:
    """No figure for the whole; its parts may have some, which only a reader may add up."""
    name = wording.in_sentence(page.place, language)
    known = [row.confirmed for row in page.children if row.confirmed is not None]
    if not known or page.parts_of not in (None, page.place):
        return [_("No source has published figures for %(place)s so far.") % {"place": name}]
    return [
        _(
            "No source gives one figure for all of %(place)s here. The newest figures of its "
            "%(count)s areas with figures come to %(total)s people confirmed ill."
        )
        % {
            "place": name,
            "count": wording.number(len(known)),
            "total": wording.number(sum(known)),
        }
    ]


def _borrowed(page: AreaPage, language: str) -> Iterator[str]:
    if page.figures_from:
        names = {
            "place": page.place.in_language(language),
            "above": page.figures_from.in_language(language),
        }
        yield _("Nobody publishes figures for %(place)s itself; these are for %(above)s.") % names


def _how_many(page: AreaPage, confirmed: Headline, place: str, language: str) -> Iterator[str]:
    active = headline(page, "active")
    facts = {
        "day": wording.day(confirmed.about_on, language),
        "place": place,
        "total": wording.number(confirmed.value),
        "active": wording.number(active.value) if active else "",
    }
    if confirmed.value == 0:
        yield _("By %(day)s no case had been confirmed in %(place)s.") % facts
    elif active and active.value is not None:
        yield (
            _(
                "By %(day)s, %(total)s people had been confirmed ill in %(place)s; "
                "%(active)s had neither recovered nor died."
            )
            % facts
        )
    else:
        yield _("By %(day)s, %(total)s people had been confirmed ill in %(place)s.") % facts


def _which_way(page: AreaPage, confirmed: Headline, language: str) -> Iterator[str]:
    """The week up to the newest figure, which is named: it may be long past."""
    new = new_in_week(page.curve)
    if new is None or new < 0 or not confirmed.value:
        return
    day = wording.day(confirmed.about_on, language, "long" if page.age else "day")
    facts = {"new": wording.number(new), "day": day}
    change = confirmed.change_week
    if new == 0:
        yield _("No new case was confirmed in the 7 days to %(day)s.") % facts
    elif change is None or abs(change) < 0.05:
        yield (
            ngettext(
                "%(new)s new case was confirmed in the 7 days to %(day)s.",
                "%(new)s new cases were confirmed in the 7 days to %(day)s.",
                new,
            )
            % facts
        )
    elif change > 1:
        yield _(
            "%(new)s new cases were confirmed in the 7 days to %(day)s: %(times)s times as many "
            "as in the 7 days before."
        ) % {**facts, "times": wording.rate(1 + change)}
    else:
        text = (
            _(
                "%(new)s new cases in the 7 days to %(day)s: %(share)s%% more than in the 7 days "
                "before."
            )
            if change > 0
            else _(
                "%(new)s new cases in the 7 days to %(day)s: %(share)s%% fewer than in the 7 days "
                "before."
            )
        )
        yield text % {**facts, "share": round(abs(change) * 100)}


def begins_late(curve: Curve | None) -> bool:
    """Whether the first total is of more than one case, so that nobody can say when it began."""
    totals = [n for n in curve.confirmed if n is not None] if curve else []
    return bool(totals) and totals[0] > 1


def _since_when(page: AreaPage, language: str) -> Iterator[str]:
    first, last = first_day(page.curve), last_new_day(page.curve)
    newest = page.curve.days[-1] if page.curve and page.curve.days else None
    stands_still = bool(last and newest and (newest - last).days >= 7)
    if first and begins_late(page.curve) and last and stands_still:
        yield _("The figures begin on %(first)s; the last new case is in those of %(last)s.") % {
            "first": wording.day(first, language),
            "last": wording.day(last, language),
        }
    elif first and last and stands_still:
        yield _(
            "The first case stands in the figures of %(first)s, the last new one on %(last)s."
        ) % {
            "first": wording.day(first, language),
            "last": wording.day(last, language),
        }
    elif first and begins_late(page.curve):
        yield _("The figures begin on %(first)s.") % {"first": wording.day(first, language)}
    elif first:
        yield _("The first case stands in the figures of %(first)s.") % {
            "first": wording.day(first, language)
        }
