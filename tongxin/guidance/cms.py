"""How reviewed words are edited under /cms/: one set of views for advice, verdicts and notices.

An app registers its `WordsViewSet` with `register_words`; who may do what is said once, here and
in `workflow.py`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import UnpublishMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views import snippets

from tongxin.audit.actions import record
from tongxin.guidance.refusals import NotAReviewer, NotYourOwn
from tongxin.guidance.workflow import (
    Reviewed,
    is_only_a_draft,
    may_let_out,
    require_may_withdraw,
    writers,
)
from tongxin.people.access import needs
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal

SHOWN = 3  # concerns shown at once; the next save shows the next


def in_words(refusal: Refusal) -> str:
    """A refusal in the language of who asked."""
    return gettext(refusal.says).format(**refusal.facts)


class WordsPolicy(ModelPermissionPolicy):
    """Editors write; what was public or is under review cannot be deleted by anybody."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Reviewed) -> bool:
        """Whether this person may do this to these words."""
        if action == "delete" and not is_only_a_draft(instance):
            return False
        return self.user_has_permission(user, action)


class SaysConcerns:
    """A form that saves drafts, and then says what would keep them from being published."""

    def concerns(self, words: Any) -> Iterable[Refusal]:
        """What would be wrong if these words were public now; each kind of words knows its own."""
        return ()

    def save_action(self) -> HttpResponse:
        """Answer the save; concerns are messages, for a draft may say anything."""
        if self.action in ("create", "edit", "submit"):
            for number, refusal in enumerate(self.concerns(self.object)):
                if number == SHOWN:
                    break
                messages.warning(self.request, in_words(refusal))
        return super().save_action()

    def form_valid(self, form: Any) -> HttpResponse:
        """Save all or nothing; a refusal is shown in the form, and what was typed stays there."""
        try:
            with transaction.atomic():
                return self.deed(form)
        except Refusal as refusal:
            form.add_error(None, in_words(refusal))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def deed(self, form: Any) -> HttpResponse:
        """What the pressed button does."""
        return super().form_valid(form)


class WordsCreateView(SaysConcerns, snippets.CreateView):
    """New words."""


class WordsEditView(SaysConcerns, snippets.EditView):
    """Words being changed, submitted, approved or sent back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; a reviewer who wrote of it is told why there is no button."""
        if self.current_workflow_task and request.user.may(Permission.WORDS_REVIEW):
            if request.user.pk in writers(self.object):
                messages.info(request, in_words(NotYourOwn()))
            else:
                for refusal in list(self.concerns(self.object))[:SHOWN]:
                    messages.warning(request, in_words(refusal))
        return super().get(request, *args, **kwargs)

    def deed(self, form: Any) -> HttpResponse:
        """What the pressed button does; a decision changes no word."""
        if self.action != "workflow-action":
            return super().deed(form)
        self.form = form
        if form.has_changed() or self.is_out_of_date:
            form.add_error(None, gettext("The words are not those that were submitted. Reload."))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        self.run_action_method()
        return self.save_action()

    def get_success_message(self, instance: Reviewed | None = None) -> str:
        """What was done."""
        if self.action != "workflow-action":
            return super().get_success_message(instance)
        if self.workflow_action == "reject":
            return gettext("“%(words)s” is sent back to its writer.") % {"words": self.object}
        return gettext("“%(words)s” is approved.") % {"words": self.object}

    def user_has_permission(self, permission: str) -> bool:
        """Reviewers may cancel an appointed hour; nobody else publishes by a button."""
        if permission == "publish":
            return self.request.user.may(Permission.WORDS_REVIEW)
        return super().user_has_permission(permission)


class WordsDecisionView(snippets.WorkflowActionView):
    """Approves or sends back from the list of what waits."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All or nothing; a refusal is a message."""
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except Refusal as refusal:
            messages.error(request, in_words(refusal))
            done = {"step": "success", "redirect": self.redirect_url}
            is_dialog = request.headers.get("x-requested-with") == "XMLHttpRequest"
            return (
                self.render_modal_json(request, done) if is_dialog else redirect(done["redirect"])
            )


class WordsUnpublishView(snippets.UnpublishView):
    """Takes words back: a reviewer who did not write them."""

    permission_required = "change"

    def require_sound_without(self, words: Any) -> None:
        """Nothing, if the public can do without these words; each kind knows its own."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask who it is before anything else."""
        require_may_withdraw(self.object, request.user)
        with transaction.atomic():
            if request.method == "POST":
                self.require_sound_without(self.object)
            return super().dispatch(request, *args, **kwargs)


class WordsUnscheduleView(snippets.RevisionsUnscheduleView):
    """Cancels an appointed hour."""

    permission_required = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask who it is before anything else."""
        if not request.user.may(Permission.WORDS_REVIEW):
            raise NotAReviewer
        return super().dispatch(request, *args, **kwargs)


class WordsDeleteView(snippets.DeleteView):
    """Deletes a draft that was never public."""

    def user_has_permission(self, permission: str) -> bool:
        """Ask of this one, not of words in general."""
        return self.user_has_permission_for_instance(permission, self.object)


class WordsViewSet(snippets.SnippetViewSet):
    """Everything an app needs to have its words edited; it adds the model, form and columns."""

    add_to_admin_menu = True
    copy_view_enabled = False
    add_view_class = WordsCreateView
    edit_view_class = WordsEditView
    delete_view_class = WordsDeleteView
    unpublish_view_class = WordsUnpublishView
    revisions_unschedule_view_class = WordsUnscheduleView
    workflow_action_view_class = WordsDecisionView

    def construct_view(self, view_class: type[Any], **how: Any) -> Callable:
        """A view for those who edit; each view asks further."""
        return needs(Permission.CMS_EDIT)(super().construct_view(view_class, **how))


class WithdrawMenuItem(UnpublishMenuItem):
    """The button that takes words back, for who may."""

    label = gettext_lazy("Take back")

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Whether these words are public and this person may take them back."""
        words = context.get("instance")
        if context["view"] != "edit" or not words or not words.live:
            return False
        try:
            require_may_withdraw(words, context["request"].user)
        except Refusal:
            return False
        return not context.get("locked_for_user")


def register_words(viewset: type[WordsViewSet]) -> None:
    """Put words under the care of editors and reviewers."""
    register_permission_policy(viewset.model, WordsPolicy(viewset.model))
    register_snippet(viewset)


@hooks.register("register_snippet_action_menu_item")
def _withdraw(model: type[Any]) -> WithdrawMenuItem | None:
    return WithdrawMenuItem(order=25) if issubclass(model, Reviewed) else None


@hooks.register("construct_snippet_action_menu")
def _who_reviews_does_not_save(items: list[Any], request: HttpRequest, context: Any) -> None:
    """A reviewer decides on words as they are; who changes them would need another reviewer."""
    words = context.get("instance")
    if not isinstance(words, Reviewed) or not words.workflow_in_progress:
        return
    if may_let_out(words, request.user):
        items[:] = [item for item in items if item.name != "action-save"]
        items.sort(key=lambda item: item.name not in ("approve", "reject"))


@hooks.register("after_delete_snippet")
def _deleted(request: HttpRequest, instances: list[Any]) -> None:
    for one in instances:
        if isinstance(one, Reviewed):
            deed, target = f"{one._meta.app_label}.words_deleted", one._meta.label
            record(deed, f"{target}:{one.pk}", by=request.user)
