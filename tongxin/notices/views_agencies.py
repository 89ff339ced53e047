"""Whose notices are passed on: add, pause, fetch now, and whether one has fallen silent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tongxin.notices.actions import agencies as actions
from tongxin.notices.forms import AgencyForm
from tongxin.notices.models import Agency
from tongxin.people.access import needs
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal


@needs(Permission.ALERT_PUBLISH)
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency with its state, and a form for another one."""
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_agency(**form.facts(), by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, gettext(refusal.says).format(**refusal.facts))
        else:
            messages.success(request, gettext("Added. The worker asks it in a moment."))
            return redirect("desk_agencies")
    rows = Agency.objects.order_by("-stale_alarm_at", "tier", "name_zh")
    return render(request, "notices/desk/agencies.html", {"form": form, "agencies": rows})


@needs(Permission.ALERT_PUBLISH)
@require_POST
def agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Pause it, resume it, or ask it now; what came of it stands in the list."""
    get_object_or_404(Agency, pk=agency_id)
    deeds = {
        "pause": (actions.pause_agency, gettext("Paused.")),
        "resume": (actions.resume_agency, gettext("It is asked again.")),
    }
    deed, done = deeds.get(request.POST.get("deed", ""), (actions.ask_agency, gettext("Fetched.")))
    try:
        deed(agency_id, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
    else:
        messages.success(request, done)
    return redirect("desk_agencies")
