from importlib import import_module

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongxin.guidance.workflow import MedicalReview, Reviewed

__all__ = [
    "AdviceBlock",
    "CheckedLink",
    "Grade",
    "Layer",
    "MedicalReview",
    "NarrowerMay",
    "Polarity",
]


class Polarity(models.TextChoices):
    MUST = "must", gettext_lazy("must")
    SHOULD = "should", gettext_lazy("should")
    MAY = "may", gettext_lazy("may")
    SHOULD_NOT = "should-not", gettext_lazy("should not")
    MUST_NOT = "must-not", gettext_lazy("must not")
    KNOW = "know", gettext_lazy("good to know")


class Layer(models.TextChoices):
    WORLD = "world", gettext_lazy("World")
    NATION = "nation", gettext_lazy("Nation")
    PROVINCE = "province", gettext_lazy("Province")
    COUNTY = "county", gettext_lazy("County or city")


class Grade(models.TextChoices):
    STRONG = "strong", gettext_lazy("strong evidence")
    MODERATE = "moderate", gettext_lazy("moderate evidence")
    LIMITED = "limited", gettext_lazy("limited evidence")
    CONSENSUS = "consensus", gettext_lazy("experts' consensus")
    RULE = "rule", gettext_lazy("an authority's rule")


class NarrowerMay(models.TextChoices):
    NOTHING = "nothing", gettext_lazy("say nothing else")
    STRICTER = "stricter", gettext_lazy("be stricter")
    ANYTHING = "anything", gettext_lazy("decide otherwise")


class AdviceBlock(Reviewed):
    """One piece of advice: an act, who should do it or not, from when to when, who says so.

    Pages, sheets, short messages and the assistant quote these; nothing else states advice.
    """

    slug = models.SlugField(gettext_lazy("short name"), max_length=80, unique=True)
    disease = models.SlugField(gettext_lazy("disease"), max_length=40, default="covid-19")
    circumstance = models.SlugField(gettext_lazy("circumstance"), max_length=40)
    action = models.SlugField(gettext_lazy("act"), max_length=40)
    polarity = models.CharField(gettext_lazy("do or don't"), max_length=12, choices=Polarity)
    title_zh = models.CharField(gettext_lazy("title in Chinese"), max_length=40)
    title_en = models.CharField(gettext_lazy("title in English"), max_length=80)
    text_zh = models.TextField(gettext_lazy("text in Chinese"), max_length=600)
    text_en = models.TextField(gettext_lazy("text in English"), max_length=1200)
    asks_zh = models.JSONField(gettext_lazy("how people ask, in Chinese"), default=list)
    asks_en = models.JSONField(gettext_lazy("how people ask, in English"), default=list)
    when = models.JSONField(gettext_lazy("for whom"), default=dict, blank=True)
    places = models.JSONField(gettext_lazy("where"), default=list, blank=True)
    source_zh = models.CharField(gettext_lazy("source in Chinese"), max_length=200)
    source_en = models.CharField(gettext_lazy("source in English"), max_length=200)
    source_url = models.URLField(gettext_lazy("link to the source"), max_length=300)
    source_on = models.DateField(gettext_lazy("date of the source"))
    authority = models.CharField(gettext_lazy("who says so"), max_length=80)
    layer = models.CharField(
        gettext_lazy("layer"), max_length=10, choices=Layer, default=Layer.COUNTY
    )
    narrower_may = models.CharField(
        gettext_lazy("narrower layers may"),
        max_length=10,
        choices=NarrowerMay,
        default=NarrowerMay.STRICTER,
    )
    effective_from = models.DateField(pgettext_lazy("advice", "in force from"))
    expires_on = models.DateField(gettext_lazy("last day in force"), null=True, blank=True)
    review_by = models.DateField(gettext_lazy("review by"))
    grade = models.CharField(gettext_lazy("evidence"), max_length=10, choices=Grade)
    changed_zh_at = models.DateTimeField(null=True, editable=False)
    changed_en_at = models.DateTimeField(null=True, editable=False)
    shipped = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Hash of the shipped words it holds; empty once an editor has changed it",
    )

    class Meta:
        verbose_name = gettext_lazy("advice")
        verbose_name_plural = gettext_lazy("advice")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("effective_from")),
                name="guidance_advice_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(polarity__in=Polarity.values), name="guidance_a_polarity_is_known"
            ),
        ]

    class Privacy:
        open = {
            "id",
            "slug",
            "disease",
            "circumstance",
            "action",
            "polarity",
            "title_zh",
            "title_en",
            "text_zh",
            "text_en",
            "asks_zh",
            "asks_en",
            "when",
            "places",
            "source_zh",
            "source_en",
            "source_url",
            "source_on",
            "authority",
            "layer",
            "narrower_may",
            "effective_from",
            "expires_on",
            "review_by",
            "grade",
            "changed_zh_at",
            "changed_en_at",
            "shipped",
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

    def __str__(self):
        return self.slug

    @property
    def preview_modes(self) -> list[tuple[str, object]]:
        """The public page in each language."""
        return list(settings.LANGUAGES)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The public page that these words would make."""
        return import_module("tongxin.guidance.preview").page(self, mode_name)

    def links(self) -> list[str]:
        """Addresses that readers are sent to."""
        return [self.source_url]

    def said(self, field: str, language: str) -> str:
        """A field that exists in both languages, in this one: ``said("title", "en")``."""
        return getattr(self, f"{field}_{'en' if language == 'en' else 'zh'}")


class CheckedLink(models.Model):
    """An address in published words, and how its server answered when last asked."""

    url = models.URLField(max_length=300, unique=True)
    checked_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of HTTP; empty: no answer")
    trouble = models.CharField(max_length=200, blank=True)
    failing_since = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "url", "checked_at", "status", "trouble", "failing_since"}

    def __str__(self):
        return self.url
