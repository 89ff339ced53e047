from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

WORLD = "001"  # UN M49


class PlaceQuerySet(models.QuerySet["Place"]):
    def standing(self, on: date | None) -> "PlaceQuerySet":
        """Places that exist ``on`` that day, or with no day asked those that have no end."""
        if on is None:
            return self.filter(valid_to__isnull=True)
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        )


class Place(models.Model):
    """An area that figures are published for, as it was between two dates.

    Codes: UN M49 for the world, ISO 3166-1 for countries, after the country GB/T 2260 in China
    (``CN-421083``) and ISO 3166-2 or a plain word elsewhere (``CA-BC``, ``CA-grand-princess``).
    """

    class Level(models.TextChoices):
        WORLD = "world", _("World")
        COUNTRY = "country", _("Country or territory")
        PROVINCE = "province", _("Province or state")
        PREFECTURE = "prefecture", _("City or prefecture")
        COUNTY = "county", _("County or district")
        TOWNSHIP = "township", _("Township or street")

    code = models.CharField(max_length=40, primary_key=True)
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    pinyin = models.CharField(
        max_length=240, blank=True, help_text="Without tones, a space between syllables"
    )
    short_zh = models.CharField(max_length=40, blank=True, help_text="As a map labels it")
    short_en = models.CharField(max_length=60, blank=True, help_text="As a map labels it")
    valid_from = models.DateField(null=True, blank=True, help_text="First day it existed")
    valid_to = models.DateField(null=True, blank=True, help_text="First day it no longer existed")
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    population = models.BigIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True)
    population_source = models.CharField(max_length=200, blank=True)
    centre_lon = models.FloatField(null=True, blank=True, help_text="Label point, WGS84 degrees")
    centre_lat = models.FloatField(null=True, blank=True, help_text="Label point, WGS84 degrees")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["parent", "pinyin"], name="places_by_parent_and_pinyin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="world", parent__isnull=True)
                | (~Q(level="world") & Q(parent__isnull=False)),
                name="places_only_the_world_has_no_parent",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("code")),
                name="places_parent_is_not_itself",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("code")),
                name="places_no_place_replaces_itself",
            ),
            models.CheckConstraint(
                condition=Q(level="world", code__regex=r"^[0-9]{3}$")
                | Q(level="country", code__regex=r"^[A-Z]{2}$")
                | (
                    ~Q(level__in=["world", "country"])
                    & Q(code__regex=r"^[A-Z]{2}-[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")
                    & Exact(Left("parent", 2), Left("code", 2))
                ),
                name="places_code_begins_with_its_country",
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True)
                | (
                    Q(population__gt=0)
                    & Q(population_year__isnull=False)
                    & ~Q(population_source="")
                ),
                name="places_population_is_positive_and_says_when_and_who_says",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lt=F("valid_to")),
                name="places_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(centre_lon__isnull=True, centre_lat__isnull=True)
                | Q(centre_lon__range=(-180, 180), centre_lat__range=(-90, 90)),
                name="places_centre_is_on_the_globe",
            ),
        ]

    class Privacy:
        open = {
            "code",
            "level",
            "parent",
            "name_zh",
            "name_en",
            "pinyin",
            "short_zh",
            "short_en",
            "valid_from",
            "valid_to",
            "replaced_by",
            "population",
            "population_year",
            "population_source",
            "centre_lon",
            "centre_lat",
        }

    def __str__(self) -> str:
        return self.code

    def called(self, language: str) -> str:
        """Full name in ``language`` (``zh-hans``, ``en``, …): Chinese or else English."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def label(self, language: str) -> str:
        """Short name for a map or a table, in ``language``."""
        if language.startswith("zh"):
            return self.short_zh or self.name_zh
        return self.short_en or self.name_en


class Alias(models.Model):
    """Another name a place is published under; the same name may belong to several places."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, db_index=True, help_text="As rules.key_of writes it")
    language = models.CharField(max_length=10, blank=True, help_text="BCP 47; blank for any")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "key"], name="places_one_alias_per_place_and_key"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="places_alias_says_something"),
        ]

    class Privacy:
        open = {"id", "place", "name", "key", "language"}

    def __str__(self) -> str:
        return f"{self.name} = {self.place_id}"


class Boundary(models.Model):
    """Where a place lies, simplified for drawing. A place without one works everywhere else."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField(help_text="GeoJSON MultiPolygon, WGS84 degrees")
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    simplified_m = models.FloatField(default=0, help_text="Tolerance of simplification in metres")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(west__range=(-180, 180), east__range=(-180, 180))
                & Q(south__range=(-90, 90), north__range=(-90, 90))
                & Q(west__lt=F("east"), south__lt=F("north")),
                name="places_boundary_lies_on_the_globe",
            ),
            models.CheckConstraint(
                condition=Q(simplified_m__gte=0),
                name="places_simplification_is_not_negative",
            ),
        ]

    class Privacy:
        open = {
            "id",
            "place",
            "geometry",
            "west",
            "south",
            "east",
            "north",
            "source",
            "licence",
            "simplified_m",
        }

    def __str__(self) -> str:
        return f"Boundary of {self.place_id}"

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        return self.west, self.south, self.east, self.north
