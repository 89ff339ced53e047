"""How forms come into use, and how answers are kept and taken: exactly once for a client's key."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime

from tongxin.audit.actions import record
from tongxin.consent.models import Grant
from tongxin.people.models import Person, User
from tongxin.questionnaires import queries, refusals, retention, rules
from tongxin.questionnaires.answers import read_response, response
from tongxin.questionnaires.checking import problems
from tongxin.questionnaires.evaluation import Evaluation, settle
from tongxin.questionnaires.models import Draft, Questionnaire, Response
from tongxin.questionnaires.reading import read_questionnaire
from tongxin.questionnaires.reporting import broken_expressions
from tongxin.receipt_codes import new_code, plain_code

SHIPPED = Path(__file__).parent / "forms"
Status = Questionnaire.Status


@transaction.atomic
def bring_in(
    data: bytes | str | Mapping[str, Any], *, slug: str, is_public: bool, by: object, at: datetime
) -> Questionnaire:
    """A draft of a form from FHIR JSON; the row itself where this content is here already.

    Without a url or a version it gets them from its short name and its content.

    Raises:
        BrokenQuestionnaire: and its kinds.
        PublishedAlready: this version was published with other content.
    """
    form = read_questionnaire(data)
    hash_ = rules.content_hash(form.raw)
    url = form.url or f"urn:tongxin:questionnaire:{slug}"
    version = form.version or hash_[:12]
    facts = {
        "slug": slug,
        "title": (form.title.plain or slug)[:300],
        "language": form.language[:20],
        "is_public": is_public,
        "definition": form.raw,
        "content_hash": hash_,
    }
    if len(url) > 500 or len(version) > 80:
        raise refusals.BadProperty(at="", name="url or version")
    known = Questionnaire.objects.select_for_update().filter(url=url, version=version).first()
    is_same = known is not None and (known.content_hash, known.slug) == (hash_, slug)
    if is_same and (known.status != Status.DRAFT or known.is_public == is_public):
        return known
    if known and known.status != Status.DRAFT:
        raise refusals.PublishedAlready(url=url[:200], version=version)
    row, _ = Questionnaire.objects.update_or_create(
        url=url, version=version, defaults=facts, create_defaults={**facts, "made_at": at}
    )
    record("questionnaires.brought_in", row, by=by, url=url, version=version, sha256=hash_)
    return row


@transaction.atomic
def publish_form(row: Questionnaire, *, by: object, at: datetime) -> Questionnaire:
    """Put a draft into use; the version that was in use before is retired.

    Raises:
        NotADraft
        BadExpression: one that cannot be read would fail in front of the person.
    """
    row = Questionnaire.objects.select_for_update().get(pk=row.pk)
    if row.status != Status.DRAFT:
        raise refusals.NotADraft
    for link_id, expression in broken_expressions(queries.form_of(row)):
        raise refusals.BadExpression(at=link_id, expression=expression[:200])
    before = Questionnaire.objects.select_for_update().filter(slug=row.slug, status=Status.ACTIVE)
    for old in before:
        retire_form(old, by=by, at=at)
    row.status, row.published_at = Status.ACTIVE, at
    row.save(update_fields=["status", "published_at"])
    record("questionnaires.published", row, by=by, url=row.url, version=row.version)
    return row


@transaction.atomic
def retire_form(row: Questionnaire, *, by: object, at: datetime) -> Questionnaire:
    """Take a form out of use; answers to it stay. Raises `NotInUse`."""
    if row.status != Status.ACTIVE:
        raise refusals.NotInUse
    row.status = Status.RETIRED
    row.save(update_fields=["status"])
    record("questionnaires.retired", row, by=by, url=row.url, version=row.version)
    return row


@transaction.atomic
def load_shipped_forms(*, by: object, at: datetime) -> list[Questionnaire]:
    """The forms that ship, in use; those that are here already are left as they are."""
    loaded = []
    for file in sorted(SHIPPED.glob("*.json")):
        row = bring_in(file.read_bytes(), slug=file.stem, is_public=True, by=by, at=at)
        if row.status == Status.DRAFT:
            row = publish_form(row, by=by, at=at)
        loaded.append(row)
    return loaded


@transaction.atomic
def keep_draft(
    row: Questionnaire,
    answers: Mapping[str, Any],
    *,
    language: str,
    by: object,
    at: datetime,
    code: str = "",
    person: Person | None = None,
) -> tuple[Draft, str]:
    """Unfinished answers, kept 30 days after the last change, and the code that finds them again.

    Args:
        code: of answers kept before: they are replaced. Empty makes a new code.
        person: whom the answers are about; their draft of this form is replaced.

    Raises:
        NoSuchDraft: the code finds nothing of this form.
        NotAsked, WrongAnswer, NotAResponse, TooManyAnswers
    """
    form = queries.form_of(row)
    said = response(form, read_response(form, answers), status="in-progress")
    known = queries.draft_by_code(code, at=at) if code else None
    if code and (known is None or known.questionnaire_id != row.pk):
        raise refusals.NoSuchDraft
    if known is None and person is not None:
        Draft.objects.filter(questionnaire=row, person=person).delete()
    code = plain_code(code) if code else new_code()
    facts = {
        "questionnaire": row,
        "answers": said,
        "language": language[:10],
        "changed_at": at,
        "expires_at": at + timedelta(days=rules.KEPT_DAYS),
    }
    if person is not None:
        facts["person"] = person
    draft, is_new = Draft.objects.update_or_create(
        code_hash=queries.secret_hash(code), defaults=facts
    )
    record("questionnaires.draft_kept", draft, by=by, is_new=is_new)
    return draft, code


@transaction.atomic
def forget_drafts(*, by: object, at: datetime) -> int:
    """Erase unfinished answers whose time is over."""
    gone, _ = Draft.objects.filter(expires_at__lte=at).delete()
    if gone:
        record("questionnaires.drafts_forgotten", "questionnaires.Draft", by=by, count=gone)
    return gone


@transaction.atomic
def forget_responses(*, by: object, at: datetime) -> int:
    """Erase finished answers that nobody may see any more, a batch at a time; how many.

    Those about nobody are kept longer: they say nothing of anybody.
    """
    long_ago = at - timedelta(days=retention.ANSWERED_DAYS)
    lately = at - timedelta(days=retention.AFTER_PERMISSION_DAYS)
    allowed = Grant.objects.filter(person=OuterRef("person"), ends_at__gt=lately)
    allowed = allowed.exclude(withdrawn_at__lte=lately)
    named = Q(person__isnull=False, authored_at__lt=long_ago) & ~Exists(allowed)
    nameless = Q(person__isnull=True, authored_at__lt=at - timedelta(days=retention.NAMELESS_DAYS))
    old = Response.objects.filter(named | nameless).order_by("pk")
    gone, _ = Response.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:500])).delete()
    if gone:
        record("questionnaires.responses_forgotten", "questionnaires.Response", by=by, count=gone)
    return gone


@transaction.atomic
def submit(
    row: Questionnaire,
    answers: Mapping[str, Any],
    *,
    key: str,
    language: str,
    by: object,
    at: datetime,
    person: Person | None = None,
    author: User | None = None,
    draft: Draft | None = None,
) -> Response:
    """Take finished answers exactly once: the same key gives the same receipt again.

    Args:
        answers: a QuestionnaireResponse; what is calculated is calculated here again, what is
            not asked is left out.
        key: of the client, new for each submission, the same when it is sent again.
        person: whom the answers are about.
        draft: erased once the answers are taken.

    Raises:
        BadKey, OtherAnswersUnderThisKey, NotInUse, NotComplete
        NotAsked, WrongAnswer, NotAResponse, TooManyAnswers, TooMuchToCompute, DoesNotSettle
    """
    if not rules.is_key(key):
        raise refusals.BadKey
    sent = [row.slug, answers, str(person.pk) if person else None]
    facts = {"key_hash": queries.secret_hash(key), "body_hash": rules.content_hash(sent)}
    known = _taken(**facts)
    if known:
        return known
    if row.status != Status.ACTIVE:
        raise refusals.NotInUse
    evaluation = _complete(row, answers, at=at)
    try:
        with transaction.atomic():
            taken = Response.objects.create(
                **facts,
                questionnaire=row,
                receipt=new_code(),
                person=person,
                author=author,
                answers=response(evaluation.form, evaluation.tree),
                language=language[:10],
                authored_at=at,
            )
    except IntegrityError:
        # Somebody else was quicker under the same key: a client that sent twice at once.
        known = _taken(**facts)
        if known is None:
            raise
        return known
    if draft:
        draft.delete()
    record("questionnaires.answered", taken, by=by, url=row.url, version=row.version)
    return taken


def _taken(*, key_hash: str, body_hash: str) -> Response | None:
    known = Response.objects.filter(key_hash=key_hash).first()
    if known and known.body_hash != body_hash:
        raise refusals.OtherAnswersUnderThisKey
    return known


def _complete(row: Questionnaire, answers: Mapping[str, Any], *, at: datetime) -> Evaluation:
    form = queries.form_of(row)
    evaluation = settle(form, read_response(form, answers), at=localtime(at))
    wrong = [problem for problem in problems(evaluation) if problem.is_error]
    if wrong:
        refusal = refusals.NotComplete(count=len(wrong), first=wrong[0].path)
        refusal.problems = wrong
        raise refusal
    return evaluation
