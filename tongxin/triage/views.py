"""Doors of the self-check. No cookie, nothing stored: answers travel in the posted form only."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongxin.guidance.told import filled
from tongxin.people.access import needs, public
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal
from tongxin.releases.site import LANGUAGE_TAGS
from tongxin.triage import answers as words
from tongxin.triage import coding
from tongxin.triage.advice import advice
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.description import description, reviewed
from tongxin.triage.diagram import sheets
from tongxin.triage.fhir import questionnaire as as_fhir
from tongxin.triage.packs import Pack, in_language, shipped_pack
from tongxin.triage.rules import Answer, Answers, Outcome, State, outcome

FIELD = "a_"
"""Before the name of each answer that the form carries along."""

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
            return render(request, "triage/start.html", _page(pack, language))
        known: dict[str, Answer] = {}
        try:
            known = _carried(pack, request, language)
            known = _moved(pack, known, request, language)
        except Refusal as refusal:
            said = gettext(refusal.says).format(**refusal.facts)
            facts = _question_page(pack, known, outcome(pack, known), language)
            facts |= {"refused": said, "typed": request.POST.get("answer", "")[:20]}
            return render(request, "triage/question.html", facts, status=refusal.status)
        found = outcome(pack, known)
        if found.next:
            facts = _question_page(pack, known, found, language)
            return render(request, "triage/question.html", facts)
        view = "print" if "print" in request.POST else "end"
        return render(request, f"triage/{view}.html", _end(pack, known, found, language))


@public
@cache_control(max_age=TEN_MINUTES, public=True)
@require_safe
def rules_page(request: HttpRequest, language: str) -> HttpResponse:
    """How the self-check decides: the ladder as pictures, and in words."""
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    with override(language):
        count = len(sheets(pack, language))
        facts = {"numbers": range(1, count + 1), "text": description(pack, language)}
        return render(request, "triage/rules.html", _page(pack, language) | facts)


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
            facts |= _end(pack, known, outcome(pack, known), language)
        except Refusal as refusal:
            facts["refused"] = gettext(refusal.says).format(**refusal.facts)
            status = refusal.status
    return render(request, "triage/desk/hand_over.html", facts, status=status)


def _carried(pack: Pack, request: HttpRequest, language: str) -> dict[str, Answer]:
    """The answers that the form brings along. Raises `Refusal`."""
    given = {
        name.removeprefix(FIELD): text
        for name, text in request.POST.items()
        if name.startswith(FIELD) and name.removeprefix(FIELD) in pack.questions
    }
    return words.read_answers(pack, given, language)


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


def _page(pack: Pack, language: str) -> dict[str, Any]:
    """What every page of the self-check knows."""
    return {
        "language": language,
        "language_tag": LANGUAGE_TAGS[language],
        "pack": pack,
        "title": in_language(pack, "title", language),
        "reviewed": reviewed(pack, language),
        "emergency": settings.EMERGENCY_NUMBER,
    }


def _question_page(pack: Pack, known: Answers, found: Outcome, language: str) -> dict[str, Any]:
    """A question as the template shows it."""
    question = found.next or pack.question[0]
    values = [(v, words.value_name(question, v, language)) for v in question.values]
    return _page(pack, language) | {
        "question": question,
        "asks": in_language(question, "asks", language),
        "hint": in_language(question, "hint", language),
        "unit": in_language(question, "unit", language),
        "values": values,
        "unknown": words.value_name(question, UNKNOWN, language),
        "unknown_why": in_language(question, "unknown_why", language),
        "known": _known(pack, known, language),
        "number": len(found.asked) + 1,
    }


def _known(pack: Pack, known: Answers, language: str) -> list[dict[str, str]]:
    """The answers given, as the form carries them and as people read them."""
    return [
        {
            "field": f"{FIELD}{question.key}",
            "key": question.key,
            "value": words.written(question, known[question.key]),
            "asks": in_language(question, "name", language),
            "said": words.said(question, known[question.key], language),
        }
        for question in State(pack, known).answered
    ]


def _end(pack: Pack, known: Answers, found: Outcome, language: str) -> dict[str, Any]:
    """The disposition with all that follows from it."""
    end = found.disposition
    text = coding.code(pack, known)
    today = timezone.localdate(timezone.now())
    return _page(pack, language) | {
        "end": end,
        "end_name": end.name(language) if end else "",
        "end_text": filled(in_language(end, "text", language)) if end else "",
        "reasons": [_reason(pack, clause, language) for clause in found.clauses],
        "known": _known(pack, known, language),
        "advice": advice(pack, known, found, language, today=today),
        "start": f"/{language}/guidance/",
        "code": text,
        "picture": coding.picture(text, gettext("Code with your answers")),
        "on": today,
    }


def _reason(pack: Pack, clause: Any, language: str) -> dict[str, Any]:
    source = pack.sources[clause.source]
    return {
        "id": clause.id,
        "text": in_language(clause, "reason", language),
        "source": source.name(language),
        "url": source.url,
        "on": source.on,
    }
