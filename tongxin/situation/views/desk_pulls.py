"""Files that are fetched by the clock: add, pause, run now, and whether one has gone stale."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tongxin.fetching import BadAddress
from tongxin.people.access import needs
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal
from tongxin.situation.actions import pulls as actions
from tongxin.situation.forms import PullForm
from tongxin.situation.models import Pull

FIELDS = {actions.NameTaken: "name", BadAddress: "url"}  # beside which a refusal stands


@needs(Permission.FIGURES_IMPORT)
def pulls(request: HttpRequest) -> HttpResponse:
    """Every pull with its state, and a form for another one."""
    form = PullForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _add(form, by=request.user)
        except Refusal as refusal:
            field = FIELDS.get(type(refusal))
            form.add_error(field, gettext(refusal.says).format(**refusal.facts))
        else:
            messages.success(request, gettext("Added. The worker fetches it in a moment."))
            return redirect("desk_pulls")
    rows = Pull.objects.select_related("source").order_by("-stale_alarm_at", "name")
    return render(request, "situation/desk/pulls.html", {"form": form, "pulls": rows})


def _add(form: PullForm, *, by: User) -> None:
    facts = form.cleaned_data
    actions.add_pull(
        name=facts["name"],
        url=facts["url"],
        format=facts["format"],
        source=facts["source"].pk,
        disease=settings.DEFAULT_DISEASE,
        every_seconds=facts["every_minutes"] * 60,
        stale_after_seconds=facts["stale_after_hours"] * 3600,
        by=by,
        at=timezone.now(),
    )


def _change(
    request: HttpRequest, pull_id: int, deed: Callable[..., object], done: str
) -> HttpResponse:
    get_object_or_404(Pull, pk=pull_id)
    try:
        deed(pull_id, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
    else:
        messages.success(request, done)
    return redirect("desk_pulls")


@needs(Permission.FIGURES_IMPORT)
@require_POST
def pause(request: HttpRequest, pull_id: int) -> HttpResponse:
    """The clock leaves it alone."""
    return _change(request, pull_id, actions.pause_pull, gettext("Paused."))


@needs(Permission.FIGURES_IMPORT)
@require_POST
def resume(request: HttpRequest, pull_id: int) -> HttpResponse:
    """The clock fetches it again."""
    return _change(request, pull_id, actions.resume_pull, gettext("It is fetched again."))


@needs(Permission.FIGURES_IMPORT)
@require_POST
def run_now(request: HttpRequest, pull_id: int) -> HttpResponse:
    """Fetch it now; what came of it stands in the list."""
    return _change(request, pull_id, actions.run_pull, gettext("Fetched."))
