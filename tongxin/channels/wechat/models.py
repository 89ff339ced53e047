"""Tables of the WeChat channel; `tongxin.channels.models` brings them into the app."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from tongxin.people.models import Person
from tongxin.people.sealing import SealedField


class Follower(models.Model):
    """One person as one official account knows them; who that is, is known where they said so."""

    account = models.CharField(max_length=40, help_text="Name in the settings")
    openid_hash = models.CharField(max_length=64, help_text="Keyed; see `sealing`")
    openid = models.BinaryField(help_text="Sealed; needed to write to them")
    language = models.CharField(max_length=10, default="zh-hans")
    is_subscribed = models.BooleanField(default=True)
    subscription_said_at = models.DateTimeField(
        null=True, help_text="Of the latest subscribe or unsubscribe, by WeChat's clock"
    )
    scene = models.CharField(max_length=64, blank=True, help_text="Of the code last scanned")
    wrote_at = models.DateTimeField(null=True, help_text="Opens 48 hours for 5 messages")
    touched_at = models.DateTimeField(
        null=True, help_text="Menu, scan or subscribing: opens a minute for 3 messages"
    )
    window_closed_at = models.DateTimeField(
        null=True, help_text="WeChat said that what was opened before is used up"
    )
    made_at = models.DateTimeField()
    person = models.ForeignKey(
        Person, null=True, on_delete=models.CASCADE, related_name="followers"
    )
    linked_at = models.DateTimeField(
        null=True,
        verbose_name=gettext_lazy("Linked to you since"),
        help_text="When the person allowed that this account knows who they are",
    )

    class Meta:
        verbose_name = gettext_lazy("You in WeChat")
        verbose_name_plural = gettext_lazy("You in WeChat")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "openid_hash"], name="channels_a_follower_is_one_row"
            ),
            models.CheckConstraint(
                condition=Q(person=None, linked_at=None)
                | Q(person__isnull=False, linked_at__isnull=False),
                name="channels_a_linked_follower_has_said_so",
            ),
        ]

    class Privacy:
        open = {"id", "account", "language", "is_subscribed", "made_at"}
        identifying = {
            "person",
            "linked_at",
            "subscription_said_at",
            "scene",
            "wrote_at",
            "touched_at",
            "window_closed_at",
        }
        secret = {"openid_hash", "openid"}

    def __str__(self) -> str:
        return f"follower {self.pk} of {self.account}"


class Received(models.Model):
    """One message that came, once, however often WeChat sends it; and what we said to it."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for an answer
        ANSWERED = "answered"  # at once; a retry gets the same
        TO_SEND = "to_send"  # by customer-service message
        SENT = "sent"
        GIVEN_UP = "given_up"

    account = models.CharField(max_length=40)
    key = models.CharField(max_length=64, help_text="Keyed hash of what tells it from others")
    body = models.BinaryField(help_text="The message, sealed; emptied once settled")
    follower = models.ForeignKey(
        Follower, null=True, on_delete=models.CASCADE, related_name="received"
    )
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reply = models.BinaryField(default=b"", help_text="Sealed")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(help_text="When the worker takes it, if it still waits")
    reason = models.CharField(max_length=60, blank=True, help_text="Why it was given up")

    class Meta:
        verbose_name_plural = gettext_lazy("Messages you sent in WeChat")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key"], name="channels_a_message_is_received_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "answered", "to_send", "sent", "given_up"]),
                name="channels_every_state_of_received_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "to_send"]),
                name="channels_received_that_wait",
            ),
            models.Index(fields=["received_at"], name="channels_received_by_age"),
        ]

    class Privacy:
        open = {"id", "account", "received_at", "state", "tries", "next_try_at", "reason"}
        identifying = {"follower"}
        secret = {"key", "body", "reply"}

    def __str__(self) -> str:
        return f"message {self.pk} to {self.account}"


