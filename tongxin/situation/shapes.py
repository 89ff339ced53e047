"""The plain values that the situation's queries hand to its pages, files and API.

Numbers are counts of people unless said otherwise; ``None`` means unknown, never zero.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from tongxin.situation.freshness import Age


@dataclass(frozen=True, slots=True)
class Line:
    """One source's figures for one place and metric, as known at a moment."""

    place: str
    metric: str
    source: str
    days: np.ndarray  # datetime64[D], ascending, no day twice
    values: np.ndarray  # int64, same shape; withdrawn figures are left out
    known_at: datetime  # when the newest of them became known
    moments: np.ndarray | None = None  # datetime64[us] in UTC: when each became known


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as pages show and link it."""

    code: str
    level: str
    zh: str
    en: str
    pinyin: str = ""
    population: int | None = None
    population_year: int | None = None
    population_source: str = ""
    short_zh: str = ""  # as a map labels it; empty: the name itself
    short_en: str = ""

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en

    def short(self, language: str) -> str:
        """The name as a map labels it."""
        return (self.short_zh if language.startswith("zh") else self.short_en) or (
            self.in_language(language)
        )


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the big numbers at the top of a page."""

    metric: str
    value: int | None
    about_on: date | None
    change_day: int | None  # against the day before
    change_week: float | None  # 7-day mean of new now over a week ago, minus 1; 0.1 is +10 %
    per_100k: float | None
    source: str
    is_suppressed: bool = False  # withheld because it is small; value is None


@dataclass(frozen=True, slots=True)
class Curve:
    """The epidemic curve: one entry per day without gaps, None where unknown."""

    days: list[date]
    confirmed: list[int | None]
    new: list[int | None]
    mean7: list[float | None]
    deaths: list[int | None]
    recovered: list[int | None]
    active: list[int | None]
    r_mean: list[float | None]
    r_low: list[float | None]  # 95 % interval
    r_high: list[float | None]


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One row of the table beside the map."""

    place: PlaceName
    confirmed: int | None
    new7: int | None  # new in the last 7 days
    per_100k: float | None  # new7 per 100,000
    active: int | None
    deaths: int | None
    risk: str | None  # low | medium | high, for counties
    map_class: int | None  # index into MapView.classes; None: no data
    is_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class MapClass:
    """One colour of the map."""

    low: int
    high: int  # inclusive
    count: int  # how many areas
    light: str  # colour in the light theme, #rrggbb
    dark: str


@dataclass(frozen=True, slots=True)
class MapShape:
    """One area on the map, in the map's own viewBox."""

    code: str
    path: str  # SVG path data
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class MapInset:
    """The South China Sea islands in a box of their own, in the map's viewBox."""

    x: float
    y: float
    width: float
    height: float
    shapes: list[MapShape]  # parts of the areas that the main map shows
    dashes: str  # SVG path to stroke
    islands: str  # SVG path of dots: lines of no length, stroked with round caps


@dataclass(frozen=True, slots=True)
class MapView:
    """A coloured map of the children of a place."""

    view_box: str
    shapes: list[MapShape]
    inset: MapInset | None = None
    classes: list[MapClass] = field(default_factory=list)
    metric: str = "confirmed"
    is_saturated: bool = False  # the top class hides a large spread
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """The level after the notice of 17 February 2020, and why."""

    level: str
    clause: str
    facts: dict[str, Any]
    can_fall_in_days: int | None
    is_certain: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source behind a page."""

    code: str
    zh: str
    en: str
    url: str
    licence: str
    tier: int
    metrics: list[str]
    last_day: date
    known_at: datetime
    is_chosen: bool
    is_stale: bool = False  # it would speak first but is more than 14 days behind the others


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sources say different figures for the same day."""

    place: str
    metric: str
    about_on: date
    chosen_source: str
    chosen_value: int
    other_source: str
    other_value: int

    @property
    def difference(self) -> int:
        return self.other_value - self.chosen_value


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that was said otherwise before."""

    place: str
    metric: str
    about_on: date
    source: str
    before: int | None
    after: int | None
    known_at: datetime
    why: str  # the batch's note, in the source's words; empty where none was given
    batch: int = 0  # the import that brought the change


@dataclass(frozen=True, slots=True)
class CaveatText:
    """What a reader must know about some of the figures."""

    place: str
    metric: str
    from_on: date
    to_on: date
    zh: str
    en: str
    source: str  # "English | 中文", or one name for both
    source_url: str

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class AreaPage:
    """Everything that the page of one place shows, as known at ``as_of``."""

    place: PlaceName
    ancestors: list[PlaceName]  # outermost first, without the place itself
    disease: str
    as_of: datetime
    last_day: date | None  # the newest day that any figure is about
    figures_from: PlaceName | None  # the ancestor whose figures are shown where none exist here
    headlines: list[Headline]
    curve: Curve | None
    doubling_days: float | None
    risk: Risk | None
    map: MapView | None
    children: list[ChildRow]
    sources: list[SourceLine]
    disagreements: list[Disagreement]
    caveats: list[CaveatText]
    revisions: list[Revision]  # in the 14 days before as_of, newest first, at most 50
    parts_of: PlaceName | None = None  # whose parts `map` and `children` show; None: no parts
    silent: list[PlaceName] = field(default_factory=list)  # its parts where none has figures
    age: Age | None = None  # of the newest figure; None while it is fresh
    is_trial: bool = False  # no figures but those that ship have been loaded
