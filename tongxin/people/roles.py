"""Who may do what, on one page. Roles are given to accounts; permissions are asked by doors."""

from enum import StrEnum, auto

from django.db import models
from django.utils.translation import gettext_lazy


class Permission(StrEnum):
    DESK_OPEN = auto()  # see the staff desk at all
    FIGURES_IMPORT = auto()  # bring figures in, set up scheduled pulls
    FIGURES_DECIDE = auto()  # accept or reject a held figure, state which source precedes
    RELEASE_PREVIEW = auto()  # see the next release beside the current one
    RELEASE_PUBLISH = auto()  # publish, schedule, roll back
    RELEASE_OVERRIDE = auto()  # let a stopped release out: two different people
    CMS_EDIT = auto()  # write caveats and public text
    WORDS_REVIEW = auto()  # let advice and verdicts out that another person wrote
    ALERT_PUBLISH = auto()  # put an alert before the public and on its phones
    QUESTIONS_ANSWER = auto()  # the queue of reported rumours and unanswered questions
    AUDIT_READ = auto()  # read the trail
    ACCOUNTS_MANAGE = auto()  # make accounts, give roles
    REPORTS_HANDLE = auto()  # suspected cases of the own area
    PERSONS_READ = auto()  # open persons' records, within consent
    LOGS_READ = auto()  # daily logs, calls and visits, within consent
    LOGS_ENTER = auto()  # type in what people of the own street wrote on paper
    LOGS_COUNT = auto()  # coverage and fever of the area, without names
    PERSONS_ENTER = auto()  # enter persons of the own area from sheets they signed


class Role(models.TextChoices):
    RESIDENT = "resident", gettext_lazy("Resident")
    DUTY_OFFICER = "duty_officer", gettext_lazy("Duty officer")
    DUTY_CHIEF = "duty_chief", gettext_lazy("Chief of duty")
    EDITOR = "editor", gettext_lazy("Editor")
    REVIEWER = "reviewer", gettext_lazy("Medical reviewer")
    COMMUNITY_OFFICER = "community_officer", gettext_lazy("Community officer")
    CLINICIAN = "clinician", gettext_lazy("Clinician")
    STOREKEEPER = "storekeeper", gettext_lazy("Storekeeper")
    MEDIATOR = "mediator", gettext_lazy("Mediator")
    ADMINISTRATOR = "administrator", gettext_lazy("Administrator")

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLE_PERMISSIONS[self]

    @property
    def is_staff_role(self) -> bool:
        return bool(self.permissions)


P = Permission
FIGURES = frozenset({P.DESK_OPEN, P.FIGURES_IMPORT, P.FIGURES_DECIDE, P.RELEASE_PREVIEW})
# The authority's part in the daily log: whom nobody of the street has looked after, and the count.
LOGS = frozenset({P.LOGS_READ, P.LOGS_COUNT})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # Anyone who signs up; acts only for themselves and those they look after.
    Role.RESIDENT: frozenset(),
    # On shift at the health authority; publishes at 16:00.
    Role.DUTY_OFFICER: FIGURES
    | {P.RELEASE_PUBLISH, P.RELEASE_OVERRIDE, P.ALERT_PUBLISH, P.REPORTS_HANDLE}
    | LOGS,
    # Heads the shift: the second key to an override, and reads the trail.
    Role.DUTY_CHIEF: FIGURES
    | {P.RELEASE_PUBLISH, P.RELEASE_OVERRIDE, P.ALERT_PUBLISH, P.REPORTS_HANDLE, P.AUDIT_READ}
    | LOGS,
    # Writes public text; sees the preview, publishes no figures.
    Role.EDITOR: frozenset({P.DESK_OPEN, P.RELEASE_PREVIEW, P.CMS_EDIT, P.QUESTIONS_ANSWER}),
    # A clinician or epidemiologist who lets advice and verdicts out: never their own.
    Role.REVIEWER: frozenset({P.DESK_OPEN, P.CMS_EDIT, P.WORDS_REVIEW, P.QUESTIONS_ANSWER}),
    # Neighbourhood committee; persons of the own street, within consent.
    Role.COMMUNITY_OFFICER: frozenset(
        {
            P.DESK_OPEN,
            P.REPORTS_HANDLE,
            P.PERSONS_READ,
            P.PERSONS_ENTER,
            P.LOGS_READ,
            P.LOGS_ENTER,
        }
    ),
    # Hospital staff who treat the person, within consent.
    Role.CLINICIAN: frozenset({P.DESK_OPEN, P.PERSONS_READ}),
    # Counts goods; sees nobody's record.
    Role.STOREKEEPER: frozenset({P.DESK_OPEN}),
    # Settles disputes between organisations from the trail.
    Role.MEDIATOR: frozenset({P.DESK_OPEN, P.AUDIT_READ}),
    # Runs the installation: accounts and trail, neither figures nor persons.
    Role.ADMINISTRATOR: frozenset({P.DESK_OPEN, P.ACCOUNTS_MANAGE, P.AUDIT_READ}),
}
