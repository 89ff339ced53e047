"""Tables of letters; `tongxin.channels.models` brings them into the app."""

import json

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy

from tongxin.channels.words import Words
from tongxin.people.models import Person
from tongxin.people.sealing import SealedField

STATES = ["waiting", "delivered", "undelivered"]
OUTCOMES = ["open", "delivered", "failed", "silent"]


class WayOfReaching(models.TextChoices):
    """`rules.Way` in words."""

    WECHAT = "wechat", gettext_lazy("WeChat")
    PUSH = "push", gettext_lazy("This phone's browser")
    SMS = "sms", gettext_lazy("Text message")
    EMAIL = "email", gettext_lazy("E-mail")


class Reach(models.Model):
    """How one person wants to be reached, where they have said so."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="reach")
    order = ArrayField(
        models.CharField(max_length=8, choices=WayOfReaching),
        default=list,
        verbose_name=gettext_lazy("In this order"),
    )
    off = ArrayField(
        models.CharField(max_length=8, choices=WayOfReaching),
        default=list,
        blank=True,
        verbose_name=gettext_lazy("Never by"),
    )
    language = models.CharField(
        max_length=10, default="zh-hans", verbose_name=gettext_lazy("Language")
    )
    is_one_conversation = models.BooleanField(
        default=False, verbose_name=gettext_lazy("Several WeChat accounts may write")
    )
    changed_at = models.DateTimeField(verbose_name=gettext_lazy("Last changed"))

    class Meta:
        verbose_name = gettext_lazy("How you are reached")
        verbose_name_plural = gettext_lazy("How you are reached")

    class Privacy:
        open = {"id", "changed_at"}
        identifying = {"person", "order", "off", "language", "is_one_conversation"}

    def __str__(self) -> str:
        return f"reach {self.pk}"


class Letter(models.Model):
    """One thing said to one person: on its way, delivered with a receipt, or undelivered.

    The words are encrypted, and forgotten after thirty days.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("On its way")
        DELIVERED = "delivered", gettext_lazy("Delivered")
        UNDELIVERED = "undelivered", gettext_lazy("Could not be delivered")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="letters")
    kind = models.SlugField(max_length=20, verbose_name=gettext_lazy("About"))
    key = models.CharField(max_length=80, help_text="Said once to one person")
    words = SealedField(
        blank=True, verbose_name=gettext_lazy("What it says"), help_text="By language; encrypted"
    )
    is_urgent = models.BooleanField(default=False, verbose_name=gettext_lazy("Urgent"))
    made_at = models.DateTimeField(verbose_name=gettext_lazy("Written"))
    expires_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=State, default=State.WAITING, verbose_name=gettext_lazy("State")
    )
    delivered_by = models.CharField(
        max_length=8, choices=WayOfReaching, blank=True, verbose_name=gettext_lazy("Delivered by")
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("Letter to you")
        verbose_name_plural = gettext_lazy("Letters to you")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"], name="channels_one_letter_of_a_key_to_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=STATES), name="channels_every_state_of_letters_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="delivered") ^ Q(delivered_by=""),
                name="channels_a_delivered_letter_names_its_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="waiting"),
                name="channels_letters_that_wait",
            ),
            models.Index(
                fields=["kind"],
                condition=Q(state="undelivered"),
                name="channels_undelivered_letters",
            ),
            models.Index(fields=["made_at"], name="channels_letters_by_age"),
        ]

    class Privacy:
        open = {
            "id",
            "kind",
            "is_urgent",
            "made_at",
            "expires_at",
            "next_try_at",
            "state",
            "delivered_by",
            "settled_at",
        }
        identifying = {"person"}
        health = {"words"}
        secret = {"key"}

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @property
    def about(self) -> str:
        """What its messages are filed under, in every outbox."""
        return f"letter:{self.pk}"

    def get_words_display(self) -> str:
        """What it says, for the person's own record."""
        if not self.words:
            return ""
        words = self.words_in(get_language() or "")
        return f"{words.title}: {words.body}"

    def words_in(self, language: str) -> Words:
        """What it says in this language, or in the first that it has."""
        told = json.loads(self.words)
        return Words(**(told.get(language) or next(iter(told.values()))))


class Attempt(models.Model):
    """One way that one letter has taken. The same way is never taken twice."""

    class State(models.TextChoices):
        OPEN = "open"
        DELIVERED = "delivered"
        FAILED = "failed"
        SILENT = "silent"  # no receipt in time; one that comes later still counts

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="attempts")
    way = models.CharField(max_length=8, choices=WayOfReaching)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField()
    waits_until = models.DateTimeField()
    text = models.OneToOneField(
        "channels.TextMessage", null=True, on_delete=models.SET_NULL, related_name="attempt"
    )

    class Meta:
        verbose_name_plural = gettext_lazy("Ways that letters took")
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "way"], name="channels_a_letter_takes_a_way_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OUTCOMES), name="channels_every_state_of_attempts_is_known"
            ),
        ]

    class Privacy:
        open = {"id", "way", "state", "reason", "began_at", "waits_until"}
        identifying = {"letter", "text"}

    def __str__(self) -> str:
        return f"letter {self.letter_id} by {self.way}"
