"""Posters and cards drawn from records: no designer, no browser, no font where they are shown.

A poster is one SVG whose letters are paths: measured and shaped with the fonts that come with the
installation, so that it looks the same in a browser, on a printed sheet and as PNG. Callers give
plain records (`ClaimPoster`, `CardPoster`, `SituationPoster`), a language and a size. The same
record gives the same bytes. Plain Python: no Django, no clock, no database.
"""

from tongxin.pictures.alternatives import alt_text
from tongxin.pictures.cards import card_poster
from tongxin.pictures.claims import claim_poster
from tongxin.pictures.fonts import FontsMissing
from tongxin.pictures.raster import png
from tongxin.pictures.records import (
    CardPoster,
    ClaimPoster,
    Figure,
    Point,
    Risk,
    SituationPoster,
    Size,
)
from tongxin.pictures.situations import situation_poster

__all__ = [
    "CardPoster",
    "ClaimPoster",
    "Figure",
    "FontsMissing",
    "Point",
    "Risk",
    "SituationPoster",
    "Size",
    "alt_text",
    "card_poster",
    "claim_poster",
    "png",
    "situation_poster",
]
