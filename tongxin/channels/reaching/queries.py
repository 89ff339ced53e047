from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from tongxin.channels.models import Letter, Reach, Subscription
from tongxin.channels.reaching.rules import Way, ways
from tongxin.channels.rules import PERSON
from tongxin.channels.wechat.models import Follower
from tongxin.people.models import Person
from tongxin.people.sealing import match_key

HALF = 32
"""Letters of a topic's hash: as many as a receipt's topic has."""


def undelivered(*, kind: str) -> QuerySet[Letter]:
    """Letters of this kind for which no way was left, the newest first: for who wrote them."""
    rows = Letter.objects.filter(kind=kind, state=Letter.State.UNDELIVERED)
    return rows.select_related("person").order_by("-made_at", "-pk")


def due_letters(*, at: datetime) -> QuerySet[Letter]:
    """Letters to look at now, the urgent first."""
    rows = Letter.objects.filter(state=Letter.State.WAITING, next_try_at__lte=at)
    return rows.order_by("-is_urgent", "next_try_at", "pk")


def reach_of(person: Person) -> Reach:
    """What the person has said of how to reach them, or what holds for who said nothing."""
    found = Reach.objects.filter(person=person).first()
    return found or Reach(person=person, language=settings.LANGUAGE_CODE)


def ways_of(letter: Letter) -> list[Way]:
    """The ways that this letter may take, in order."""
    reach = reach_of(letter.person)
    return ways(reach.order, reach.off, is_urgent=letter.is_urgent)


def ways_there_are(person: Person) -> set[Way]:
    """The ways on which this person could be found today."""
    found = set()
    if followers_of(person):
        found.add(Way.WECHAT)
    if browsers_of(person).exists():
        found.add(Way.PUSH)
    if person.phone and (settings.SMS_URL or settings.DEVELOPMENT):
        found.add(Way.SMS)
    if address_of(person) and settings.EMAIL_HOST:
        found.add(Way.EMAIL)
    return found


def topic_of_person(person: Person) -> str:
    """The topic that a browser follows to be told what this person is told; it names nobody."""
    return PERSON + match_key("topic", str(person.pk))[:HALF]


def browsers_of(person: Person) -> QuerySet[Subscription]:
    """The browsers on which the person wants to be told."""
    return Subscription.objects.filter(topics__contains=[topic_of_person(person)]).order_by("pk")


def followers_of(person: Person) -> list[Follower]:
    """The accounts of WeChat that may write to the person: one, unless they said several may."""
    rows = list(Follower.objects.filter(person=person).order_by("linked_at", "pk"))
    return rows if reach_of(person).is_one_conversation else rows[:1]


def address_of(person: Person) -> str:
    """Where the person's account gets e-mail; a person as such has no address."""
    account = getattr(person, "account", None)
    return account.email if account and account.is_active else ""
