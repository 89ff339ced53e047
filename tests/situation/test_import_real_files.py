"""The real files: every figure is accounted for, and the queue stays one a person can work."""

import pytest

from tests.situation.tidy_files import AT
from tongxin.situation.actions.figures import import_figures
from tongxin.situation.models import Held, Reading
from tongxin.situation.queries.followers import figure_count
from tongxin.situation.queries.held import waiting

pytestmark = pytest.mark.django_db
AFTER_ALL = AT.replace(year=2023)
# Format, file, figures in it, at most so many decisions.
REAL = [
    ("jhu", "jhu/time_series_covid19_deaths_global.csv", 286 * 1143, 100),
    ("canghailan", "canghailan/china_province_city_daily.csv", 170_477 * 4, 100),
    ("canghailan", "canghailan/world_country_daily.csv", 58_981 * 4, 400),
    ("canghailan", "canghailan/official_bulletins_parsed_2020-01-19_02-06.csv", 6_002 * 4, 50),
    ("dxy", "dxy/DXYArea.csv", 43_002 * 8, 100),
    ("dxy", "dxy/DXYArea_daily_from_snapshots.csv", 23_669 * 4, 100),
    ("dxy", "dxy/area_snapshots/DXYArea_2020-02-12.json.gz", None, 50),
]


@pytest.mark.parametrize(("kind", "name", "figures", "decisions"), REAL)
def test_every_figure_of_a_real_file_is_accounted_for(shared_data, kind, name, figures, decisions):
    path = shared_data / "figures" / name
    first = import_figures(path, format=kind, by="tests", at=AFTER_ALL)
    assert first.read == figures or figures is None
    assert first.read == (
        first.new + first.revised + first.same + first.held + first.refused + first.empty
    )
    assert Reading.objects.count() == first.new + first.revised
    assert sum(map(figure_count, Held.objects.all())) == first.held
    assert first.decisions == len(waiting()) <= decisions
    again = import_figures(path, format=kind, by="tests", at=AFTER_ALL)
    assert (again.new, again.revised, again.held) == (0, 0, 0)
    assert again.same == again.read - again.refused - again.empty


def known(place, metric, day):
    rows = Reading.objects.filter(series__place=place, series__metric=metric, about_on=day)
    return list(rows.order_by("known_at").values_list("value", flat=True))


def test_jhu_dates_of_both_forms_and_countries_by_their_parts(shared_data):
    path = shared_data / "figures/jhu/time_series_covid19_recovered_global.csv"
    report = import_figures(path, format="jhu", by="tests", at=AFTER_ALL)
    assert known("CN-420000", "recovered", "2020-02-01") == [168]  # 02-01-2020
    assert known("CN-420000", "recovered", "2020-02-13") == [3459]  # 2/13/20
    assert known("GL", "recovered", "2020-04-08") == [11]  # Greenland under Denmark
    assert report.parts_only == ["Australia", "China"]
    assert known("CN", "recovered", "2020-02-13") == []


def test_dxy_several_readings_a_day_are_revisions_of_that_day(shared_data):
    path = shared_data / "figures/dxy/DXYArea.csv"
    import_figures(path, format="dxy", by="tests", at=AFTER_ALL)
    assert known("CN-420000", "confirmed", "2020-02-12") == [33366]
    hubei = Reading.objects.filter(series__place="CN-420000", about_on="2020-02-09")
    seen = hubei.filter(series__metric="confirmed").order_by("known_at").first()
    assert seen.known_at.isoformat().startswith("2020-02-08T")  # before 8:00 in Beijing