class Talk(models.Model):
    """A conversation of several messages: what has been said so far, for an hour at most."""

    follower = models.OneToOneField(Follower, on_delete=models.CASCADE, related_name="talk")
    about = models.SlugField(max_length=20)
    kept = SealedField(help_text="JSON of the app that leads it; encrypted")
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = gettext_lazy("Conversations going on")

    class Privacy:
        open = {"id", "about", "until"}
        identifying = {"follower"}
        health = {"kept"}

    def __str__(self) -> str:
        return f"talk {self.pk} about {self.about}"


class Token(models.Model):
    """What WeChat gave an account to call it with, held in this one place.

    ``turn`` counts who may ask for a new one: only the latest may write down what it got.
    """

    account = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, help_text="access_token or jsapi_ticket")
    value = models.BinaryField(default=b"", help_text="Sealed")
    version = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    turn = models.PositiveBigIntegerField(default=0)
    asked_until = models.DateTimeField(null=True, help_text="Somebody asks; until then nobody else")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="channels_one_token_of_a_kind")
        ]

    class Privacy:
        open = {"id", "account", "kind", "version", "expires_at", "turn", "asked_until"}
        secret = {"value"}

    def __str__(self) -> str:
        return f"{self.kind} {self.version} of {self.account}"


class Grant(models.Model):
    """Somebody allowed one message of one kind. Spent once, or taken back."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="grants")
    template = models.CharField(max_length=128)
    received = models.ForeignKey(Received, null=True, on_delete=models.SET_NULL)
    place = models.PositiveSmallIntegerField(default=0, help_text="Within that message")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Spent or taken back")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["received", "place"], name="channels_one_consent_is_one_grant"
            ),
        ]
        indexes = [
            models.Index(
                fields=["follower", "template"],
                condition=Q(ended_at=None),
                name="channels_grants_left",
            )
        ]

    class Privacy:
        open = {"id", "template", "place", "given_at", "ended_at"}
        identifying = {"follower", "received"}

    def __str__(self) -> str:
        return f"grant {self.pk} of {self.template}"


class Day(models.Model):
    """What one account has spent of one way on one day, by the calendar of its place."""

    account = models.CharField(max_length=40)
    on = models.DateField()
    way = models.CharField(max_length=12)
    spent = models.PositiveIntegerField(default=0)
    is_closed = models.BooleanField(default=False, help_text="WeChat said no; asked again tomorrow")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "on", "way"], name="channels_one_count_a_day_and_way"
            ),
        ]

    class Privacy:
        open = {"id", "account", "on", "way", "spent", "is_closed"}

    def __str__(self) -> str:
        return f"{self.way} of {self.account} on {self.on}"


class Spending(models.Model):
    """One message paid for: the same key is never paid for twice."""

    class State(models.TextChoices):
        OPEN = "open"  # being sent, or nobody knows
        WENT = "went"
        ARRIVED = "arrived"
        RETURNED = "returned"  # WeChat did not take it

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="spendings")
    key = models.CharField(max_length=80)
    attempt = models.PositiveSmallIntegerField(default=0, help_text="One way after the other")
    way = models.CharField(max_length=12)
    grant = models.OneToOneField(Grant, null=True, on_delete=models.SET_NULL)
    is_urgent = models.BooleanField(default=False)
    spent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    code = models.IntegerField(default=0, help_text="WeChat's, where it did not take it")
    message_id = models.CharField(max_length=64, blank=True, help_text="WeChat's")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "key", "attempt"], name="channels_a_message_is_paid_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "went", "arrived", "returned"]),
                name="channels_every_state_of_spending_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["follower", "spent_at"], name="channels_spent_lately"),
            models.Index(fields=["message_id"], name="channels_spent_by_number"),
        ]

    class Privacy:
        open = {"id", "key", "attempt", "way", "is_urgent", "spent_at", "state", "code"}
        identifying = {"follower", "grant", "message_id"}

    def __str__(self) -> str:
        return f"{self.key} by {self.way}"
