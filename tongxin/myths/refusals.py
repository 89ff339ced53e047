from tongxin.refusal import Refusal, Unreadable, noop


class NothingToCheck(Unreadable):
    """Too little text to know what is meant."""

    says = noop("There is too little here to check. Paste the whole sentence that people tell.")


class TooMuchText(Unreadable):
    """More than a rumour."""

    says = noop("This is too long: paste the sentence that matters, {most} characters at most.")


class TooManyReports(Refusal):
    """The limit of one address, or of all together, is reached."""

    says = noop("Too many questions have come from here. Please try again in an hour.")
    status = 429


class NotAPicture(Unreadable):
    """The file is no picture that can be read."""

    says = noop("This file is not a picture that can be read here. Send a PNG, JPEG or WebP.")


class PictureTooLarge(Unreadable):
    """More bytes or more pixels than are read."""

    says = noop("This picture is too large. Cut out the part with the text and try again.")


class NoTextInPicture(Unreadable):
    """Nothing legible was found."""

    says = noop("No text could be read in this picture. Please type the sentence that matters.")


class PicturesNotRead(Refusal):
    """The reader is missing, busy, or took too long."""

    says = noop("The picture could not be read just now. Please type the sentence that matters.")


class AlreadySettled(Refusal):
    """A colleague was quicker."""

    says = noop("A colleague has settled this already.")


class NotPublished(Refusal):
    """The claim is a draft: nobody can read it yet."""

    says = noop("This claim is not published yet, so nobody can be told of it.")


class NothingChosen(Refusal):
    """Nothing was ticked."""

    says = noop("Choose at least one report, but not all of them.")
