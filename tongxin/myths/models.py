from importlib import import_module

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongxin.guidance.workflow import Reviewed

WAGTAILS_OWN = {
    "live",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "live_revision",
    "go_live_at",
    "expire_at",
    "expired",
    "latest_revision",
    "locked",
    "locked_at",
    "locked_by",
}


class Verdict(models.TextChoices):
    FALSE = "false", pgettext_lazy("verdict", "False")
    MISLEADING = "misleading", pgettext_lazy("verdict", "Misleading")
    UNPROVEN = "unproven", pgettext_lazy("verdict", "Unproven")
    TRUE = "true", pgettext_lazy("verdict", "True")


class Topic(models.TextChoices):
    TREATMENT = "treatment", gettext_lazy("Treatment")
    PREVENTION = "prevention", gettext_lazy("Prevention")
    TRANSMISSION = "transmission", gettext_lazy("How it spreads")
    SYMPTOMS = "symptoms", gettext_lazy("Signs of illness")
    TESTING = "testing", gettext_lazy("Tests")
    VACCINES = "vaccines", gettext_lazy("Vaccines")
    MASKS = "masks", gettext_lazy("Masks")
    FOOD = "food", gettext_lazy("Food and parcels")
    ANIMALS = "animals", gettext_lazy("Animals")
    ORIGIN = "origin", gettext_lazy("Origin")
    POLICY = "policy", gettext_lazy("Rules and measures")


class Harm(models.IntegerChoices):
    LITTLE = 1, gettext_lazy("little harm")
    SOME = 2, gettext_lazy("some harm")
    GRAVE = 3, gettext_lazy("can kill")


class Evidence(models.TextChoices):
    STRONG = "strong", gettext_lazy("strong")
    MODERATE = "moderate", gettext_lazy("moderate")
    LIMITED = "limited", gettext_lazy("limited")
    CONSENSUS = "consensus", gettext_lazy("experts agree")
    RULE = "rule", gettext_lazy("an authority's rule")


class Claim(Reviewed):
    """A rumour as people tell it, what is true of it, why, and on what evidence.

    A claim that was published stays readable: it is withdrawn or superseded, not taken away.
    """

    slug = models.SlugField(gettext_lazy("short name"), max_length=80, unique=True)
    disease = models.SlugField(gettext_lazy("disease"), max_length=40, default="covid-19")
    topic = models.CharField(gettext_lazy("topic"), max_length=20, choices=Topic)
    claim_zh = models.CharField(gettext_lazy("the rumour in Chinese"), max_length=120)
    claim_en = models.CharField(gettext_lazy("the rumour in English"), max_length=240)
    verdict = models.CharField(gettext_lazy("verdict"), max_length=12, choices=Verdict)
    since = models.DateField(gettext_lazy("first answered on"))
    true_as_of = models.DateField(gettext_lazy("true as of"))
    why_zh = models.TextField(gettext_lazy("why, in two Chinese sentences"), max_length=400)
    why_en = models.TextField(gettext_lazy("why, in two English sentences"), max_length=800)
    long_zh = models.TextField(gettext_lazy("at length, in Chinese"), max_length=4000)
    long_en = models.TextField(gettext_lazy("at length, in English"), max_length=8000)
    harm = models.PositiveSmallIntegerField(
        gettext_lazy("harm it does"), choices=Harm, default=Harm.SOME
    )
    grade = models.CharField(gettext_lazy("evidence"), max_length=10, choices=Evidence)
    tellings_zh = models.JSONField(
        gettext_lazy("how it is told, in Chinese"), default=list, blank=True
    )
    tellings_en = models.JSONField(
        gettext_lazy("how it is told, in English"), default=list, blank=True
    )
    evidence = models.JSONField(gettext_lazy("sources"), default=list, blank=True)
    withdrawn_on = models.DateField(gettext_lazy("withdrawn on"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=gettext_lazy("superseded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
    )
    changed_zh_at = models.DateTimeField(null=True, editable=False)
    changed_en_at = models.DateTimeField(null=True, editable=False)
    shipped = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Hash of the shipped words it holds; empty once an editor has changed it",
    )

    class Meta:
        verbose_name = gettext_lazy("claim")
        verbose_name_plural = gettext_lazy("claims")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="myths_a_verdict_is_known"
            ),
            models.CheckConstraint(
                condition=Q(harm__in=Harm.values), name="myths_harm_is_one_to_three"
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")), name="myths_a_claim_does_not_supersede_itself"
            ),
        ]

    class Privacy:
        open = WAGTAILS_OWN | {
            "id",
            "slug",
            "disease",
            "topic",
            "claim_zh",
            "claim_en",
            "verdict",
            "since",
            "true_as_of",
            "why_zh",
            "why_en",
            "long_zh",
            "long_en",
            "harm",
            "grade",
            "tellings_zh",
            "tellings_en",
            "evidence",
            "withdrawn_on",
            "superseded_by",
            "changed_zh_at",
            "changed_en_at",
            "shipped",
        }

    def __str__(self):
        return self.slug

    def said(self, field: str, language: str) -> str:
        """A field that exists in both languages, in this one: ``said("why", "en")``."""
        return getattr(self, f"{field}_{'en' if language == 'en' else 'zh'}")

    def links(self) -> list[str]:
        """Addresses of its sources."""
        return [one["url"] for one in self.evidence]

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The page in each language."""
        return list(settings.LANGUAGES)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The public page of words that are not public yet."""
        pages = import_module("tongxin.myths.pages")
        return HttpResponse(pages.preview(self, mode_name or settings.LANGUAGE_CODE))

    @property
    def is_withdrawn(self) -> bool:
        """Whether its verdict holds no more: withdrawn, or another claim stands in its place."""
        return bool(self.withdrawn_on or self.superseded_by_id)

    @property
    def phrasings(self) -> list[str]:
        """Every way to tell it that we know, in both languages."""
        return [self.claim_zh, self.claim_en, *self.tellings_zh, *self.tellings_en]


