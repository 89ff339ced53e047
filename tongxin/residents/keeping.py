"""Until when everything is kept, as the apps state it, and whose record nobody uses any more."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.translation import gettext

from tongxin.kept import Kept
from tongxin.people.models import Person


@cache
def rules() -> dict[str, Kept]:
    """The rule of each table by its label."""
    return {
        f"{app}.{model}": rule for app, module in _modules() for model, rule in module.KEPT.items()
    }


def kept_until(model: type[Model]) -> str:
    """Until when rows of this table are kept, for whom they are about."""
    rule = rules()[model._meta.label]
    return gettext(rule.says).format(days=rule.days)


def idle_persons(*, since: datetime) -> QuerySet[Person]:
    """Residents' records that nobody used, may see or acts for since then; never staff's."""
    idle = Person.objects.all()
    for _, module in _modules():
        for used in module.active(since) if hasattr(module, "active") else ():
            idle = idle.exclude(pk__in=used)
    return idle


def _modules() -> Iterator[tuple[str, ModuleType]]:
    for config in apps.get_app_configs():
        name = f"{config.name}.retention"
        if config.name.startswith("tongxin.") and find_spec(name):
            yield config.label, import_module(name)
