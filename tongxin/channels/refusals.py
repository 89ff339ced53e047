from tongxin.refusal import Refusal, Unreadable, noop


class NotAKey(Unreadable):
    """Keys that no browser made."""

    says = noop("These are not the keys of a push subscription.")


class TooManyTopics(Refusal):
    """More than one device follows."""

    says = noop("One device can follow at most {most} places and receipts. Stop one of them first.")


class NotAPushService(Unreadable):
    """An endpoint that is no https address of a public server."""

    says = noop("This is not the address of a push service.")


class TooManyRequests(Refusal):
    """One address asks again and again."""

    says = noop("Too many requests from your network. Try again in an hour.")


class FromElsewhere(Refusal):
    """A page of another site has sent it."""

    says = noop("This was sent from a page of another site.")
    status = 403


class NothingToWaitFor(Refusal):
    """What became of it stands on the receipt, and nothing will follow."""

    says = noop("This is settled. Open the receipt again to read what came of it.")
