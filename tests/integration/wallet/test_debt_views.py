"""What payer, members and operators see of a debt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.debts import Debtor
from tests.support.paid_workspaces import Paid, paid_workspaces


@pytest.fixture
async def paid(services: Services) -> Paid:
    return await paid_workspaces(services)


def payer(paid: Paid) -> Actor:
    return Actor(realm=Realm.FEE_CENTER, subject_id=paid.account_id, session_id="s")


async def test_the_moves_of_a_debt_end_where_nothing_was_owed(services: Services, paid: Paid) -> None:
    debtor = Debtor(services, paid.account_id)
    await debtor.charge(20_00)
    await debtor.recharge(50_00)
    await debtor.charge(40_00, 5_00)
    await debtor.recharge(3_00)
    moves = await services.debt_views.moves(payer(paid))
    assert [(move.act, move.minor, move.owed) for move in moves] == [
        ("recharge", -3_00, 12_00),
        ("bill", 5_00, 15_00),
        ("bill", 10_00, 10_00),
    ]


async def test_owner_and_administrators_see_the_debt_others_the_lock_alone(
    services: Services, paid: Paid, clock: MovableClock
) -> None:
    debtor = Debtor(services, paid.account_id)
    await debtor.charge(20_00)
    clock.move(days=14)
    await debtor.due()
    owner = await services.debt_views.of_workspace(paid.owner.actor)
    assert owner
    assert owner.debt
    assert (owner.debt.owed, owner.is_owner, set(owner.debt.workspaces)) == (
        20_00,
        True,
        {"云帆-生产环境", "云帆-预发环境"},
    )
    standard = await factories.sign_in(services, f"{Role.STANDARD}@yunfan.example")
    seen = await services.debt_views.of_workspace(replace(standard.actor, workspace_id=paid.workspace_id))
    assert seen
    assert (seen.debt, seen.is_owner, seen.locked_at == owner.locked_at) == (None, False, True)


async def test_strangers_see_nothing(services: Services, paid: Paid) -> None:
    await factories.console_user(services, "other@yunfan.example", username="旁人")
    other = await factories.sign_in(services, "other@yunfan.example")
    with pytest.raises(NotAllowedError):
        await services.debt_views.of_workspace(replace(other.actor, workspace_id=paid.workspace_id))
    with pytest.raises(NotAllowedError):
        await services.debt_views.of_account(paid.owner.actor, paid.account_id)
    with pytest.raises(NotAllowedError):
        await services.debt_views.of_payer(paid.owner.actor)


async def test_a_free_workspace_has_no_payer_and_an_unknown_account_no_debt(services: Services) -> None:
    await factories.console_user(services)
    owner = await factories.sign_in(services)
    team = await factories.team(services, owner)
    assert await services.debt_views.of_workspace(replace(owner.actor, workspace_id=team.workspace_id)) is None
    operator = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="s")
    assert await services.debt_views.of_account(operator, "fee_none") is None
