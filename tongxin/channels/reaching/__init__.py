"""Letters: how one person is told something, by whichever of their ways has a receipt for it.

Apps above say `tell_person` in their own transaction; the worker carries the letter from way to
way (WeChat, web push, SMS, e-mail) until one gives a receipt, or none is left.
"""

from tongxin.channels.reaching.actions import tell_person
from tongxin.channels.reaching.queries import undelivered

__all__ = ["tell_person", "undelivered"]
