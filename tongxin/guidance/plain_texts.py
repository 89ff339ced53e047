"""Guidance without a page: read aloud over a loudspeaker or a telephone, and sent as messages."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext

from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.packs import Circumstance
from tongxin.guidance.told import Told, filled, grouped, said

# GSM 03.38 carries 160 characters in a message of its own alphabet, 70 of any other (UCS-2).
LONGEST = {"en": 160, "zh-hans": 70}
# The alphabet of GSM 03.38 leaves out curly quotes, dashes and some signs; these stand for them.
IN_GSM = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
ENDS = ("。", "！", "？", ".", "!", "?")


def read_aloud(now: Told, one: Circumstance, language: str) -> str:
    """The page of a circumstance as running text: no lists, no signs, no links."""
    with translation.override(language):
        heads = {
            "do": gettext("What to do."),
            "may": gettext("What you may do."),
            "dont": gettext("What not to do."),
            "know": gettext("Good to know."),
        }
        lines = [_stopped(one.name(language), language), filled(one.intro(language))]
        for kind, rows in grouped(now.of(one.key)).items():
            if rows:
                lines += ["", heads[kind], *(_spoken(row, language) for row in rows)]
        lines += ["", *(_spoken(row, language) for row in now.danger[:1])]
    return "\n".join(lines) + "\n"


def short_messages(now: Told, one: Circumstance, language: str) -> str:
    """One message a line, each short enough to be sent as one: the firmest advice first."""
    kept = [row for row in now.of(one.key) if row.polarity != "know"]
    return "".join(f"{text}\n" for text in _messages(kept, language))


def message(row: AdviceBlock, language: str) -> str:
    """The title and as many whole sentences of the text as fit into one message."""
    longest = LONGEST[language]
    space = " " if language == "en" else ""
    text = _stopped(said(row, "title", language), language)
    for sentence in _sentences(said(row, "text", language)):
        longer = f"{text}{space}{sentence}"
        if len(_in_gsm(longer, language)) > longest:
            break
        text = longer
    return _in_gsm(text, language)


def _messages(rows: list[AdviceBlock], language: str) -> Iterator[str]:
    for row in sorted(rows, key=lambda row: not row.polarity.startswith("must")):
        yield message(row, language)


def _in_gsm(text: str, language: str) -> str:
    return text.translate(IN_GSM) if language == "en" else text


def _spoken(row: AdviceBlock, language: str) -> str:
    space = " " if language == "en" else ""
    return f"{_stopped(said(row, 'title', language), language)}{space}{said(row, 'text', language)}"


def _stopped(text: str, language: str) -> str:
    """With a full stop, so that a voice pauses."""
    return text if text.endswith(ENDS) else text + ("." if language == "en" else "。")


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with its stop.

    >>> list(_sentences("Rest. Drink 1.5 litres! Call 120."))
    ['Rest.', 'Drink 1.5 litres!', 'Call 120.']
    >>> list(_sentences("多休息。多喝水！"))
    ['多休息。', '多喝水！']
    """
    start = 0
    for at, letter in enumerate(text):
        is_end = letter in "。！？" or letter in ".!?" and text[at + 1 : at + 2] in ("", " ")
        if is_end:
            yield text[start : at + 1].strip()
            start = at + 1
    if rest := text[start:].strip():
        yield rest
