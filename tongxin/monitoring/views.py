"""The resident's own log: a household in one go, the last two weeks, the hour of the reminder."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongxin.monitoring import actions, queries, rules
from tongxin.monitoring.curve import temperature_curve
from tongxin.monitoring.forms import LogForm, ReminderForm, as_yesterday
from tongxin.monitoring.models import Entry, Level, Task
from tongxin.monitoring.said import from_response
from tongxin.people.access import own
from tongxin.people.forms import refuse
from tongxin.people.models import Person
from tongxin.people.sealing import match_key
from tongxin.questionnaires.refusals import BadKey, NotComplete
from tongxin.questionnaires.rules import is_key
from tongxin.receipt_codes import grouped_code
from tongxin.refusal import Refusal
from tongxin.residents.own_pages import person_or_404

PART = re.compile(r"(p[0-9a-f]{10})-(?:how|degrees|symptoms|other|feeling)$")
SAME = "same"
"""Name of the button "as yesterday"; its value is the prefix of the person's form."""


@dataclass(frozen=True)
class Card:
    """One person on the page."""

    person: Person
    form: LogForm
    is_own: bool
    today: date
    is_logged: bool

    @cached_property
    def last(self) -> Entry | None:
        """The last entry; asked for only where it is shown."""
        return queries.last_entry(self.person)

    @property
    def was(self) -> str:
        """The last entry in a few words."""
        entry = self.last
        if entry is None:
            return ""
        parts = [f"{entry.celsius} °C"] if entry.celsius is not None else []
        parts.append(entry.symptom_names or str(Level(entry.level).label))
        return f"{entry.on:%m-%d} · {' · '.join(parts)}"


@own
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Everybody of the household on one page; sent together, all or none."""
    now = timezone.now()
    cards = _cards(request, at=now)
    is_sent = request.method == "POST" and SAME not in request.POST
    problem = _log(request, cards, at=now) if is_sent else ""
    if is_sent and not problem:
        return redirect("my_log_taken")
    facts = {
        "cards": cards,
        "problem": problem,
        "today": timezone.localdate(now),
        "key": request.POST.get("key") or str(uuid.uuid4()),
        "owner": match_key("offline", str(request.user.pk))[:32],
    }
    return render(request, "monitoring/log.html", facts, status=422 if is_sent else 200)


def _log(request: HttpRequest, cards: list[Card], *, at: datetime) -> str:
    """Take what was sent; what is wrong with it, in words, or nothing."""
    if _strangers(request, cards):
        return gettext("The people on this page have changed. Look at each name, then send again.")
    said = [card for card in cards if card.form.is_filled]
    if not said:
        return gettext("Fill in the log of at least one person.")
    if not all([card.form.is_valid() for card in said]):
        return gettext("Something below needs another look.")
    try:
        if not is_key(request.POST.get("key")):
            raise BadKey
        lines = [_line(card, request) for card in said]
        entries = actions.log_household(lines, by=request.user, language=get_language(), at=at)
    except NotComplete as refusal:
        return "; ".join(one.message for one in refusal.problems)
    except Refusal as refusal:
        return gettext(refusal.says).format(**refusal.facts)
    request.session["logged"] = [entry.pk for entry in entries]
    return ""


def _strangers(request: HttpRequest, cards: list[Card]) -> bool:
    """Whether answers came for somebody who is not on the page (any more): a page that waited.
    Each part is named after its person, so that nobody gets another's answers."""
    ours = {card.form.prefix for card in cards}
    found = (PART.match(name) for name, text in request.POST.items() if text)
    return any(part and part[1] not in ours for part in found)


def _line(card: Card, request: HttpRequest) -> actions.Line:
    """One person's day. The key is the page's and the person's; the day is the one on which the
    button was pressed, however late a phone without a network sends it."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{request.POST['key']}:{card.person.pk}")
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        on = None
    if on and on > card.today:  # a phone whose clock or zone is ahead
        on = None
    return actions.Line(card.person, card.form.said(), str(key), on)


def _cards(request: HttpRequest, *, at: datetime) -> list[Card]:
    same = request.POST.get(SAME, "")
    cards = []
    for person in queries.household(request.user, at=at):
        prefix = f"p{person.pk.hex[:10]}"
        watch = getattr(person, "watch", None)
        today = rules.local_day(at, queries.zone_of(watch))
        data = request.POST.copy() if request.method == "POST" else None
        last = queries.last_entry(person) if data is None or same == prefix else None
        said = from_response(last.response.answers) if last else None
        if data is not None and said:
            _fill(data, prefix, as_yesterday(said, today))
        first = {"unit": said.unit if said else None}
        cards.append(
            Card(
                person=person,
                form=LogForm(data, prefix=prefix, initial=first),
                is_own=person.pk == request.user.person_id,
                today=today,
                is_logged=bool(watch and watch.logged_on == today),
            )
        )
    return cards


def _fill(data, prefix: str, values: dict[str, object]) -> None:
    for name, value in values.items():
        data.setlist(f"{prefix}-{name}", value if isinstance(value, list) else [value])


@own
@never_cache
@require_safe
def taken(request: HttpRequest) -> HttpResponse:
    """What was taken, what it means, and who was told by name and until when."""
    now = timezone.now()
    numbers = request.session.get("logged", [])
    people = queries.household(request.user, at=now)
    rows = Entry.objects.filter(pk__in=numbers, person__in=people).select_related(
        "person", "response"
    )
    shown = [
        {
            "entry": entry,
            "receipt": grouped_code(entry.response.receipt),
            "task": queries.open_task_of(entry.person) if entry.level >= Level.FEVER else None,
            "is_allowed": queries.allows_anybody(entry.person, at=now),
        }
        for entry in rows
    ]
    if not shown:
        return redirect("my_log")
    shown.sort(key=lambda one: -one["entry"].level)
    facts = {
        "shown": shown,
        "has_danger": shown[0]["entry"].level == Level.DANGER,
        "emergency_number": settings.EMERGENCY_NUMBER,
        "language": get_language(),
        "kind": Task.Kind,
    }
    return render(request, "monitoring/taken.html", facts)


@own
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The last two weeks of one person, and the hour of the reminder."""
    person, now = person_or_404(request, person_id), timezone.now()
    watch = queries.watch_of(person)
    first = {
        "remind_at": watch.remind_at if watch else None,
        "zone": queries.zone_of(watch).key,
    }
    form = ReminderForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_watch(person, by=request.user, at=now, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("my_log_history", person.pk)
    entries = queries.entries_of(person, at=now)
    facts = {
        "person": person,
        "entries": entries,
        "curve": temperature_curve(entries, until=_today(watch, now), language=get_language()),
        "form": form,
        "task": queries.open_task_of(person),
        "watch": watch,
    }
    status = 422 if form.errors else 200
    return render(request, "monitoring/history.html", facts, status=status)


def _today(watch, at: datetime) -> date:
    return rules.local_day(at, queries.zone_of(watch))
