"""A proof, or what stands against it, in words."""

from collections.abc import Callable, Sequence

from tongxin.refusal import noop
from tongxin.triage.answers import told, value_name
from tongxin.triage.packs import Pack, in_language
from tongxin.triage.proof import Found
from tongxin.triage.refusals import PackHasGap
from tongxin.triage.rules import Answers, outcome

SENTENCES = {
    "gap": noop("For this person no clause holds:"),
    "clause never decides": noop("Clause “{subject}” never decides: others always come first."),
    "disposition never reached": noop("“{subject}” can never be reached."),
    "question never asked": noop("“{subject}” is never asked of anybody."),
    "question never used": noop("“{subject}” is asked, and its answer changes nothing. Asked of:"),
    "danger lowers urgency": noop(
        "“{subject}”: a worse answer makes the advice less urgent. This person:"
    ),
    "unknown lowers urgency": noop(
        "“{subject}”: “don't know” is less urgent than an answer that it must cover. This person:"
    ),
}
PROVED = (
    noop("Every input ends in exactly one disposition."),
    noop("Every disposition can be reached, and every clause decides for somebody."),
    noop("Adding a danger sign never makes the advice less urgent."),
    noop("“Don't know” is never less urgent than the answers that it covers."),
    noop("No question is asked and never used."),
)


def report(
    pack: Pack, found: Sequence[Found], seconds: float, language: str, gettext: Callable
) -> str:
    """What `tongxin triage prove` prints."""
    title = f"{in_language(pack, 'title', language)} {pack.version}"
    facts = {"questions": len(pack.question), "clauses": len(pack.clause), "seconds": seconds}
    text = gettext("{questions} questions, {clauses} clauses, {seconds:.1f} s")
    lines = [f"{title} ({text.format(**facts)})"]
    if not found:
        return "\n".join([*lines, *(f"  ✓ {gettext(sentence)}" for sentence in PROVED)])
    for one in found:
        lines += _witness(pack, one, language, gettext)
    return "\n".join(lines)


def _witness(pack: Pack, one: Found, language: str, gettext: Callable) -> list[str]:
    sentence = gettext(SENTENCES[one.fault]).format(subject=_subject(pack, one, language))
    lines = [f"  ✗ {sentence}"]
    if one.before is not None:
        lines += _person(pack, one.before, language, gettext)
    if one.after is not None:
        lines.append("    " + gettext("With the other answer:"))
        lines += _person(pack, one.after, language, gettext, besides=one.before or {})
    return lines


def _subject(pack: Pack, one: Found, language: str) -> str:
    """What a fault is about, in the words of the pack."""
    if one.subject in pack.dispositions and one.fault.startswith("disposition"):
        return pack.dispositions[one.subject].name(language)
    if one.subject not in pack.questions or one.fault.startswith("clause"):
        return one.subject
    question = pack.questions[one.subject]
    asks = in_language(question, "asks", language)
    return f"{asks} {value_name(question, one.value, language)}" if one.value else asks


def _person(
    pack: Pack, answers: Answers, language: str, gettext: Callable, besides: Answers | None = None
) -> list[str]:
    """Answers and where they end; of a second person only what is told otherwise."""
    known = dict(told(pack, besides, language)) if besides else {}
    lines = [f"      {q} {a}" for q, a in told(pack, answers, language) if known.get(q) != a]
    return [*lines, f"      → {ending(pack, answers, language, gettext)}"]


def ending(pack: Pack, answers: Answers, language: str, gettext: Callable) -> str:
    """The disposition that answers lead to, in words."""
    try:
        found = outcome(pack, answers)
    except PackHasGap:
        return gettext("no disposition")
    if found.disposition is None:
        return gettext("not settled")
    return f"{found.disposition.name(language)} ({found.clauses[0].id})"