class Ruling(models.Model):
    """What was said of a claim, from one moment to another. The newest has no end."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="rulings")
    verdict = models.CharField(max_length=12, choices=Verdict)
    claim_zh = models.CharField(max_length=120)
    claim_en = models.CharField(max_length=240)
    why_zh = models.TextField()
    why_en = models.TextField()
    is_withdrawn = models.BooleanField(default=False)
    is_correction = models.BooleanField(
        default=False, help_text="It says otherwise than the one before, not only in other words"
    )
    said_from = models.DateTimeField()
    said_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(said_until__isnull=True),
                name="myths_one_thing_is_said_of_a_claim_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(said_until__isnull=True) | Q(said_until__gte=F("said_from")),
                name="myths_a_ruling_ends_after_it_begins",
            ),
        ]

    class Privacy:
        open = {
            "id",
            "claim",
            "verdict",
            "claim_zh",
            "claim_en",
            "why_zh",
            "why_en",
            "is_withdrawn",
            "is_correction",
            "said_from",
            "said_until",
        }

    def said(self, field: str, language: str) -> str:
        """A field that exists in both languages, in this one."""
        return getattr(self, f"{field}_{'en' if language == 'en' else 'zh'}")


class Cluster(models.Model):
    """Reports of one rumour that no claim answers yet, or that an editor has settled."""

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("waiting")
        ANSWERED = "answered", gettext_lazy("answered")
        DISMISSED = "dismissed", gettext_lazy("dismissed")
        MERGED = "merged", gettext_lazy("merged")

    class Reason(models.TextChoices):
        SPAM = "spam", gettext_lazy("advertising or abuse")
        NO_CLAIM = "no-claim", gettext_lazy("no rumour that can be checked")
        PERSON = "person", gettext_lazy("about a private person")

    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    harm = models.PositiveSmallIntegerField(choices=Harm, default=Harm.SOME)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="clusters")
    draft = models.ForeignKey(Claim, on_delete=models.SET_NULL, null=True, related_name="begun_by")
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="answered", claim__isnull=False)
                | (~Q(state="answered") & Q(claim__isnull=True)),
                name="myths_an_answered_cluster_has_its_claim",
            )
        ]

    class Privacy:
        open = {"id", "state", "harm", "claim", "draft", "reason", "opened_at", "settled_at"}
        identifying = {"settled_by"}


class Report(models.Model):
    """Somebody's question whether a rumour is true. Who asked is not known here."""

    class Kind(models.TextChoices):
        TEXT = "text", gettext_lazy("text")
        LINK = "link", gettext_lazy("link")
        PICTURE = "picture", gettext_lazy("picture")

    class How(models.TextChoices):
        WAITING = "", gettext_lazy("not yet")
        MATCHED = "matched", gettext_lazy("at once")
        CHOSEN = "chosen", gettext_lazy("chosen by who asked")
        EDITOR = "editor", gettext_lazy("by an editor")

    receipt = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    text = models.TextField(max_length=2000)
    link = models.CharField(max_length=300, blank=True)
    spam_score = models.FloatField(default=0)
    at = models.DateTimeField(db_index=True)
    nearest = models.JSONField(default=list, help_text="Short names of claims like it, best first")
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, related_name="reports"
    )
    how = models.CharField(max_length=8, choices=How, blank=True)
    answered_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how="", answered_at__isnull=True)
                | (~Q(how="") & Q(answered_at__isnull=False)),
                name="myths_an_answer_has_its_moment",
            )
        ]

    class Privacy:
        open = {
            "id",
            "kind",
            "language",
            "spam_score",
            "at",
            "nearest",
            "cluster",
            "how",
            "answered_at",
            "dismissed_at",
        }
        identifying = {"text", "link"}
        secret = {"receipt"}


class Told(models.Model):
    """Who asked was told this ruling; a corrected one is followed by the correction."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="told")
    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, related_name="told")
    at = models.DateTimeField()
    is_correction = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "ruling"], name="myths_nobody_is_told_the_same_twice"
            )
        ]

    class Privacy:
        open = {"id", "report", "ruling", "at", "is_correction"}
