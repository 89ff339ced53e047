from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext_lazy

from tongxin.monitoring.packs import pack
from tongxin.people.models import Organisation, Person
from tongxin.people.sealing import SealedField
from tongxin.questionnaires.models import Response


class Symptom(models.TextChoices):
    """SNOMED CT, as the form `daily-health-log` asks."""

    FEVER = "386661006", gettext_lazy("Fever or feeling feverish")
    COUGH = "49727002", gettext_lazy("Cough")
    BREATH = "267036007", gettext_lazy("Short of breath")
    CHEST = "29857009", gettext_lazy("Pain or pressure in the chest")
    THROAT = "162397003", gettext_lazy("Sore throat")
    TIRED = "84229001", gettext_lazy("Tiredness")
    ACHE = "68962001", gettext_lazy("Aching muscles")
    DIARRHOEA = "62315008", gettext_lazy("Diarrhoea")
    SMELL = "44169009", gettext_lazy("Loss of smell or taste")


class Feeling(models.TextChoices):
    BETTER = "better", gettext_lazy("Better than yesterday")
    SAME = "same", gettext_lazy("As yesterday")
    WORSE = "worse", gettext_lazy("Worse than yesterday")
    MUCH_WORSE = "much-worse", gettext_lazy("Much worse than yesterday")


class Level(models.IntegerChoices):
    """The same numbers as `rules.Level`."""

    WELL = 0, gettext_lazy("Nothing unusual")
    ILL = 1, gettext_lazy("Not well")
    FEVER = 2, gettext_lazy("Fever")
    DANGER = 3, gettext_lazy("Danger sign")


class Via(models.TextChoices):
    WEB = "web", gettext_lazy("Web page")
    WECHAT = "wechat", gettext_lazy("WeChat")
    SMS = "sms", gettext_lazy("Text message")
    PAPER = "paper", gettext_lazy("Paper sheet")


class Watch(models.Model):
    """How one person is watched, and where they stand: one row that lists are made of.

    What stands here of the last entry is worked out anew from the entries whenever one comes.
    """

    class Risk(models.TextChoices):
        CONTACT = "contact", gettext_lazy("Contact of a case")
        DISCHARGED = "discharged", gettext_lazy("Discharged from hospital")
        CHRONIC = "chronic", gettext_lazy("Chronic illness")
        ALONE = "alone", gettext_lazy("Lives alone and needs help")

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="watch"
    )
    begun_at = models.DateTimeField(verbose_name=gettext_lazy("Watched since"))
    zone = models.CharField(
        max_length=40, default="Asia/Shanghai", verbose_name=gettext_lazy("Time zone")
    )
    remind_at = models.TimeField(null=True, verbose_name=gettext_lazy("Hour of the reminder"))
    next_reminder_at = models.DateTimeField(
        null=True, db_index=True, verbose_name=gettext_lazy("Next reminder")
    )
    risk = models.CharField(
        max_length=10, choices=Risk, blank=True, verbose_name=gettext_lazy("At risk because")
    )
    is_older = models.BooleanField(default=False, verbose_name=gettext_lazy("Older person"))
    logged_on = models.DateField(null=True, verbose_name=gettext_lazy("Last day logged"))
    level = models.PositiveSmallIntegerField(
        choices=Level, default=Level.WELL, verbose_name=gettext_lazy("State on that day")
    )
    is_contradictory = models.BooleanField(
        default=False, verbose_name=gettext_lazy("Two people said different things")
    )
    silent_from = models.DateTimeField(
        db_index=True, verbose_name=gettext_lazy("Counts as silent from")
    )

    class Meta:
        verbose_name = gettext_lazy("How your log is watched")
        verbose_name_plural = gettext_lazy("How your log is watched")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="monitoring_every_level_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["silent_from"],
                condition=Q(level__gte=2),
                name="monitoring_feverish_by_silence",
            ),
        ]

    class Privacy:
        open = {"person", "begun_at", "zone", "remind_at", "next_reminder_at"}
        health = {"risk", "is_older", "logged_on", "level", "is_contradictory", "silent_from"}

    def __str__(self) -> str:
        return f"watch {self.pk}"

    @property
    def is_at_risk(self) -> bool:
        """Whether fever and silence of this person get a clock."""
        return bool(self.risk) or self.is_older


