"""What the page about the figures shows, from the same files that the rules read."""

from collections.abc import Iterable
from typing import Any

from tongxin.situation import wording
from tongxin.situation.diseases import CaseDefinition, packs
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Source
from tongxin.situation.risk import load_notice
from tongxin.situation.thresholds import SMALL_CELL


def about_facts(sources: Iterable[Source], disease: str, language: str) -> dict[str, Any]:
    """Definitions, sources and rules in a language."""
    chinese = language.startswith("zh")
    pack = packs().get(disease)
    return {
        "metrics": [
            {
                "name": m.name(language),
                "definition": m.definition(language),
                "source": wording.said_in(m.source, language),
            }
            for m in metrics().values()
        ],
        "disease": pack.name(language) if pack else disease,
        "definitions": [_definition(d, language) for d in pack.case_definition] if pack else [],
        "interval": {
            "mean": wording.number(pack.serial_interval.mean_days, 1),
            "sd": wording.number(pack.serial_interval.sd_days, 1),
            "source": pack.serial_interval.source,
        }
        if pack
        else None,
        "sources": [
            {
                "name": s.name_zh if chinese else s.name_en,
                "url": s.url,
                "licence": s.licence,
                "tier": Source.Tier(s.tier).label,
            }
            for s in sources
        ],
        "notice": _notice(language),
        "small_most": SMALL_CELL - 1,
    }


def _definition(definition: CaseDefinition, language: str) -> dict[str, str]:
    chinese = language.startswith("zh")
    until = f" – {wording.day(definition.until, language)}" if definition.until else " –"
    return {
        "issuer": definition.issuer_zh if chinese else definition.issuer_en,
        "version": wording.said_in(definition.version, language),
        "text": definition.text_zh if chinese else definition.text_en,
        "days": wording.day(definition.valid_from, language) + until,
        "source": wording.said_in(definition.source, language),
    }


def _notice(language: str) -> dict[str, Any]:
    notice, chinese = load_notice(), language.startswith("zh")
    return {
        "title": notice.title_zh if chinese else notice.title_en,
        "issuer": notice.issuer_zh if chinese else notice.issuer_en,
        "day": wording.day(notice.issued_on, language),
        "clauses": [
            {
                "level": c.level,
                "name": wording.level_name(c.level),
                "text": c.says_zh if chinese else c.says_en,
            }
            for c in notice.clause
        ],
    }
