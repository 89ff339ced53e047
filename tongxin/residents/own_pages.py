"""Whose page it is: one's own, or of somebody one acts for."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from tongxin.people.models import Person
from tongxin.residents import queries


def person_or_404(request: HttpRequest, person_id: UUID) -> Person:
    """The person whose pages these are. A record you may not know of is 404."""
    person = queries.person_for(request.user, person_id, at=timezone.now())
    if person is None:
        raise Http404
    return person
