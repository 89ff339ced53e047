"""What was decided about held figures: by whom, when and why."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tongxin.people.access import needs
from tongxin.people.roles import Permission
from tongxin.situation.actions import shipped
from tongxin.situation.forms import SettledFilterForm
from tongxin.situation.models import Held
from tongxin.situation.queries.held import figures_of, settled_figures
from tongxin.situation.views.desk_words import place_shown, why_held
from tongxin.situation.wording import said_in

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One decision as the page lists it."""

    held: Held
    place: str
    why: str  # it was asked about
    who: str  # decided
    note: str


@needs(Permission.FIGURES_DECIDE)
@require_safe
def settled(request: HttpRequest) -> HttpResponse:
    """Every decision that was made, the newest first, a page at a time."""
    form = SettledFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = settled_figures(state=asked.get("state") or "", place=asked.get("place") or "")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    facts = {
        "form": form,
        "page": page,
        "rows": [shown(one) for one in page],
        "query": query.urlencode(),
    }
    return render(request, "situation/desk/settled.html", facts)


def one_settled(request: HttpRequest, held_id: int) -> HttpResponse:
    """The page of one settled decision."""
    rows = Held.objects.select_related("batch", "place", "decided_by")
    row = shown(get_object_or_404(rows, pk=held_id))
    facts = {"row": row, "figures": figures_of(row.held), "typed": request.POST.get("note", "")}
    return render(request, "situation/desk/decided.html", facts)


def shown(one: Held) -> Shown:
    """A settled decision in the reader's language."""
    return Shown(
        held=one,
        place=place_shown(one),
        why=why_held(one),
        who=_who(one),
        note=said_in(one.note, get_language() or ""),
    )


def _who(one: Held) -> str:
    """The officer's name; before shipping it was us, and otherwise a process."""
    if one.decided_by:
        return one.decided_by.shown_name
    if one.batch.format == shipped.FORMAT:
        return gettext("shipped with Tongxin")
    return gettext("a process")
