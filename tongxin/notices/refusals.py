from tongxin.refusal import Refusal, Unreadable, noop


class SecondPersonMustLook(Refusal):
    """The gravest alerts are seen by two people before the public sees them."""

    says = noop("You wrote this alert. A second person must let it out.")


class AlreadyOut(Refusal):
    """It was let out or dropped meanwhile."""

    says = noop("This alert was let out or dropped meanwhile.")


class NotTheLatest(Refusal):
    """Something follows it already."""

    says = noop("This alert was updated or ended meanwhile. Go to the latest one.")


class EndsBeforeItBegins(Refusal):
    """An alert of no length, or that is over."""

    says = noop("The alert must end after it begins, and in the future.")


class NoSuchPlace(Refusal):
    """A place code that names nothing."""

    says = noop("There is no place with the code “{code}”.")


class NotOurs(Refusal):
    """An agency's notice is not ours to change."""

    says = noop("Only our own alerts can be changed here.")


class UnknownTie(Refusal):
    """Tied to advice that does not exist."""

    says = noop("There is no advice called “{slug}”.")


class UnknownClaim(Refusal):
    """Tied to a rumour that has no published verdict."""

    says = noop("There is no published verdict called “{slug}”.")


class BrokenFeed(Unreadable):
    """What came is not what was agreed."""

    says = noop("This is not a feed that can be read: {reason}")


class BadSignature(Unreadable):
    """Signed wrongly, or by somebody else, or not at all where it must be."""

    says = noop("The signature is missing or wrong.")


class AgencyExists(Refusal):
    """Two of one name."""

    says = noop("There is already an agency called “{name}”.")


class NotACertificate(Unreadable):
    """Not what checks a signature."""

    says = noop("This is not a certificate in PEM format.")
