"""How an account's role answers Django's and Wagtail's own permission questions."""

from allauth.account.auth_backends import AuthenticationBackend

from tongxin.people.models import User
from tongxin.people.roles import Permission

# Wagtail asks by Django's permission names; an editor's role answers these.
EDITORIAL = {"wagtailadmin.access_admin"}
# What editors write. Nobody may "publish": words come out by review, see `guidance.workflow`.
WRITTEN = ("situation.caveat", "guidance.adviceblock", "myths.claim", "notices.notice")
EDITORIAL_APPS = {
    f"{app}.{deed}_{model}"
    for app, model in (name.split(".") for name in WRITTEN)
    for deed in ("add", "change", "delete", "view")
}


class RoleBackend(AuthenticationBackend):
    """Signs in as allauth does; permissions come from `roles.py` and nowhere else."""

    def has_perm(self, user_obj: User, perm: str, obj: object = None) -> bool:
        if not isinstance(user_obj, User) or not user_obj.may(Permission.CMS_EDIT):
            return False
        return perm in EDITORIAL or perm in EDITORIAL_APPS

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return isinstance(user_obj, User) and user_obj.may(Permission.CMS_EDIT)

    def get_all_permissions(self, user_obj: User, obj: object = None) -> set[str]:
        if isinstance(user_obj, User) and user_obj.may(Permission.CMS_EDIT):
            return EDITORIAL | EDITORIAL_APPS
        return set()
