from datetime import datetime

from tongxin.work.models import Heartbeat, Job

WORKER_IS_LATE = 60  # seconds without a sign of life


def worker_age_seconds(*, at: datetime) -> float | None:
    """Seconds since the worker last said it lives; None if it never did."""
    beat = Heartbeat.objects.order_by("-at").first()
    return (at - beat.at).total_seconds() if beat else None


def failing_jobs() -> list[Job]:
    """Jobs whose last runs failed, worst first."""
    return list(Job.objects.filter(failures__gt=0).order_by("-failures"))
