"""What agencies say becomes notices: new ones, corrections, and what was taken back."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.notices import cap, queries, refusals, rules
from tongxin.notices.clusters import put_with_the_same
from tongxin.notices.feeds import Entry
from tongxin.notices.models import (
    Agency,
    Certainty,
    Format,
    Kind,
    Notice,
    Severity,
    Step,
    Urgency,
)
from tongxin.notices.plain import one_line, plain, safe_link
from tongxin.notices.reading import Alert, Read, read_alert
from tongxin.notices.telling import tell_of
from tongxin.places.models import Place

PRESS = 4  # tier
LASTS = timedelta(days=1)  # an alert that does not say how long
STEPS = {"Alert": Step.FIRST, "Update": Step.UPDATE, "Cancel": Step.CANCEL}


@dataclass(frozen=True, slots=True)
class Found:
    """How many notices came of a file, and how many documents could not be had or trusted."""

    new: int
    missed: int


@transaction.atomic
def take_in(
    agency: Agency,
    said: Read,
    *,
    documents: Iterable[tuple[str, bytes]] = (),
    by: object,
    at: datetime,
) -> Found:
    """Keep what is new of a file, oldest first; tell whoever follows the places of alerts."""
    alerts, missed = _alerts(agency, documents)
    rows: list[Notice] = []
    for alert in sorted([*said.alerts, *alerts], key=lambda one: one.alert.sent):
        rows += _take_alert(agency, alert, by=by, at=at)
    if agency.format != Format.CAP:
        entries = sorted(said.entries, key=lambda one: rules.honest_time(one.at, known=at))
        rows += [row for entry in entries if (row := _take_entry(agency, entry, at=at))]
    if rows:
        record("notices.taken_in", agency, by=by, new=len(rows), missed=missed)
    for row in rows:
        if row.kind == Kind.ALERT:
            tell_of(row, by=by, at=at)
    put_with_the_same(row for row in rows if row.kind != Kind.ALERT)
    return Found(len(rows), missed)


def _alerts(agency: Agency, documents: Iterable[tuple[str, bytes]]) -> tuple[list[Alert], int]:
    """The alerts that documents hold; those that are not for the public do not count as missed."""
    found, missed = [], 0
    for url, raw in documents:
        try:
            found.append(read_alert(agency, raw, link=url))
        except refusals.BadSignature:
            missed += 1
        except cap.NotCap:
            missed += not raw
    return found, missed


def _take_entry(agency: Agency, entry: Entry, *, at: datetime) -> Notice | None:
    """A new notice, a corrected one, or one that takes an earlier back; None where it is known."""
    last = Notice.objects.filter(agency=agency, guid=entry.guid).order_by("edition").last()
    if entry.is_withdrawn:
        return _withdrawn(last, entry, at=at) if last and not last.is_over else None
    language = "zh" if agency.language.startswith("zh") else "en"
    words = {f"title_{language}": entry.title, f"text_{language}": entry.text}
    if last and {name: getattr(last, name) for name in words} == words and not last.is_over:
        return None
    return _keep(
        agency,
        entry.guid,
        last,
        **words,
        kind=Kind.NEWS if agency.tier == PRESS else Kind.NOTICE,
        step=Step.UPDATE if last else Step.FIRST,
        link=entry.link,
        places=[agency.place_id],
        issued_at=rules.honest_time(entry.at, known=at),
        at=at,
    )


def _withdrawn(last: Notice, entry: Entry, *, at: datetime) -> Notice:
    """The agency has taken it back."""
    return _keep(
        last.agency,
        entry.guid,
        last,
        title_zh=last.title_zh,
        title_en=last.title_en,
        text_zh=entry.text if last.title_zh else "",
        text_en=entry.text if last.title_en else "",
        kind=last.kind,
        step=Step.CANCEL,
        link=last.link,
        places=last.places,
        issued_at=rules.honest_time(entry.at, known=at),
        at=at,
    )


def _take_alert(agency: Agency, found: Alert, *, by: object, at: datetime) -> list[Notice]:
    """The notices of an alert: one, or one for each earlier alert that it names."""
    alert = found.alert
    if Notice.objects.filter(agency=agency, guid=alert.identifier[:500]).exists():
        return []
    before = _referenced(agency, alert.references)
    step = Step.ALL_CLEAR if alert.is_all_clear else STEPS[alert.msg_type]
    if not before and step in queries.ENDS:
        return []  # it ends what the public never saw
    if not before:
        step = Step.FIRST
    return [
        _keep(
            agency,
            alert.identifier[:500],
            earlier,
            **_words(alert, earlier),
            edition=number,
            kind=Kind.ALERT,
            step=step,
            link=found.link or _web(alert),
            places=_places(agency, alert) if alert.areas else earlier.places if earlier else [],
            severity=_one_of(Severity, alert.severity),
            urgency=_one_of(Urgency, alert.urgency),
            certainty=_one_of(Certainty, alert.certainty),
            issued_at=rules.honest_time(alert.sent, known=at),
            **_span(alert, at=at),
            is_signed=found.is_signed,
            original=found.original,
            at=at,
        )
        for number, earlier in enumerate(before or [None], start=1)
    ]


def _referenced(agency: Agency, references: Iterable[str]) -> list[Notice]:
    """The last of each line that it names: of this agency's own, another's it cannot touch."""
    named = Notice.objects.filter(agency=agency, guid__in=list(references)).order_by("pk")
    last = {row.pk: row for row in map(queries.latest_after, named)}
    return [row for row in last.values() if not row.is_over]


def _words(alert: cap.CapAlert, earlier: Notice | None) -> dict[str, str]:
    """Title and text by language; a cancel without words has those of what it ends."""
    words = {"title_zh": "", "title_en": "", "text_zh": "", "text_en": ""}
    for info in alert.infos:
        tag = "zh" if info.language.lower().startswith("zh") else "en"
        if words[f"title_{tag}"]:
            continue
        words[f"title_{tag}"] = one_line(info.headline or info.event, most=200)
        text = "\n".join(filter(None, (info.description, info.instruction)))
        words[f"text_{tag}"] = plain(text, most=3000)
    if not words["title_zh"] and not words["title_en"]:
        title = alert.identifier[:200]
        words["title_zh"] = earlier.title_zh if earlier else title
        words["title_en"] = earlier.title_en if earlier else title
    return words


def _web(alert: cap.CapAlert) -> str:
    return next(filter(None, (safe_link(info.web) for info in alert.infos)), "")


def _places(agency: Agency, alert: cap.CapAlert) -> list[str]:
    """Places that its areas name by code; else the agency's own."""
    codes = {code for area in alert.areas for code in area.codes}
    codes |= {f"CN-{code}" for code in codes}
    known = Place.objects.filter(code__in=codes).order_by("code").values_list("code", flat=True)
    return list(known) or [agency.place_id]


def _span(alert: cap.CapAlert, *, at: datetime) -> dict[str, datetime | None]:
    """From when until when; an alert that was over before it began holds at no time."""
    begins = alert.effective or min(alert.sent, at)
    ends = alert.expires or begins + LASTS
    return {"effective_at": begins if begins < ends else None, "expires_at": ends}


def _one_of(choices: type[Severity] | type[Urgency] | type[Certainty], text: str) -> str:
    return text if text in choices.values else "Unknown"


def _keep(
    agency: Agency, guid: str, follows: Notice | None, *, at: datetime, **facts: object
) -> Notice:
    """A published row. It follows only what was there before it, so no loop can come about."""
    same = Notice.objects.filter(agency=agency, guid=guid)
    edition = max(same.values_list("edition", flat=True), default=0) + 1
    facts.setdefault("edition", edition)
    name = f"{agency.pk} {guid} {facts['edition']}"
    return Notice.objects.create(
        **facts,
        agency=agency,
        guid=guid,
        code=hashlib.sha256(name.encode()).hexdigest()[:12],
        follows=follows,
        known_at=at,
        published_at=at,
    )
