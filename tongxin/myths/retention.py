"""How long reported rumours are kept."""

from tongxin.kept import Kept
from tongxin.refusal import noop

REPORTED_DAYS = 730

KEPT = {
    "Report": Kept(
        says=noop("Until {days} days after it was sent and answered."),
        because="A corrected verdict is told on the receipt; rumours come back with the season.",
        source="Personal Information Protection Law, article 19",
        ended_by="tongxin.myths.tasks.forget_reports",
        days=REPORTED_DAYS,
    ),
    "Cluster": Kept(
        says=noop("As long as the verdict it led to."),
        because="Who of the staff settled it answers for it.",
        source="Personal Information Protection Law, article 19",
        ended_by="with myths.Claim",
    ),
}
