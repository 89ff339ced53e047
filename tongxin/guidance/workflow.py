"""Two people see what the public reads: one writes, another reviews and lets it out.

`Reviewed` is the base of everything that goes this way: advice, verdicts, notices. Nobody holds
Wagtail's own permission to publish; words come out by the approval of a `MedicalReview` only.
"""

from django.apps import apps
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    Task,
    TaskState,
    Workflow,
    WorkflowContentType,
    WorkflowMixin,
    WorkflowState,
    WorkflowTask,
)

from tongxin.guidance.refusals import NotAReviewer, NotYourOwn
from tongxin.people.models import User
from tongxin.people.roles import Permission

NAME = "复核 Review"  # stored once and shown in both languages


class Reviewed(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model
):
    """Words that one person writes and another lets out, by whatever door."""

    class Meta:
        abstract = True

    def publish(self, revision: Revision, user: User | None = None, **how: object) -> None:
        """Put a version before the public, or appoint its hour.

        Args:
            user: who lets it out; None for the house's own doings (what ships, an hour come).

        Raises:
            NotAReviewer, NotYourOwn
        """
        if user is not None:
            require_another(self, user, upto=revision)
        # Wagtail's own question is answered: nobody holds its permission to publish.
        super().publish(revision, user=user, **{**how, "skip_permission_checks": True})

    def links(self) -> list[str]:
        """Addresses that readers are sent to; each kind of words knows its own."""
        return []


class MedicalReview(Task):
    """A reviewer who wrote nothing of it reads the words and lets them out or sends them back."""

    class Meta:
        verbose_name = gettext_lazy("medical review")
        verbose_name_plural = gettext_lazy("medical reviews")

    class Privacy:
        open = {"task_ptr", "id", "name", "content_type", "active"}

    def get_actions(self, obj: Reviewed, user: User) -> list[tuple[str, str, bool]]:
        """What this person may do with words under review; nothing with their own."""
        if not may_let_out(obj, user):
            return []
        return [
            ("approve", gettext("Approve"), False),
            ("approve", gettext("Approve with a comment"), True),
            ("reject", gettext("Send back"), True),
        ]

    def locked_for_user(self, obj: Reviewed, user: User) -> bool:
        """Words under review stand still for all but those who review them."""
        return not may_let_out(obj, user)

    def get_task_states_user_can_moderate(self, user: User, **_: object) -> QuerySet[TaskState]:
        """What waits for this person."""
        waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task=self.task_ptr)
        if not user.may(Permission.WORDS_REVIEW):
            return waiting.none()
        states = waiting.select_related("workflow_state", "revision")
        theirs = [s.pk for s in states if may_let_out(s.workflow_state.content_object, user)]
        return TaskState.objects.filter(pk__in=theirs)

    @classmethod
    def get_description(cls) -> str:
        """What the task is, for the list of tasks."""
        return gettext("A medical reviewer other than the writer lets the words out")


def writers(words: Reviewed, *, upto: Revision | None = None) -> set[int]:
    """Keys of the accounts that wrote or submitted what is not yet public."""
    versions = words.revisions.filter(user__isnull=False)
    if words.live_revision_id:
        versions = versions.filter(pk__gt=words.live_revision_id)
    if upto is not None:
        versions = versions.filter(pk__lte=upto.pk) | words.revisions.filter(pk=upto.pk)
    wrote = set(versions.values_list("user_id", flat=True))
    asked = WorkflowState.objects.for_instance(words).active()
    return (wrote | set(asked.values_list("requested_by_id", flat=True))) - {None}


def may_let_out(words: Reviewed, user: User) -> bool:
    """Whether this person may let these words out or send them back."""
    return user.may(Permission.WORDS_REVIEW) and user.pk not in writers(words)


def require_another(words: Reviewed, user: User, *, upto: Revision | None = None) -> None:
    """Nothing, if this person reviews and wrote none of what would come out.

    Raises:
        NotAReviewer, NotYourOwn
    """
    if not user.may(Permission.WORDS_REVIEW):
        raise NotAReviewer
    if user.pk in writers(words, upto=upto):
        raise NotYourOwn


def require_may_withdraw(words: Reviewed, user: User) -> None:
    """Nothing, if this person may take published words back: a reviewer, and not their writer.

    Raises:
        NotAReviewer, NotYourOwn
    """
    if not user.may(Permission.WORDS_REVIEW):
        raise NotAReviewer
    if words.live_revision_id and words.live_revision.user_id == user.pk:
        raise NotYourOwn


def is_only_a_draft(words: Reviewed) -> bool:
    """Whether the public has never read it and nobody is about to decide on it."""
    is_out = words.live or words.first_published_at is not None or words.approved_schedule
    return not is_out and not words.workflow_in_progress


def kinds_of_words() -> list[type[Reviewed]]:
    """Everything in the house that is reviewed before it is public."""
    return [model for model in apps.get_models() if issubclass(model, Reviewed)]


@transaction.atomic
def establish_review() -> Workflow:
    """The one workflow of the house, made if it is new and attached to all reviewed words."""
    task = MedicalReview.objects.first() or MedicalReview.objects.create(name=NAME)
    workflow = Workflow.objects.filter(workflow_tasks__task=task.task_ptr).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=NAME)
        WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=0)
    for model in kinds_of_words():
        WorkflowContentType.objects.get_or_create(
            content_type=model.get_base_content_type(), defaults={"workflow": workflow}
        )
    return workflow
