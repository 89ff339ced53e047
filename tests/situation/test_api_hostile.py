"""Whatever is asked, the answer is an answer: never a 5xx."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.situation.figures import readings

pytestmark = pytest.mark.django_db
PATHS = ["series", "series.csv", "series.parquet", "places", "places/CN", "areas", "revisions"]
PATHS += ["disagreements", "indicators", "metrics", "diseases", "sources"]
NASTY = ["\x00", "'", "%", "🦠", "-1", "9" * 400, "2020-02-30", "9999-12-31", "0001-01-01", "NaN"]
GOOD = ["CN", "CN-420000", "confirmed", "covid-19", "2020-02-12", "dxy", "1", ""]
NAMES = ["place", "parent", "q", "metric", "disease", "from", "to", "as_of", "source", "limit"]
NAMES += ["cursor", "since", "date"]
value = st.one_of(st.sampled_from(GOOD), st.sampled_from(NASTY), st.text(max_size=30))


@pytest.fixture
def figures(db):
    readings("CN-420000", "confirmed", [1, 2, 3])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PATHS), asked=st.dictionaries(st.sampled_from(NAMES), value))
def test_no_question_breaks_the_api(figures, client, path, asked):
    answer = client.get(f"/api/situation/{path}", asked)
    assert answer.status_code in {200, 404, 422}
    if answer.status_code != 200:
        assert set(answer.json()) == {"code", "message"}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(code=st.text(min_size=1, max_size=60).filter(lambda text: "/" not in text))
def test_no_place_code_breaks_the_api(client, code):
    answer = client.get(f"/api/situation/places/{code}")
    assert answer.status_code in {200, 301, 404}
