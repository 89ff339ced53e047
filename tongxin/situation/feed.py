"""The Atom feed of releases (RFC 4287), one in each language.

A release cannot name itself before it is built, so entries are told apart by the moment they
speak about. What an entry needs is kept in the release's manifest (`feed_facts`), so that a
later feed tells of earlier releases without building them again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext, ngettext, override

from tongxin.releases.atom import NEVER, add_author, add_link, add_text, new_feed, tag, written
from tongxin.situation import wording
from tongxin.situation.links import path_of
from tongxin.situation.metrics import metrics
from tongxin.situation.shapes import AreaPage, Headline

SHOWN = 30
REVISIONS_TOLD = 10
FIRST_NAMED = 2020
Facts = Mapping[str, Any]


def feed_facts(page: AreaPage) -> dict[str, Any]:
    """What an entry says of a release, from the page of the place it is made for."""
    return {
        "place": page.place.code,
        "name_zh": page.place.zh,
        "name_en": page.place.en,
        "as_of": page.as_of.isoformat(),
        "last_day": page.last_day and page.last_day.isoformat(),
        "headlines": [_headline(h) for h in page.headlines if h.value is not None],
        "revisions": len(page.revisions),
        "revised": [
            {
                "metric": r.metric,
                "on": r.about_on.isoformat(),
                "before": r.before,
                "after": r.after,
                "why": r.why,
            }
            for r in page.revisions[:REVISIONS_TOLD]
        ],
    }


def atom(entries: Iterable[Facts], *, language: str, public_url: str) -> bytes:
    """The feed of ``entries`` (`feed_facts`), newest first whatever order they come in."""
    told = sorted(entries, key=lambda e: datetime.fromisoformat(e["as_of"]), reverse=True)[:SHOWN]
    site = public_url.rstrip("/")
    address = f"{site}/feed/{language}.atom"
    with override(language):
        feed = new_feed(language)
        add_text(feed, "id", tag(site, FIRST_NAMED, f"feed/{language}"))
        add_text(feed, "title", gettext("The epidemic situation: releases"))
        add_text(feed, "updated", told[0]["as_of"] if told else NEVER)
        add_author(feed, gettext("Tongxin"))
        add_link(feed, "self", address, "application/atom+xml")
        add_link(feed, "alternate", f"{site}/{language}/", "text/html")
        for facts in told:
            _entry(feed, facts, language, site)
    return written(feed)


def _entry(feed: ET.Element, facts: Facts, language: str, site: str) -> None:
    name = facts["name_zh"] if language.startswith("zh") else facts["name_en"]
    entry = ET.SubElement(feed, "entry")
    add_text(entry, "id", tag(site, FIRST_NAMED, f"release/{facts['place']}/{facts['as_of']}"))
    add_text(entry, "title", _title(facts, name))
    add_text(entry, "updated", facts["as_of"])
    add_link(entry, "alternate", site + path_of(facts["place"], language), "text/html")
    content = add_text(entry, "content", "\n".join(_sentences(facts, language)))
    content.set("type", "text")


def _title(facts: Facts, name: str) -> str:
    as_of = datetime.fromisoformat(facts["as_of"])
    return gettext("%(place)s, as of %(moment)s") % {
        "place": name,
        "moment": as_of.strftime("%Y-%m-%d %H:%M"),
    }


def _sentences(facts: Facts, language: str) -> list[str]:
    lines = [_said(headline, language) for headline in facts["headlines"]]
    if not lines:
        lines = [gettext("No figures yet.")]
    if count := facts["revisions"]:
        lines.append(
            ngettext(
                "%(count)s figure of the last fortnight was revised:",
                "%(count)s figures of the last fortnight were revised:",
                count,
            )
            % {"count": count}
        )
    return lines + [_revised(revision, language) for revision in facts["revised"]]


def _said(headline: Facts, language: str) -> str:
    words = {
        "metric": metrics()[headline["metric"]].name(language),
        "value": _number(headline["value"]),
        "on": headline["on"],
        "change": f"{headline['change'] or 0:+,}",
    }
    if headline["change"] is None:
        return gettext("%(metric)s: %(value)s on %(on)s") % words
    return gettext("%(metric)s: %(value)s on %(on)s (%(change)s on the day)") % words


def _revised(revision: Facts, language: str) -> str:
    words = {
        "metric": metrics()[revision["metric"]].name(language),
        "on": revision["on"],
        "before": _number(revision["before"]),
        "after": _number(revision["after"]),
        "why": wording.said_in(revision["why"], language),
    }
    if not revision["why"]:
        return gettext("%(metric)s of %(on)s: %(before)s, now %(after)s") % words
    return gettext("%(metric)s of %(on)s: %(before)s, now %(after)s: %(why)s") % words


def _headline(headline: Headline) -> dict[str, Any]:
    return {
        "metric": headline.metric,
        "value": headline.value,
        "change": headline.change_day,
        "on": headline.about_on and headline.about_on.isoformat(),
    }


def _number(value: int | None) -> str:
    return gettext("no figure") if value is None else f"{value:,}"


def latest(entries: Sequence[Facts], now: Facts) -> list[Facts]:
    """Earlier entries with ``now`` in front; an earlier one of the same moment is replaced.

    >>> latest([{"as_of": "2020-02-01", "n": 1}], {"as_of": "2020-02-01", "n": 2})
    [{'as_of': '2020-02-01', 'n': 2}]
    """
    return [now, *(entry for entry in entries if entry["as_of"] != now["as_of"])][:SHOWN]
