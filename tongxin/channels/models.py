from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

# The tables of a part that has many of its own; Django finds an app's tables here only.
from tongxin.channels.letters import Attempt, Letter, Reach
from tongxin.channels.wechat.models import Day, Follower, Grant, Received, Spending, Talk, Token
from tongxin.people.sealing import SealedField

__all__ = [
    "Attempt",
    "Day",
    "Follower",
    "Grant",
    "Letter",
    "Message",
    "Reach",
    "Received",
    "Spending",
    "Subscription",
    "Talk",
    "TextMessage",
    "TextReceived",
    "Token",
]


class Subscription(models.Model):
    """One browser that wants to be told, and of what.

    The endpoint and keys are what the browser's push service gave it; whoever holds them can
    write to the browser, so they leave this table only towards that service.
    """

    endpoint = models.TextField(max_length=2000)
    endpoint_hash = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=120, help_text="p256dh: P-256 point, base64url")
    secret = models.CharField(max_length=60, help_text="auth: 16 bytes, base64url")
    language = models.CharField(max_length=10)
    topics = ArrayField(
        models.CharField(max_length=80),
        help_text="What it follows, e.g. place:CN-421083 or receipt:5f2c…",
    )
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], name="channels_subscriptions_by_age"),
            GinIndex(fields=["topics"], name="channels_followers_of_a_topic"),
        ]

    class Privacy:
        open = {"id", "language", "made_at"}
        identifying = {"topics"}
        secret = {"endpoint", "endpoint_hash", "key", "secret"}

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Message(models.Model):
    """One thing said to one subscriber: waiting, gone, or given up with the reason."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="messages"
    )
    letter = models.ForeignKey(
        Letter,
        null=True,
        on_delete=models.CASCADE,
        related_name="messages",
        help_text="Holds the words, where they are for one person only",
    )
    kind = models.SlugField(max_length=20)
    about = models.CharField(max_length=80, help_text="What it speaks of, e.g. notice:4f2a…")
    key = models.CharField(max_length=80, help_text="The same key is never said twice to one")
    payload = models.JSONField(help_text="title, body, url, tag, lang")
    is_urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(help_text="Also the end of the quiet hours")
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=300, blank=True, help_text="What the service answered")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "key"], name="channels_nothing_is_said_twice"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
                name="channels_what_went_is_not_given_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="channels_messages_that_wait",
            ),
            models.Index(fields=["about"], name="channels_messages_about"),
        ]

    class Privacy:
        open = {
            "id",
            "kind",
            "about",
            "key",
            "is_urgent",
            "made_at",
            "next_try_at",
            "expires_at",
            "tries",
            "sent_at",
            "given_up_at",
            "reason",
        }
        identifying = {"subscription", "letter", "payload", "receipt"}

    def __str__(self) -> str:
        return f"{self.key} to subscription {self.subscription_id}"


class TextReceived(models.Model):
    """That a text has come, so that it acts once. Neither its words nor its number are kept."""

    number_key = models.CharField(max_length=64, unique=True, help_text="Of the gateway's number")
    phone_key = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["phone_key", "received_at"], name="channels_texts_of_a_phone"),
            models.Index(fields=["received_at"], name="channels_texts_in_by_age"),
        ]

    class Privacy:
        open = {"id", "received_at"}
        secret = {"number_key", "phone_key"}

    def __str__(self) -> str:
        return f"received text {self.pk}"


class TextMessage(models.Model):
    """One short message to one telephone: waiting, gone, or given up with the reason.

    Number and words are encrypted, and forgotten with the row a day later.
    """

    to = SealedField(help_text="E.164, encrypted")
    text = SealedField(help_text="Encrypted")
    kind = models.SlugField(max_length=20)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=200, blank=True, help_text="What the gateway answered")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
                name="channels_a_text_that_went_is_not_given_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="channels_texts_that_wait",
            ),
        ]

    class Privacy:
        open = {
            "id",
            "kind",
            "made_at",
            "next_try_at",
            "expires_at",
            "tries",
            "sent_at",
            "given_up_at",
            "reason",
        }
        identifying = {"to", "receipt"}
        secret = {"text"}

    def __str__(self) -> str:
        return f"text message {self.pk}"
