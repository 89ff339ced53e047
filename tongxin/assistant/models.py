from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class Question(models.Model):
    """A question nobody could answer at once, handed over by who asked it; without numbers that
    name a person. ``answer`` is ``block:slug``, ``claim:slug`` or ``notice:code``."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waiting")
        ANSWERED = "answered", gettext_lazy("answered")
        CLOSED = "closed", gettext_lazy("closed")

    text = models.CharField(max_length=500)
    language = models.CharField(max_length=10)
    receipt = models.CharField(max_length=64, unique=True, help_text="Hash of the receipt's code")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=100, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="answered", settled_at__isnull=False) & ~Q(answer="")
                | Q(state="closed", settled_at__isnull=False, answer="")
                | Q(state="waiting", settled_at__isnull=True, answer=""),
                name="assistant_an_answered_question_has_its_answer",
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="assistant_what_waits_first")]

    class Privacy:
        open = {
            "id",
            "text",
            "language",
            "receipt",
            "state",
            "asked_at",
            "due_at",
            "answer",
            "settled_at",
            "settled_by",
        }

    def __str__(self) -> str:
        return f"Question {self.pk}"


class Opinion(models.Model):
    """What a reader thought of an answer; for the editor of what was quoted."""

    class Kind(models.TextChoices):
        GOOD = "good", gettext_lazy("it helped")
        BAD = "bad", gettext_lazy("it did not help")
        WRONG = "wrong", gettext_lazy("it is wrong")

    about = models.CharField(max_length=100, help_text="block:slug, claim:slug or notice:code")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["good", "bad", "wrong"]),
                name="assistant_an_opinion_is_of_a_known_kind",
            )
        ]

    class Privacy:
        open = {"id", "about", "kind", "note", "language", "at", "seen_at"}

    def __str__(self) -> str:
        return f"Opinion {self.pk}"
