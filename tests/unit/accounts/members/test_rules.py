"""Who may do what to whom among members: the whole table."""

from __future__ import annotations

import itertools

import pytest

from guance_portal.accounts.members import rules
from guance_portal.accounts.rules import Role

OWNER, ADMIN, STANDARD, READONLY = Role.OWNER, Role.ADMIN, Role.STANDARD, Role.READONLY
LOW = {STANDARD, READONLY}
GIVES = {OWNER: {ADMIN, STANDARD, READONLY}, ADMIN: LOW, STANDARD: set[Role](), READONLY: set[Role]()}


@pytest.mark.parametrize(("actor", "role"), [*itertools.product(Role, Role)])
def test_the_owner_lets_anybody_in_but_an_owner_and_administrators_the_two_below(actor: Role, role: Role) -> None:
    assert rules.may_invite(actor, role) is (role in GIVES[actor])


@pytest.mark.parametrize(("actor", "target", "new"), [*itertools.product(Role, Role, Role)])
def test_a_role_is_changed_from_and_to_what_the_actor_may_give(actor: Role, target: Role, new: Role) -> None:
    assert rules.may_change(actor, target, new) is (target in GIVES[actor] and new in GIVES[actor])


@pytest.mark.parametrize(("actor", "target"), [*itertools.product(Role, Role)])
def test_a_member_is_removed_by_anyone_who_may_give_their_role(actor: Role, target: Role) -> None:
    assert rules.may_remove(actor, target) is (target in GIVES[actor])


@pytest.mark.parametrize("actor", Role)
def test_nobody_gives_or_takes_ownership_by_changing_roles(actor: Role) -> None:
    assert OWNER not in rules.givable(actor)
    assert not any(rules.may_change(actor, OWNER, new) or rules.may_change(actor, new, OWNER) for new in Role)


@pytest.mark.parametrize("role", Role)
def test_only_the_owner_hands_over_and_only_the_owner_cannot_leave(role: Role) -> None:
    assert rules.may_transfer(role) is (role is OWNER)
    assert rules.may_leave(role) is (role is not OWNER)


def test_a_members_key_is_stable_and_says_nothing_of_the_person() -> None:
    key = rules.member_key("wksp_1", "user_1")
    assert key == rules.member_key("wksp_1", "user_1")
    assert key not in {rules.member_key("wksp_2", "user_1"), rules.member_key("wksp_1", "user_2")}
    assert "user" not in key


@pytest.mark.parametrize("viewer", Role)
def test_addresses_are_whole_for_those_who_manage_members_and_a_hint_for_the_others(viewer: Role) -> None:
    shown = rules.email_for(viewer, "lin@yunfan.example", is_own=False)
    assert shown == ("lin@yunfan.example" if viewer in (Role.OWNER, Role.ADMIN) else "l***@yunfan.example")
    assert rules.email_for(viewer, "lin@yunfan.example", is_own=True) == "lin@yunfan.example"