class Entry(models.Model):
    """What was said of one person and day, at one moment. Never changed; the answers say more."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="log_entries")
    response = models.OneToOneField(
        Response, on_delete=models.CASCADE, verbose_name=gettext_lazy("Answers")
    )
    on = models.DateField(verbose_name=gettext_lazy("Day"))
    taken_at = models.DateTimeField(verbose_name=gettext_lazy("Given at"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=gettext_lazy("Given by"),
    )
    via = models.CharField(max_length=6, choices=Via, verbose_name=gettext_lazy("Way"))
    celsius = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, verbose_name=gettext_lazy("Temperature (°C)")
    )
    symptoms = ArrayField(
        models.CharField(max_length=12, choices=Symptom), verbose_name=gettext_lazy("Symptoms")
    )
    feeling = models.CharField(
        max_length=10, choices=Feeling, blank=True, verbose_name=gettext_lazy("How they feel")
    )
    level = models.PositiveSmallIntegerField(choices=Level, verbose_name=gettext_lazy("State"))
    reasons = ArrayField(models.CharField(max_length=12), verbose_name=gettext_lazy("Because"))

    class Meta:
        verbose_name = gettext_lazy("Log entry")
        verbose_name_plural = gettext_lazy("Daily health log")
        indexes = [
            models.Index(fields=["person", "-on", "-taken_at"], name="monitoring_log_of_a_person"),
        ]

    class Privacy:
        open = {"id", "taken_at", "via"}
        identifying = {"person", "author", "response"}
        health = {"on", "celsius", "symptoms", "feeling", "level", "reasons"}

    def __str__(self) -> str:
        return f"entry {self.pk}"

    @property
    def symptom_names(self) -> str:
        """The symptoms in the reader's language."""
        return _listed([str(Symptom(code).label) for code in self.symptoms])

    @property
    def because(self) -> str:
        """Why it stands where it stands, in the reader's language."""
        return _listed([pack().reason_in_words(key, self.celsius) for key in self.reasons])


class Task(models.Model):
    """Somebody by name has to look at a person before a moment. One open task a person."""

    class Kind(models.TextChoices):
        DANGER = "danger", gettext_lazy("Danger sign")
        FEVER = "fever", gettext_lazy("Fever of a person at risk")
        SILENCE = "silence", gettext_lazy("Silence of a person at risk")

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("Waits")
        TAKEN = "taken", gettext_lazy("On it")
        DONE = "done", gettext_lazy("Done")

    class Outcome(models.TextChoices):
        WELL = "well", gettext_lazy("Reached: well enough at home")
        CLINIC = "clinic", gettext_lazy("Sent to the fever clinic")
        AMBULANCE = "ambulance", gettext_lazy("Ambulance called")
        VISITED = "visited", gettext_lazy("Visited at home")
        MISTAKE = "mistake", gettext_lazy("The entry was a mistake")
        AWAY = "away", gettext_lazy("Moved away or not found")
        WITHDRAWN = "withdrawn", gettext_lazy("Consent was withdrawn")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="log_tasks")
    kind = models.CharField(max_length=8, choices=Kind, verbose_name=gettext_lazy("What it is"))
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="tasks")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="log_tasks",
        verbose_name=gettext_lazy("In whose hands"),
    )
    body = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("Organisation"),
    )
    step = models.PositiveSmallIntegerField(
        default=0, verbose_name=gettext_lazy("Times it went on to the next in line")
    )
    state = models.CharField(
        max_length=6, choices=State, default=State.OPEN, verbose_name=gettext_lazy("State")
    )
    made_at = models.DateTimeField(verbose_name=gettext_lazy("Since"))
    due_at = models.DateTimeField(verbose_name=gettext_lazy("To be looked at by"))
    taken_at = models.DateTimeField(null=True, verbose_name=gettext_lazy("Taken at"))
    done_at = models.DateTimeField(null=True, verbose_name=gettext_lazy("Done at"))
    outcome = models.CharField(
        max_length=10, choices=Outcome, blank=True, verbose_name=gettext_lazy("What came of it")
    )
    note = SealedField(blank=True, verbose_name=gettext_lazy("Remark"))

    class Meta:
        verbose_name = gettext_lazy("Call or visit")
        verbose_name_plural = gettext_lazy("Calls and visits")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(state="done"),
                name="monitoring_one_open_task_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="done") & Q(done_at__isnull=True),
                name="monitoring_a_task_done_says_what_came_of_it",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("made_at")), name="monitoring_a_task_has_a_clock"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=~Q(state="done"), name="monitoring_open_tasks"
            ),
        ]

    class Privacy:
        open = {
            "id", "owner", "body", "step", "state", "made_at", "due_at", "taken_at", "done_at",
        }  # fmt: skip
        identifying = {"person"}
        health = {"kind", "entry", "outcome", "note"}

    def __str__(self) -> str:
        return f"task {self.pk}"


def _listed(words: list[str]) -> str:
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(words)
