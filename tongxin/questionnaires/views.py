"""Doors for everyone: answer a public form, go on later, see that it arrived. No account."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongxin.channels.browsers import require_own_page
from tongxin.people.access import public
from tongxin.questionnaires import actions, queries
from tongxin.questionnaires.answers import blank, carried, read_response, response
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.fields import read_fields
from tongxin.questionnaires.filling import Filled, page_facts
from tongxin.questionnaires.limits import require_patience
from tongxin.questionnaires.models import Questionnaire, Response
from tongxin.questionnaires.populating import populate
from tongxin.questionnaires.refusals import NoSuchDraft, OtherAnswersUnderThisKey
from tongxin.receipt_codes import grouped_code, plain_code

BY = "public"


@public
@never_cache
@require_safe
def forms(request: HttpRequest, language: str) -> HttpResponse:
    """The forms that anybody may answer."""
    with translation.override(language):
        return _listed(request, language)


# There is no session to misuse, and a page that waited for hours must still be taken.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """A form to answer, and what becomes of it."""
    row = queries.public_form(slug)
    if row is None:
        raise Http404
    with translation.override(language):
        if request.method == "POST":
            require_own_page(request)
            return _answered(request, row, language)
        filled = Filled(populate(queries.form_of(row), at=timezone.localtime(timezone.now())))
        return _page(request, row, filled, language)


@public
@csrf_exempt
@never_cache
@require_POST
def resume(request: HttpRequest, language: str) -> HttpResponse:
    """The answers that were kept under a code. The code stands in no address."""
    with translation.override(language):
        require_own_page(request)
        require_patience(request)
        at = timezone.now()
        code = plain_code(request.POST.get("code", "")[:60])
        draft = queries.draft_by_code(code, at=at)
        row = queries.public_form(draft.questionnaire.slug) if draft else None
        if row is None or row.pk != draft.questionnaire_id:
            return _listed(request, language, error=gettext(NoSuchDraft.says), status=404)
        read = queries.form_of(row)
        tree = read_response(read, draft.answers)
        filled = Filled(settle(read, tree, at=timezone.localtime(at)))
        return _page(request, row, filled, language, draft_code=code)


@public
@never_cache
@require_safe
def sent(request: HttpRequest, language: str, slug: str, code: str) -> HttpResponse:
    """That answers have arrived; not what they are."""
    rows = Response.objects.select_related("questionnaire")
    row = rows.filter(receipt=plain_code(code), questionnaire__slug=slug).first()
    if row is None:
        raise Http404
    with translation.override(language):
        title = queries.form_of(row.questionnaire).title.in_language(language)
        facts = {
            "language": language,
            "slug": slug,
            "title": title or row.questionnaire.title,
            "receipt": grouped_code(row.receipt),
            "at": timezone.localtime(row.authored_at),
        }
        return render(request, "questionnaires/sent.html", facts)


def _listed(
    request: HttpRequest, language: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    rows = [
        {
            "slug": row.slug,
            "title": queries.form_of(row).title.in_language(language) or row.title,
        }
        for row in queries.public_forms()
    ]
    facts = {"forms": rows, "language": language, "error": error}
    return render(request, "questionnaires/forms.html", facts, status=status)


def _answered(request: HttpRequest, row: Questionnaire, language: str) -> HttpResponse:
    """The same page looked at anew, or the receipt."""
    at = timezone.now()
    deed = request.POST.get("deed", "")
    if request.POST.get("version", row.version) != row.version:
        return _answered_another(request, row, language)
    read = read_fields(
        queries.form_of(row),
        request.POST,
        zone=timezone.get_current_timezone(),
        files=request.FILES,
        change=request.POST.get("change", ""),
    )
    evaluation = settle(queries.form_of(row), read.tree, at=timezone.localtime(at))
    filled = Filled(evaluation, read.mistyped).check(is_final=deed == "submit")
    if deed == "submit" and filled.is_complete:
        return _sent(request, row, filled, language)
    code = ""
    if deed == "keep":
        require_patience(request)
        code = _kept(request, row, filled, language)
    return _page(request, row, filled, language, draft_code=code, is_new=bool(code))


def _answered_another(request: HttpRequest, row: Questionnaire, language: str) -> HttpResponse:
    """Answers to a version that was replaced while the page was open, or waited for a network.

    Its fields mean other questions. What both versions ask is carried over and shown, not taken.
    """
    form, old = queries.form_of(row), queries.version_of(row.slug, request.POST["version"])
    tree = blank(form.items)
    if old:
        zone = timezone.get_current_timezone()
        read = read_fields(queries.form_of(old), request.POST, zone=zone, files=request.FILES)
        tree = carried(read.tree, form.items)
    filled = Filled(settle(form, tree, at=timezone.localtime(timezone.now())))
    facts = page_facts(row, filled.check(is_final=False), language)
    words = gettext("This form has changed. Please look through your answers and send them again.")
    facts |= {"key": _key(request), "summary": [{"error": words}, *facts["summary"]]}
    return render(request, "questionnaires/form.html", facts, status=422)


def _kept(request: HttpRequest, row: Questionnaire, filled: Filled, language: str) -> str:
    at = timezone.now()
    answers = response(filled.evaluation.form, filled.evaluation.tree, status="in-progress")
    code = plain_code(request.POST.get("code", "")[:60])
    if not queries.draft_by_code(code, at=at):
        code = ""  # its time was over: it is kept under a new one
    _, code = actions.keep_draft(row, answers, code=code, language=language, by=BY, at=at)
    return code


def _sent(request: HttpRequest, row: Questionnaire, filled: Filled, language: str) -> HttpResponse:
    require_patience(request)
    at = timezone.now()
    try:
        taken = actions.submit(
            row,
            response(filled.evaluation.form, filled.evaluation.tree),
            key=request.POST.get("key", ""),
            language=language,
            draft=queries.draft_by_code(request.POST.get("code", "")[:60], at=at),
            by=BY,
            at=at,
        )
    except OtherAnswersUnderThisKey:
        facts = page_facts(row, filled, language)
        words = gettext(
            "Answers from this page have arrived already. Send again to send these too."
        )
        facts |= {"key": uuid.uuid4(), "summary": [{"error": words}]}
        return render(request, "questionnaires/form.html", facts, status=409)
    return redirect("form_sent", language, row.slug, grouped_code(taken.receipt))


def _page(
    request: HttpRequest,
    row: Questionnaire,
    filled: Filled,
    language: str,
    *,
    draft_code: str = "",
    is_new: bool = False,
) -> HttpResponse:
    facts = page_facts(row, filled, language)
    facts["key"] = _key(request)
    facts["draft_code"] = draft_code or plain_code(request.POST.get("code", "")[:60])
    facts["kept_code"] = grouped_code(draft_code) if is_new else ""
    return render(
        request, "questionnaires/form.html", facts, status=422 if facts["summary"] else 200
    )


def _key(request: HttpRequest) -> str:
    """The key of this page; it stays the same however often the page is looked at anew."""
    key = request.POST.get("key", "")
    try:
        return str(uuid.UUID(key))
    except ValueError:
        return str(uuid.uuid4())
