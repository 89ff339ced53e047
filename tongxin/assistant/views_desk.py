"""The editors' queue of questions that nothing answers yet, and what readers thought of answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongxin.assistant import actions
from tongxin.assistant.forms import AnswerForm
from tongxin.assistant.knowledge import knowledge
from tongxin.assistant.models import Question
from tongxin.assistant.queries import notes_about, opinions, queue, waiting_questions
from tongxin.assistant.quotes import ended_notices, quoted
from tongxin.meaning.vectors import Vectors
from tongxin.people.access import needs
from tongxin.people.forms import refuse
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal

ASKED = Vectors()  # in memory alone: what people asked is never written as vectors


@needs(Permission.QUESTIONS_ANSWER)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Waiting questions, those that ask for the same missing content together."""
    facts = {
        "groups": queue(ASKED, at=timezone.now()),
        "count": waiting_questions().count(),
        "opinions": len(opinions()),
    }
    return render(request, "assistant/desk/questions.html", facts)


@needs(Permission.QUESTIONS_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """One question: answer it with something published, begin a draft, or close it."""
    found = get_object_or_404(Question, pk=number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        try:
            if request.POST.get("deed") == "close":
                actions.close_question(found, by=request.user, at=timezone.now())
                return _done(request, gettext("The question is closed."))
            if form.is_valid():
                name = form.cleaned_data["answer"]
                actions.answer_question(found, name, by=request.user, at=timezone.now())
                return _done(request, gettext("The question is answered; its receipt shows it."))
        except Refusal as refusal:
            refuse(form, refusal)
    return render(request, "assistant/desk/question.html", _facts(found, form))


@needs(Permission.QUESTIONS_ANSWER)
@require_safe
def reader_opinions(request: HttpRequest) -> HttpResponse:
    """What readers thought of answers, by what was quoted."""
    rows = opinions()
    names = [str(row["about"]) for row in rows]
    standing = {q.id: q for q in quoted(names, language=_language(), at=timezone.now())}
    # An alert is over within days, and what readers thought of it is read later.
    shown = ended_notices(names, _language()) | standing
    listed = [
        row
        | {"quote": shown.get(about), "notes": notes_about(about), "is_over": about not in standing}
        for row in rows
        if (about := str(row["about"]))
    ]
    return render(request, "assistant/desk/opinions.html", {"rows": listed})


@needs(Permission.QUESTIONS_ANSWER)
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Take what readers thought of one answer off the list."""
    actions.mark_seen(request.POST.get("about", "")[:100], by=request.user, at=timezone.now())
    return redirect("desk_opinions")


def _facts(found: Question, form: AnswerForm) -> dict[str, object]:
    at = timezone.now()
    near = knowledge().match(found.text, at=at).near
    names = [found.answer] if found.answer else near
    return {
        "question": found,
        "form": form,
        "near": quoted(names, language=_language(), at=at),
        "is_waiting": found.state == Question.State.WAITING,
    }


def _language() -> str:
    return "zh-hans" if (get_language() or "").startswith("zh") else "en"


def _done(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("desk_questions")
