"""Doors for everyone: report a rumour, read a receipt. No account, no cookie."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tongxin.myths.actions.reports import choose_answer
from tongxin.myths.asking import ask
from tongxin.myths.forms import CodeForm, RumourForm
from tongxin.myths.limits import require_patience
from tongxin.myths.models import Report
from tongxin.myths.queries import report_of
from tongxin.myths.reading_pictures import text_of_picture
from tongxin.myths.receipts import receipt_facts
from tongxin.myths.refusals import NothingToCheck
from tongxin.people.access import public
from tongxin.people.forms import refuse
from tongxin.receipt_codes import grouped_code, plain_code
from tongxin.refusal import Refusal

BY = "public"


# The form stands on a release file, which cannot hold a token; there is no session to misuse.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, language: str) -> HttpResponse:
    """The form, and what becomes of it: the receipt with the answer, if there is one."""
    with translation.override(language):
        form = RumourForm(request.POST or None, request.FILES or None)
        status = 200
        if request.method == "POST":
            try:
                return _asked(request, form, language)
            except Refusal as refusal:
                form.full_clean()
                refuse(form, refusal)
                status = refusal.status
        facts = {"form": form, "codes": CodeForm(), "language": language}
        return render(request, "myths/report.html", facts, status=status)


def _asked(request: HttpRequest, form: RumourForm, language: str) -> HttpResponse:
    """To the receipt of what the form holds. Raises `Refusal`."""
    at = timezone.now()
    if not _is_from_here(request) or not form.is_valid():
        raise NothingToCheck
    require_patience(request, at=at)
    picture, text = form.cleaned_data["picture"], form.cleaned_data["text"]
    kind = Report.Kind.TEXT
    if picture and not text:
        kind, text = Report.Kind.PICTURE, text_of_picture(picture, picture.size)[:2000]
    link = form.cleaned_data["link"]
    _, code = ask(text=text, link=link, kind=kind, language=language, by=BY, at=at)
    return redirect("myth_receipt", language, code)


@public
@never_cache
def receipt(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """What became of a report; only who has the code can find it."""
    with translation.override(language):
        found = report_of(code)
        if found is None:
            raise Http404
        facts = receipt_facts(found, language)
        address = reverse("myth_receipt", args=[language, plain_code(code)])
        facts |= {"code": grouped_code(plain_code(code)), "address": address}
        return render(request, "myths/receipt.html", facts)


@public
@csrf_exempt
@never_cache
@require_POST
def find_receipt(request: HttpRequest, language: str) -> HttpResponse:
    """To the receipt of a code that was typed."""
    with translation.override(language):
        at = timezone.now()
        require_patience(request, at=at)
        codes = CodeForm(request.POST)
        if codes.is_valid() and report_of(codes.cleaned_data["code"]):
            return redirect("myth_receipt", language, plain_code(codes.cleaned_data["code"]))
        facts = {"form": RumourForm(), "codes": codes, "language": language, "no_such": True}
        return render(request, "myths/report.html", facts, status=404)


@public
@csrf_exempt
@never_cache
@require_POST
def choose(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """“Yes, it is this one”: the claim that who asked has chosen answers."""
    with translation.override(language):
        found = report_of(code)
        if found is None or not _is_from_here(request):
            raise Http404
        choose_answer(found, request.POST.get("claim", "")[:80], by=BY, at=timezone.now())
        return redirect("myth_receipt", language, plain_code(code))


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the form was sent from a page of this site, as far as the browser says."""
    origin = request.headers.get("Origin", "")
    return origin in ("", "null") or urlsplit(origin).netloc == request.get_host()
