"""What the API answers, as its document describes it. Null means unknown, never nought."""

from __future__ import annotations

import datetime

from ninja import Schema

from tongxin.releases.open_data import Moment


class Point(Schema):
    date: datetime.date
    value: int


class SeriesOut(Schema):
    place: str
    metric: str
    disease: str
    unit: str
    as_of: Moment | None
    source: str | None
    other_sources: list[str]
    next: str | None
    points: list[Point]


class PlaceOut(Schema):
    code: str
    level: str
    parent: str | None
    name_zh: str
    name_en: str
    pinyin: str
    population: int | None
    population_year: int | None
    population_source: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None


class PlacesOut(Schema):
    places: list[PlaceOut]
    next: str | None


class HeldSeries(Schema):
    metric: str
    disease: str
    source: str


class PlaceDetailOut(PlaceOut):
    ancestors: list[str]
    series: list[HeldSeries]


class AreaOut(Schema):
    place: str
    name_zh: str
    name_en: str
    value: int | None
    date: datetime.date | None
    source: str | None
    per_100k: float | None
    is_suppressed: bool


class AreasOut(Schema):
    parent: str
    metric: str
    disease: str
    as_of: Moment | None
    areas: list[AreaOut]


class RevisionOut(Schema):
    place: str
    metric: str
    date: datetime.date
    source: str
    before: int | None
    after: int | None
    known_at: Moment
    why: str


class RevisionsOut(Schema):
    place: str
    since: Moment | None
    as_of: Moment | None
    revisions: list[RevisionOut]
    next: str | None


class DisagreementOut(Schema):
    metric: str
    date: datetime.date
    source: str
    value: int
    other_source: str
    other_value: int
    difference: int


class DisagreementsOut(Schema):
    place: str
    as_of: Moment | None
    disagreements: list[DisagreementOut]


class ReproductionOut(Schema):
    mean: float | None
    low: float | None
    high: float | None


class RiskOut(Schema):
    level: str
    clause: str
    is_certain: bool
    can_fall_in_days: int | None
    facts: dict


class IndicatorPoint(Schema):
    date: datetime.date
    new: int | None
    mean7: float | None
    active: int | None
    r: ReproductionOut


class IndicatorsOut(Schema):
    place: str
    disease: str
    as_of: Moment | None
    date: datetime.date | None
    confirmed: int | None
    new: int | None
    mean7: float | None
    new7: int | None
    new7_per_100k: float | None
    change_week: float | None
    active: int | None
    doubling_days: float | None
    r: ReproductionOut | None
    risk: RiskOut | None
    is_suppressed: bool
    points: list[IndicatorPoint]


class MetricOut(Schema):
    code: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    kind: str
    unit: str
    sums: bool
    source: str


class DiseaseOut(Schema):
    code: str
    name_zh: str
    name_en: str
    metrics: list[str]


class SourceOut(Schema):
    code: str
    name_zh: str
    name_en: str
    url: str
    licence: str
    tier: int
