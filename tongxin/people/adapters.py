import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.http import HttpRequest

from tongxin.people import guesses
from tongxin.people.models import User

# Length and not being known count; composition rules do not (NIST SP 800-63B, section 5.1.1).
PASSWORD_RULES = (
    MinimumLengthValidator(min_length=10),
    CommonPasswordValidator(),
    UserAttributeSimilarityValidator(user_attributes=("username", "first_name")),
)


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse an attempt that comes too early, whoever makes it."""
        name, address = _who(credentials), ratelimit.get_ip(request)
        if guesses.must_wait(name, address, at=time.time()):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            guesses.succeeded(_who(credentials), ratelimit.get_ip(request))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        guesses.failed(_who(credentials), at=time.time())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return guesses.key(_who(credentials), ratelimit.get_ip(request))

    def clean_password(self, password: str, user: User | None = None) -> str:
        validate_password(password, user, password_validators=PASSWORD_RULES)
        return password


def _who(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", ""))
