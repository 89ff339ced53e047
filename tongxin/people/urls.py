"""Accounts, sign-in and the trail. Mounted at the root: the addresses are given in full."""

from django.urls import include, path, re_path

from tongxin.people import views, views_audit, views_development, views_sign_in

# The libraries' own ways in, out or around: sign-up, mail, and Wagtail's sign-in, which would
# not ask for the second factor.
NOT_OFFERED = (
    r"^(?:accounts/(?:signup|email|confirm-email|password/reset|password/set|3rdparty/signup)/"
    r"|cms/(?:login|logout|password_reset|users|groups)/)"
)

urlpatterns = [
    path("desk/accounts/", views.accounts, name="desk_accounts"),
    path("desk/accounts/add/", views.add_account, name="desk_account_add"),
    path("desk/accounts/organisation/", views.add_organisation, name="desk_organisation_add"),
    path("desk/accounts/<int:user_id>/", views.account, name="desk_account"),
    path("desk/accounts/<int:user_id>/close/", views.close_account, name="desk_account_close"),
    path("desk/accounts/<int:user_id>/reopen/", views.reopen_account, name="desk_account_reopen"),
    path("desk/accounts/<int:user_id>/reset/", views.reset_sign_in, name="desk_account_reset"),
    path("desk/audit/", views_audit.trail, name="desk_audit"),
    path("desk/audit/verify/", views_audit.verify_trail, name="desk_audit_verify"),
    path("dev/sign-in/", views_development.dev_sign_in, name="dev_sign_in"),
    path("accounts/login/", views_sign_in.sign_in, name="account_login"),
    path("accounts/2fa/authenticate/", views_sign_in.second_factor, name="mfa_authenticate"),
    path("accounts/password/reset/", views.forgotten_password, name="account_forgotten_password"),
    re_path(NOT_OFFERED, views.not_offered, name="account_not_offered"),
    path("accounts/", include("allauth.urls")),
]
