from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongxin.people.models import User
from tongxin.places.models import Place


class Format(models.TextChoices):
    FEED = "feed", gettext_lazy("RSS or Atom")
    JSON = "json", gettext_lazy("JSON Feed")
    CAP = "cap", gettext_lazy("CAP 1.2")


class Agency(models.Model):
    """Somebody whose notices we pass on, and where they are found."""

    name_zh = models.CharField(max_length=80, unique=True)
    name_en = models.CharField(max_length=120)
    url = models.URLField(max_length=500)
    format = models.CharField(max_length=10, choices=Format)
    tier = models.PositiveSmallIntegerField(help_text="1 the authority itself … 4 the press")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, help_text="Its jurisdiction")
    language = models.CharField(max_length=10)
    certificate = models.TextField(blank=True, help_text="PEM; then only what it signed is shown")
    every_seconds = models.PositiveIntegerField(default=600)
    stale_after_seconds = models.PositiveIntegerField(default=7 * 86_400)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    next_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True)
    last_changed_at = models.DateTimeField()
    stale_alarm_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row")
    last_error = models.CharField(max_length=300, blank=True)
    is_paused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tier__range=(1, 4)), name="notices_a_tier_is_from_1_to_4"
            )
        ]

    class Privacy:
        open = {
            "id",
            "name_zh",
            "name_en",
            "url",
            "format",
            "tier",
            "place",
            "language",
            "certificate",
            "every_seconds",
            "stale_after_seconds",
            "etag",
            "last_modified",
            "next_at",
            "last_ok_at",
            "last_changed_at",
            "stale_alarm_at",
            "failures",
            "last_error",
            "is_paused",
        }

    def __str__(self) -> str:
        return self.name_en

    def called(self, language: str) -> str:
        """Its name in this language."""
        return self.name_zh if language.startswith("zh") else self.name_en


class Kind(models.TextChoices):
    NEWS = "news", gettext_lazy("News")
    NOTICE = "notice", pgettext_lazy("kind of notice", "Notice")
    ALERT = "alert", gettext_lazy("Alert")


class Step(models.TextChoices):
    """What a notice does to the one it follows."""

    FIRST = "first", pgettext_lazy("alert", "New")
    UPDATE = "update", gettext_lazy("Update")
    CANCEL = "cancel", gettext_lazy("Cancelled")
    ALL_CLEAR = "all-clear", gettext_lazy("All clear")


class Severity(models.TextChoices):
    """CAP 1.2, 3.2.2: how grave."""

    EXTREME = "Extreme", gettext_lazy("Extreme")
    SEVERE = "Severe", gettext_lazy("Severe")
    MODERATE = "Moderate", gettext_lazy("Moderate")
    MINOR = "Minor", gettext_lazy("Minor")
    UNKNOWN = "Unknown", gettext_lazy("Unknown")


class Urgency(models.TextChoices):
    """CAP 1.2, 3.2.2: how soon to act."""

    IMMEDIATE = "Immediate", gettext_lazy("At once")
    EXPECTED = "Expected", gettext_lazy("Within the next hour")
    FUTURE = "Future", gettext_lazy("Soon")
    PAST = "Past", gettext_lazy("No longer needed")
    UNKNOWN = "Unknown", pgettext_lazy("urgency", "Unknown")


class Certainty(models.TextChoices):
    """CAP 1.2, 3.2.2: how sure."""

    OBSERVED = "Observed", gettext_lazy("Observed")
    LIKELY = "Likely", gettext_lazy("Likely")
    POSSIBLE = "Possible", gettext_lazy("Possible")
    UNLIKELY = "Unlikely", gettext_lazy("Unlikely")
    UNKNOWN = "Unknown", pgettext_lazy("certainty", "Unknown")


class Notice(models.Model):
    """Something an authority told the public, as it was told; never changed afterwards."""

    code = models.CharField(max_length=40, unique=True, help_text="Its name in addresses")
    agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, help_text="None: our own"
    )
    guid = models.CharField(max_length=500, help_text="What its sender calls it")
    edition = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind)
    step = models.CharField(max_length=10, choices=Step, default=Step.FIRST)
    follows = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="followers"
    )
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    text_zh = models.TextField(max_length=4000, blank=True)
    text_en = models.TextField(max_length=8000, blank=True)
    link = models.URLField(max_length=1000, blank=True)
    places = models.JSONField(default=list)
    blocks = models.JSONField(default=list, help_text="Advice it changes, by short name")
    claims = models.JSONField(default=list, help_text="Claims it speaks to, by short name")
    severity = models.CharField(max_length=10, choices=Severity, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty, blank=True)
    issued_at = models.DateTimeField(help_text="When its sender said it")
    known_at = models.DateTimeField(help_text="When we had it")
    effective_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True, help_text="None: waits for a second person")
    drafted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    is_signed = models.BooleanField(default=False, help_text="Its signature was checked")
    original = models.TextField(blank=True, help_text="The CAP document as it came")
    shown_under = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="same"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "guid", "edition"], name="notices_an_edition_comes_once"
            ),
            models.CheckConstraint(
                condition=~Q(title_zh="") | ~Q(title_en=""), name="notices_a_notice_has_a_title"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | ~(Q(title_zh="") | Q(title_en="")),
                name="notices_our_own_speak_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True)
                | Q(effective_at__isnull=True)
                | Q(expires_at__gt=F("effective_at")),
                name="notices_an_alert_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(step=Step.FIRST) | Q(follows__isnull=False),
                name="notices_an_update_follows_something",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | ~Q(severity=Severity.EXTREME)
                | Q(step__in=[Step.CANCEL, Step.ALL_CLEAR])
                | ~Q(published_by=F("drafted_by")),
                name="notices_two_people_see_the_gravest",
            ),
        ]
        indexes = [models.Index(fields=["-published_at"], name="notices_the_newest")]

    class Privacy:
        open = {
            "id",
            "code",
            "agency",
            "guid",
            "edition",
            "kind",
            "step",
            "follows",
            "title_zh",
            "title_en",
            "text_zh",
            "text_en",
            "link",
            "places",
            "blocks",
            "claims",
            "severity",
            "urgency",
            "certainty",
            "issued_at",
            "known_at",
            "effective_at",
            "expires_at",
            "published_at",
            "drafted_by",
            "published_by",
            "is_signed",
            "original",
            "shown_under",
        }

    def __str__(self) -> str:
        return self.code

    def said(self, field: str, language: str) -> str:
        """A text in this language, or in the other where the sender wrote only that."""
        zh, en = getattr(self, f"{field}_zh"), getattr(self, f"{field}_en")
        return (zh or en) if language.startswith("zh") else (en or zh)

    @property
    def is_over(self) -> bool:
        """Whether it takes back or ends what it follows."""
        return self.step in (Step.CANCEL, Step.ALL_CLEAR)
