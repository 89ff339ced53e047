"""A letter by WeChat: through whichever account of the person can pay for it."""

from collections.abc import Iterator
from datetime import datetime

from tongxin.channels.models import Attempt, Spending
from tongxin.channels.reaching import queries
from tongxin.channels.reaching.receipts import FAILED, OPEN, Fate, fate_of
from tongxin.channels.wechat.accounts import account, accounts
from tongxin.channels.wechat.models import Follower
from tongxin.channels.wechat.refusals import NotAffordable, RefusedByWeChat, Unreachable
from tongxin.channels.wechat.replies import Article, NewsReply
from tongxin.channels.wechat.sending import Outgoing, Template, send
from tongxin.channels.words import Words


def start(attempt: Attempt, *, by: str, at: datetime) -> Fate:
    """Say it, if it was not said; what became of it at once.

    What one account has paid for no other says again, even where nobody knows whether it went.
    """
    letter = attempt.letter
    paid = Spending.objects.filter(follower__person=letter.person_id, key=letter.about)
    if paid.exclude(state=Spending.State.RETURNED).exists():
        return fate_of(attempt)
    found = [Fate(FAILED, "no account")]
    for number, outgoing in _offers(attempt):
        try:
            send(number, outgoing, by=by, at=at)
        except (NotAffordable, RefusedByWeChat) as refusal:
            found.append(Fate(FAILED, _reason(refusal)))
        except Unreachable as refusal:
            if not refusal.is_unsent:
                return Fate(OPEN, "nobody knows")
            found.append(Fate(OPEN, "unreachable"))
        else:
            return fate_of(attempt)
    return next((fate for fate in found if fate.state == OPEN), found[-1])


def _reason(refusal: NotAffordable | RefusedByWeChat) -> str:
    if isinstance(refusal, NotAffordable):
        return refusal.reason.value
    return f"error {refusal.code}"


def _offers(attempt: Attempt) -> Iterator[tuple[int, Outgoing]]:
    """Each account that may write to the person, with each form in which it may be said."""
    for follower in queries.followers_of(attempt.letter.person):
        if follower.account in accounts():
            for outgoing in _forms(attempt, follower):
                yield follower.pk, outgoing


def _forms(attempt: Attempt, follower: Follower) -> Iterator[Outgoing]:
    """In which forms it is offered: what is urgent first in those of which arrival is reported."""
    letter, one = attempt.letter, account(follower.account)
    words = letter.words_in(follower.language)
    card = NewsReply(Article(words.title, words.body, words.address))
    template = _filled(one.letter_template, one.letter_blanks, words)
    one_time = _filled(one.letter_one_time, one.letter_blanks, words)
    given = {"key": letter.about, "is_urgent": letter.is_urgent}
    if letter.is_urgent:
        yield Outgoing(template=template, one_time=one_time, **given)
        yield Outgoing(reply=card, **given)
    else:
        yield Outgoing(reply=card, template=template, one_time=one_time, **given)


def _filled(number: str, blanks: tuple[str, str], words: Words) -> Template | None:
    """The account's approved form with title and text, if it has one."""
    if not number:
        return None
    title, body = blanks
    return Template(number, {title: words.title, body: words.body}, url=words.address)
