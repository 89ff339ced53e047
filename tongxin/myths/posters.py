"""A claim as a poster, drawn from the same record as its page."""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings

from tongxin import pictures
from tongxin.myths.models import Claim
from tongxin.pictures import ClaimPoster, Size

NAMES = {Size.PHONE: "poster", Size.SCREEN: "poster-screen"}


def posters(claim: Claim, language: str) -> Iterator[tuple[str, bytes]]:
    """The poster in every size, as files of a release; none of a claim that no longer holds."""
    if claim.withdrawn_on or claim.superseded_by_id:
        return
    record = poster_of(claim, language)
    for size, name in NAMES.items():
        yield f"myths/{claim.slug}/{name}.{language}.svg", _drawn(record, language, size)


@lru_cache(maxsize=1000)
def _drawn(record: ClaimPoster, language: str, size: Size) -> bytes:
    """Kept, because every edit of one claim draws the posters of all."""
    return pictures.claim_poster(record, language, size).encode()


def shown(claim: Claim, language: str) -> dict[str, str] | None:
    """What a page says of the poster: where its files lie and all that it says in words."""
    if claim.withdrawn_on or claim.superseded_by_id:
        return None
    files = {size.value: f"myths/{claim.slug}/{name}.{language}" for size, name in NAMES.items()}
    return files | {"alt": pictures.alt_text(poster_of(claim, language), language)}


def poster_of(claim: Claim, language: str) -> ClaimPoster:
    """The poster as a record."""
    return ClaimPoster(
        claim=claim.said("claim", language),
        verdict=claim.verdict,
        why=claim.said("why", language),
        sources=tuple(dict.fromkeys(one["publisher"] for one in claim.evidence)),
        answered_on=claim.since,
        true_as_of=claim.true_as_of,
        address=f"{settings.PUBLIC_URL.rstrip('/')}/{language}/myths/{claim.slug}/",
        authority=settings.AUTHORITY,
    )
