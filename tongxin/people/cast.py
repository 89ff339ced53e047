"""The cast: the made-up people of the sample town, used by `make run` and by every test."""

from dataclasses import dataclass

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.people.actions import add_account, add_organisation, add_person
from tongxin.people.models import Organisation, User
from tongxin.people.roles import Role
from tongxin.refusal import noop

AUTHORITY = "authority"
ORGANISATIONS = {
    AUTHORITY: ("health_authority", "洪湖市卫生健康局", "Honghu Health Authority"),
    "hospital": ("hospital", "洪湖市人民医院", "Honghu People's Hospital"),
    "committee": ("committee", "新堤街道社区居委会", "Xindi Community Committee"),
    "county": ("partner", "洪湖市人民政府", "Honghu County Government"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the cast: who they are and what they are for."""

    username: str
    role: Role
    name: str
    organisation: str | None
    about: str


CAST = (
    Part("chen", Role.DUTY_OFFICER, "陈明 Chen Ming", AUTHORITY, noop("publishes the figures")),
    Part("lin", Role.DUTY_CHIEF, "林芳 Lin Fang", AUTHORITY, noop("holds the second key")),
    Part("yan", Role.EDITOR, "严冰 Yan Bing", AUTHORITY, noop("writes the public text")),
    Part("qing", Role.REVIEWER, "卿医生 Dr Qing", AUTHORITY, noop("reviews advice and verdicts")),
    Part("ola", Role.ADMINISTRATOR, "欧拉 Ola", AUTHORITY, noop("makes the accounts")),
    Part("dara", Role.CLINICIAN, "达拉 Dara", "hospital", noop("treats patients")),
    Part("sato", Role.STOREKEEPER, "佐藤 Sato", "hospital", noop("counts the stock")),
    Part("wei", Role.COMMUNITY_OFFICER, "魏强 Wei Qiang", "committee", noop("knows the street")),
    Part("meng", Role.MEDIATOR, "孟德 Meng De", "county", noop("settles disputes")),
    Part("rui", Role.RESIDENT, "瑞 Rui", None, noop("lives in Honghu")),
    Part("sam", Role.RESIDENT, "山姆 Sam", None, noop("a stranger; may see nobody's record")),
)


@transaction.atomic
def assemble_cast(*, by: User | str, place: str) -> dict[str, User]:
    """The whole cast, made if it is new, by user name."""
    bodies: dict[str, Organisation] = {
        key: add_organisation(kind=kind, name_zh=zh, name_en=en, place=place, by=by)
        for key, (kind, zh, en) in ORGANISATIONS.items()
    }
    cast = {user.username: user for user in User.objects.filter(is_cast=True)}
    new = [part for part in CAST if part.username not in cast]
    for part in new:
        person = add_person(name=part.name, place=place, by=by)
        cast[part.username] = add_account(
            username=part.username,
            role=part.role,
            display_name=part.name,
            organisation=bodies.get(part.organisation) if part.organisation else None,
            person=person,
            is_cast=True,
            by=by,
        )
    if new:
        record("people.cast_assembled", place, by=by, added=len(new))
    return cast
