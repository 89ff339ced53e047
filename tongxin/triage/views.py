"""Doors of the self-check. No cookie, nothing stored: answers travel in the posted form only."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongxin.people.access import needs, public
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal
from tongxin.triage import answers as words
from tongxin.triage import coding
from tongxin.triage.description import description
from tongxin.triage.diagram import sheets
from tongxin.triage.fhir import questionnaire as as_fhir
from tongxin.triage.packs import Pack, shipped_pack
from tongxin.triage.pages import carried, end_page, page, question_page
from tongxin.triage.rules import Answer, State, outcome

TEN_MINUTES = 600  # a new version of the rules shows soon


# There is no session to misuse and nothing is changed, so the form needs no token.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest, language: str) -> HttpResponse:
    """The first page; with answers the next question, or at the end the disposition."""
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    with override(language):
        if request.method != "POST":
            return render(request, "triage/start.html", page(pack, language))
        known: dict[str, Answer] = {}
        try:
            known = carried(pack, request, language)
            known = _moved(pack, known, request, language)
        except Refusal as refusal:
            said = gettext(refusal.says).format(**refusal.facts)
            facts = question_page(pack, known, outcome(pack, known), language)
            facts |= {"refused": said, "typed": request.POST.get("answer", "")[:20]}
            return render(request, "triage/question.html", facts, status=refusal.status)
        found = outcome(pack, known)
        if found.next:
            facts = question_page(pack, known, found, language)
            return render(request, "triage/question.html", facts)
        view = "print" if "print" in request.POST else "end"
        return render(request, f"triage/{view}.html", end_page(pack, known, language))


@public
@cache_control(max_age=TEN_MINUTES, public=True)
@require_safe
def rules_page(request: HttpRequest, language: str) -> HttpResponse:
    """How the self-check decides: the ladder as pictures, and in words."""
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    with override(language):
        count = len(sheets(pack, language))
        facts = {"numbers": range(1, count + 1), "text": description(pack, language)}
        return render(request, "triage/rules.html", page(pack, language) | facts)


@public
@cache_control(max_age=TEN_MINUTES, public=True)
@require_safe
def sheet(request: HttpRequest, language: str, number: str) -> HttpResponse:
    """One page of the ladder as a picture, to be printed."""
    pages = sheets(shipped_pack(settings.DEFAULT_DISEASE), language)
    if not 1 <= int(number) <= len(pages):
        raise Http404
    return HttpResponse(pages[int(number) - 1], content_type="image/svg+xml")


@public
@cache_control(max_age=TEN_MINUTES, public=True)
@require_safe
def rules_text(request: HttpRequest, language: str) -> HttpResponse:
    """The rules as plain text."""
    text = description(shipped_pack(settings.DEFAULT_DISEASE), language)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public
@cache_control(max_age=TEN_MINUTES, public=True)
@require_safe
def questionnaire(request: HttpRequest) -> HttpResponse:
    """The questions as a FHIR R4 Questionnaire, in both languages."""
    made = as_fhir(shipped_pack(settings.DEFAULT_DISEASE), settings.PUBLIC_URL.rstrip("/"))
    return JsonResponse(
        made, json_dumps_params={"ensure_ascii": False}, content_type="application/fhir+json"
    )


@needs(Permission.PERSONS_READ)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """What somebody answered at home, from the code on their phone or paper."""
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    language = get_language() or "zh-hans"
    facts: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        facts["code"] = request.POST.get("code", "")[:200]
        try:
            known = coding.decoded(pack, facts["code"])
            facts |= end_page(pack, known, language)
        except Refusal as refusal:
            facts["refused"] = gettext(refusal.says).format(**refusal.facts)
            status = refusal.status
    return render(request, "triage/desk/hand_over.html", facts, status=status)


def _moved(
    pack: Pack, known: dict[str, Answer], request: HttpRequest, language: str
) -> dict[str, Answer]:
    """The answers with the one just given, or without the one to be changed and all after it.

    Raises `Refusal`.
    """
    asked = [question.key for question in State(pack, known).answered]
    change = request.POST.get("change", "")
    if "back" in request.POST and asked:
        change = asked[-1]
    if change in asked:
        return {key: known[key] for key in asked[: asked.index(change)]}
    question = pack.questions.get(request.POST.get("question", ""))
    if question is None:
        return known
    answer = words.read_answer(question, request.POST.getlist("answer"), language)
    return known | {question.key: answer}
