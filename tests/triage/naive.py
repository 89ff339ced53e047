"""The slow twin: walks everybody who can answer a small pack, one after the other."""

from itertools import chain, combinations, product

from tongxin.triage.conditions import UNKNOWN


def everybody(pack):
    """Every choice of an answer to every question, asked or not."""
    names = [question.key for question in pack.question]
    for answers in product(*(every_answer(question) for question in pack.question)):
        yield dict(zip(names, answers, strict=True))


def every_answer(question):
    if question.kind == "several":
        sizes = range(len(question.values) + 1)
        known = [frozenset(c) for n in sizes for c in combinations(question.values, n)]
    elif question.kind == "number":
        known = list(range(question.lowest, question.highest + 1))
    else:
        known = list(question.values)
    return [*known, UNKNOWN] if question.may_be_unknown else known


def decides(pack, answers):
    """The id of the first clause that holds, read straight from the rules; None for a gap."""
    for clause in pack.clause:
        if not clause.when or any(fits(pack, case, answers) for case in clause.when):
            return clause.id
    return None


def fits(pack, case, answers):
    return all(
        fits(pack, pack.questions[name].when, answers)
        and any_fits(pack.questions[name], wanted, answers[name])
        for name, wanted in case.items()
    )


def any_fits(question, wanted, answer):
    if question.kind == "number":
        number = question.treated_as if answer == UNKNOWN else answer
        return all(question.as_limit(text).admits(number) for text in wanted)
    if answer == UNKNOWN:
        chosen = set(question.unknown_as or question.values)
    else:
        chosen = {answer} if isinstance(answer, str) else set(answer)
    return bool(chosen & set(wanted))


def urgency(pack, answers):
    found = decides(pack, answers)
    ends = {clause.id: clause.disposition for clause in pack.clause}
    return -1 if found is None else pack.urgency(ends[found])


def faults(pack):
    """(fault, subject) of everything that `proof.faults` looks for."""
    people = list(everybody(pack))
    decided = [decides(pack, one) for one in people]
    ends = {clause.id: clause.disposition for clause in pack.clause}
    found = {("gap", "")} if None in decided else set()
    found |= {("clause never decides", c.id) for c in pack.clause if c.id not in decided}
    reached = {ends[one] for one in decided if one}
    found |= {
        ("disposition never reached", d.key) for d in pack.disposition if d.key not in reached
    }
    return found | set(chain.from_iterable(of_question(pack, q, people) for q in pack.question))


def of_question(pack, question, people):
    if not any(fits(pack, question.when, one) for one in people):
        yield "question never asked", question.key
        return
    pairs = [
        (one, one | {question.key: other}) for one in people for other in every_answer(question)
    ]
    if all(decides(pack, one) == decides(pack, other) for one, other in pairs):
        yield "question never used", question.key
    for one, other in pairs:
        before, after = one[question.key], other[question.key]
        if urgency(pack, other) < urgency(pack, one):
            if is_worse(question, before, after):
                yield "danger lowers urgency", question.key
            if after == UNKNOWN and covers(question, before):
                yield "unknown lowers urgency", question.key


def is_worse(question, before, after):
    """Whether the second answer is the first with one danger more."""
    if UNKNOWN in (before, after):
        return False
    if question.kind == "number":
        return (
            after > before
            if question.worse == "higher"
            else bool(question.worse) and after < before
        )
    if question.kind == "several":
        return any(after == before | {v} and v not in before for v in question.dangers)
    return after in question.dangers and before != after


def covers(question, before):
    if before == UNKNOWN:
        return False
    return all(question.as_limit(text).admits(before) for text in question.unknown_covers)
