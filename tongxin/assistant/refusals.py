from tongxin.refusal import Refusal, noop


class QuestionTooLong(Refusal):
    """More than a question."""

    says = noop("This is too long for a question. Ask in {most} characters at most.")
    status = 413


class TooManyQuestions(Refusal):
    """One address asks faster than people do."""

    says = noop(
        "Too many questions came from your connection. Wait a few minutes; the guidance and the "
        "emergency number are there all the time."
    )
    status = 429


class NothingAsked(Refusal):
    """There is no word in it."""

    says = noop("Write your question in Chinese or English.")
    status = 422


class AlreadySettled(Refusal):
    """Somebody else was faster."""

    says = noop("A colleague has settled this question already.")


class NoSuchAnswer(Refusal):
    """What should answer a question is not before the public."""

    says = noop("There is no published advice or verdict of this name.")
    status = 422
