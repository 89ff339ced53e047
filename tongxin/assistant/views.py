"""Doors for everyone: the conversation, a question handed over, its receipt. No cookie."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongxin.assistant import actions, self_check
from tongxin.assistant.answering import Asked, answer, require_question, steps
from tongxin.assistant.forms import CodeForm, QuestionForm
from tongxin.assistant.limits import require_patience
from tongxin.assistant.queries import question_of
from tongxin.assistant.quotes import alerts_beside, quoted
from tongxin.assistant.refusals import NothingAsked, QuestionTooLong
from tongxin.assistant.rules import LONGEST, LONGEST_BODY, may_be_corrected
from tongxin.assistant.self_check import LONGEST_STATE
from tongxin.assistant.where import Where
from tongxin.channels.rules import name_of_receipt
from tongxin.guidance import packs
from tongxin.people.access import public
from tongxin.receipt_codes import grouped_code, plain_code
from tongxin.refusal import Refusal
from tongxin.releases.site import LANGUAGE_TAGS

BY = "public"
MOST_CHOSEN = 40
"""Answers of one question that are read at all."""


# No door here has a session to misuse, so none needs a token; forms of other sites are refused.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, language: str) -> HttpResponse:
    """The page; with a question sent without JavaScript, also its answer."""
    with override(language):
        facts, status = {"form": QuestionForm()}, 200
        if request.method == "POST":
            try:
                asked = _asked(request, language)
                reply = answer(asked, at=timezone.now())
                facts = {"form": QuestionForm(), "asked": _words_of(asked), "typed": asked}
                facts |= {"reply": reply, "check_state": reply.check_state}
            except Refusal as refusal:
                facts["refused"] = gettext(refusal.says).format(**refusal.facts)
                facts["check_state"] = _check_under_way(request)
                status = refusal.status
        return render(request, "assistant/ask.html", _page(language) | facts, status=status)


@public
@csrf_exempt
@never_cache
@require_POST
def stream(request: HttpRequest, language: str) -> HttpResponse:
    """The same answer for the conversation: lines of JSON, each sent as soon as it is known."""
    with override(language):
        try:
            asked = _asked(request, language)
            if not asked.check:
                require_question(asked.text)
        except Refusal as refusal:
            said = gettext(refusal.says).format(**refusal.facts)
            return HttpResponse(_line("refused", said), status=refusal.status, content_type=LINES)
    response = StreamingHttpResponse(_lines(asked, language), content_type=LINES)
    response["X-Accel-Buffering"] = "no"
    return response


LINES = "application/x-ndjson; charset=utf-8"


def _lines(asked: Asked, language: str) -> Iterator[str]:
    yield _line("heard", "")
    for reply in steps(asked, at=timezone.now()):
        with override(reply.language):
            facts = {"reply": reply, "language": language, "asked": asked.text}
            yield _line("reply", render_to_string("assistant/_reply.html", facts))
    yield _line("end", "")


def _line(event: str, html: str) -> str:
    return json.dumps({"event": event, "html": html}, ensure_ascii=False) + "\n"


@public
@csrf_exempt
@never_cache
@require_POST
def hand_over(request: HttpRequest, language: str) -> HttpResponse:
    """Put the question into the editors' queue and show its receipt."""
    with override(language):
        _require_own_page(request)
        at = timezone.now()
        require_patience(request, "hand over", at=at)
        text = request.POST.get("question", "")
        require_question(text)
        _, code = actions.hand_over(text, language=language, by=BY, at=at)
        return redirect("ask_receipt", language, code)


