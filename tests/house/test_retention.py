"""Whatever says something of somebody ends by itself, and says when."""

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext, override

from tongxin.kept import OWNER
from tongxin.people.models import Person
from tongxin.residents import keeping
from tongxin.residents.holdings import tables

MODELS = [
    model
    for app in apps.get_app_configs()
    if app.name.startswith("tongxin.")
    for model in app.get_models()
]
ABOUT_SOMEBODY = sorted(
    {
        model._meta.label
        for model in MODELS
        if getattr(model.Privacy, "identifying", None) or getattr(model.Privacy, "health", None)
    }
    | {model._meta.label for model, _ in tables()}
)


@pytest.mark.parametrize("label", ABOUT_SOMEBODY)
def test_every_table_about_somebody_says_until_when_it_is_kept(label):
    """A new one joins ``KEPT`` in its app's `retention.py`."""
    assert label in keeping.rules()


@pytest.mark.parametrize("label", sorted(keeping.rules()))
def test_every_rule_has_its_reason_and_an_end_that_comes_by_itself(label):
    rule = keeping.rules()[label]
    assert rule.because and rule.source and apps.get_model(label)
    assert ("{days}" in rule.says) <= (rule.days > 0)
    with override("zh-hans"):
        assert gettext(rule.says) != rule.says
    if rule.ended_by.startswith("with "):
        assert apps.get_model(rule.ended_by.removeprefix("with "))
    elif rule.ended_by != OWNER:
        assert rule.ended_by in settings.SCHEDULE and callable(import_string(rule.ended_by))


def test_every_app_that_refers_to_persons_says_when_a_record_was_used(noon, db):
    """Else records that only it knows to be in use would be erased."""
    referring = {
        model._meta.app_label
        for model in MODELS
        for field in model._meta.fields
        if field.related_model is Person
    }
    saying = {app for app, module in keeping._modules() if hasattr(module, "active")}
    assert referring <= saying
    for _, module in keeping._modules():
        for used in module.active(noon) if hasattr(module, "active") else ():
            assert None not in set(used.values_list(flat=True))
