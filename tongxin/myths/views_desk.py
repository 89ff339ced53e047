"""The editors' queue of rumours that nothing answers yet."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from tongxin.myths import forms
from tongxin.myths.actions import queue as deeds
from tongxin.myths.models import Claim, Cluster, Report
from tongxin.myths.queries import queue, suspicious, waiting
from tongxin.people.access import needs
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal

SHOWN = 100


@needs(Permission.QUESTIONS_ANSWER)
@require_safe
def rumours(request: HttpRequest) -> HttpResponse:
    """Open clusters, the most urgent first."""
    found = queue(at=timezone.now())
    facts = {"rows": found[:SHOWN], "count": len(found), "suspicious": suspicious().count()}
    return render(request, "myths/desk/rumours.html", facts)


@needs(Permission.QUESTIONS_ANSWER)
@require_safe
def suspicious_ones(request: HttpRequest) -> HttpResponse:
    """What was kept out of the queue because it looks like advertising."""
    return render(request, "myths/desk/suspicious.html", {"rows": suspicious()[:SHOWN]})


@needs(Permission.QUESTIONS_ANSWER)
@require_POST
def let_in(request: HttpRequest, report: int) -> HttpResponse:
    """What only looked like advertising joins the queue."""
    deeds.let_report_in(get_object_or_404(Report, pk=report), by=request.user)
    return redirect("desk_rumours_suspicious")


@needs(Permission.QUESTIONS_ANSWER)
@require_safe
def one_cluster(request: HttpRequest, cluster: int) -> HttpResponse:
    """One cluster with its reports and everything that can be done with it."""
    return _page(request, get_object_or_404(Cluster, pk=cluster))


@needs(Permission.QUESTIONS_ANSWER)
@require_POST
def settle(request: HttpRequest, cluster: int, deed: str) -> HttpResponse:
    """Do one thing with a cluster: answer, begin a claim, dismiss, merge, split, judge its harm."""
    if deed not in DEEDS:
        raise Http404
    row = get_object_or_404(Cluster, pk=cluster)
    form_class, do = DEEDS[deed]
    form = form_class(request.POST) if form_class else None
    if form and not form.is_valid():
        return _page(request, row, form=form, deed=deed)
    try:
        return do(request, row, form)
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
        return redirect("desk_rumour", row.pk)


def _answer(request: HttpRequest, row: Cluster, form: forms.AnswerForm) -> HttpResponse:
    claim = form.cleaned_data["claim"]
    count = deeds.answer_cluster(row, claim, by=request.user, at=timezone.now())
    messages.success(
        request, gettext("Answered: %(count)s receipts now say so.") % {"count": count}
    )
    return redirect("desk_rumours")


def _begin(request: HttpRequest, row: Cluster, form: None) -> HttpResponse:
    claim = deeds.begin_claim(row, by=request.user, at=timezone.now())
    messages.success(request, gettext("A draft was begun. Published, it answers all who wait."))
    return redirect(f"/cms/snippets/myths/claim/edit/{claim.pk}/")


def _dismiss(request: HttpRequest, row: Cluster, form: forms.DismissForm) -> HttpResponse:
    reason = form.cleaned_data["reason"]
    deeds.dismiss_cluster(row, reason, by=request.user, at=timezone.now())
    messages.success(request, gettext("Dismissed. The receipts say why."))
    return redirect("desk_rumours")


def _merge(request: HttpRequest, row: Cluster, form: forms.MergeForm) -> HttpResponse:
    into = form.cleaned_data["into"]
    deeds.merge_clusters(row, into, by=request.user, at=timezone.now())
    return redirect("desk_rumour", into.pk)


def _split(request: HttpRequest, row: Cluster, form: None) -> HttpResponse:
    chosen = [int(one) for one in request.POST.getlist("report") if one.isdecimal()]
    new = deeds.split_cluster(row, chosen, by=request.user, at=timezone.now())
    return redirect("desk_rumour", new.pk)


def _harm(request: HttpRequest, row: Cluster, form: forms.HarmForm) -> HttpResponse:
    deeds.judge_harm(row, form.cleaned_data["harm"], by=request.user)
    return redirect("desk_rumour", row.pk)


DEEDS: dict[str, tuple[type | None, Callable[..., HttpResponse]]] = {
    "answer": (forms.AnswerForm, _answer),
    "begin": (None, _begin),
    "dismiss": (forms.DismissForm, _dismiss),
    "merge": (forms.MergeForm, _merge),
    "split": (None, _split),
    "harm": (forms.HarmForm, _harm),
}


def _page(
    request: HttpRequest, row: Cluster, *, form: object = None, deed: str = ""
) -> HttpResponse:
    shown = waiting(row, at=timezone.now())
    facts = {
        "row": shown,
        "near": _near(shown.reports[0].nearest if shown.reports else []),
        "deeds": _deeds(row, form, deed),
        "form": form,
        "is_open": row.state == Cluster.State.OPEN,
    }
    return render(request, "myths/desk/cluster.html", facts)


def _deeds(row: Cluster, form: object, deed: str) -> list[dict[str, object]]:
    """The forms below a cluster: title, address, fields, button."""
    named = [
        ("answer", gettext("Answer with a claim"), gettext("Answer all who wait")),
        ("merge", gettext("The same as another"), gettext("Put together")),
        ("harm", gettext("Harm"), gettext("Save")),
        ("dismiss", gettext("Dismiss"), gettext("Dismiss")),
    ]
    blank = {"harm": forms.HarmForm({"harm": row.harm}), "merge": _merge_form(row)}
    return [
        {
            "title": title,
            "button": button,
            "url": reverse("desk_rumour_deed", args=[row.pk, name]),
            "form": form if name == deed else blank.get(name) or DEEDS[name][0](),
        }
        for name, title, button in named
    ]


def _merge_form(row: Cluster) -> forms.MergeForm:
    form = forms.MergeForm()
    form.fields["into"].queryset = form.fields["into"].queryset.exclude(pk=row.pk)
    return form


def _near(slugs: list[str]) -> list[tuple[str, str]]:
    """Claims like it: short name and text."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    rows = {row.slug: row for row in Claim.objects.filter(live=True, slug__in=slugs)}
    return [(slug, rows[slug].said("claim", language)) for slug in slugs if slug in rows]
