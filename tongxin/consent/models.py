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


class Sheet(models.Model):
    """A sheet of paper that a person signed: where and when, where it lies, who typed it in."""

    class Kind(models.TextChoices):
        CONSENT = "consent", gettext_lazy("Permissions")
        WITHDRAWAL = "withdrawal", gettext_lazy("Withdrawal")

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="sheets",
        verbose_name=gettext_lazy("Person"),
    )
    kind = models.CharField(
        max_length=10, choices=Kind, verbose_name=gettext_lazy("What was signed")
    )
    signed_on = models.DateField(verbose_name=gettext_lazy("Signed on"))
    signed_in = models.CharField(max_length=120, verbose_name=gettext_lazy("Signed where"))
    kept_at = models.CharField(max_length=120, verbose_name=gettext_lazy("Where the sheet is kept"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("Typed in at"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=gettext_lazy("Typed in by"),
    )
    entered_at = models.DateTimeField(verbose_name=gettext_lazy("Typed in"))

    class Meta:
        verbose_name = gettext_lazy("Signed sheet")
        verbose_name_plural = gettext_lazy("Signed sheets")

    class Privacy:
        identifying = {"signed_in", "kept_at"}
        open = {
            "id",
            "person",
            "kind",
            "signed_on",
            "organisation",
            "entered_by",
            "entered_at",
        }

    def __str__(self):
        return f"Sheet {self.pk}"


class Grant(models.Model):
    """A person lets an organisation's staff see their record for one purpose until a moment.

    Emergency access is a grant too: named, with a reason and an end, so it is in the trail.
    """

    class Basis(models.TextChoices):
        SELF = "self", gettext_lazy("Allowed by the person")
        GUARDIAN = "guardian", gettext_lazy("Allowed by a parent for a child")
        CODE = "code", gettext_lazy("Agreed on their own telephone")
        SPOKEN = "spoken", gettext_lazy("Asked, and said yes")
        PAPER = "paper", gettext_lazy("Signed on paper")
        EMERGENCY = "emergency", gettext_lazy("Opened in an emergency")

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="grants",
        verbose_name=gettext_lazy("Person"),
    )
    to = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="grants",
        verbose_name=gettext_lazy("Allowed to"),
    )
    only = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        verbose_name=gettext_lazy("Only"),
        help_text="Narrows the grant to one member of staff",
    )
    purpose = models.CharField(
        max_length=12, choices=Purpose, verbose_name=gettext_lazy("What for")
    )
    reason = models.CharField(max_length=200, blank=True, verbose_name=gettext_lazy("Reason"))
    basis = models.CharField(
        max_length=10,
        choices=Basis,
        default=Basis.SELF,
        verbose_name=gettext_lazy("How it was allowed"),
    )
    said_on = models.DateField(null=True, blank=True, verbose_name=gettext_lazy("Said yes on"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=gettext_lazy("Entered by"),
        help_text="Who entered it: the person, a proxy who asked them, staff with the sheet",
    )
    sheet = models.ForeignKey(
        Sheet,
        null=True,
        on_delete=models.RESTRICT,
        related_name="grants",
        verbose_name=gettext_lazy("Signed sheet"),
    )
    starts_at = models.DateTimeField(verbose_name=gettext_lazy("From"))
    ends_at = models.DateTimeField(verbose_name=gettext_lazy("Until"))
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, verbose_name=gettext_lazy("Withdrawn")
    )
    withdrawn_on = models.ForeignKey(
        Sheet,
        null=True,
        on_delete=models.SET_NULL,
        related_name="ended_grants",
        verbose_name=gettext_lazy("Withdrawn on paper"),
    )

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
            models.CheckConstraint(
                condition=~Q(basis="paper") | Q(sheet__isnull=False),
                name="consent_paper_names_its_sheet",
            ),
            models.CheckConstraint(
                condition=~Q(basis="spoken") | Q(said_on__isnull=False),
                name="consent_a_spoken_yes_has_its_day",
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
            "basis",
            "said_on",
            "given_by",
            "sheet",
            "starts_at",
            "ends_at",
            "withdrawn_at",
            "withdrawn_on",
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

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="proxies",
        verbose_name=gettext_lazy("Person"),
    )
    acts = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.SET_NULL,
        related_name="acts_for",
        verbose_name=gettext_lazy("Who acts"),
        help_text="Nobody once whoever acted has erased themselves",
    )
    relation = models.CharField(
        max_length=12, choices=Relation, verbose_name=gettext_lazy("Relation")
    )
    basis = models.CharField(
        max_length=10, choices=Basis, verbose_name=gettext_lazy("How they agreed")
    )
    sheet = models.ForeignKey(
        Sheet,
        null=True,
        on_delete=models.RESTRICT,
        related_name="proxies",
        verbose_name=gettext_lazy("Signed sheet"),
    )
    starts_at = models.DateTimeField(verbose_name=gettext_lazy("From"))
    ends_at = models.DateTimeField(verbose_name=gettext_lazy("Until"))
    withdrawn_at = models.DateTimeField(null=True, blank=True, verbose_name=gettext_lazy("Ended"))

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
        open = {"id", "person", "acts", "sheet", "starts_at", "ends_at", "withdrawn_at"}
        identifying = {"relation", "basis"}

    def __str__(self):
        return f"Proxy {self.pk}"
