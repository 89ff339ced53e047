from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext_lazy

from tongxin.data_files import BrokenData
from tongxin.guidance.told import filled
from tongxin.people.models import Person
from tongxin.triage.answers import read_answers, told
from tongxin.triage.packs import Pack, in_language, pack_from_json
from tongxin.triage.rules import Answer


class PackVersion(models.Model):
    """The rules of one version, word for word, from the day somebody kept a check by them.

    An installation edits its own pack, so a past version stands in no file that we know of.
    """

    pack_key = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    content = models.TextField(help_text="The pack as JSON")
    kept_at = models.DateTimeField()

    class Privacy:
        open = {"id", "pack_key", "version", "digest", "content", "kept_at"}

    def __str__(self) -> str:
        return f"{self.pack_key} {self.version}"

    @cached_property
    def pack(self) -> Pack:
        """The rules as they decide. Raises `BrokenData`: a later build cannot read them."""
        return pack_from_json(self.content, name=str(self), digest=self.digest)


class Check(models.Model):
    """A self-check that somebody chose to keep. Never changed; deleted when they say so."""

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="self_checks",
        verbose_name=gettext_lazy("Person"),
    )
    rules = models.ForeignKey(
        PackVersion,
        on_delete=models.PROTECT,
        related_name="checks",
        verbose_name=gettext_lazy("Rules"),
    )
    key_hash = models.CharField(max_length=64, unique=True, help_text="One check is kept once")
    answers = models.JSONField(
        verbose_name=gettext_lazy("Answers"), help_text="Question → answer as forms write it"
    )
    disposition = models.CharField(max_length=40, verbose_name=gettext_lazy("Outcome"))
    clause = models.CharField(max_length=63, verbose_name=gettext_lazy("Reason"))
    language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, verbose_name=gettext_lazy("Language")
    )
    at = models.DateTimeField(verbose_name=gettext_lazy("Checked"))

    class Meta:
        verbose_name = gettext_lazy("Self-check")
        verbose_name_plural = gettext_lazy("Self-checks you kept")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(disposition="") & ~models.Q(clause=""),
                name="triage_a_kept_check_has_come_to_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "at"], name="triage_checks_of_a_person"),
            models.Index(fields=["at"], name="triage_checks_by_age"),
        ]

    class Privacy:
        identifying = {"person"}
        health = {"answers", "disposition", "clause"}
        secret = {"key_hash"}
        open = {"id", "rules", "language", "at"}

    def __str__(self) -> str:
        return f"self-check {self.pk}"

    @property
    def given(self) -> dict[str, Answer]:
        """The answers as the rules read them; none where this build cannot read the rules."""
        try:
            return read_answers(self.rules.pack, self.answers, "en")
        except BrokenData:
            return {}

    def end_name(self, language: str) -> str:
        """The advice in words; its key where this build cannot read the rules."""
        return _name(self.rules, self.disposition, language)

    def reason(self, language: str) -> str:
        """Why; the clause's name where this build cannot read the rules."""
        try:
            clauses = {one.id: one for one in self.rules.pack.clause}
        except BrokenData:
            return self.clause
        return filled(in_language(clauses[self.clause], "reason", language))

    def told(self, language: str) -> list[tuple[str, str]]:
        """Questions and answers in words; as stored where this build cannot read the rules."""
        try:
            return told(self.rules.pack, self.given, language)
        except BrokenData:
            return [*self.answers.items()]

    # What "my record" shows in place of keys.

    def get_answers_display(self) -> str:
        comma = "; " if _language() == "en" else "；"
        return comma.join(f"{asks} {answer}" for asks, answer in self.told(_language()))

    def get_disposition_display(self) -> str:
        return self.end_name(_language())

    def get_clause_display(self) -> str:
        return self.reason(_language())


class Reassessment(models.Model):
    """What newer rules say of a kept check, where it is something else. Told once."""

    check_kept = models.ForeignKey(
        Check,
        on_delete=models.CASCADE,
        related_name="reassessments",
        verbose_name=gettext_lazy("Self-check"),
    )
    rules = models.ForeignKey(
        PackVersion,
        on_delete=models.PROTECT,
        related_name="reassessments",
        verbose_name=gettext_lazy("Rules"),
    )
    disposition = models.CharField(max_length=40, verbose_name=gettext_lazy("Outcome now"))
    is_more_urgent = models.BooleanField(verbose_name=gettext_lazy("More urgent"))
    at = models.DateTimeField(verbose_name=gettext_lazy("Told"))

    class Meta:
        verbose_name = gettext_lazy("What newer rules say of a self-check")
        verbose_name_plural = gettext_lazy("What newer rules say of your self-checks")
        constraints = [
            models.UniqueConstraint(
                fields=["check_kept", "rules"], name="triage_a_change_of_rules_is_told_once"
            ),
        ]

    class Privacy:
        open = {"id", "check_kept", "rules", "at"}
        health = {"disposition", "is_more_urgent"}

    def __str__(self) -> str:
        return f"reassessment {self.pk}"

    def end_name(self, language: str) -> str:
        """The advice of the newer rules in words."""
        return _name(self.rules, self.disposition, language)

    def get_disposition_display(self) -> str:
        return self.end_name(_language())


def _language() -> str:
    return get_language() or "zh-hans"


def _name(rules: PackVersion, disposition: str, language: str) -> str:
    try:
        return rules.pack.dispositions[disposition].name(language)
    except BrokenData:
        return disposition
