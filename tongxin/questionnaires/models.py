from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from tongxin.people.models import Person


class Questionnaire(models.Model):
    """One version of one form. Once published the database refuses any change of its content."""

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Draft")
        ACTIVE = "active", gettext_lazy("In use")
        RETIRED = "retired", gettext_lazy("No longer in use")

    slug = models.SlugField(max_length=60, help_text="The same for all versions of one form")
    url = models.CharField(max_length=500)
    version = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    is_public = models.BooleanField(
        default=False, help_text="Anybody may read it, answer it without an account, and submit"
    )
    definition = models.JSONField(help_text="The FHIR R4 Questionnaire as it was brought in")
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["url", "version"], name="questionnaires_a_version_is_one_content"
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(status="active"),
                name="questionnaires_one_version_is_in_use",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
                name="questionnaires_what_is_in_use_was_published",
            ),
        ]

    class Privacy:
        open = {
            "id",
            "slug",
            "url",
            "version",
            "title",
            "language",
            "status",
            "is_public",
            "definition",
            "content_hash",
            "made_at",
            "published_at",
        }

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"


class Draft(models.Model):
    """Answers that are not finished: found again by a code, or by the person they are about."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="drafts"
    )
    code_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.CASCADE, related_name="questionnaire_drafts"
    )
    answers = models.JSONField(help_text="A QuestionnaireResponse that is in progress")
    language = models.CharField(max_length=10)
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "person"],
                name="questionnaires_one_draft_of_a_form_a_person",
            ),
        ]

    class Privacy:
        open = {"id", "questionnaire", "language", "changed_at", "expires_at"}
        identifying = {"person"}
        health = {"answers"}
        secret = {"code_hash"}

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Response(models.Model):
    """Finished answers, exactly as they were given. Never changed; erased with the person."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="responses"
    )
    receipt = models.CharField(max_length=20, unique=True)
    key_hash = models.CharField(max_length=64, unique=True)
    body_hash = models.CharField(max_length=64, help_text="Of what was sent under the key")
    person = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.CASCADE,
        related_name="questionnaire_responses",
        help_text="Whom the answers are about",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who gave them",
    )
    answers = models.JSONField(help_text="A FHIR R4 QuestionnaireResponse")
    language = models.CharField(max_length=10)
    authored_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "questionnaire", "authored_at"],
                name="questionnaires_of_a_person",
            ),
        ]

    class Privacy:
        open = {"id", "questionnaire", "language", "authored_at"}
        identifying = {"person", "author"}
        health = {"answers"}
        secret = {"receipt", "key_hash", "body_hash"}

    def __str__(self) -> str:
        return f"response {self.pk}"
