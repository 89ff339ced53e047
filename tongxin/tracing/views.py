"""Doors for everyone: report, and follow what became of it. No account is needed."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongxin.channels.browsers import require_own_page
from tongxin.people.access import public
from tongxin.people.forms import refuse
from tongxin.receipt_codes import grouped_code, plain_code
from tongxin.refusal import Refusal
from tongxin.tracing.actions import report_case
from tongxin.tracing.forms import CodeForm, ReportForm
from tongxin.tracing.queries import report_of
from tongxin.tracing.refusals import TooManyReports

BY = "report page"
RATE = {"cases": "20/h/ip"}
"""A family, a school or a committee behind one address stays below it."""


# Who reports has no session to misuse, and must get through from a page that waited for hours.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, language: str) -> HttpResponse:
    """The form; then the receipt."""
    with override(language):
        is_sent = request.method == "POST"
        form = ReportForm(request.POST if is_sent else None, initial=_initial())
        if is_sent and form.is_valid():
            try:
                require_own_page(request)
                _require_patience(request)
                _, code = report_case(form.told(), by=BY, at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                return redirect("case_receipt", language, grouped_code(code))
        facts = {"form": form, "codes": CodeForm(), **_facts(language)}
        status = 422 if is_sent else 200
        return render(request, "tracing/report.html", facts, status=status)


@public
@never_cache
@require_safe
def receipt(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """What became of it; only who has the code can find it. What was said is not shown again."""
    with override(language):
        found = report_of(code)
        if found is None:
            raise Http404
        facts = {"report": found, "code": grouped_code(plain_code(code)), **_facts(language)}
        return render(request, "tracing/receipt.html", facts)


@public
@csrf_exempt
@never_cache
@require_POST
def find_receipt(request: HttpRequest, language: str) -> HttpResponse:
    """To the receipt of a code that was typed."""
    with override(language):
        codes = CodeForm(request.POST)
        if codes.is_valid() and report_of(codes.cleaned_data["code"]):
            code = grouped_code(plain_code(codes.cleaned_data["code"]))
            return redirect("case_receipt", language, code)
        facts = {"form": ReportForm(initial=_initial()), "codes": codes, "no_such": True}
        return render(request, "tracing/report.html", facts | _facts(language), status=404)


def _require_patience(request: HttpRequest) -> None:
    if not ratelimit.consume(request, app="tongxin", action="cases", config=RATE):
        raise TooManyReports(number=settings.EMERGENCY_NUMBER)


def _initial() -> dict[str, object]:
    return {"since_on": timezone.localdate(timezone.now()), "about": "other"}


def _facts(language: str) -> dict[str, object]:
    return {"language": language, "emergency_number": settings.EMERGENCY_NUMBER}
