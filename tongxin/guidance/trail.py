"""Each deed with reviewed words is a line in the trail, by whatever door it was done."""

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import ModelLogEntry

from tongxin.audit.actions import record
from tongxin.guidance.workflow import Reviewed

WORKER = "worker"
# Wagtail's name of a deed → ours.
DEEDS = {
    "wagtail.create": "words_begun",
    "wagtail.edit": "draft_saved",
    "wagtail.revert": "draft_reverted",
    "wagtail.publish": "published",
    "wagtail.publish.schedule": "scheduled",
    "wagtail.publish.scheduled": "published_at_its_hour",
    "wagtail.schedule.cancel": "schedule_cancelled",
    "wagtail.unpublish": "taken_back",
    "wagtail.unpublish.scheduled": "expired",
    "wagtail.workflow.start": "submitted",
    "wagtail.workflow.resume": "submitted_again",
    "wagtail.workflow.approve": "approved",
    "wagtail.workflow.reject": "sent_back",
    "wagtail.workflow.cancel": "review_cancelled",
}


@receiver(post_save, sender=ModelLogEntry, dispatch_uid="deeds with words are in the trail")
def _after_a_deed(sender: type[ModelLogEntry], instance: ModelLogEntry, **_: object) -> None:
    model = instance.content_type.model_class()
    deed = DEEDS.get(instance.action)
    if deed is None or model is None or not issubclass(model, Reviewed):
        return
    record(
        f"{model._meta.app_label}.{deed}",
        f"{model._meta.label}:{instance.object_id}",
        by=instance.user or WORKER,
        name=instance.label,
        version=instance.revision_id,
    )
