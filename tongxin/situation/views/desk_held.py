"""Held figures: what each decision is about, why it waits, and what accepting would change."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from tongxin.people.access import needs
from tongxin.people.forms import refuse
from tongxin.people.roles import Permission
from tongxin.places.models import Place
from tongxin.places.queries import search
from tongxin.refusal import Refusal
from tongxin.situation.actions.held import accept_held, reject_held
from tongxin.situation.forms import DecisionForm, HeldFilterForm, PlaceSearchForm, ValueForm
from tongxin.situation.held_words import reason_name
from tongxin.situation.models import Held
from tongxin.situation.queries.held import Decision, Effect, effect_of, figures_of, waiting
from tongxin.situation.views.desk_settled import one_settled
from tongxin.situation.views.desk_words import place_shown, why_held

PAGE = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """One decision as the page lists it."""

    decision: Decision
    key: str  # what the form sends: the ids that are decided together
    place: str
    reason: str  # in a few words
    why: str  # in a sentence
    effect: Effect
    needs_place: bool


@needs(Permission.FIGURES_DECIDE)
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Every decision that waits, a page at a time, with filters."""
    return _list(request, DecisionForm(), asked=request.GET)


def _list(request: HttpRequest, decision_form: DecisionForm, *, asked: QueryDict) -> HttpResponse:
    """The list as ``asked`` filters it; what was typed and chosen on it is still there."""
    every = waiting()
    codes = sorted({one.code for one in every})
    form = HeldFilterForm(asked, reasons=[(code, reason_name(code)) for code in codes])
    filters = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_fitting(every, filters), PAGE).get_page(asked.get("page"))
    query = asked.copy()
    query.pop("page", None)
    facts = {
        "filter": form,
        "form": decision_form,
        "page": page,
        "rows": [_shown(one) for one in page],
        "chosen": set(request.POST.getlist("held")),
        "count": len(every),
        "query": query.urlencode(),
        "asked": asked.urlencode(),
    }
    return render(request, "situation/desk/held.html", facts)


def _fitting(every: list[Decision], filters: dict) -> list[Decision]:
    """The decisions that the filters let through."""
    place = (filters.get("place") or "").strip().casefold()
    return [
        one
        for one in every
        if (not filters.get("reason") or one.code == filters["reason"])
        and (not filters.get("batch") or one.first.batch_id == filters["batch"])
        and (not place or place in _searchable(one.first))
    ]


def _searchable(one: Held) -> str:
    names = [one.place_text, one.place_id or ""]
    if one.place:
        names += [one.place.name_zh, one.place.name_en]
    return " ".join(names).casefold()


def _shown(decision: Decision) -> Shown:
    one = decision.first
    return Shown(
        decision=decision,
        key=",".join(map(str, decision.ids)),
        place=place_shown(one),
        reason=reason_name(decision.code),
        why=why_held(one),
        effect=effect_of(one),
        needs_place=one.place_id is None,
    )


def _chosen(request: HttpRequest) -> list[int]:
    """The ids that the form sent; anything else in it is not understood."""
    words = ",".join(request.POST.getlist("held")).split(",")
    return [int(word) for word in words if word.isdecimal()]


def _code(sent: QueryDict) -> str:
    """The place's code that was sent; the database takes no zero byte."""
    return sent.get("place", "").replace("\0", "")


@needs(Permission.FIGURES_DECIDE)
def decide(request: HttpRequest) -> HttpResponse:
    """Accept or reject what was chosen on the list, all of it or nothing."""
    if request.method != "POST":  # the page of a refused decision, asked for again
        return redirect("desk_held")
    asked, form = QueryDict(request.POST.get("query", "")), DecisionForm(request.POST)
    if _is_decided(request, form, _chosen(request)):
        return redirect(f"{request.path.removesuffix('decide/')}?{asked.urlencode()}")
    return _list(request, form, asked=asked)


def _is_decided(request: HttpRequest, form: DecisionForm, ids: list[int]) -> bool:
    """Whether the decision that was sent is made; if not, the form says why."""
    if not form.is_valid():
        return False
    if not ids:
        form.add_error(None, gettext("Choose at least one figure in the list, then decide again."))
        return False
    is_accepted = request.POST.get("decision") == "accept"
    facts = {"note": form.cleaned_data["note"], "by": request.user, "at": timezone.now()}
    try:
        if is_accepted:
            value, place = form.cleaned_data.get("value"), _code(request.POST) or None
            accept_held(ids, place=place, value=value, **facts)
        else:
            reject_held(ids, **facts)
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    words = (
        ngettext("%(count)d figure accepted.", "%(count)d figures accepted.", len(ids))
        if is_accepted
        else ngettext("%(count)d figure rejected.", "%(count)d figures rejected.", len(ids))
    )
    messages.success(request, words % {"count": len(ids)})
    return True


@needs(Permission.FIGURES_DECIDE)
def one_held(request: HttpRequest, held_id: int) -> HttpResponse:
    """One decision in full: its figures, its effect, and the form that makes it."""
    decision = _waiting_with(held_id)
    if decision is None:
        if request.method == "POST":
            text = gettext("Somebody has decided already; this is the decision.")
            messages.error(request, text)
        return one_settled(request, held_id)
    kind = ValueForm if decision.code == "unreadable_value" else DecisionForm
    form = kind(request.POST or None)
    if request.method == "POST" and _is_decided(request, form, decision.ids):
        return redirect("desk_held")
    return _one(request, decision, form)


def _waiting_with(held_id: int) -> Decision | None:
    return next((one for one in waiting() if held_id in one.ids), None)


def _one(request: HttpRequest, decision: Decision, form: DecisionForm) -> HttpResponse:
    """The page of one decision, with the place that is chosen and what is searched for."""
    search_form = PlaceSearchForm(request.GET)
    text = search_form.cleaned_data["q"] if search_form.is_valid() else ""
    place = Place.objects.filter(pk=_code(request.POST) or _code(request.GET)).first()
    facts = {
        "row": _shown(decision),
        "figures": figures_of(decision.first),
        "effect": effect_of(decision.first, place=place.pk if place else None),
        "form": form,
        "search": search_form,
        "place": place,
        "matches": _matches(decision.first, text),
    }
    return render(request, "situation/desk/held_one.html", facts)


def _matches(one: Held, text: str) -> list[Place]:
    """Places the text may mean; before a search, those the importer thought of."""
    if text:
        return search(text)
    return list(Place.objects.filter(pk__in=one.reasons[0].get("candidates") or []))
