"""A reply as plain text, for where there are no pages: danger first, then each quote, whole."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext

from tongxin.assistant.answering import Reply
from tongxin.assistant.quotes import Quote
from tongxin.assistant.rules import opening

LONGEST = 400
"""Characters of a quote's text; the rest is on its page."""

LIFELINE = "12356"
"""The national psychological help line, as the page of the conversation names it."""


def as_text(reply: Reply) -> str:
    """What the conversation's page shows, in the language of the moment."""
    parts = [_danger(reply)]
    if reply.is_otherwise:
        parts.append(gettext("If nobody is in danger now:"))
    parts += [in_words(quote) for quote in reply.quotes]
    parts.append(reply.note)
    parts.append(_open(reply))
    return "\n\n".join(part for part in parts if part)


def in_words(quote: Quote) -> str:
    """A quote with its source, date and page."""
    label = " · ".join(filter(None, (quote.label, quote.holds)))
    source = " · ".join(filter(None, (quote.source, quote.authority)))
    if quote.kind != "figure":
        source = f"{source} · {date_format(quote.on, 'DATE_FORMAT')}"
    lines = [f"【{label}】{quote.title}", opening(quote.text, most=LONGEST), f"—— {source}"]
    return "\n".join(filter(None, [*lines, settings.PUBLIC_URL + quote.url]))


def _danger(reply: Reply) -> str:
    """Whom to call, the gravest first."""
    number = {"number": reply.emergency_number}
    lines = []
    if "emergency" in reply.dangers:
        lines.append("⚠ " + gettext("Call %(number)s now") % number)
    elif "baby" in reply.dangers:
        lines.append("⚠ " + gettext("A baby this young with a fever needs a doctor now"))
        lines.append(gettext("Emergency: %(number)s") % number)
    if "self-harm" in reply.dangers:
        lines.append(
            gettext(
                "It is good that you say it. You are not alone with this, and there are people "
                "who will listen."
            )
        )
        lines.append(gettext("Call %(number)s") % {"number": LIFELINE})
        lines.append(gettext("In danger at this moment: %(number)s") % number)
    if not lines and reply.is_about_danger:
        lines.append(gettext("If this happens to somebody now, call %(number)s.") % number)
    return "\n".join(lines)


def _open(reply: Reply) -> str:
    """What may be meant, with numbers to choose by; and the way to an editor."""
    if reply.kind not in ("offer", "unknown"):
        return ""
    lines = []
    if reply.kind == "offer":
        lines.append(gettext("I am not sure what you mean. Is it one of these?"))
    else:
        lines.append(
            gettext(
                "I do not know. I only repeat what doctors and authorities have published here, "
                "and found nothing that answers this."
            )
        )
        lines += [gettext("The nearest:")] if reply.offers else []
    lines += [f"{at}. {quote.title}" for at, quote in enumerate(reply.offers, start=1)]
    if reply.offers:
        lines.append(gettext("Write its number to read it."))
    lines.append(gettext("Write “hand over” and an editor answers it within a day."))
    return "\n".join(lines)
