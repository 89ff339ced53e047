"""Places as pages get them, small enough to reason about: used by the tests of pages and cards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tongxin.situation.map_classes import DARK, LIGHT
from tongxin.situation.shapes import (
    AreaPage,
    CaveatText,
    ChildRow,
    Curve,
    Disagreement,
    Headline,
    MapClass,
    MapShape,
    MapView,
    PlaceName,
    Revision,
    Risk,
    SourceLine,
)

FIRST = date(2020, 1, 20)
AS_OF = datetime(2020, 3, 20, 8, tzinfo=UTC)
WORLD = PlaceName("001", "world", "世界", "World")
CHINA = PlaceName("CN", "country", "中国", "China", population=1_400_000_000)
HUBEI = PlaceName("CN-420000", "province", "湖北省", "Hubei", population=59_000_000)
JINGZHOU = PlaceName("CN-421000", "prefecture", "荆州市", "Jingzhou", population=5_200_000)
HONGHU = PlaceName("CN-421083", "county", "洪湖市", "Honghu", population=800_000)
COMMISSION = SourceLine(
    "hubei", "湖北省卫健委", "Hubei Health Commission", "https://example.org/", "", 2,
    ["confirmed", "deaths"], date(2020, 3, 20), AS_OF, True,
)  # fmt: skip


def curve_of(totals: list[int | None], first: date = FIRST) -> Curve:
    """A curve from its totals; everything else follows plainly."""
    before = [None, *totals[:-1]]
    new = [None if a is None or b is None else a - b for a, b in zip(totals, before, strict=True)]
    days = [first + timedelta(days=i) for i in range(len(totals))]
    mean = [
        None if i < 7 or None in new[i - 6 : i + 1] else sum(new[i - 6 : i + 1]) / 7
        for i in range(len(totals))
    ]
    nothing: list[None] = [None] * len(totals)
    return Curve(
        days, totals, new, mean, [0] * len(totals), [0] * len(totals), nothing,
        [None if m is None else 1.2 for m in mean],
        [None if m is None else 0.9 for m in mean],
        [None if m is None else 1.6 for m in mean],
    )  # fmt: skip


def headline(metric: str, value: int | None, **words) -> Headline:
    given = {
        "about_on": date(2020, 3, 20), "change_day": 3, "change_week": 0.5,
        "per_100k": 1.25, "source": "hubei",
    }  # fmt: skip
    return Headline(metric, value, **(given | words))


def child(place: PlaceName, confirmed: int | None, map_class: int | None, **words) -> ChildRow:
    given = {"new7": 7, "per_100k": 0.1, "active": 5, "deaths": 1, "risk": None}
    return ChildRow(place, confirmed, map_class=map_class, **(given | words))


def area(place: PlaceName = HUBEI, **words) -> AreaPage:
    """A page of a place with everything on it; ``words`` replace parts."""
    page = AreaPage(
        place=place,
        ancestors=[WORLD, CHINA],
        disease="covid-19",
        as_of=AS_OF,
        last_day=date(2020, 3, 20),
        figures_from=None,
        headlines=[headline("confirmed", 67_800), headline("active", 5_719, change_day=-568)],
        curve=curve_of([i * i for i in range(61)]),
        doubling_days=12.3,
        risk=Risk(
            "medium",
            "medium-few-cases",
            {"cumulative": 12, "new_in_window": 3, "days_since_new": 4, "unknown": ["history"]},
            10,
            False,
        ),
        map=MapView(
            "0 0 100 80",
            [
                MapShape("CN-420100", "M0,0l10,0 0,10z", 5, 5),
                MapShape("CN-421000", "M20,0l10,0 0,10z", 25, 5),
            ],
            classes=[
                MapClass(0, 0, 0, LIGHT.shades[0], DARK.shades[0]),
                MapClass(10, 50_005, 1, LIGHT.shades[5], DARK.shades[5]),
            ],
            is_saturated=True,
            attribution="Somebody (a licence)",
        ),
        children=[
            child(PlaceName("CN-420100", "prefecture", "武汉市", "Wuhan"), 50_005, 1),
            child(JINGZHOU, None, None, is_suppressed=True),
        ],
        sources=[COMMISSION],
        disagreements=[
            Disagreement(place.code, "confirmed", date(2020, 3, 20), "hubei", 67_800, "jhu", 67_794)
        ],
        caveats=[
            CaveatText(
                "CN-420000",
                "confirmed",
                date(2020, 2, 12),
                date(2020, 2, 12),
                "临床诊断病例计入。",
                "Clinical cases counted from here.",
                "NHC",
                "",
            )  # fmt: skip
        ],
        revisions=[
            Revision(
                place.code, "confirmed", date(2020, 3, 14), "hubei", 100, None, AS_OF, "A mistake"
            )
        ],
    )
    return replace(page, **words)


def bare(place: PlaceName = HONGHU) -> AreaPage:
    """A place that nobody publishes figures for, without a boundary."""
    return area(
        place, last_day=None, headlines=[], curve=None, doubling_days=None, risk=None, map=None,
        children=[], sources=[], disagreements=[], caveats=[], revisions=[],
    )  # fmt: skip
