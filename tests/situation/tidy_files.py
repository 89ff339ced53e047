"""Small files of figures for tests, and importing them in one line."""

from datetime import UTC, datetime

from tongxin.situation.actions.figures import import_figures
from tongxin.situation.models import Reading

AT = datetime(2020, 3, 20, 4, tzinfo=UTC)


def tidy_file(folder, *rows, name="figures.csv", head="place,metric,date,value"):
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def brought_in(folder, *rows, at=AT, **facts):
    """The report of importing rows of our own form."""
    path = tidy_file(folder, *rows, head=facts.pop("head", "place,metric,date,value"))
    return import_figures(path, format="csv", by="tests", at=at, **facts)


def daily(values, *, place="荆州市", metric="confirmed", first=1):
    """Rows for successive days of February 2020."""
    return [f"{place},{metric},2020-02-{day:02},{v}" for day, v in enumerate(values, first)]


def line_of(code, metric="confirmed"):
    """Day of the month → value, as known last."""
    rows = Reading.objects.filter(series__place=code, series__metric=metric)
    return {day.day: v for day, v in rows.order_by("known_at").values_list("about_on", "value")}
