"""One message to one follower, by the cheapest way that can be paid for, or why none can.

The decision and its price are one transaction; WeChat is asked after it. What is not known to
have failed stays paid: a message may be lost, but is never said twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from tongxin.audit.actions import record
from tongxin.channels.wechat.accounts import account
from tongxin.channels.wechat.calling import code_of
from tongxin.channels.wechat.followers import openid_of
from tongxin.channels.wechat.ledger import Purse, Way, Wish, plan
from tongxin.channels.wechat.models import Day, Follower, Grant, Spending
from tongxin.channels.wechat.refusals import RefusedByWeChat, Unreachable
from tongxin.channels.wechat.replies import Reply, as_json
from tongxin.channels.wechat.token import with_token

CALENDAR = ZoneInfo("Asia/Shanghai")  # WeChat counts days by it
PATHS = {
    Way.CUSTOMER: "/cgi-bin/message/custom/send",
    Way.TEMPLATE: "/cgi-bin/message/template/send",
    Way.ONE_TIME: "/cgi-bin/message/subscribe/bizsend",
}
WINDOW_IS_OVER = {45015, 45047}
WAY_IS_CLOSED = {48001, 45009}  # no permission; the interface's own quota of the day
NOT_FOLLOWING = 43004
NO_CONSENT = 43101
BUSY = {-1, 45011}  # "try again later"
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Template:
    """A form that WeChat has approved, filled in: values by the names of its blanks."""

    number: str
    values: Mapping[str, str]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be said, in each way in which it can be said. The same key is said once."""

    key: str
    reply: Reply | None = None
    template: Template | None = None
    one_time: Template | None = None
    is_urgent: bool = False

    @property
    def wish(self) -> Wish:
        given = {Way.CUSTOMER: self.reply, Way.TEMPLATE: self.template, Way.ONE_TIME: self.one_time}
        return Wish(frozenset(way for way in given if given[way] is not None), self.is_urgent)


@dataclass(frozen=True, slots=True)
class Sent:
    """``is_new``: it went now, not at an earlier call with the same key."""

    way: Way
    state: str
    is_new: bool = field(default=True)


def send(number: int, outgoing: Outgoing, *, by: object, at: datetime) -> Sent:
    """Say it to the follower of this number. Where WeChat knows better, the next way is tried.

    Raises:
        NotAffordable: nothing was sent; take another way (web push, SMS, e-mail).
        Unreachable: ``is_unsent`` says whether it may be tried again.
        RefusedByWeChat: a code that no rule settles; nothing was sent.
    """
    while True:  # each turn but the last closes a way
        spending, is_new = spend(number, outgoing, at=at)
        if not is_new:
            break
        answer = _told(spending, outgoing, at=at)
        if settle(spending, answer, by=by, at=at):
            break
    return Sent(Way(spending.way), spending.state, is_new)


@transaction.atomic
def spend(number: int, outgoing: Outgoing, *, at: datetime) -> tuple[Spending, bool]:
    """What is paid for this message, and whether only now. Raises `NotAffordable`."""
    follower = Follower.objects.select_for_update().get(pk=number)
    paid = list(follower.spendings.filter(key=outgoing.key).order_by("attempt"))
    if paid and paid[-1].state != Spending.State.RETURNED:
        return paid[-1], False
    purse = purse_of(follower, outgoing, at=at)
    way = plan(purse, outgoing.wish, at=at)
    if way == Way.TEMPLATE:
        day = _day(follower.account, way, at=at)
        way = plan(replace(purse, templates_spent=day.spent), outgoing.wish, at=at)
        if way == Way.TEMPLATE:
            day.spent += 1
            day.save(update_fields=["spent"])
    grant = _spent_grant(follower, outgoing, at=at) if way == Way.ONE_TIME else None
    spending = Spending(
        follower=follower,
        key=outgoing.key,
        attempt=len(paid),
        way=way,
        grant=grant,
        is_urgent=outgoing.is_urgent,
        spent_at=at,
    )
    spending.save(force_insert=True)
    return spending, True


def purse_of(follower: Follower, outgoing: Outgoing, *, at: datetime) -> Purse:
    """What can be spent on this follower now."""
    one = account(follower.account)
    spent = follower.spendings.filter(way=Way.CUSTOMER).exclude(state=Spending.State.RETURNED)
    wrote, touched = (
        _still(follower, moment) for moment in (follower.wrote_at, follower.touched_at)
    )
    days = Day.objects.filter(account=one.name, on=day_of(at))
    counts = {day.way: day for day in days}
    return Purse(
        is_subscribed=follower.is_subscribed,
        wrote_at=wrote,
        spent_since_wrote=spent.filter(spent_at__gte=wrote).count() if wrote else 0,
        touched_at=touched,
        spent_since_touched=spent.filter(spent_at__gte=touched).count() if touched else 0,
        templates_spent=counts[Way.TEMPLATE].spent if Way.TEMPLATE in counts else 0,
        templates_a_day=one.templates_a_day,
        grants=_grants(follower, outgoing).count(),
        closed=frozenset(Way(day.way) for day in days if day.is_closed),
    )


