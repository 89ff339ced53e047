"""Public pages of myths as HTML, made without a request: files of a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_datetime
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tongxin.myths import posters
from tongxin.myths.claim_review import claim_review
from tongxin.myths.figures import Figures
from tongxin.myths.models import Claim, Ruling, Topic, Verdict
from tongxin.releases.site import site

DAY = {"en": "d MMMM y", "zh-hans": "y年M月d日"}
MOMENT = {"en": "d MMMM y, HH:mm", "zh-hans": "y年M月d日 HH:mm"}
LOCALES = {"en": "en", "zh-hans": "zh_Hans"}
BESIDE = 4


@dataclass(frozen=True)
class Book:
    """All claims before the public, with all that was ever said of each."""

    claims: Sequence[Claim]
    histories: dict[int, Sequence[Ruling]]

    def history(self, claim: Claim) -> Sequence[Ruling]:
        """What was said of a claim, the newest first."""
        return self.histories.get(claim.pk, ())


def render_index(book: Book, language: str) -> str:
    """All claims, the newest answered first, with filters that work in the browser."""
    with translation.override(language):
        facts = page_facts(language, "myths/")
        topics = {claim.topic for claim in book.claims}
        facts |= {
            "rows": [row(book, claim, language) for claim in book.claims],
            "topics": [one for one in Topic.choices if one[0] in topics],
            "verdicts": Verdict.choices,
        }
        return render_to_string("myths/index.html", facts)


def render_claim(book: Book, claim: Claim, language: str) -> str:
    """One claim at its lasting address, with all that is known of it."""
    with translation.override(language):
        facts = page_facts(language, f"myths/{claim.slug}/")
        facts |= row(book, claim, language)
        facts |= {
            "long": [part for part in claim.said("long", language).split("\n") if part.strip()],
            "evidence": [_source(one, language) for one in claim.evidence],
            "grade": claim.get_grade_display(),
            "history": _history(book.history(claim), language),
            "superseded_by": claim.superseded_by
            and {
                "slug": claim.superseded_by.slug,
                "claim": claim.superseded_by.said("claim", language),
            },
            "tellings": claim.said("tellings", language),
            "review": claim_review(claim, book.history(claim), language),
            "beside": _beside(book, claim, language),
            "poster": posters.shown(claim, language),
            "embed_url": f"{facts['site']['public_url']}/{language}/embed/myth/{claim.slug}/",
        }
        return render_to_string("myths/claim.html", facts)


def preview(claim: Claim, language: str) -> str:
    """The page of a claim that is not public yet, as if it lay at its address."""
    html = render_claim(Book([claim], {}), claim, language)
    return html.replace("<head>", f'<head><base href="/{language}/myths/{claim.slug}/">', 1)


def render_card(book: Book, claim: Claim, language: str) -> str:
    """The bare page that others frame."""
    with translation.override(language):
        facts = page_facts(language, f"embed/myth/{claim.slug}/") | row(book, claim, language)
        facts["url"] = f"{facts['site']['public_url']}/{language}/myths/{claim.slug}/"
        return render_to_string("myths/embed.html", facts)


def render_figures(figures: Figures, language: str) -> str:
    """How many ask, how soon they are answered, and whether a rumour stays after its verdict."""
    with translation.override(language):
        facts = page_facts(language, "myths/measures/") | {"figures": figures}
        facts["until"] = day(figures.until, language)
        return render_to_string("myths/measures.html", facts)


def page_facts(language: str, path: str) -> dict[str, Any]:
    """What every page of a release says of itself; ``path`` is below the language."""
    root = "../" * f"{language}/{path}".count("/")
    return {
        "site": site(language, f"/{language}/{path}"),
        "language": language,
        "static_root": f"{root}static/",
        "here": f"{root}{language}/myths/",
        "root": root,
    }


def row(book: Book, claim: Claim, language: str) -> dict[str, Any]:
    """A claim as every list and page shows it."""
    history = book.history(claim)
    corrected = [one for one in history if one.is_correction]
    return {
        "slug": claim.slug,
        "claim": claim.said("claim", language),
        "why": claim.said("why", language),
        "verdict": claim.verdict,
        "verdict_name": claim.get_verdict_display(),
        "topic": claim.topic,
        "topic_name": claim.get_topic_display(),
        "harm": claim.harm,
        "since": day(claim.since, language),
        "since_iso": claim.since.isoformat(),
        "true_as_of": day(claim.true_as_of, language),
        "is_withdrawn": claim.is_withdrawn,
        "withdrawn_on": day(claim.withdrawn_on, language),
        "corrected": moment(corrected[0].said_from, language) if corrected else "",
    }


def day(on: date | None, language: str) -> str:
    """A day as a reader of the language writes it; empty where there is none."""
    return format_date(on, DAY[language], locale=LOCALES[language]) if on else ""


def moment(at: datetime, language: str) -> str:
    """A moment in local time."""
    local = timezone.localtime(at)
    return format_datetime(local, MOMENT[language], tzinfo=local.tzinfo, locale=LOCALES[language])


def _history(rulings: Sequence[Ruling], language: str) -> list[dict[str, Any]]:
    """Everything said before, the newest first; nothing if it was always the same."""
    return [
        {
            "verdict": one.verdict,
            "verdict_name": one.get_verdict_display(),
            "claim": one.said("claim", language),
            "why": one.said("why", language),
            "is_withdrawn": one.is_withdrawn,
            "is_correction": one.is_correction,
            "from": moment(one.said_from, language),
            "until": moment(one.said_until, language) if one.said_until else "",
        }
        for one in (rulings if len(rulings) > 1 else ())
    ]


def _source(one: dict[str, str], language: str) -> dict[str, str]:
    title = one["title_en"] if language == "en" else one["title_zh"]
    on = day(date.fromisoformat(one["on"]), language)
    return {"title": title, "publisher": one["publisher"], "url": one["url"], "on": on}


def _beside(book: Book, claim: Claim, language: str) -> list[dict[str, Any]]:
    """A few others of the same topic."""
    others = [one for one in book.claims if one.topic == claim.topic and one.pk != claim.pk]
    standing = [one for one in others if not (one.withdrawn_on or one.superseded_by_id)]
    return [row(book, one, language) for one in standing[:BESIDE]]


def languages() -> list[str]:
    """The languages of the site."""
    return [code for code, _ in settings.LANGUAGES]
