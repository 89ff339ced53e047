"""Where sources say different figures, side by side, and who is to speak first."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from tongxin.people.access import needs
from tongxin.people.forms import refuse
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal
from tongxin.situation.actions.precedence import set_precedence
from tongxin.situation.forms import PlaceSearchForm, PrecedenceForm
from tongxin.situation.models import Precedence, Source
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.disagreements import disagreements
from tongxin.situation.queries.known import known

SHOWN = 100


@needs(Permission.FIGURES_DECIDE)
def sources_disagree(request: HttpRequest) -> HttpResponse:
    """The newest day on which sources differ, for each place and metric, the biggest first."""
    form = PrecedenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_precedence(
                place=form.cleaned_data["place"],
                source=form.cleaned_data["source"].pk,
                metric=form.cleaned_data["metric"],
                by=request.user,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, gettext("Saved. The next release follows it."))
            return redirect("desk_disagreements")
    search = PlaceSearchForm(request.GET)
    text = search.cleaned_data["q"].strip() if search.is_valid() else ""
    rows = _rows(text)
    facts = {
        "form": form,
        "search": search,
        "rows": rows[:SHOWN],
        "count": len(rows),
        "precedences": Precedence.objects.select_related("place", "source").order_by(
            "place", "metric", "rank"
        ),
    }
    return render(request, "situation/desk/disagreements.html", facts)


def _rows(text: str) -> list[dict[str, object]]:
    """Disagreements with names; those whose place's name or code has the text in it."""
    places, language = atlas(), get_language() or "zh-hans"
    now = known(as_of=timezone.now(), disease=settings.DEFAULT_DISEASE, raw=True)
    names = {
        source.pk: source.name_zh if language.startswith("zh") else source.name_en
        for source in Source.objects.all()
    }
    rows = []
    for found in disagreements(now, limit=None):
        place = places.name(found.place)
        if text.casefold() in f"{place.zh} {place.en} {place.code}".casefold():
            rows.append(
                {
                    "found": found,
                    "place": place.in_language(language),
                    "chosen": names[found.chosen_source],
                    "other": names[found.other_source],
                }
            )
    return rows
