"""What the pages of the self-check show, and what their forms bring back."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from tongxin.guidance.told import filled
from tongxin.releases.site import LANGUAGE_TAGS
from tongxin.triage import answers as words
from tongxin.triage import coding
from tongxin.triage.advice import advice
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.description import reviewed
from tongxin.triage.holding import new_key
from tongxin.triage.packs import Pack, in_language
from tongxin.triage.rules import Answer, Answers, Outcome, State, outcome

FIELD = "a_"
"""Before the name of each answer that the form carries along."""


def carried(pack: Pack, request: HttpRequest, language: str) -> dict[str, Answer]:
    """The answers that the form brings along. Raises `Refusal`."""
    given = {
        name.removeprefix(FIELD): text
        for name, text in request.POST.items()
        if name.startswith(FIELD) and name.removeprefix(FIELD) in pack.questions
    }
    return words.read_answers(pack, given, language)


def page(pack: Pack, language: str) -> dict[str, Any]:
    """What every page of the self-check knows."""
    return {
        "language": language,
        "language_tag": LANGUAGE_TAGS[language],
        "pack": pack,
        "title": in_language(pack, "title", language),
        "reviewed": reviewed(pack, language),
        "emergency": settings.EMERGENCY_NUMBER,
    }


def question_page(pack: Pack, known: Answers, found: Outcome, language: str) -> dict[str, Any]:
    """A question as the template shows it."""
    question = found.next or pack.question[0]
    values = [(v, words.value_name(question, v, language)) for v in question.values]
    return page(pack, language) | {
        "question": question,
        "asks": in_language(question, "asks", language),
        "hint": in_language(question, "hint", language),
        "unit": in_language(question, "unit", language),
        "values": values,
        "unknown": words.value_name(question, UNKNOWN, language),
        "unknown_why": in_language(question, "unknown_why", language),
        "known": known_facts(pack, known, language),
        "number": len(found.asked) + 1,
    }


def known_facts(pack: Pack, known: Answers, language: str) -> list[dict[str, str]]:
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


def end_page(pack: Pack, known: Answers, language: str) -> dict[str, Any]:
    """The disposition with all that follows from it."""
    found = outcome(pack, known)
    end = found.disposition
    text = coding.code(pack, known)
    today = timezone.localdate(timezone.now())
    return page(pack, language) | {
        "end": end,
        "end_name": end.name(language) if end else "",
        "end_text": filled(in_language(end, "text", language)) if end else "",
        "reasons": [_reason(pack, clause, language) for clause in found.clauses],
        "known": known_facts(pack, known, language),
        "advice": advice(pack, known, found, language, today=today),
        "start": f"/{language}/guidance/",
        "code": text,
        "picture": coding.picture(text, gettext("Code with your answers")),
        "on": today,
        "key": new_key(),
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
