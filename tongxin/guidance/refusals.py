from tongxin.refusal import Refusal, noop


class AdviceContradicts(Refusal):
    """Two pieces of advice tell one person opposite things."""

    says = noop(
        "This cannot be published: “{one}” and “{other}” tell the same person opposite things "
        "({person}; from {day}). Change for whom one of them is, or its days."
    )


class NobodyTold(Refusal):
    """Somebody would be told nothing at all."""

    says = noop(
        "This cannot be published: some people would be told nothing ({person}; from {day}). "
        "Keep one piece of advice for everyone."
    )


class NobodyReached(Refusal):
    """Nobody would ever get this advice."""

    says = noop(
        "This cannot be published: nobody would ever get “{one}”. No person is like that, its "
        "days are over, or narrower advice always takes its place."
    )


class PersonaLost(Refusal):
    """A stored person would no longer get the advice they must get."""

    says = noop(
        "This cannot be published: {person} would no longer get “{one}”. If that is meant, "
        "change the stored people first."
    )


class PersonaGains(Refusal):
    """A stored person would get advice that they must not get."""

    says = noop("This cannot be published: {person} would get “{one}”, which is not for them.")


class NotYourOwn(Refusal):
    """The writer of a change cannot be its reviewer."""

    says = noop("You wrote this. Another reviewer must look at it before it is published.")


class NotAReviewer(Refusal):
    """Only a reviewer lets words out, and only through review."""

    says = noop("Only a medical reviewer lets this out or takes it back. Submit it for review.")
