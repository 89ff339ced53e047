import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from tongxin.audit.models import Entry
from tongxin.people import actions
from tongxin.people.models import Organisation, User
from tongxin.people.roles import Permission, Role


def deeds():
    return list(Entry.objects.order_by("pk").values_list("deed", flat=True))


def add(by, username="new", **facts):
    return actions.add_account(username=username, role=Role.CLINICIAN, by=by, **facts)


def test_an_administrator_makes_an_account_that_must_change_its_password(ola, dara):
    user = add(ola, organisation=dara.organisation, one_time_password="once-only-1")
    assert user.check_password("once-only-1") and user.has_one_time_password
    assert (user.role, user.organisation) == (Role.CLINICIAN, dara.organisation)
    assert deeds()[-1] == "people.account_added"
    assert "once" not in str(Entry.objects.last().facts)


def test_an_account_without_a_password_cannot_sign_in_by_one(ola):
    assert not add(ola).has_usable_password()


@pytest.mark.parametrize("who", ["chen", "lin", "yan", "dara", "meng", "rui"])
def test_only_an_administrator_manages_accounts(cast, who, sato):
    before = len(deeds())
    for deed in (
        lambda by: add(by),
        lambda by: actions.change_role(sato.pk, role=Role.ADMINISTRATOR, by=by),
        lambda by: actions.close_account(sato.pk, by=by),
        lambda by: actions.reopen_account(sato.pk, by=by),
        lambda by: actions.move_account(sato.pk, organisation=None, by=by),
        lambda by: actions.give_one_time_password(sato.pk, password="x", by=by),
        lambda by: actions.add_organisation(
            kind="donor", name_zh="某", name_en="Some", place="CN-421083", by=by
        ),
    ):
        with pytest.raises(actions.NotAllowedToManage):
            deed(cast[who])
    assert len(deeds()) == before


def test_two_accounts_never_share_a_name(ola):
    add(ola, "Zhao")
    with pytest.raises(actions.NameTaken):
        add(ola, "zhao")


def test_a_new_role_holds_at_once(ola, sato):
    actions.change_role(sato.pk, role=Role.DUTY_OFFICER, by=ola)
    assert User.objects.get(pk=sato.pk).may(Permission.FIGURES_IMPORT)
    line = Entry.objects.last()
    assert (line.deed, line.facts) == (
        "people.role_changed",
        {"before": "storekeeper", "after": "duty_officer"},
    )


def test_saving_the_same_again_is_no_deed(ola, sato):
    before = len(deeds())
    actions.change_role(sato.pk, role=Role.STOREKEEPER, by=ola)
    actions.move_account(sato.pk, organisation=sato.organisation, by=ola)
    actions.reopen_account(sato.pk, by=ola)
    assert len(deeds()) == before


def test_nobody_changes_or_closes_their_own_account(ola):
    for deed in (
        lambda: actions.close_account(ola.pk, by=ola),
        lambda: actions.change_role(ola.pk, role=Role.DUTY_OFFICER, by=ola),
    ):
        with pytest.raises(actions.NotYourOwn):
            deed()


def test_a_closed_account_may_nothing(ola, chen):
    actions.close_account(chen.pk, by=ola)
    actions.close_account(chen.pk, by=ola)
    closed = User.objects.get(pk=chen.pk)
    assert not any(closed.may(permission) for permission in Permission)
    assert deeds().count("people.account_closed") == 1
    actions.reopen_account(chen.pk, by=ola)
    assert User.objects.get(pk=chen.pk).may(Permission.DESK_OPEN)


def test_a_lost_phone_is_replaced_and_the_old_factor_is_gone(ola):
    user = add(ola, one_time_password="first-one-1")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    user.has_one_time_password = False
    user.save()
    actions.give_one_time_password(user.pk, password="second-one-2", by=ola)
    user.refresh_from_db()
    assert user.check_password("second-one-2") and user.has_one_time_password
    assert not Authenticator.objects.exists()


def test_the_cast_never_gets_a_password(ola, chen):
    with pytest.raises(actions.NotAManagedAccount):
        actions.give_one_time_password(chen.pk, password="x", by=ola)


def test_an_organisation_is_made_once(ola):
    facts = {"kind": "donor", "name_zh": "某基金会", "name_en": "A Fund", "place": "CN-421083"}
    assert actions.add_organisation(**facts, by=ola) == actions.add_organisation(**facts, by=ola)
    assert Organisation.objects.filter(name_en="A Fund").count() == 1
    assert deeds().count("people.organisation_added") >= 1


def test_the_database_knows_no_superuser_and_no_unknown_role(chen):
    for wrong in ({"is_superuser": True}, {"role": "king"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=chen.pk).update(**wrong)


def test_no_two_accounts_are_one_person(rui, chen):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=chen.pk).update(person=rui.person)


def test_a_person_or_account_in_a_log_line_is_a_number(rui):
    assert str(rui) == f"user:{rui.pk}"
    assert rui.person.name not in str(rui.person)
