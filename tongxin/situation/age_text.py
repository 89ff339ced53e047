"""The age of a page's newest figure in words.

A page of a release is a file. "More than 6 years ago" holds on every later day, so a reader
without scripts is never told something false; a script puts the present age in its place.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongxin.situation import wording
from tongxin.situation.freshness import FRESH_DAYS, Age

UNITS = ("weeks", "months", "years")


def said(newest: date, unit: str, count: int | str, language: str) -> str:
    """The sentence at the headline; ``count`` may be a mark that a script fills in."""
    texts = {
        "weeks": _("The newest figure is of %(day)s, more than %(count)s weeks ago."),
        "months": _("The newest figure is of %(day)s, more than %(count)s months ago."),
        "years": _("The newest figure is of %(day)s, more than %(count)s years ago."),
    }
    return texts[unit] % {"day": wording.day(newest, language), "count": count}


def notice(newest: date | None, old: Age | None, language: str) -> dict[str, Any] | None:
    """What a page shows of its age, and the sentences a script chooses from as time goes by."""
    if newest is None:
        return None
    return {
        "newest": newest.isoformat(),
        "fresh_days": FRESH_DAYS,
        "is_old": old is not None,
        "says": said(newest, old.unit, old.count, language) if old else "",
        "later": {unit: said(newest, unit, "{}", language) for unit in UNITS},
    }
