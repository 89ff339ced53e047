from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView

from tongxin.people.access import public


class SignInView(LoginView):
    """allauth's sign-in without its ``site``, which would hide what our pages know as such."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context


class SecondFactorView(AuthenticateView):
    """The same of the second step of a sign-in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context


sign_in = public(SignInView.as_view())
second_factor = public(SecondFactorView.as_view())
