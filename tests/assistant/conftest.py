from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.notices.conftest import SAID
from tongxin.guidance import packs
from tongxin.guidance.actions import fill
from tongxin.guidance.models import AdviceBlock
from tongxin.myths.actions.claims import load_shipped_claims
from tongxin.notices.actions import agencies, alerts
from tongxin.notices.actions.intake import take_in
from tongxin.notices.feeds import Entry
from tongxin.notices.models import Notice
from tongxin.notices.reading import Read


def row(circumstance: str, block: packs.ShippedBlock, at: datetime) -> AdviceBlock:
    words = AdviceBlock(slug=block.slug, disease="covid-19", live=True)
    fill(words, circumstance, block, at)
    words.effective_from = min(words.effective_from, at.date() - timedelta(days=30))
    return words


@pytest.fixture
def words(db) -> list[AdviceBlock]:
    """The advice that ships is public, as if it had been in 2020."""
    at = timezone.now()
    rows = [row(where, block, at) for where, block in packs.shipped_blocks("covid-19")]
    return AdviceBlock.objects.bulk_create(rows)


@pytest.fixture
def claims(db) -> int:
    return load_shipped_claims(disease="covid-19", by="tests", at=timezone.now())


@pytest.fixture
def ask(client):
    """Ask as a program does; gives what it answers."""

    def asked(question: str, **more: str) -> dict:
        body = {"question": question, "language": "en", **more}
        return client.post("/api/assistant/ask", body, content_type="application/json").json()

    return asked


@pytest.fixture
def alert(chen, noon):
    """An alert that Chen publishes at noon: ``alert(title_en="…", places=["CN-421083"])``."""

    def raised(**changed) -> Notice:
        span = {"effective_at": noon, "expires_at": noon + timedelta(days=1)}
        said = replace(
            SAID,
            **{
                "title_zh": "洪湖火车站停止客运服务",
                "title_en": "Honghu railway station is closed",
                "text_zh": "自今日起停止办理客运业务。已购票的旅客可全额退票。",
                "text_en": "No trains stop from today. Tickets already bought are refunded.",
                **span,
                **changed,
            },
        )
        return alerts.raise_alert(said, by=chen, at=noon)

    return raised


@pytest.fixture
def passed_on(db, noon):
    """A notice of an agency: ``passed_on("标题", "全文", days=3)`` was issued three days ago."""

    def taken(title: str, text: str = "", *, days: float = 0, tier: int = 2, **changed) -> Notice:
        facts = {
            "name_zh": "湖北省教育厅",
            "name_en": "Hubei Department of Education",
            "url": "https://jyt.example.cn/feed",
            "format": "feed",
            "tier": tier,
            "place": "CN-420000",
            "language": "zh-hans",
        }
        agency = agencies.add_agency(**facts | changed, by="tests", at=noon)
        link = "https://jyt.example.cn/1"
        entry = Entry("1", title, text, link, noon - timedelta(days=days))
        take_in(agency, Read(entries=[entry]), by="tests", at=noon)
        return Notice.objects.get(agency=agency)

    return taken
