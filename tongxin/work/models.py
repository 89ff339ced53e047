from django.db import models


class Job(models.Model):
    """One entry of the schedule: when it last ran and how that went."""

    name = models.CharField(max_length=120, primary_key=True)
    next_at = models.DateTimeField()
    last_started_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, since the last success")
    last_error = models.CharField(max_length=200, blank=True, help_text="Type of the error only")

    class Privacy:
        open = {
            "name",
            "next_at",
            "last_started_at",
            "last_ok_at",
            "failures",
            "last_error",
        }

    def __str__(self):
        return self.name


class Heartbeat(models.Model):
    """The worker writes here every few seconds: its age says whether it lives."""

    worker = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Privacy:
        open = {"worker", "at"}

    def __str__(self):
        return f"{self.worker} at {self.at:%Y-%m-%d %H:%M:%S}"
