"""Writes of the accounts room: one verb each."""

from accounts.actions.erasure import confirm_by_password, erase_account, foresee_erasure
from accounts.actions.groups import add_members, dissolve_group, find_person, make_group, remove_member
from accounts.actions.people import (
    change_settings,
    create_token,
    revoke_bound_token,
    revoke_token,
)

__all__ = [
    "add_members",
    "change_settings",
    "confirm_by_password",
    "create_token",
    "dissolve_group",
    "erase_account",
    "find_person",
    "foresee_erasure",
    "make_group",
    "remove_member",
    "revoke_bound_token",
    "revoke_token",
]
