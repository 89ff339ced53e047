from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.panels import FieldPanel

from tongxin.places.models import Place
from tongxin.releases.models import Release


class Source(models.Model):
    """Who said a figure: an agency's bulletin, a collector's file, the county itself."""

    class Tier(models.IntegerChoices):
        OWN = 1, gettext_lazy("the authority's own")
        OFFICIAL = 2, gettext_lazy("official bulletin")
        COLLECTOR = 3, gettext_lazy("collected from bulletins")

    code = models.SlugField(primary_key=True, max_length=40)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    url = models.URLField(blank=True)
    licence = models.CharField(max_length=80, blank=True)
    tier = models.PositiveSmallIntegerField(choices=Tier, default=Tier.COLLECTOR)

    class Privacy:
        open = {"code", "name_zh", "name_en", "url", "licence", "tier"}

    def __str__(self):
        return self.code


class Series(models.Model):
    """One line of figures: a place, a metric, a disease, as one source says it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="series")
    metric = models.CharField(max_length=20)
    disease = models.SlugField(max_length=40)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="series")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "metric", "disease", "source"],
                name="situation_one_series_per_place_metric_disease_source",
            ),
        ]

    class Privacy:
        open = {"id", "place", "metric", "disease", "source"}

    def __str__(self):
        return f"{self.place_id} {self.metric} {self.source_id}"


class Batch(models.Model):
    """One import: which bytes, from where, by whom, and what became of each line."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    format = models.CharField(max_length=20)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True, help_text="Why, where the source says so")
    report = models.JSONField(default=dict)

    class Privacy:
        open = {"id", "source", "format", "filename", "sha256", "at", "by", "note", "report"}

    def __str__(self):
        return f"Batch {self.pk} {self.format}"


class Reading(models.Model):
    """One figure as one source said it, and when it was known. Never changed.

    A correction is another row with a later ``known_at``; ``value`` is null where the source
    withdrew a figure. What was known at a moment: per day, the latest row not after it.
    """

    pk = models.CompositePrimaryKey("series_id", "about_on", "known_at")
    # Both keys are enforced by the database a statement at a time (migration 0003): PostgreSQL's
    # own check of each row costs five times as much as writing it, with a million at once.
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        related_name="readings",
        db_index=False,  # the primary key begins with it
        db_constraint=False,
    )
    about_on = models.DateField()
    known_at = models.DateTimeField()
    value = models.BigIntegerField(null=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, db_index=False, db_constraint=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=0) | Q(value__isnull=True),
                name="situation_a_count_is_not_negative",
            ),
        ]

    class Privacy:
        open = {"series", "about_on", "known_at", "value", "batch"}

    def __str__(self):
        return f"{self.series_id} {self.about_on}"


class Held(models.Model):
    """A figure that waits for an officer: never dropped, never guessed."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("held figure", "waiting")
        ACCEPTED = "accepted", pgettext_lazy("held figure", "accepted")
        REJECTED = "rejected", pgettext_lazy("held figure", "rejected")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="held")
    line = models.PositiveIntegerField(help_text="Line or row in the file, from 1")
    place_text = models.CharField(max_length=200, help_text="As the file has it")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT)
    metric = models.CharField(max_length=20)
    disease = models.SlugField(max_length=40)
    about_on = models.DateField(null=True)
    value = models.BigIntegerField(null=True)
    value_text = models.CharField(max_length=80, blank=True)
    known_at = models.DateTimeField()
    reasons = models.JSONField(help_text="[{code, …facts}], worst first")
    followers = models.JSONField(
        default=dict,
        help_text="Figures that stand or fall with it, as queries.followers packs them",
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="situation_a_decision_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["batch", "line", "place_text", "metric", "about_on", "known_at"],
                nulls_distinct=False,
                name="situation_a_figure_is_held_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "line"],
                condition=Q(state="waiting"),
                name="situation_held_waiting",
            ),
        ]

    class Privacy:
        open = {
            "id",
            "batch",
            "line",
            "place_text",
            "place",
            "metric",
            "disease",
            "about_on",
            "value",
            "value_text",
            "known_at",
            "reasons",
            "followers",
            "state",
            "decided_at",
            "decided_by",
            "note",
        }

    def __str__(self):
        return f"Held {self.pk}"


class Precedence(models.Model):
    """Which source speaks first for a place and everything below it. Lower rank wins."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="precedences")
    metric = models.CharField(max_length=20, blank=True, help_text="Empty: every metric")
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "metric", "source"],
                name="situation_a_source_has_one_rank_per_place_and_metric",
            ),
        ]

    class Privacy:
        open = {"id", "place", "metric", "source", "rank"}

    def __str__(self):
        return f"{self.place_id} {self.metric or '*'} {self.source_id} #{self.rank}"


