"""Questionnaires for programs, as FHIR R4. Only public forms, never answers about a person."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Body, Header, Path, Router, Schema
from pydantic import Field

from tongxin.people.access import anyone
from tongxin.people.api_refusals import Refused
from tongxin.questionnaires import actions, queries
from tongxin.questionnaires.answers import read_response, response
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.extracting import observations
from tongxin.questionnaires.limits import require_patience
from tongxin.questionnaires.models import Questionnaire
from tongxin.questionnaires.populating import populate
from tongxin.questionnaires.refusals import AboutAPerson
from tongxin.receipt_codes import grouped_code

router = Router(tags=["questionnaires"])
BY = "public"
PERSONAL = {"subject", "author", "source", "encounter", "basedOn", "partOf"}
SLUG = Path(..., max_length=60, pattern=r"^[a-z0-9-]+$", description="Short name of the form")


class FormRow(Schema):
    """One form that anybody may answer."""

    slug: str
    title: str
    url: str
    version: str


class Forms(Schema):
    forms: list[FormRow]


class Launch(Schema):
    """What is known at the start, by the names that the form's expressions use."""

    context: dict[str, Any] = Field(default_factory=dict, description="Plain values or resources")


class Receipt(Schema):
    receipt: str
    authored: str


MAY_REFUSE: dict[int, Any] = {404: Refused, 409: Refused, 422: Refused}


@router.get("", auth=anyone, response={200: Forms}, summary="Public questionnaires")
def list_forms(request: HttpRequest) -> dict[str, Any]:
    """The forms that anybody may answer, each in the version that is in use."""
    rows = queries.public_forms()
    names = ("slug", "title", "url", "version")
    return {"forms": [{name: getattr(row, name) for name in names} for row in rows]}


@router.get(
    "/{slug}",
    auth=anyone,
    response={200: dict[str, Any], **MAY_REFUSE},
    summary="One questionnaire",
)
def one_form(request: HttpRequest, slug: str = SLUG) -> dict[str, Any]:
    """The FHIR R4 Questionnaire in use."""
    return _form(slug).definition


@router.post(
    "/{slug}/$populate",
    auth=anyone,
    response={200: dict[str, Any], **MAY_REFUSE},
    summary="Begin a response",
)
def populate_form(request: HttpRequest, launch: Launch, slug: str = SLUG) -> dict[str, Any]:
    """A QuestionnaireResponse in progress with what is known at the start. Nothing is kept."""
    form = queries.form_of(_form(slug))
    at = timezone.localtime(timezone.now())
    evaluation = populate(form, at=at, launch=launch.context)
    return response(form, evaluation.tree, status="in-progress")


@router.post(
    "/{slug}/$extract",
    auth=anyone,
    response={200: dict[str, Any], 403: Refused, **MAY_REFUSE},
    summary="Observations of a response",
)
def extract(
    request: HttpRequest, answers: Body[dict[str, Any]], slug: str = SLUG
) -> dict[str, Any]:
    """A Bundle of Observations from a QuestionnaireResponse. Nothing is kept."""
    _require_nobody(answers)
    form = queries.form_of(_form(slug))
    at = timezone.localtime(timezone.now())
    evaluation = settle(form, read_response(form, answers), at=at)
    found = observations(form, evaluation.tree, effective=at.isoformat())
    entries = [{"resource": one} for one in found]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


@router.post(
    "/{slug}/responses",
    auth=anyone,
    response={200: Receipt, 403: Refused, 429: Refused, **MAY_REFUSE},
    summary="Submit a response",
)
def submit_response(
    request: HttpRequest,
    answers: Body[dict[str, Any]],
    slug: str = SLUG,
    idempotency_key: str = Header(..., max_length=80, description="New for each submission"),
) -> dict[str, Any]:
    """Take a finished QuestionnaireResponse; the same key and answers give the same receipt."""
    _require_nobody(answers)
    require_patience(request)
    taken = actions.submit(
        _form(slug),
        answers,
        key=idempotency_key,
        language=str(answers.get("language") or "")[:10],
        by=BY,
        at=timezone.now(),
    )
    authored = timezone.localtime(taken.authored_at).isoformat()
    return {"receipt": grouped_code(taken.receipt), "authored": authored}


def _form(slug: str) -> Questionnaire:
    row = queries.public_form(slug)
    if row is None:
        raise Http404
    return row


def _require_nobody(answers: dict[str, Any]) -> None:
    """Answers that name a person are taken by the apps that know who may answer for whom."""
    if PERSONAL & set(answers):
        raise AboutAPerson
