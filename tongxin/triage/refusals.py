from tongxin.refusal import Refusal, Unreadable, noop


class NotAnAnswer(Unreadable):
    """Something that the question does not offer."""

    says = noop("“{question}”: {given} is not one of the answers.")


class NotANumber(Unreadable):
    """A number is asked for."""

    says = noop("“{question}”: write a number, for example {example}.")


class NotPlausible(Unreadable):
    """A number that nobody alive has, or that the scale does not have."""

    says = noop(
        "“{question}”: {given} cannot be. From {least} to {most} {unit}, in steps of {step}. "
        "Measure again. If the person seems gravely ill, call {emergency}."
    )


class NotAnswered(Unreadable):
    """Nothing was chosen."""

    says = noop("“{question}”: choose an answer, or say that you do not know.")


class Contradiction(Unreadable):
    """“None of these” together with one of these."""

    says = noop(
        "“{question}”: you chose some of these and also that there are none, or that you do not "
        "know. Choose again."
    )


class NoSuchQuestion(Unreadable):
    """An answer to something that is not asked."""

    says = noop("There is no question “{question}” in this self-check.")


class NoSuchPack(Unreadable):
    """A pack that does not ship and is no file."""

    says = noop("There is no pack “{pack}”: neither of that name nor a file.")


class PackHasGap(Refusal):
    """No clause holds for these answers; a proved pack has no such case."""

    says = noop("The rules have no clause for these answers. Please ask a doctor.")


class BrokenTable(Unreadable):
    """A file of cases that cannot be used."""

    says = noop("{file} cannot be read as a table: {why}")


class BrokenRow(Unreadable):
    """A line of a file of cases that cannot be used."""

    says = noop("{file}, line {line}: {why}")


class BrokenCode(Unreadable):
    """A code that is mistyped or cut."""

    says = noop("This code is not complete or has a wrong character. Scan or type it again.")


class OtherVersion(Refusal):
    """A code of other rules."""

    says = noop(
        "This code was made with version {theirs} of the rules; here is version {ours}. "
        "Ask the person again."
    )


class NotUnderstood(Unreadable):
    """A typed answer that can be read in no way, or in two."""

    says = noop(
        "I did not understand that as an answer. Choose one of these, or type its letter or words."
    )


class NotYoursToKeep(Refusal):
    """Kept for somebody for whom the account does not act."""

    says = noop("You can keep a self-check only for yourself and for people you act for.")


class NotFinished(Unreadable):
    """Kept before its end."""

    says = noop("This self-check has not come to its end. Answer the questions first.")


class NothingHeld(Refusal):
    """The result waited too long, or never was there."""

    says = noop(
        "There is no result to keep: it waits half an hour, until you have signed in. Do the "
        "self-check again."
    )


class NoSuchCheck(Refusal):
    """A kept check that is not there, or not for this account."""

    says = noop("There is no such self-check.")
    status = 404


class RulesMovedOn(Refusal):
    """The rules changed between looking at a change and telling of it."""

    says = noop("The rules have changed again since you opened this page. Look at it once more.")
