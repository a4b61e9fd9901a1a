"""A fault after each statement of a registering transaction leaves nothing behind, and a retry succeeds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from guance_portal.core.db import metadata
from tests import factories
from tests.support.faults import InjectedFaultError, statements
from tests.support.upgrades import free_owner

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from guance_portal.bootstrap import Services
    from guance_portal.core.db import Database
    from tests.support.sign_up import Signer

# Theirs may stay: what was typed, and the code that was used, are committed before anything is opened.
KEPT = {"sign_up_drafts", "upgrade_drafts", "email_codes"}


async def counts(database: Database) -> dict[str, int]:
    async with database.reading() as work:
        connection = await work.session.connection()
        rows = {
            table.name: sqlalchemy.select(sqlalchemy.func.count()).select_from(table)
            for table in metadata.sorted_tables
        }
        return {
            name: (await connection.execute(count)).scalar_one() for name, count in rows.items() if name not in KEPT
        }


async def break_after_each(database: Database, act: Callable[[], Awaitable[object]]) -> int:
    """Break the act after its first statement, its second and so on until it succeeds; returns its statements."""
    before = await counts(database)
    for number in range(1, 200):
        with statements(database, break_after=number) as heard:
            try:
                await act()
            except InjectedFaultError:
                pass
            else:
                return len(heard.seen)
        assert await counts(database) == before, f"left behind after statement {number}: {heard.seen[-1]}"
    pytest.fail("it never succeeded")


async def test_step_one_loses_nothing_typed_and_can_be_repeated(signer: Signer) -> None:
    signer.form = replace(signer.form, code=await signer.get_code())
    step_one = signer.services.onboarding.step_one
    assert await break_after_each(signer.services.database, lambda: step_one.confirm(signer.who, signer.form)) >= 4
    assert (await signer.services.onboarding.drafts.load(signer.who.browser)).is_confirmed


async def test_step_two_leaves_nothing_and_can_be_repeated(signer: Signer) -> None:
    await signer.confirm_basic()
    assert await break_after_each(signer.services.database, signer.register) > 10
    after = await counts(signer.services.database)
    assert (after["users"], after["fee_accounts"], after["credentials"], after["agreement_consents"]) == (1, 1, 2, 2)


async def test_step_three_leaves_nothing_and_can_be_repeated(signer: Signer) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    assert await break_after_each(signer.services.database, lambda: signer.choose_settlement(session)) > 10
    after = await counts(signer.services.database)
    assert (after["workspaces"], after["members"], after["workspace_payers"], after["workspace_tokens"]) == (1, 1, 1, 1)


async def test_free_leaves_nothing_and_can_be_repeated(signer: Signer) -> None:
    signer.form = replace(signer.form, code=await signer.get_code(), opens_fee_account=True)
    assert await break_after_each(signer.services.database, signer.register_free) > 15
    after = await counts(signer.services.database)
    assert (after["users"], after["fee_accounts"], after["workspaces"], after["members"]) == (1, 1, 1, 1)


async def test_a_code_that_could_not_be_sent_can_be_asked_for_again(signer: Signer) -> None:
    step_one = signer.services.onboarding.step_one

    async def ask() -> object:
        return await step_one.send_code(signer.who, signer.form.site, signer.form.email)

    assert await break_after_each(signer.services.database, ask) >= 4


async def test_an_upgrade_leaves_nothing_and_can_be_repeated(services: Services) -> None:
    owner = await free_owner(services)
    assert await break_after_each(services.database, owner.upgrade) > 10
    after = await counts(services.database)
    assert (after["workspace_upgrades"], after["workspace_payers"], after["letters"]) == (1, 1, 3)


async def test_binding_an_account_leaves_nothing_and_can_be_repeated(services: Services) -> None:
    owner = await free_owner(services, has_account=False)
    await factories.fee_account(services, "pays_all")
    code = await owner.binding_code("pays_all", "pay@yunfan.example")
    payers = services.onboarding.upgrade_payers
    assert await break_after_each(services.database, lambda: payers.bind(owner.who, "pays_all", code)) > 5
    view = await services.onboarding.upgrade_views.view(owner.session.actor)
    assert view.offer
    assert view.offer.payer == "pays_all"


async def test_registering_an_account_for_an_upgrade_leaves_nothing_and_can_be_repeated(services: Services) -> None:
    owner = await free_owner(services, has_account=False)
    form = await owner.new_payer()
    payers = services.onboarding.upgrade_new_payers
    assert await break_after_each(services.database, lambda: payers.register(owner.who, form)) > 10
    after = await counts(services.database)
    assert (after["fee_accounts"], after["companies"], after["credentials"]) == (1, 1, 2)
