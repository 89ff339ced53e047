from tongxin.refusal import Refusal, Unreadable, noop


class NotYoursToLog(Refusal):
    """Neither one's own log nor of somebody one acts for."""

    says = noop("You keep no log for this person.")
    status = 404


class NotThatDay(Unreadable):
    """Tomorrow, or a sheet that is too old to help anybody."""

    says = noop("A log is kept for today and the {days} days before it.")


class NoTemperature(Unreadable):
    """A number that no thermometer shows in that unit."""

    says = noop(
        "“{text}” is no body temperature in {unit}. It lies between 30 and 44 °C, or 86 and 111 °F."
    )


class NotUnderstood(Unreadable):
    """A line, a text message or a cell that says nothing of how somebody is."""

    says = noop("“{text}” was not understood.")


class NothingToLog(Unreadable):
    """A form without a single answer."""

    says = noop("Fill in the log of at least one person.")


class NotYoursToSettle(Refusal):
    """Another street, a withdrawn consent, or no such task: they look alike."""

    says = noop("There is no such task in your area.")
    status = 404


class SettledAlready(Refusal):
    """Somebody was quicker."""

    says = noop("This was settled by {name} meanwhile.")


class NoSuchZone(Unreadable):
    """A time zone that nobody lives in."""

    says = noop("There is no time zone “{zone}”.")
