"""How long what is said to people, and what they say by WeChat, is kept."""

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
}
