"""The officer's desk: what was published, what is to be, and who let a stopped one out.

The preview of a release stands in the situation app, which knows what the figures say.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tongxin.people.access import needs
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal, noop
from tongxin.releases import actions, queries
from tongxin.releases.forms_desk import HourForm, ReasonForm
from tongxin.releases.models import Appointment, Override, Publication, Release

SHOWN = 30


# Who signs that is no person.
PROCESSES = {
    "worker": noop("the worker"),
    "first run": noop("the first run"),
    "command line": noop("command line"),
    "replay": noop("a replay"),
}


def signers(signatures: set[str]) -> dict[str, str]:
    """The names behind "user:5", and what processes are called in the reader's language."""
    numbers = {int(who[5:]) for who in signatures if who.startswith("user:")}
    people = {f"user:{user.pk}": user.shown_name for user in User.objects.filter(pk__in=numbers)}
    return people | {who: gettext(words) for who, words in PROCESSES.items()}


@needs(Permission.RELEASE_PREVIEW)
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """The current release, drafts, appointments, and the newest publications."""
    published = list(Publication.objects.select_related("release").order_by("-pk")[:SHOWN])
    drafts = Release.objects.filter(publications__isnull=True, pruned_at__isnull=True)
    names = signers({row.by for row in published})
    facts = {
        "current": queries.current_publication(),
        "published": [(row, names.get(row.by, row.by)) for row in published],
        "drafts": drafts.prefetch_related("overrides").order_by("-built_at")[:SHOWN],
        "appointments": queries.waiting_appointments(),
        "missed": Appointment.objects.filter(done_at__isnull=False)
        .exclude(outcome__in=["published", "cancelled"])
        .order_by("-done_at")[:3],
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "releases/desk/releases.html", facts)


@needs(Permission.RELEASE_PUBLISH)
@require_POST
def publish(request: HttpRequest, release_id: str) -> HttpResponse:
    """Put the release before the public now, if nobody published another one meanwhile."""
    get_object_or_404(Release, pk=release_id)
    seen = request.POST.get("seen")
    try:
        actions.publish(release_id, by=request.user, at=timezone.now(), seen=seen)
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
        return redirect("desk_release", release_id)
    messages.success(request, gettext("Published. The public sees this release now."))
    return redirect("desk_releases")


def _with_form(
    request: HttpRequest,
    release_id: str,
    *,
    form: Form,
    field: str,
    template: str,
    deed: Callable[[Form], object],
    done: str,
) -> HttpResponse:
    """A page with a form for one deed on a release; back to the release when it is done.

    A refusal stands beside ``field``.
    """
    release = get_object_or_404(Release, pk=release_id)
    if request.method == "POST" and form.is_valid():
        try:
            deed(form)
        except Refusal as refusal:
            form.add_error(field, gettext(refusal.says).format(**refusal.facts))
        else:
            messages.success(request, done)
            return redirect("desk_release", release_id)
    facts = {"release": release, "form": form, "time_zone": settings.TIME_ZONE}
    return render(request, f"releases/desk/{template}.html", facts)


@needs(Permission.RELEASE_PUBLISH)
def appoint(request: HttpRequest, release_id: str) -> HttpResponse:
    """Choose the hour at which the release is published."""
    at = timezone.now()
    form = HourForm(request.POST or None, initial={"on": timezone.localdate(at), "hour": "16:00"})
    return _with_form(
        request,
        release_id,
        form=form,
        field="hour",
        template="appoint",
        deed=lambda form: actions.appoint(release_id, due_at=form.due_at(), by=request.user, at=at),
        done=gettext("The release will be published at that hour."),
    )


@needs(Permission.RELEASE_PUBLISH)
@require_POST
def cancel_appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """The release is not published at that hour."""
    get_object_or_404(Appointment, pk=appointment_id)
    actions.cancel_appointment(appointment_id, by=request.user, at=timezone.now())
    messages.success(request, gettext("The appointment is cancelled."))
    return redirect("desk_releases")


@needs(Permission.RELEASE_PUBLISH)
def roll_back(request: HttpRequest, release_id: str) -> HttpResponse:
    """Show a past release again, for a reason that is printed."""
    return _with_form(
        request,
        release_id,
        form=ReasonForm(request.POST or None),
        field="reason",
        template="roll_back",
        deed=lambda form: actions.roll_back(
            release_id, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        ),
        done=gettext("Rolled back. The public sees this release now."),
    )


@needs(Permission.RELEASE_OVERRIDE)
def ask_override(request: HttpRequest, release_id: str) -> HttpResponse:
    """Ask a second person to let a stopped release out."""
    return _with_form(
        request,
        release_id,
        form=ReasonForm(request.POST or None),
        field="reason",
        template="ask_override",
        deed=lambda form: actions.ask_override(
            release_id, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        ),
        done=gettext("Asked. A second person has to grant it."),
    )


@needs(Permission.RELEASE_OVERRIDE)
@require_POST
def grant_override(request: HttpRequest, override_id: int) -> HttpResponse:
    """The second person lets the release out."""
    override = get_object_or_404(Override, pk=override_id)
    try:
        actions.grant_override(override_id, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
    else:
        messages.success(request, gettext("Granted. The release may be published."))
    return redirect("desk_release", override.release_id)
