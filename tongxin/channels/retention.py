"""How long what is said to people, and what they say by WeChat, is kept."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from tongxin.channels.models import Follower, Letter
from tongxin.channels.reaching.actions import KEPT_FOR as LETTER_KEPT
from tongxin.channels.sms.actions import KEPT_FOR
from tongxin.channels.wechat.intake import KEPT as TALK_KEPT
from tongxin.channels.wechat.sending import KEPT as SENT_KEPT
from tongxin.kept import OWNER, Kept
from tongxin.refusal import noop

LAW = "Personal Information Protection Law, article 19"
_SENT = Kept(
    says=noop("Until {days} days after it was used up."),
    because="WeChat counts what may be sent over a month.",
    source=LAW,
    ended_by="tongxin.channels.tasks.forget_wechat",
    days=SENT_KEPT.days,
)
KEPT = {
    "Follower": Kept(
        says=noop("As long as you follow the account."),
        because="WeChat names nobody; without it no answer could be sent.",
        source=LAW,
        ended_by=OWNER,
    ),
    "Received": Kept(
        says=noop("Until {days} days after it came."),
        because="WeChat repeats what it is not sure of.",
        source=LAW,
        ended_by="tongxin.channels.tasks.forget_wechat",
        days=TALK_KEPT.days,
    ),
    "Grant": _SENT,
    "Spending": _SENT,
    "Subscription": Kept(
        says=noop("As long as this browser follows something."),
        because="It is where the message goes.",
        source=LAW,
        ended_by="tongxin.channels.tasks.deliver",
    ),
    "Message": Kept(
        says=noop("As long as this browser follows something."),
        because="The same thing is never said twice to one browser.",
        source=LAW,
        ended_by="with channels.Subscription",
    ),
    "TextMessage": Kept(
        says=noop("Until a day after it was written."),
        because="It is sent again where the network failed.",
        source=LAW,
        ended_by="tongxin.channels.sms.tasks.forget_texts",
        days=KEPT_FOR.days,
    ),
    "Letter": Kept(
        says=noop("Its words for 30 days, that there was one for {days} days."),
        because="Whoever sent it sees whether it arrived, and nothing is said twice.",
        source=LAW,
        ended_by="tongxin.channels.tasks.forget_letters",
        days=LETTER_KEPT.days,
    ),
    "Attempt": Kept(
        says=noop("As long as the letter."),
        because="It says by which way the letter went.",
        source=LAW,
        ended_by="with channels.Letter",
    ),
    "Reach": Kept(
        says=noop("As long as your record."),
        because="It is how you want to be told.",
        source=LAW,
        ended_by="with people.Person",
    ),
    "Talk": Kept(
        says=noop("An hour after the last message."),
        because="A conversation of several messages goes on where it was.",
        source=LAW,
        ended_by="tongxin.channels.tasks.forget_wechat",
    ),
}


def active(since: datetime) -> Iterator[QuerySet]:
    """Who was written to, and who writes to us by WeChat."""
    yield Letter.objects.filter(made_at__gte=since, state=Letter.State.DELIVERED).values("person")
    yield Follower.objects.filter(wrote_at__gte=since, person__isnull=False).values("person")
