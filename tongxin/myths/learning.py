"""The worker learns the claims of editors when they, or how they are told, have changed."""

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tongxin.meaning.vectors import EncoderMissing, Vectors
from tongxin.myths import written_claims
from tongxin.myths.known import claims_told, folder, phrasings, vectors
from tongxin.myths.queries import reports_answered_by_editors
from tongxin.myths.written_claims import Told, learn_written, load_written, save_written

REST = timedelta(minutes=10)
"""Between one learning and the next: reports come all the time."""


@dataclass
class Learner:
    """Learns beside the worker's other work, one thing at a time. Its thread asks no database."""

    looked_at: datetime | None = None
    thread: threading.Thread | None = None
    trouble: list[Exception] = field(default_factory=list)

    def look(self, at: datetime) -> None:
        """Begin to learn if there is anything new. Raises what went wrong the last time."""
        is_at_work = self.thread is not None and self.thread.is_alive()
        if is_at_work or (self.looked_at and at - self.looked_at < REST):
            return
        self.looked_at = at
        if self.trouble:
            raise self.trouble.pop()
        told, known = tellings_now(), load_written(folder())
        wanted = written_claims.digest(told)
        if not wanted:
            written_claims.forget_written(folder())
        elif known is None or wanted != known.meant.digest:
            work = (told, vectors(), folder())
            self.thread = threading.Thread(target=self.learn, args=work, daemon=True)
            self.thread.start()

    def learn(self, told: dict[str, Told], read_by: Vectors, into: Path) -> None:
        """Learn and keep it; nothing happens where the encoders are missing."""
        try:
            save_written(learn_written(told, read_by), into)
        except EncoderMissing:
            return
        except Exception as trouble:  # told to the worker, which notes it in the trail
            self.trouble.append(trouble)


LEARNER = Learner()


def tellings_now() -> dict[str, Told]:
    """Every claim that may be learned here, with how it is told by now."""
    told = claims_told(phrasings(settings.DEFAULT_DISEASE))
    reports = reports_answered_by_editors(told)
    return {slug: replace(one, reports=tuple(reports.get(slug, ()))) for slug, one in told.items()}
