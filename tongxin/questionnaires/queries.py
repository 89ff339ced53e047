"""Reading forms and answers. Nothing here lists answers about people: apps above do, by consent."""

from collections import OrderedDict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from tongxin.people.models import Person
from tongxin.questionnaires.answers import read_response
from tongxin.questionnaires.definition import Questionnaire as Form
from tongxin.questionnaires.extracting import observations
from tongxin.questionnaires.models import Draft, Questionnaire, Response
from tongxin.questionnaires.reading import read_questionnaire
from tongxin.receipt_codes import plain_code

_READ: OrderedDict[str, Form] = OrderedDict()
MOST_READ = 50


def form_of(row: Questionnaire) -> Form:
    """The form as plain values; read once for each content, as published content never changes."""
    found = _READ.get(row.content_hash)
    if found is None:
        found = read_questionnaire(row.definition)
        _READ[row.content_hash] = found
        while len(_READ) > MOST_READ:
            _READ.popitem(last=False)
    return found


def in_use(slug: str) -> Questionnaire | None:
    """The version of a form that is answered now."""
    return Questionnaire.objects.filter(slug=slug, status=Questionnaire.Status.ACTIVE).first()


def public_form(slug: str) -> Questionnaire | None:
    """The version in use of a form that anybody may answer."""
    return public_forms().filter(slug=slug).first()


def version_of(slug: str, version: str) -> Questionnaire | None:
    """A version of a public form that is or was in use."""
    rows = Questionnaire.objects.exclude(status=Questionnaire.Status.DRAFT)
    return rows.filter(slug=slug, version=version[:80], is_public=True).first()


def public_forms() -> QuerySet[Questionnaire]:
    """Forms that anybody may answer, by title."""
    active = Questionnaire.Status.ACTIVE
    return Questionnaire.objects.filter(is_public=True, status=active).order_by("title")


def secret_hash(code: str) -> str:
    """What is stored in the place of a code or a key: of no use to who reads the table."""
    return salted_hmac("tongxin.questionnaires", code, algorithm="sha256").hexdigest()


def draft_by_code(code: str, *, at: datetime) -> Draft | None:
    """The unfinished answers under a code, while they are kept."""
    hash_ = secret_hash(plain_code(code))
    rows = Draft.objects.select_related("questionnaire")
    return rows.filter(code_hash=hash_, expires_at__gt=at).first()


def draft_of(person: Person, questionnaire: Questionnaire, *, at: datetime) -> Draft | None:
    """The unfinished answers of a person to this form."""
    rows = Draft.objects.filter(person=person, questionnaire=questionnaire)
    return rows.filter(expires_at__gt=at).first()


def observations_of(row: Response) -> list[dict[str, Any]]:
    """FHIR Observations of finished answers."""
    form = form_of(row.questionnaire)
    return observations(
        form,
        read_response(form, row.answers),
        effective=row.authored_at.isoformat(),
        subject=f"Patient/{row.person_id}" if row.person_id else "",
        derived_from=f"QuestionnaireResponse/{row.receipt}",
    )
