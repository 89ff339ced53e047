"""Why a questionnaire, or an answer to one, is not taken."""

from tongxin.refusal import Refusal, Unreadable, noop


class BrokenQuestionnaire(Unreadable):
    """A questionnaire that cannot be read; ``at`` names the item."""

    says = noop("This questionnaire cannot be read at {at}.")

    def __init__(self, at: str = "", **facts: object) -> None:
        super().__init__(at=at[:200] or "/", **facts)


class NotAQuestionnaire(BrokenQuestionnaire):
    says = noop("This is not a FHIR R4 Questionnaire in JSON.")


class TooLarge(BrokenQuestionnaire):
    says = noop("This questionnaire is too large at {at}: {what} goes beyond {most}.")


class NoLinkId(BrokenQuestionnaire):
    says = noop("The item at {at} has no linkId of its own.")


class LinkIdTwice(BrokenQuestionnaire):
    says = noop("Two items have the linkId {at}.")


class UnknownType(BrokenQuestionnaire):
    says = noop("The item {at} has a type that FHIR R4 does not know: {type}.")


class BadProperty(BrokenQuestionnaire):
    says = noop("The item {at} has a {name} that cannot be used.")


class UnknownQuestion(BrokenQuestionnaire):
    says = noop("The item {at} depends on {question}, and no item has this linkId.")


class BadExpression(BrokenQuestionnaire):
    says = noop("The item {at} has an expression that cannot be read: {expression}")


class NotAResponse(Unreadable):
    says = noop("This is not a FHIR R4 QuestionnaireResponse to this questionnaire.")


class NotAsked(Unreadable):
    says = noop("The answer to {at} does not belong: the questionnaire does not ask it there.")


class WrongAnswer(Unreadable):
    says = noop("The answer to {at} is not of the kind that is asked for.")


class TooManyAnswers(Unreadable):
    says = noop("These are more answers than can be read at once: at most {most}.")


class TooMuchToCompute(Refusal):
    says = noop("This questionnaire computes too long at {at}. Nothing was kept.")


class DoesNotSettle(Refusal):
    says = noop("This questionnaire contradicts itself: its computed values do not settle.")


class NotComplete(Unreadable):
    """Answers with errors; ``problems`` says which."""

    says = noop("{count} answers need another look. The first: {first}")
    problems: list = []  # of `checking.Problem`; set where it is raised


class OtherAnswersUnderThisKey(Refusal):
    says = noop("Other answers were sent under this key already. Take a new key.")


class BadKey(Unreadable):
    says = noop("The key of a submission has 16 to 80 letters, digits and hyphens.")


class PublishedAlready(Refusal):
    says = noop("{url} has version {version} already, with other content. Give it a new version.")


class NotADraft(Refusal):
    says = noop("Only a draft of a questionnaire can be published.")


class NotInUse(Refusal):
    says = noop("This questionnaire is no longer answered.")


class NoSuchDraft(Refusal):
    status = 404
    says = noop("There are no kept answers under this code. They are kept for 30 days.")


class AboutAPerson(Refusal):
    status = 403
    says = noop("Answers about a named person are not taken here.")


class TooOften(Refusal):
    status = 429
    says = noop("Too many answers from here. Please wait an hour.")
