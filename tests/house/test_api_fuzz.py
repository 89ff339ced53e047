"""The interface keeps what its own document says, whatever is asked of it."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.situation.figures import readings
from tongxin.api import api
from tongxin.wsgi import application

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
document = schemathesis.openapi.from_dict(api.get_openapi_schema())
document.app = application


@pytest.fixture
def figures(db, monkeypatch):
    # What ends a request also ends the connection; here it is the test's own.
    monkeypatch.setattr("django.db.connection.close_if_unusable_or_obsolete", lambda: None)
    readings("CN-420000", "confirmed", [1, 2, 3, 50, 90])
    readings("CN-420000", "confirmed", {2: 4}, source="other")


@document.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_answer_is_as_the_document_says(figures, case):
    front = {"X-Forwarded-For": "198.51.100.7"}  # as the web server in front adds it
    case.call_and_validate(base_url="http://localhost", checks=CHECKS, headers=front)
