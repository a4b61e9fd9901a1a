"""The same switch twenty at once has one effect, and a fault after any statement leaves nothing half-done."""

from __future__ import annotations

import asyncio

from guance_portal import bootstrap
from guance_portal.core.settings import Settings
from guance_portal.settlement.choices import ChangeState
from tests.integration.onboarding.test_faults import break_after_each, counts
from tests.integration.settlement.test_switching import changes, emails, payer
from tests.support.clocks import MovableClock
from tests.support.settlers import Settler

TWENTY = 20


async def test_twenty_orders_of_one_switch_are_one_change(here: Settler) -> None:
    choice = await here.register()
    actors = [here.owner if number % 2 else here.payer for number in range(TWENTY)]
    receipts = await asyncio.gather(*(here.change(choice, actor) for actor in actors))
    assert len(set(receipts)) == 1
    assert len(await changes(here.services)) == 1
    assert len(await emails(here.services)) == 2


async def test_of_twenty_different_orders_one_wins(here: Settler) -> None:
    choices = [await here.register(f"18270000000040{number}") for number in range(10, 14)]
    orders = [here.change(choice) for choice in choices * 5]
    answers = await asyncio.gather(*orders, return_exceptions=True)
    won = {answer for answer in answers if not isinstance(answer, BaseException)}
    assert len(won) == 1
    assert len(await changes(here.services)) == 1


async def test_twenty_withdrawals_are_one(here: Settler) -> None:
    receipt = await here.change(await here.register())
    await asyncio.gather(*(here.withdraw(receipt.change_id) for _ in range(TWENTY)))
    assert [change.state for change in await changes(here.services)] == [ChangeState.WITHDRAWN]
    assert len(await emails(here.services)) == 4


async def test_workers_that_find_a_change_due_at_once_let_it_take_effect_once(
    here: Settler, clock: MovableClock, portal_settings: Settings
) -> None:
    await here.change(await here.register())
    clock.move(days=1)
    workers = [here.services, *(bootstrap.build(portal_settings, clock=clock) for _ in range(3))]
    try:
        taken = await asyncio.gather(
            *(worker.settlement.effects.take_due() for worker in workers for _ in range(TWENTY // 4))
        )
    finally:
        for worker in workers[1:]:
            await worker.close()
    assert sum(taken) == 1
    assert [template for template, _ in await emails(here.services)].count("settlement_effective") == 2


async def test_a_fault_after_any_statement_of_a_change_leaves_nothing(here: Settler) -> None:
    choice = await here.register()
    assert await break_after_each(here.services.database, lambda: here.change(choice)) > 8
    assert (await counts(here.services.database))["settlement_changes"] == 1


async def test_a_fault_after_any_statement_of_a_withdrawal_leaves_the_change(here: Settler) -> None:
    receipt = await here.change(await here.register())
    assert await break_after_each(here.services.database, lambda: here.withdraw(receipt.change_id)) > 8
    assert [change.state for change in await changes(here.services)] == [ChangeState.WITHDRAWN]


async def test_a_fault_after_any_statement_of_the_effect_leaves_it_pending(here: Settler, clock: MovableClock) -> None:
    choice = await here.register()
    await here.change(choice)
    clock.move(days=1)
    effects = here.services.settlement.effects
    assert await break_after_each(here.services.database, lambda: effects.take(here.workspace_id)) > 8
    assert f"account:{(await payer(here.services, here.workspace_id)).cloud_account_id}" == choice
