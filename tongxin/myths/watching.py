"""Whatever door a claim comes through, what is said of it is kept when it becomes public."""

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from tongxin.myths.actions.claims import note_ruling
from tongxin.myths.models import Claim


@receiver(post_save, sender=Claim, dispatch_uid="what is said of a public claim is kept")
def _after_it_is_public(sender: type[Claim], instance: Claim, raw: bool, **_: object) -> None:
    if instance.live and not raw:
        note_ruling(instance, by="publication", at=timezone.now())
