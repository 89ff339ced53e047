from dataclasses import replace
from datetime import timedelta

import pytest

from tests.notices.agency_server import agency_server
from tongxin.notices.actions import agencies
from tongxin.notices.actions.alerts import Said

SAID = Said(
    title_zh="江汉路商场出现病例",
    title_en="Cases at the Jianghan Road mall",
    text_zh="二月一日到过商场的人请就近检测。",
    text_en="Whoever was there on 1 February: get tested nearby.",
    places=["CN-421083"],
    severity="Moderate",
    urgency="Expected",
    certainty="Observed",
    effective_at=None,
    expires_at=None,
)


@pytest.fixture
def said(noon):
    """What an officer says, with what a test changes: ``said(severity="Extreme")``."""

    def made(**changed):
        facts = {"effective_at": noon, "expires_at": noon + timedelta(days=1), **changed}
        return replace(SAID, **facts)

    return made


@pytest.fixture
def server():
    with agency_server() as files:
        yield files


@pytest.fixture
def agency(db, server, noon):
    """An agency that speaks Chinese at ``server``'s /feed: ``agency("cap", tier=1)``."""

    def added(format="feed", **changed):
        facts = {
            "name_zh": "湖北省卫生健康委员会",
            "name_en": "Health Commission of Hubei",
            "url": f"{server.url}/feed",
            "format": format,
            "tier": 2,
            "place": "CN-420000",
            "language": "zh-hans",
        }
        return agencies.add_agency(**facts | changed, by="tests", at=noon)

    return added
