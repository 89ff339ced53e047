"""What the organisations of a place ask the people who live there to allow."""

from dataclasses import dataclass

from django.conf import settings

from tongxin.consent.asked import Asked, asked
from tongxin.people.models import Organisation
from tongxin.places.queries import ancestors


@dataclass(frozen=True, slots=True)
class Request:
    """One purpose under the name of the authority that asks."""

    asked: Asked
    organisation: Organisation

    @property
    def sentence(self) -> str:
        return self.asked.sentence(self.organisation)

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.asked.purpose}:{self.organisation.pk}"


def requests_in(place: str | None) -> list[Request]:
    """Everything that is asked in the place, each purpose and organisation by itself."""
    codes = _responsible(place or settings.HOME_PLACE)
    rows = Organisation.objects.filter(place__in=codes).select_related("place")
    bodies = sorted(rows, key=lambda body: (codes.index(body.place_id), body.name_zh))
    return [
        Request(one, body)
        for one in asked(settings.DEFAULT_DISEASE)
        for body in bodies
        if body.kind == one.kind
    ]


def _responsible(place: str) -> list[str]:
    """The place, then those above it from the widest down."""
    return [place, *(above.pk for above in reversed(ancestors(place)))]
