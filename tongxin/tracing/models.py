from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.deletion import Collector
from django.utils.translation import get_language, gettext_lazy

from tongxin.people.models import Person
from tongxin.people.sealing import SealedField
from tongxin.places.models import Place


def leave_anonymous(
    collector: Collector, field: models.ForeignKey, rows: QuerySet, using: str
) -> None:
    """When who reported is erased: the report stays, without their name and telephone."""
    models.SET_NULL(collector, field, rows, using)
    collector.add_field_update(rows.model._meta.get_field("contact"), "", rows)


class Symptom(models.TextChoices):
    FEVER = "fever", gettext_lazy("Fever")
    COUGH = "cough", gettext_lazy("Cough")
    BREATH = "breath", gettext_lazy("Short of breath")
    SMELL = "smell", gettext_lazy("No smell or taste")
    THROAT = "throat", gettext_lazy("Sore throat")
    DIARRHOEA = "diarrhoea", gettext_lazy("Diarrhoea")
    OTHER = "other", gettext_lazy("Something else")


class Report(models.Model):
    """Somebody says that a person may be ill. Never published, and no case by itself."""

    class About(models.TextChoices):
        SELF = "self", gettext_lazy("Myself")
        OTHER = "other", gettext_lazy("Somebody else")

    class State(models.TextChoices):
        RECEIVED = "received", gettext_lazy("Received")
        LOOKING = "looking", gettext_lazy("Being looked at")
        CASE = "case", gettext_lazy("Became a case")
        CLOSED = "closed", gettext_lazy("Closed")

    class Reason(models.TextChoices):
        WELL = "well", gettext_lazy("The person is well")
        IN_CARE = "in_care", gettext_lazy("The person is already in care")
        SAME = "same", gettext_lazy("The same was reported before")
        NOT_FOUND = "not_found", gettext_lazy("The person could not be found")
        NOT_SERIOUS = "not_serious", gettext_lazy("It was not meant seriously")

    receipt = models.CharField(max_length=64, unique=True, help_text="Keyed hash of the code")
    person = models.ForeignKey(
        Person,
        null=True,
        on_delete=leave_anonymous,
        related_name="suspected_reports",
        verbose_name=gettext_lazy("Reported by"),
        help_text="Who reported, where they had signed in",
    )
    about = models.CharField(
        max_length=6, choices=About, verbose_name=gettext_lazy("Who is it about?")
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, verbose_name=gettext_lazy("Place"))
    where = SealedField(verbose_name=gettext_lazy("Where exactly"))
    what = SealedField(blank=True, verbose_name=gettext_lazy("What was seen"))
    contact = SealedField(blank=True, verbose_name=gettext_lazy("Telephone for questions"))
    symptoms = ArrayField(
        models.CharField(max_length=12, choices=Symptom), verbose_name=gettext_lazy("Symptoms")
    )
    since_on = models.DateField(verbose_name=gettext_lazy("Since"))
    state = models.CharField(
        max_length=8, choices=State, default=State.RECEIVED, verbose_name=gettext_lazy("State")
    )
    reason = models.CharField(
        max_length=12, choices=Reason, blank=True, verbose_name=gettext_lazy("Why it was closed")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=gettext_lazy("Looked at by"),
    )
    made_at = models.DateTimeField(verbose_name=gettext_lazy("Reported"))
    due_at = models.DateTimeField(verbose_name=gettext_lazy("To be looked at by"))
    settled_at = models.DateTimeField(null=True, verbose_name=gettext_lazy("Settled"))

    class Meta:
        verbose_name = gettext_lazy("Suspected case")
        verbose_name_plural = gettext_lazy("Suspected cases you reported")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received")
                | Q(owner__isnull=False)
                | Q(settled_at__isnull=False),
                name="tracing_who_looks_is_named",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(reason=""),
                name="tracing_a_closed_report_says_why",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("made_at")), name="tracing_a_report_may_wait"
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "due_at"],
                condition=Q(state__in=["received", "looking"]),
                name="tracing_open_reports",
            ),
        ]

    class Privacy:
        identifying = {"person", "where", "contact"}
        health = {"what", "symptoms", "since_on"}
        secret = {"receipt"}
        open = {
            "id",
            "about",
            "place",
            "state",
            "reason",
            "owner",
            "made_at",
            "due_at",
            "settled_at",
        }

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def symptom_names(self) -> str:
        """The symptoms in the reader's language."""
        names = [str(Symptom(one).label) for one in self.symptoms]
        return ("、" if (get_language() or "").startswith("zh") else ", ").join(names)
