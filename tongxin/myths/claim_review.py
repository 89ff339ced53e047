"""A claim as schema.org's ClaimReview, by which search engines show the verdict."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from tongxin.myths.models import Claim, Ruling

# schema.org asks for a number beside the word: the higher, the truer.
RATINGS = {"false": 1, "misleading": 2, "unproven": 3, "true": 5}
BEST, WORST = 5, 1
NEVER_IN_A_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028"}


def claim_review(claim: Claim, rulings: Sequence[Ruling], language: str) -> str:
    """The JSON-LD of a claim's page, safe inside a script element."""
    text = json.dumps(review(claim, rulings, language), ensure_ascii=False, sort_keys=True)
    return "".join(NEVER_IN_A_SCRIPT.get(letter, letter) for letter in text)


def review(claim: Claim, rulings: Sequence[Ruling], language: str) -> dict[str, Any]:
    """The same as a record. Source: https://schema.org/ClaimReview."""
    public = settings.PUBLIC_URL.rstrip("/")
    author = getattr(settings, "AUTHORITY", "") or gettext("Tongxin")
    changed = timezone.localtime(rulings[0].said_from).date() if rulings else claim.true_as_of
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{public}/{language}/myths/{claim.slug}/",
        "inLanguage": "en" if language == "en" else "zh-Hans",
        "datePublished": claim.since.isoformat(),
        "dateModified": max(changed, claim.since).isoformat(),
        "claimReviewed": claim.said("claim", language),
        "reviewBody": claim.said("why", language),
        "author": {"@type": "Organization", "name": author, "url": f"{public}/"},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATINGS[claim.verdict],
            "bestRating": BEST,
            "worstRating": WORST,
            "alternateName": claim.get_verdict_display(),
        },
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": gettext("Told on social media")},
            "datePublished": claim.since.isoformat(),
            "name": claim.said("claim", language),
        },
        "citation": [one["url"] for one in claim.evidence],
    }
