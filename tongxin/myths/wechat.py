"""A rumour's receipt inside WeChat: the verdict, its correction, or that it waits."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from tongxin.channels.wechat.receipts import code_in
from tongxin.channels.wechat.registry import Inbound
from tongxin.channels.wechat.replies import Reply, TextReply, with_tail
from tongxin.myths.queries import report_of
from tongxin.myths.receipts import receipt_facts
from tongxin.receipt_codes import plain_code


def answer(inbound: Inbound) -> Reply | None:
    """What the receipt of the code says; nothing to who writes no code of a rumour."""
    code = code_in(inbound.content)
    report = report_of(code) if code else None
    if report is None:
        return None
    facts = receipt_facts(report, inbound.language)
    page = reverse("myth_receipt", args=[inbound.language, plain_code(code)])
    return TextReply(with_tail(_said(facts), settings.PUBLIC_URL + page))


def _said(facts: dict) -> str:
    """In the words of its page."""
    asked = f"“{facts['report'].text}”"
    told = facts["answer"]
    if told is None:
        return f"{asked}\n{_waits(facts)}"
    lines = [asked]
    if told["is_correction"]:
        lines.append(gettext("The answer was corrected"))
    verdict = gettext("Withdrawn") if told["is_withdrawn"] else told["verdict_name"]
    lines += [f"【{verdict}】{told['claim']}", told["why"]]
    return "\n".join(lines)


def _waits(facts: dict) -> str:
    if facts["is_dismissed"]:
        said = gettext("An editor has looked at it and will not answer it: %(reason)s.")
        return said % {"reason": facts["reason"]}
    if facts["near"]:
        return "\n".join([gettext("Is it this?"), *(f"– {one['claim']}" for one in facts["near"])])
    return gettext("An editor will look at it")
