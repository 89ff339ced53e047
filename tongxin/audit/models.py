from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """Who did what to which record, and when. Written once; the database refuses changes.

    No foreign keys, so that erasing a person never breaks the trail.
    """

    chain = models.SmallIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.CharField(max_length=60, db_index=True)
    deed = models.CharField(max_length=60)
    target = models.CharField(max_length=120, db_index=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "seq"], name="audit_one_line_per_place_in_a_chain"
            ),
        ]

    class Privacy:
        open = {"id", "chain", "seq", "at", "by", "deed", "target", "facts", "previous", "hash"}

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.deed} {self.target}"

    @property
    def content(self) -> dict[str, object]:
        """What the hash covers."""
        return {
            "at": self.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(),
            "by": self.by,
            "deed": self.deed,
            "target": self.target,
            "facts": self.facts,
        }


class Head(models.Model):
    """The last line of each chain: where the next one hangs, and proof against truncation."""

    chain = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Privacy:
        open = {"chain", "seq", "hash"}

    def __str__(self):
        return f"chain {self.chain} at {self.seq}"
