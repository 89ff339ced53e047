"""`guidance/blocks.json`: all advice that holds or will hold, for whoever reads it by machine."""

import json
from typing import Any

from django.conf import settings
from django.utils import timezone

from tongxin.guidance import packs
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.told import Told, filled

TEXTS = ("title_zh", "title_en", "text_zh", "text_en")
PLAIN = (
    "slug",
    "circumstance",
    "action",
    "polarity",
    "layer",
    "narrower_may",
    "when",
    "places",
    "asks_zh",
    "asks_en",
    "source_zh",
    "source_en",
    "source_url",
    "authority",
    "grade",
)
DAYS = ("source_on", "effective_from", "expires_on", "review_by")


def blocks_json(now: Told) -> bytes:
    """Axes of people, who cannot exist, circumstances, acts, and the blocks in page order."""
    acts, people = packs.acts(now.disease), packs.space(now.disease)
    used = {row.action for row in now.rows}
    body = {
        "disease": now.disease,
        "emergency": settings.EMERGENCY_NUMBER,
        "axes": [axis.model_dump() for axis in packs.axes(now.disease)],
        "never": [{k: sorted(v) for k, v in one.items()} for one in people.never],
        "circumstances": [_named(one) for one in now.circumstances()],
        "acts": [_named(act) for key, act in acts.items() if key in used],
        "blocks": [block(row) for row in now.rows],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def block(row: AdviceBlock) -> dict[str, Any]:
    """One piece of advice; days as ISO dates, ``expires_on`` null until it is taken back."""
    days = {name: getattr(row, name) for name in DAYS}
    changed = max(filter(None, (row.changed_zh_at, row.changed_en_at)), default=None)
    return {
        **{name: getattr(row, name) for name in PLAIN},
        **{name: filled(getattr(row, name)) for name in TEXTS},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "changed_at": timezone.localtime(changed).isoformat() if changed else None,
    }


def _named(one: packs.Named) -> dict[str, str]:
    return {"key": one.key, "name_zh": one.name_zh, "name_en": one.name_en}
