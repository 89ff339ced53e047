"""The pack as plain text, to be read, read aloud or sent on."""

from tongxin.guidance.told import filled
from tongxin.triage.packs import Pack, in_language
from tongxin.triage.wording import conditions, short

TEXTS = {
    "zh": {
        "head": "从上往下读，第一条符合的规则决定去向。规则中的多个情形，有一个就算。",
        "if": "如果",
        "or": "或者",
        "why": "理由",
        "by": "来源",
        "asked": "要问的问题",
        "reviewed": "版本{version}，{who}{on}审定，{by}前复审",
        "unreviewed": "版本{version}（{on}），依据所列来源编写，尚未经临床医生审定",
    },
    "en": {
        "head": "Read from the top: the first rule that fits decides. Of its cases one is enough.",
        "if": "If",
        "or": "or",
        "why": "Why",
        "by": "Source",
        "asked": "What is asked",
        "reviewed": "Version {version}, reviewed by {who} on {on}, to be reviewed again by {by}",
        "unreviewed": "Version {version} of {on}, written from the sources named; "
        "no clinician has reviewed it yet",
    },
}


def description(pack: Pack, language: str) -> str:
    """Every question and every clause in words, with source and date."""
    words = TEXTS[short(language)]
    lines = [in_language(pack, "title", language), reviewed(pack, language), "", words["head"], ""]
    for at, clause in enumerate(pack.clause, 1):
        source = pack.sources[clause.source]
        said = [source.name(language), str(source.on), *filter(None, [source.url])]
        end = pack.dispositions[clause.disposition]
        cases = f"\n     {words['or']} ".join(conditions(pack, clause, language))
        lines += [
            f"{at}. {end.name(language)} [{clause.id}]",
            f"   {words['if']} {cases}",
            f"   {words['why']}: {in_language(clause, 'reason', language)}",
            f"   {words['by']}: {', '.join(said)}",
            "",
        ]
    for end in pack.disposition:
        lines += [f"{end.name(language)}: {filled(in_language(end, 'text', language))}"]
    lines += ["", words["asked"]]
    lines += [f"- {in_language(question, 'asks', language)}" for question in pack.question]
    return "\n".join([*lines, ""])


def reviewed(pack: Pack, language: str) -> str:
    """Version and dates of a pack, and who let it out: that nobody has is said too."""
    who = pack.reviewed_by_zh if short(language) == "zh" else pack.reviewed_by_en
    text = TEXTS[short(language)]["reviewed" if who else "unreviewed"]
    return text.format(version=pack.version, who=who, on=pack.reviewed_on, by=pack.review_by)
