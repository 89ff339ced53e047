from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from tongxin.consent.models import Proxy, Purpose
from tongxin.consent.queries import people_acted_for, people_visible_to, proxies_in_force
from tongxin.data_files import BrokenData
from tongxin.people.models import Person, User
from tongxin.triage.models import Check, PackVersion, Reassessment
from tongxin.triage.packs import Pack
from tongxin.triage.past import carried, ends_at, is_more_urgent
from tongxin.triage.refusals import PackHasGap


@dataclass(frozen=True, slots=True)
class Moved:
    """A kept check that newer rules would end elsewhere."""

    check: Check
    disposition: str
    is_more_urgent: bool


@dataclass
class Weighed:
    """Kept checks of older rules, held against newer ones.

    Attributes:
        unread: how many the new rules cannot settle, because they ask something else.
    """

    total: int = 0
    moved: list[Moved] = field(default_factory=list)
    unread: int = 0

    @property
    def more_urgent(self) -> list[Moved]:
        return [one for one in self.moved if one.is_more_urgent]


def checks_of(person: Person) -> list[Check]:
    """What was kept of a person, in the order of time, with what newer rules say of it."""
    told = Reassessment.objects.select_related("rules").order_by("-at")
    rows = Check.objects.filter(person=person).select_related("rules")
    return list(rows.prefetch_related(Prefetch("reassessments", told)).order_by("at", "pk"))


def person_acted_for(user: User, person_id: object, *, at: datetime) -> Person | None:
    """The person, if the account is theirs or acts for them."""
    return people_acted_for(user, at=at).filter(pk=person_id).first()


def keepable_for(user: User, *, at: datetime) -> list[tuple[Person, Proxy | None]]:
    """For whom the account may keep a check: oneself first, then whom one acts for."""
    wards = proxies_in_force(at=at).filter(acts=user.person_id).select_related("person")
    return [(user.person, None), *((ward.person, ward) for ward in wards.order_by("starts_at"))]


def people_told(user: User, pack: Pack, *, at: datetime) -> list[Person]:
    """Oneself and whom one acts for, where newer rules say something else of a kept check."""
    told = Reassessment.objects.filter(rules__digest=pack.digest)
    people = people_acted_for(user, at=at).filter(self_checks__reassessments__in=told)
    return list(people.distinct().order_by("made_at"))


def patients(viewer: User, *, at: datetime) -> QuerySet[Person]:
    """Whose kept checks a clinician may open now."""
    visible = people_visible_to(viewer, purpose=Purpose.CARE, at=at)
    return visible.order_by("name", "pk")


def older_versions(pack: Pack, *, since: datetime) -> list[PackVersion]:
    """Other rules of the same disease by which checks were kept since then, the newest first."""
    rows = PackVersion.objects.filter(pack_key=pack.key, checks__at__gte=since)
    return list(rows.exclude(digest=pack.digest).distinct().order_by("-kept_at"))


def weighed(pack: Pack, versions: Iterable[PackVersion], *, since: datetime) -> Weighed:
    """What becomes of the checks kept by these rules since then, under the pack."""
    found = Weighed()
    known: dict[tuple, str] = {}  # the same answers to the same rules end at the same place
    rows = Check.objects.filter(rules__in=[*versions], at__gte=since).select_related("rules")
    for check in rows.order_by("pk").iterator(chunk_size=1000):
        found.total += 1
        same = (check.rules_id, *sorted(check.answers.items()))
        after = known[same] if same in known else known.setdefault(same, _ends_now(check, pack))
        if not after:
            found.unread += 1
        elif after != check.disposition:
            urgent = is_more_urgent(check.rules.pack, check.disposition, pack, after)
            found.moved.append(Moved(check, after, urgent))
    return found


def told_of(pack: Pack) -> set[int]:
    """The numbers of the kept checks of which these rules were told already."""
    rows = Reassessment.objects.filter(rules__digest=pack.digest)
    return set(rows.values_list("check_kept", flat=True))


def _ends_now(check: Check, pack: Pack) -> str:
    """The disposition by the pack; empty where it cannot be said."""
    try:
        return ends_at(pack, carried(check.rules.pack, pack, check.given))
    except (BrokenData, PackHasGap):
        return ""


def phones_for(person: Person, *, at: datetime) -> list[str]:
    """Where a person is reached by text: their own telephone, else of those who act for them."""
    if person.phone:
        return [person.phone]
    acting = proxies_in_force(at=at).filter(person=person).select_related("acts")
    return sorted({proxy.acts.phone for proxy in acting if proxy.acts.phone})
