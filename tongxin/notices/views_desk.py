"""The officer's desk of alerts: raise, let out, update, end; who was told."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tongxin.channels.queries import receipts
from tongxin.notices import forms, queries
from tongxin.notices.actions import alerts as actions
from tongxin.notices.models import Kind, Notice
from tongxin.notices.pages import advice, claims, item
from tongxin.notices.telling import about_of
from tongxin.people.access import needs
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal

SHOWN = 40


@needs(Permission.ALERT_PUBLISH)
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts that wait for a second person, those in force, and those of the past."""
    at = timezone.now()
    rows = Notice.objects.filter(kind=Kind.ALERT, agency__isnull=True, published_at__isnull=False)
    facts = {
        "waiting": queries.waiting_alerts(),
        "in_force": [row for row in queries.in_force(at=at) if row.agency_id is None],
        "past": rows.order_by("-pk")[:SHOWN],
    }
    return render(request, "notices/desk/alerts.html", facts)


@needs(Permission.ALERT_PUBLISH)
def new_alert(request: HttpRequest) -> HttpResponse:
    """Write an alert."""
    at = timezone.now()
    form = forms.AlertForm(request.POST or None, initial=forms.first_words(at))
    return _written(
        request,
        form,
        deed=lambda: actions.raise_alert(form.said(), by=request.user, at=at),
        title=gettext("New alert"),
    )


@needs(Permission.ALERT_PUBLISH)
def update_alert(request: HttpRequest, code: str) -> HttpResponse:
    """Write a new version of an alert."""
    row = _own(code)
    form = forms.AlertForm(request.POST or None, initial=forms.words_of(row))
    return _written(
        request,
        form,
        deed=lambda: actions.update_alert(code, form.said(), by=request.user, at=timezone.now()),
        title=gettext("Update the alert"),
    )


@needs(Permission.ALERT_PUBLISH)
def end_alert(request: HttpRequest, code: str) -> HttpResponse:
    """Cancel it or give the all-clear."""
    _own(code)
    form = forms.EndForm(request.POST or None)
    return _written(
        request,
        form,
        deed=lambda: actions.end_alert(
            code, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
        title=gettext("End the alert"),
    )


@needs(Permission.ALERT_PUBLISH)
@require_safe
def one_alert(request: HttpRequest, code: str) -> HttpResponse:
    """One alert with what can be done about it, and how many were told."""
    row = Notice.objects.filter(code=code, agency__isnull=True, kind=Kind.ALERT).first()
    if row is None:
        raise Http404
    at = timezone.now()
    facts = {
        "row": row,
        "item": item(queries.board(at=at), row, get_language() or "en"),
        "advice": advice(row, get_language() or "en"),
        "claims": claims(row, get_language() or "en"),
        "receipts": receipts(about_of(row)),
        "is_mine": row.drafted_by_id == request.user.pk,
        "is_latest": queries.latest_after(row).pk == row.pk and not row.is_over,
        "after": row.followers.filter(published_at__isnull=False).first(),
    }
    return render(request, "notices/desk/alert.html", facts)


@needs(Permission.ALERT_PUBLISH)
@require_POST
def let_out(request: HttpRequest, code: str) -> HttpResponse:
    """The second person lets it out."""
    _own(code)
    try:
        actions.let_out(code, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
    else:
        messages.success(request, gettext("The alert is out."))
    return redirect("desk_alert", code)


@needs(Permission.ALERT_PUBLISH)
@require_POST
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """An alert that waits is not let out."""
    _own(code)
    try:
        actions.drop_alert(code, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
    else:
        messages.success(request, gettext("Dropped. Nobody was told."))
    return redirect("desk_alerts")


def _own(code: str) -> Notice:
    row = Notice.objects.filter(code=code, agency__isnull=True, kind=Kind.ALERT).first()
    if row is None:
        raise Http404
    return row


def _written(
    request: HttpRequest, form: Form, *, deed: Callable[[], Notice], title: str
) -> HttpResponse:
    """A page with a form for one deed; on to the alert when it is done."""
    if request.method == "POST" and form.is_valid():
        try:
            row = deed()
        except Refusal as refusal:
            form.add_error(None, gettext(refusal.says).format(**refusal.facts))
        else:
            said = gettext("The alert is out. The page, the feed and the phones follow.")
            if row.published_at is None:
                said = gettext("Kept. A second person must let it out.")
            messages.success(request, said)
            return redirect("desk_alert", row.code)
    return render(request, "notices/desk/write.html", {"form": form, "title": title})
