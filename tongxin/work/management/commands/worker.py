import logging
import signal
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.management.commands.db_worker import Worker

from tongxin.refusal import noop
from tongxin.work import actions

log = logging.getLogger("tongxin.work")
BETWEEN_LOOKS = 1.0  # seconds


class Command(BaseCommand):
    help = noop("Do the work in the background: the schedule and the task queue.")
    running = True

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help=noop("do what is due, then stop"))
        parser.add_argument(
            "--name", default="worker", help=noop("what to call it, where several work")
        )

    def handle(self, *, once, name, **options):
        self.name = name
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self.stop)
        while self.running:
            try:
                self.look(once=once)
            except (InterfaceError, OperationalError):
                log.exception("database lost; trying again")
                connection.close()
            if once:
                return
            time.sleep(BETWEEN_LOOKS)

    def look(self, *, once: bool) -> None:
        """One turn: say that we live, run what is due, empty the queue."""
        actions.beat(self.name, at=timezone.now())
        ran = actions.run_due_jobs(
            settings.SCHEDULE, resolve=import_string, by=self.name, clock=timezone.now
        )
        for name, error in ran:
            if error is not None:
                log.error("job %s failed", name, exc_info=error)
        Worker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.name,
            excluded_queue_names=[],
        ).run()

    def stop(self, *_) -> None:
        self.running = False
