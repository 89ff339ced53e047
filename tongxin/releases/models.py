from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Release(models.Model):
    """One built set of public files. Its id is the SHA-256 of its manifest; never changed."""

    id = models.CharField(primary_key=True, max_length=64)
    built_at = models.DateTimeField(db_index=True)
    as_of = models.DateTimeField(help_text="What was known then is what the files say")
    manifest = models.JSONField()
    findings = models.JSONField(default=list, help_text="What the gate found, worst first")
    files_count = models.PositiveIntegerField()
    bytes_count = models.PositiveBigIntegerField()
    pruned_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=80, blank=True, help_text="A named release is never pruned")

    class Privacy:
        open = {
            "id",
            "built_at",
            "as_of",
            "manifest",
            "findings",
            "files_count",
            "bytes_count",
            "pruned_at",
            "name",
        }

    def __str__(self):
        return self.id[:12]

    @property
    def is_stopped(self) -> bool:
        """Whether the gate found something that only an override lets through."""
        return any(finding["severity"] == "stops" for finding in self.findings)


class Publication(models.Model):
    """A release was put before the public. The newest row is the current release."""

    class Kind(models.TextChoices):
        PUBLISH = "publish"
        ROLL_BACK = "roll_back"
        REPLAY = "replay"
        RENEWAL = "renewal"  # the same figures; a part of the words has changed

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="publications")
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PUBLISH)
    reason = models.CharField(max_length=300, blank=True)

    class Privacy:
        open = {"id", "release", "at", "by", "kind", "reason"}

    def __str__(self):
        return f"Publication {self.pk} of {self.release_id[:12]}"


class Override(models.Model):
    """Two people let a stopped release out, for a stated reason that is printed in public."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="overrides")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("asked_by")),
                name="releases_an_override_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True, granted_at__isnull=True)
                | Q(granted_by__isnull=False, granted_at__isnull=False),
                name="releases_a_granted_override_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["release"], name="releases_one_override_for_each_release"
            ),
        ]

    class Privacy:
        open = {"id", "release", "reason", "asked_by", "asked_at", "granted_by", "granted_at"}

    def __str__(self):
        return f"Override {self.pk}"


class Appointment(models.Model):
    """A release is to be published at an hour."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="appointments")
    due_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Privacy:
        open = {"id", "release", "due_at", "by", "done_at", "outcome"}

    def __str__(self):
        return f"Appointment {self.pk} at {self.due_at:%Y-%m-%d %H:%M}"
