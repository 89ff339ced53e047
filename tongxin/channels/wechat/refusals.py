from enum import StrEnum

from tongxin.refusal import Refusal, Unreadable, noop


class NotFromWeChat(Refusal):
    """A wrong signature, a stale time, a broken envelope, another account: which is not said."""

    says = noop("This did not come from WeChat.")
    status = 403


class UnreadableMessage(Unreadable):
    """Signed, but no message."""

    says = noop("This is not a message of WeChat.")


class NoSuchAccount(Refusal):
    """A name that the settings do not know."""

    says = noop("There is no WeChat account called {name}.")


class BadAccount(Refusal):
    """A setting that can be no account's."""

    says = noop("The WeChat account {name} is not set up rightly: look at {fields}.")


class Reason(StrEnum):
    """Why no message can be paid for."""

    UNSUBSCRIBED = "unsubscribed"
    NO_WINDOW = "no_window"  # nothing was heard of them lately, and no other way was given
    RESERVED = "reserved"  # what is left is kept for red flags
    DAILY_CAP = "daily_cap"
    NO_CONSENT = "no_consent"  # no one-time subscription is left
    CLOSED = "closed"  # the account lacks the permission


class NotAffordable(Refusal):
    """Nothing may be sent this way now; the caller takes the next one."""

    says = noop("WeChat cannot carry this message now ({reason}).")

    def __init__(self, *, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason=reason.value)


class Unreachable(Refusal):
    """No answer, or none that can be read. Whether it went is not known."""

    says = noop("WeChat does not answer: {reason}")

    def __init__(self, *, reason: str, is_unsent: bool = False) -> None:
        self.is_unsent = is_unsent  # known never to have left us: it may be tried again
        super().__init__(reason=reason)


class RefusedByWeChat(Refusal):
    """An error code that no rule of ours settles."""

    says = noop("WeChat answered with the error {code}: {message}")

    def __init__(self, *, code: int, message: str) -> None:
        self.code = code
        super().__init__(code=code, message=message[:200])


class NotThisBrowser(Refusal):
    """A sign-in that began in another browser, or too long ago."""

    says = noop("This sign-in was begun in another browser or too long ago. Please begin again.")
    status = 403
