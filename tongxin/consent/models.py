from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from tongxin.people.models import Organisation, Person


class Purpose(models.TextChoices):
    CARE = "care", gettext_lazy("Care")
    TRACING = "tracing", gettext_lazy("Contact tracing")
    MONITORING = "monitoring", gettext_lazy("Daily health log")
    FOLLOW_UP = "follow_up", gettext_lazy("Follow-up after discharge")
    EMERGENCY = "emergency", gettext_lazy("Emergency access")


class Grant(models.Model):
    """A person lets an organisation's staff see their record for one purpose until a moment.

    Emergency access is a grant too: named, with a reason and an end, so it is in the trail.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    to = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="grants")
    only = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        help_text="Narrows the grant to one member of staff",
    )
    purpose = models.CharField(max_length=12, choices=Purpose)
    reason = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("What you allow")
        verbose_name_plural = gettext_lazy("What you allow")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="consent_a_grant_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="emergency") | (~Q(reason="") & Q(only__isnull=False)),
                name="consent_emergency_names_a_reason_and_one_person",
            ),
        ]
        indexes = [models.Index(fields=["to", "purpose", "ends_at"], name="consent_grant_lookup")]

    class Privacy:
        open = {
            "id",
            "person",
            "to",
            "only",
            "purpose",
            "reason",
            "starts_at",
            "ends_at",
            "withdrawn_at",
        }

    def __str__(self):
        return f"Grant {self.pk}"


class Proxy(models.Model):
    """A person acts for another one: a child, a parent, a neighbour without a telephone.

    How the other agreed is part of the row; it ends by itself, or when either of them says so.
    """

    class Relation(models.TextChoices):
        CHILD = "child", gettext_lazy("My child")
        PARENT = "parent", gettext_lazy("My parent")
        GRANDPARENT = "grandparent", gettext_lazy("My grandparent")
        SPOUSE = "spouse", gettext_lazy("My husband or wife")
        RELATIVE = "relative", gettext_lazy("Another relative")
        NEIGHBOUR = "neighbour", gettext_lazy("A neighbour or friend")

    class Basis(models.TextChoices):
        GUARDIAN = "guardian", gettext_lazy("A parent decides for a child")
        CODE = "code", gettext_lazy("Agreed on their own telephone")
        SPOKEN = "spoken", gettext_lazy("Agreed in words")
        PAPER = "paper", gettext_lazy("Signed on paper")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="proxies")
    acts = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="acts_for")
    relation = models.CharField(max_length=12, choices=Relation)
    basis = models.CharField(max_length=10, choices=Basis)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("Who acts for you")
        verbose_name_plural = gettext_lazy("Who acts for you")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="consent_a_proxy_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("acts")), name="consent_nobody_is_their_own_proxy"
            ),
            models.UniqueConstraint(
                fields=["person", "acts"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_proxy_of_a_pair_at_a_time",
            ),
        ]

    class Privacy:
        open = {"id", "person", "acts", "starts_at", "ends_at", "withdrawn_at"}
        identifying = {"relation", "basis"}

    def __str__(self):
        return f"Proxy {self.pk}"
