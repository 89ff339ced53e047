"""How this app says no."""

from tongxin.refusal import Refusal, noop


class NotAllowedToRelease(Refusal):
    says = noop("Your role does not allow this.")


class AnotherPublisher(Refusal):
    says = noop("Somebody else is publishing at this moment. Look again, then decide.")


class CurrentHasChanged(Refusal):
    says = noop("Another release was published since you looked. Compare again, then decide.")


class AlreadyCurrent(Refusal):
    says = noop("The public already sees this release.")


class ReleasePruned(Refusal):
    says = noop("The files of this release were removed when their time was over.")


class ReleaseStopped(Refusal):
    says = noop("The gate stops this release. Correct the figures, or ask for an override.")


class OlderThanCurrent(Refusal):
    says = noop("This release says less recent figures than the current one. Use roll back.")


class NeverPublished(Refusal):
    says = noop("The public has never seen this release; there is nothing to roll back to.")


class ReasonTooShort(Refusal):
    says = noop("Give the reason in 10 to 300 characters; it is printed in public.")


class NothingToOverride(Refusal):
    says = noop("The gate does not stop this release.")


class AlreadyAsked(Refusal):
    says = noop("An override of this release was asked for already.")


class AlreadyGranted(Refusal):
    says = noop("This override was granted already.")


class SecondPersonNeeded(Refusal):
    says = noop("Whoever asks for an override cannot grant it. A second person must.")


class HourHasPassed(Refusal):
    says = noop("That hour has passed.")


class AlreadyDecided(Refusal):
    says = noop("This appointment was carried out or cancelled already.")


class NoReplayInProduction(Refusal):
    says = noop("Replay shows past figures as if they were new. It only runs in development.")


class NoSuchRelease(Refusal):
    says = noop("There is no release “{id}”.")


class NotOneRelease(Refusal):
    says = noop("More than one release begins with “{id}”. Give more of its name.")
