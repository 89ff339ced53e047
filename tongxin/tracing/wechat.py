"""A suspected case's receipt inside WeChat: how far it is, and nothing of what was reported."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from tongxin.channels.wechat.receipts import code_in
from tongxin.channels.wechat.registry import Inbound
from tongxin.channels.wechat.replies import Reply, TextReply
from tongxin.tracing.models import Report
from tongxin.tracing.queries import report_of

State = Report.State


def answer(inbound: Inbound) -> Reply | None:
    """The state of the report of the code that was written; nothing to who writes no such code."""
    code = code_in(inbound.content)
    report = report_of(code) if code else None
    if report is None:
        return None
    worse = gettext("If it becomes worse, do not wait: call %(emergency_number)s.") % {
        "emergency_number": settings.EMERGENCY_NUMBER
    }
    title = gettext("Your report")
    return TextReply(f"{title} · {report.get_state_display()}\n{_state(report)}\n\n{worse}")


def _state(report: Report) -> str:
    """In the words of its page."""
    until = date_format(timezone.localtime(report.due_at), "DATETIME_FORMAT")
    waiting = gettext(
        "Nobody has read it yet. An officer of the place looks at it by %(until)s."
    ) % {"until": until}
    return {
        State.RECEIVED: waiting,
        State.LOOKING: gettext("An officer has read it and is finding out."),
        State.CASE: gettext("It was right to report: it is being followed up as a case."),
    }.get(State(report.state), str(report.get_reason_display()))
