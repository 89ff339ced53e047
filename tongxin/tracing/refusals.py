from tongxin.refusal import Refusal, Unreadable, noop


class TooManyReports(Refusal):
    """One network reports again and again."""

    says = noop(
        "Many reports have come from your network within the hour. Try again later; if somebody "
        "is in danger, call {number}."
    )


class NothingReported(Unreadable):
    """Neither a symptom nor a word."""

    says = noop("Choose at least one symptom.")


class NoPlaceOfThatKind(Unreadable):
    """No area that an officer is responsible for."""

    says = noop("We know no place of this name. Write the county or city.")


class BeganTooLongAgo(Unreadable):
    """A day that cannot be."""

    says = noop("Choose a day within the last two months, not in the future.")


class NotYoursToHandle(Refusal):
    """Another place, or a role without the right."""

    says = noop("There is no such report in your area.")
    status = 404


class CannotFollow(Refusal):
    """A step that the state of the report does not allow."""

    says = noop("This report is “{state}” by now: look at it again.")


class ReasonMissing(Refusal):
    """Closed without a word."""

    says = noop("Say why it is closed: whoever reported it reads that.")