@transaction.atomic
def settle(spending: Spending, answer: dict[str, Any], *, by: object, at: datetime) -> bool:
    """Write down what WeChat said; whether the message is on its way.

    Where another way may still work, what was paid is returned and the obstacle remembered.
    """
    code = code_of(answer)
    if code == 0:
        spending.state = Spending.State.WENT
        spending.message_id = str(answer.get("msgid", ""))[:64]
        spending.save(update_fields=["state", "message_id"])
        return True
    _remember(spending, code, by=by, at=at)
    give_back(spending, code=code)
    return False


@transaction.atomic
def give_back(spending: Spending, *, code: int) -> None:
    """It never went: what was paid can be paid again, but not a consent that WeChat denies."""
    if spending.grant_id and code != NO_CONSENT:
        Grant.objects.filter(pk=spending.grant_id).update(ended_at=None)
    spending.state, spending.code, spending.grant = Spending.State.RETURNED, code, None
    spending.save(update_fields=["state", "code", "grant"])


def day_of(at: datetime) -> date:
    """The day that a moment counts for."""
    return at.astimezone(CALENDAR).date()


def fate_of(number: int, key: str) -> str:
    """Whether a message went or arrived; "" if nothing was sent under this key."""
    rows = Spending.objects.filter(follower=number, key=key).order_by("-attempt")
    return rows.values_list("state", flat=True).first() or ""


def forget_spendings(*, at: datetime) -> int:
    """Forget what was spent and settled more than thirty days ago; how many."""
    count, _ = Spending.objects.filter(spent_at__lt=at - KEPT).delete()
    Grant.objects.filter(ended_at__lt=at - KEPT).delete()
    Day.objects.filter(on__lt=day_of(at - KEPT)).delete()
    return count


def _remember(spending: Spending, code: int, *, by: object, at: datetime) -> None:
    """The obstacle, so that nothing is tried against it again."""
    follower = Follower.objects.select_for_update().get(pk=spending.follower_id)
    if code in WINDOW_IS_OVER:
        opened = [moment for moment in (follower.wrote_at, follower.touched_at) if moment]
        follower.window_closed_at = max(opened, default=None)
        follower.save(update_fields=["window_closed_at"])
    elif code in WAY_IS_CLOSED:
        day = _day(follower.account, Way(spending.way), at=at)
        day.is_closed = True
        day.save(update_fields=["is_closed"])
        record("channels.wechat_way_closed", follower.account, by=by, way=day.way, code=code)
    elif code == NOT_FOLLOWING:
        follower.is_subscribed = False
        follower.save(update_fields=["is_subscribed"])
    elif spending.grant is not None:  # of this kind there are none at WeChat
        left = follower.grants.filter(template=spending.grant.template, ended_at=None)
        left.update(ended_at=at)


def _told(spending: Spending, outgoing: Outgoing, *, at: datetime) -> dict[str, Any]:
    """What WeChat answers to the message that was paid for."""
    follower = spending.follower
    way = Way(spending.way)
    body = {"touser": openid_of(follower), **_body(way, outgoing)}
    try:
        answer = with_token(account(follower.account), PATHS[way], body, at=at)
    except Unreachable as refusal:
        if refusal.is_unsent:
            give_back(spending, code=-1)
        raise
    except RefusedByWeChat as refusal:  # no token: it never went
        give_back(spending, code=refusal.code)
        raise
    code = code_of(answer)
    if code in BUSY:
        give_back(spending, code=code)
        raise Unreachable(reason=f"busy ({code})", is_unsent=True)
    if code not in {0, NOT_FOLLOWING, NO_CONSENT, *WINDOW_IS_OVER, *WAY_IS_CLOSED}:
        give_back(spending, code=code)
        raise RefusedByWeChat(code=code, message=str(answer.get("errmsg", "")))
    return answer


def _body(way: Way, outgoing: Outgoing) -> dict[str, Any]:
    if way == Way.CUSTOMER and outgoing.reply is not None:
        return as_json(outgoing.reply)
    form = outgoing.template if way == Way.TEMPLATE else outgoing.one_time
    if form is None:
        raise ValueError(f"nothing was given to say by {way}")
    values = {name: {"value": value} for name, value in form.values.items()}
    page = "url" if way == Way.TEMPLATE else "page"
    return {"template_id": form.number, "data": values} | ({page: form.url} if form.url else {})


def _still(follower: Follower, moment: datetime | None) -> datetime | None:
    """When a window was opened, unless WeChat has said that it is used up."""
    closed = follower.window_closed_at
    return None if moment and closed and moment <= closed else moment


def _grants(follower: Follower, outgoing: Outgoing) -> QuerySet[Grant]:
    number = outgoing.one_time.number if outgoing.one_time else ""
    return follower.grants.filter(template=number, ended_at=None).order_by("given_at", "pk")


def _spent_grant(follower: Follower, outgoing: Outgoing, *, at: datetime) -> Grant:
    """The oldest consent, spent. Nobody else can take it: the follower's row is locked."""
    grant = _grants(follower, outgoing)[0]
    grant.ended_at = at
    grant.save(update_fields=["ended_at"])
    return grant


def _day(name: str, way: Way, *, at: datetime) -> Day:
    """The day's count of this way, locked."""
    key = {"account": name, "on": day_of(at), "way": way}
    Day.objects.get_or_create(**key)
    return Day.objects.select_for_update().get(**key)
