from django.utils.translation import gettext, ngettext

from tongxin.audit.queries import Verdict


def in_words(verdict: Verdict) -> str:
    """The verdict as a sentence for whoever asked."""
    if not verdict.is_whole:
        words = gettext("The audit trail is broken at line %(line)d of chain %(chain)d.")
        return words % {"line": verdict.line, "chain": verdict.chain}
    words = ngettext(
        "The audit trail is whole: %(count)d line.",
        "The audit trail is whole: %(count)d lines.",
        verdict.lines,
    )
    return words % {"count": verdict.lines}
