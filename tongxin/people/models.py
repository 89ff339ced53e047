import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from tongxin.people.roles import Permission, Role
from tongxin.people.sealing import SealedField
from tongxin.places.models import Place


class Organisation(models.Model):
    """A body that people act for: a health authority, a hospital, a committee, a supplier."""

    class Kind(models.TextChoices):
        HEALTH_AUTHORITY = "health_authority", gettext_lazy("Health authority")
        HOSPITAL = "hospital", gettext_lazy("Hospital")
        COMMITTEE = "committee", gettext_lazy("Community committee")
        SUPPLIER = "supplier", gettext_lazy("Supplier")
        INSURER = "insurer", gettext_lazy("Insurer")
        DONOR = "donor", gettext_lazy("Donor")
        PARTNER = "partner", gettext_lazy("Partner")

    kind = models.CharField(max_length=20, choices=Kind)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="organisations")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name_zh", "place"], name="people_one_organisation_of_a_name_in_a_place"
            ),
        ]

    class Privacy:
        open = {"id", "kind", "name_zh", "name_en", "place"}

    def __str__(self):
        return self.name_en

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Person(models.Model):
    """A human being the platform knows. The only table that holds a name or a number."""

    class Document(models.TextChoices):
        RESIDENT_ID = "resident_id", gettext_lazy("Resident identity card")
        PASSPORT = "passport", gettext_lazy("Passport")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, blank=True, verbose_name=gettext_lazy("Name"))
    phone = SealedField(
        blank=True, verbose_name=gettext_lazy("Telephone"), help_text="E.164, encrypted"
    )
    phone_key = models.CharField(max_length=64, blank=True, db_index=True)
    born_on = models.DateField(null=True, blank=True, verbose_name=gettext_lazy("Date of birth"))
    place = models.ForeignKey(
        Place,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=gettext_lazy("Lives in"),
    )
    street = models.CharField(
        max_length=120, blank=True, verbose_name=gettext_lazy("Street or community")
    )
    document = models.CharField(
        max_length=12, choices=Document, blank=True, verbose_name=gettext_lazy("Identity document")
    )
    document_number = SealedField(
        blank=True, verbose_name=gettext_lazy("Number of the document"), help_text="Encrypted"
    )
    document_key = models.CharField(max_length=64, blank=True, db_index=True)
    made_at = models.DateTimeField(
        default=timezone.now, verbose_name=gettext_lazy("On record since")
    )
    warned_at = models.DateTimeField(
        null=True,
        blank=True,
        verbose_name=gettext_lazy("Warned that the record ends"),
        help_text="Nobody used the record for long; it is erased a while after this",
    )

    class Meta:
        verbose_name = gettext_lazy("You")
        verbose_name_plural = gettext_lazy("You")

    class Privacy:
        identifying = {
            "name",
            "phone",
            "born_on",
            "place",
            "street",
            "document",
            "document_number",
        }
        secret = {"phone_key", "document_key"}
        open = {"id", "made_at", "warned_at"}

    def __str__(self):
        return f"Person {self.id}"


class User(AbstractUser):
    """An account that signs in. A resident's account points to their person."""

    role = models.CharField(max_length=20, choices=Role, default=Role.RESIDENT)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="staff"
    )
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="account"
    )
    has_one_time_password = models.BooleanField(
        default=False, help_text="Given by an administrator; the desk opens once it is changed"
    )
    phone_key = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        help_text="Finds the account of a telephone",
    )
    is_cast = models.BooleanField(
        default=False, help_text="A made-up person of the sample town; may sign in by one click"
    )

    class Meta:
        verbose_name = gettext_lazy("Account")
        verbose_name_plural = gettext_lazy("Account")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="people_every_role_is_on_the_page"
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=False), name="people_nobody_stands_above_the_roles"
            ),
        ]

    class Privacy:
        identifying = {"username", "first_name", "last_name", "email", "person"}
        secret = {"password", "phone_key"}
        open = {
            "id",
            "last_login",
            "is_superuser",
            "is_staff",
            "is_active",
            "date_joined",
            "role",
            "organisation",
            "has_one_time_password",
            "is_cast",
        }

    def __str__(self):
        return f"user:{self.pk}"

    @property
    def shown_name(self) -> str:
        """The name that colleagues see."""
        return self.first_name or self.username

    def may(self, permission: Permission) -> bool:
        """Whether this account's role holds ``permission`` and the account is in use."""
        return self.is_active and permission in Role(self.role).permissions


class SignInCode(models.Model):
    """A code that was sent to a telephone, to sign in with once."""

    phone_key = models.CharField(max_length=64)
    code_key = models.CharField(max_length=64, help_text="Keyed hash of the code and the number")
    lane = models.CharField(
        max_length=64, blank=True, help_text="Keyed hash of the browser that asked"
    )
    network = models.CharField(max_length=64, blank=True, help_text="Keyed hash of its network")
    is_known = models.BooleanField(
        default=False, help_text="A device that has signed in with this number before"
    )
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_key", "made_at"], name="people_codes_of_a_phone"),
            models.Index(fields=["made_at"], name="people_codes_by_age"),
        ]

    class Privacy:
        open = {"id", "made_at", "tries", "used_at", "is_known"}
        secret = {"phone_key", "code_key", "lane", "network"}

    def __str__(self):
        return f"sign-in code {self.pk}"