class Caveat(models.Model):
    """What a reader must know about some figures; also the stated reason the gate accepts."""

    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="caveats", verbose_name=gettext_lazy("place")
    )
    metric = models.CharField(
        gettext_lazy("metric"), max_length=20, blank=True, help_text=gettext_lazy("Empty: every")
    )
    disease = models.SlugField(gettext_lazy("disease"), max_length=40, default="covid-19")
    from_on = models.DateField(gettext_lazy("from"))
    to_on = models.DateField(gettext_lazy("to"))
    text_zh = models.TextField(gettext_lazy("text in Chinese"), max_length=600)
    text_en = models.TextField(gettext_lazy("text in English"), max_length=600)
    source = models.CharField(
        gettext_lazy("source"),
        max_length=200,
        help_text=gettext_lazy("In both languages: English | 中文"),
    )
    source_url = models.URLField(gettext_lazy("link to the source"), blank=True)
    known_at = models.DateTimeField(
        gettext_lazy("known since"), help_text=gettext_lazy("Shown as of this moment")
    )

    panels = [
        FieldPanel(name)
        for name in (
            "place",
            "metric",
            "disease",
            "from_on",
            "to_on",
            "text_zh",
            "text_en",
            "source",
            "source_url",
            "known_at",
        )
    ]

    class Meta:
        verbose_name = gettext_lazy("caveat")
        verbose_name_plural = gettext_lazy("caveats")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="situation_a_caveat_ends_after_it_begins"
            ),
        ]

    class Privacy:
        open = {
            "id",
            "place",
            "metric",
            "disease",
            "from_on",
            "to_on",
            "text_zh",
            "text_en",
            "source",
            "source_url",
            "known_at",
        }

    def __str__(self):
        return f"{self.place_id} {self.from_on}"


class Pull(models.Model):
    """A file that is fetched from a URL by the clock."""

    name = models.CharField(max_length=80, unique=True)
    url = models.URLField(max_length=500)
    format = models.CharField(max_length=20)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    disease = models.SlugField(max_length=40, default="covid-19")
    every_seconds = models.PositiveIntegerField(default=3600)
    stale_after_seconds = models.PositiveIntegerField(default=86_400)
    is_paused = models.BooleanField(default=False)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    next_at = models.DateTimeField()
    last_tried_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True, help_text="Answered, changed or not")
    last_changed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    stale_alarm_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every_seconds__gte=10), name="situation_a_pull_waits_ten_seconds"
            ),
        ]

    class Privacy:
        open = {
            "id",
            "name",
            "url",
            "format",
            "source",
            "disease",
            "every_seconds",
            "stale_after_seconds",
            "is_paused",
            "etag",
            "last_modified",
            "next_at",
            "last_tried_at",
            "last_ok_at",
            "last_changed_at",
            "failures",
            "last_error",
            "stale_alarm_at",
        }

    def __str__(self):
        return self.name


class Build(models.Model):
    """A release that somebody asked for at the desk. The worker builds it; one that it left
    unfinished is taken up again."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, help_text="What was known then is what it says")
    tries = models.PositiveSmallIntegerField(default=0)
    drawn = models.PositiveIntegerField(default=0, help_text="Groups of files, of `to_draw`")
    to_draw = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=300, blank=True, help_text="Why there is no release")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, release__isnull=True, error="")
                | Q(done_at__isnull=False, release__isnull=False, error="")
                | (Q(done_at__isnull=False, release__isnull=True) & ~Q(error="")),
                name="situation_a_build_ends_with_a_release_or_an_error",
            ),
        ]

    class Privacy:
        open = {
            "id",
            "asked_by",
            "asked_at",
            "started_at",
            "tries",
            "drawn",
            "to_draw",
            "done_at",
            "release",
            "error",
        }

    def __str__(self):
        return f"Build {self.pk}"
