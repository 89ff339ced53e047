"""How the house says no, in words for the person who asked."""


def noop(text: str) -> str:
    """Mark ``text`` for the translators. The door that shows it translates it."""
    return text


class Refusal(Exception):
    """A house rule said no, in words meant for the person who asked.

    Rules and actions raise it; the API answers ``status`` (409, or 422 where input cannot
    be read) and pages show a notice. Anything else that goes wrong is a bug, and stays a 500.
    """

    says = ""
    status = 409

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.says.format(**facts))


class Unreadable(Refusal):
    """Input that cannot be read at all: the API answers 422."""

    status = 422
