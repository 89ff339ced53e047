from datetime import datetime

import pytest
from django.utils import timezone

from tongxin.guidance import packs
from tongxin.guidance.actions import fill
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.workflow import establish_review
from tongxin.people.actions import add_account
from tongxin.people.roles import Role


def row(circumstance: str, block: packs.ShippedBlock, at: datetime) -> AdviceBlock:
    words = AdviceBlock(slug=block.slug, disease="covid-19", live=True)
    fill(words, circumstance, block, at)
    return words


@pytest.fixture
def guidance(db) -> list[AdviceBlock]:
    """What ships is public and the review stands, without the minutes of the first start."""
    establish_review()
    at = timezone.now()
    rows = [
        row(circumstance, block, at) for circumstance, block in packs.shipped_blocks("covid-19")
    ]
    return AdviceBlock.objects.bulk_create(rows)


@pytest.fixture
def second_reviewer(cast):
    return add_account(
        username="second",
        role=Role.REVIEWER,
        display_name="Second",
        organisation=cast["qing"].organisation,
        is_cast=True,
        by="tests",
    )