@public
@never_cache
@require_safe
def receipt(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """What became of a question; only who has the code can find it."""
    with override(language):
        question = question_of(code)
        if question is None:
            raise Http404
        names = [question.answer] if question.answer else []
        at = timezone.now()
        quotes = quoted(names, language=language, at=at)
        quotes += alerts_beside(quotes, where=Where(question.text), language=language, at=at)
        facts = {"question": question, "quotes": quotes, "code": grouped_code(plain_code(code))}
        facts["receipt"] = name_of_receipt(question.receipt)
        facts["may_be_corrected"] = may_be_corrected(question.answer)
        return render(request, "assistant/receipt.html", facts | {"language": language})


@public
@csrf_exempt
@never_cache
@require_POST
def find_receipt(request: HttpRequest, language: str) -> HttpResponse:
    """To the receipt of a code that was typed."""
    with override(language):
        require_patience(request, "ask", at=timezone.now())
        codes = CodeForm(request.POST)
        if codes.is_valid() and question_of(codes.cleaned_data["code"]):
            return redirect("ask_receipt", language, plain_code(codes.cleaned_data["code"]))
        facts = {"form": QuestionForm(), "codes": codes, "no_such": True}
        return render(request, "assistant/ask.html", _page(language) | facts, status=404)


@public
@csrf_exempt
@never_cache
@require_POST
def opinion(request: HttpRequest, language: str) -> HttpResponse:
    """A thumb, or “this is wrong”, for the editor of what was quoted."""
    with override(language):
        _require_own_page(request)
        at = timezone.now()
        require_patience(request, "opinion", at=at)
        words = {name: request.POST.get(name, "") for name in ("about", "kind", "note")}
        actions.give_opinion(
            words["about"][:100], words["kind"], note=words["note"], language=language, by=BY, at=at
        )
        if request.headers.get("Accept", "").startswith("application/json"):
            return HttpResponse(status=204)
        return render(request, "assistant/thanks.html", {"language": language})


def _asked(request: HttpRequest, language: str) -> Asked:
    """The question of a form. Raises `Refusal`."""
    _require_own_page(request)
    require_patience(request, "ask", at=timezone.now())
    asked = request.POST
    circumstance = asked.get("circumstance", "")
    known = packs.circumstances(settings.DEFAULT_DISEASE)
    return Asked(
        text=asked.get("question", "").strip(),
        page=language,
        circumstance=circumstance if circumstance in known else "",
        place=asked.get("place", "")[:60],
        check=asked.get("check", "")[:LONGEST_STATE],
        chosen=_chosen(asked),
    )


def _chosen(sent: QueryDict) -> tuple[str, ...]:
    """The answers pressed or ticked; an empty one where a question was sent back without any."""
    chosen = tuple(value[:40] for value in sent.getlist("answer")[:MOST_CHOSEN])
    is_empty = "answered" in sent and not sent.get("question", "").strip()
    return chosen or (("",) if is_empty else ())


def _words_of(asked: Asked) -> str:
    """What was asked or answered, as the conversation shows it."""
    if asked.text or not asked.chosen:
        return asked.text
    return self_check.said(
        self_check.read_state(asked.check, page_language=asked.page), [*asked.chosen]
    )


def _check_under_way(request: HttpRequest) -> str:
    """The state of the self-check in a refused form; a body that is too long stays unread."""
    return request.POST.get("check", "")[:LONGEST_STATE] if _is_short(request) else ""


def _is_short(request: HttpRequest) -> bool:
    size = request.headers.get("Content-Length", "")
    return size.isdigit() and int(size) <= LONGEST_BODY


def _require_own_page(request: HttpRequest) -> None:
    """Refuse a body that is too long before it is read, and forms of other sites."""
    if not _is_short(request):
        raise QuestionTooLong(most=LONGEST)
    origin = request.headers.get("Origin", "")
    if origin not in ("", "null") and urlsplit(origin).netloc != request.get_host():
        raise NothingAsked


def _page(language: str) -> dict[str, object]:
    """What the page shows besides an answer."""
    named = packs.circumstances(settings.DEFAULT_DISEASE).values()
    return {
        "language": language,
        "language_tag": LANGUAGE_TAGS[language],
        "codes": CodeForm(),
        "longest": LONGEST,
        "emergency_number": settings.EMERGENCY_NUMBER,
        "circumstances": [(one.key, one.name(language)) for one in named],
    }
