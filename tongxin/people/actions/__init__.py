"""Every write: accounts of staff, persons, and the codes residents sign in with."""

from tongxin.people.actions.accounts import (
    NameTaken,
    NotAllowedToManage,
    NotAManagedAccount,
    NotYourOwn,
    add_account,
    add_organisation,
    add_person,
    change_role,
    close_account,
    give_one_time_password,
    lift_sign_in_limit,
    move_account,
    own_password_chosen,
    reopen_account,
)
from tongxin.people.actions.codes import (
    CodeAskedTooSoon,
    WrongCode,
    forget_old_codes,
    make_code,
    redeem_code,
)
from tongxin.people.actions.persons import (
    CannotBeErased,
    correct_person,
    erase_person,
)

__all__ = [
    "CannotBeErased",
    "CodeAskedTooSoon",
    "NameTaken",
    "NotAManagedAccount",
    "NotAllowedToManage",
    "NotYourOwn",
    "WrongCode",
    "add_account",
    "add_organisation",
    "add_person",
    "change_role",
    "close_account",
    "correct_person",
    "erase_person",
    "forget_old_codes",
    "give_one_time_password",
    "lift_sign_in_limit",
    "make_code",
    "move_account",
    "own_password_chosen",
    "redeem_code",
    "reopen_account",
]
