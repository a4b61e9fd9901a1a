"""A fault after each statement of a registering transaction leaves nothing behind, and a retry succeeds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial

import pytest
import sqlalchemy

from guance_portal.bootstrap import Services
from guance_portal.core.db import Database, metadata
from tests import factories
from tests.support.faults import InjectedFaultError, statements
from tests.support.sign_up import Signer
from tests.support.upgrades import free_owner

# Of acts in several transactions theirs may stay: what was typed, and the code that was used, come first.
KEPT = frozenset({"drafts", "email_codes"})
NOTHING = frozenset[str]()


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


async def contents(database: Database, *, but: Collection[str]) -> dict[str, set[str]]:
    """Every row of every table, but of those."""
    async with database.reading() as work:
        connection = await work.session.connection()
        tables = [table for table in metadata.sorted_tables if table.name not in but]
        return {table.name: {repr(row) for row in await connection.execute(table.select())} for table in tables}


async def break_after_each(
    database: Database, act: Callable[[], Awaitable[object]], *, kept: Collection[str] = KEPT
) -> int:
    """Break the act after its first statement, its second and so on until it succeeds; returns its statements.

    No table but those that are `kept` may be left otherwise than it was.
    """
    before = await contents(database, but=kept)
    for number in range(1, 200):
        with statements(database, break_after=number) as heard:
            try:
                await act()
            except InjectedFaultError:
                pass
            else:
                return len(heard.seen)
        assert await contents(database, but=kept) == before, f"left behind after statement {number}: {heard.seen[-1]}"
    pytest.fail("it never succeeded")


async def test_step_one_loses_nothing_typed_and_can_be_repeated(signer: Signer) -> None:
    signer.form = signer.form.but(code=await signer.get_code())
    step_one = signer.services.onboarding.step_one
    assert await break_after_each(signer.services.database, lambda: step_one.confirm(signer.who, signer.form)) >= 4
    assert (await signer.services.onboarding.drafts.load(signer.who.browser)).is_confirmed


async def test_what_is_typed_is_saved_whole_or_not_at_all(signer: Signer) -> None:
    drafts = signer.services.onboarding.drafts
    await signer.confirm_basic()
    changes = {"email": "new@yunfan.example", "phone": "13900139000", "company_name": "云"}

    async def save() -> object:
        return await drafts.save(signer.who.browser, changes)

    assert await break_after_each(signer.services.database, save, kept=NOTHING) >= 3
    view = await drafts.load(signer.who.browser)
    assert (view.form.email, view.form.phone, view.form.company_name) == ("new@yunfan.example", "13900139000", "云")
    assert (view.form.username, view.form.site) == (signer.form.username, "cn1")


async def test_the_first_save_leaves_no_empty_draft(signer: Signer) -> None:
    drafts = signer.services.onboarding.drafts

    async def save() -> object:
        return await drafts.save(signer.who.browser, {"username": "yunfan"})

    assert await break_after_each(signer.services.database, save, kept=NOTHING) >= 3


async def test_step_two_leaves_nothing_and_can_be_repeated(signer: Signer) -> None:
    await signer.confirm_basic()
    assert await break_after_each(signer.services.database, signer.register, kept=NOTHING) > 10
    after = await counts(signer.services.database)
    assert (after["users"], after["fee_accounts"], after["credentials"], after["agreement_consents"]) == (1, 1, 2, 2)


async def test_step_three_leaves_nothing_and_can_be_repeated(signer: Signer) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    opens = partial(signer.choose_settlement, session)
    assert await break_after_each(signer.services.database, opens, kept=NOTHING) > 10
    after = await counts(signer.services.database)
    assert (after["workspaces"], after["members"], after["workspace_payers"], after["workspace_tokens"]) == (1, 1, 1, 1)


async def test_free_leaves_nothing_and_can_be_repeated(signer: Signer) -> None:
    signer.form = signer.form.but(code=await signer.get_code(), opens_fee_account=True)
    assert await break_after_each(signer.services.database, signer.register_free) > 15
    after = await counts(signer.services.database)
    assert (after["users"], after["fee_accounts"], after["workspaces"], after["members"]) == (1, 1, 1, 1)


async def test_a_code_that_could_not_be_sent_can_be_asked_for_again(signer: Signer) -> None:
    step_one = signer.services.onboarding.step_one

    async def ask() -> object:
        return await step_one.send_code(signer.who, signer.form.site, signer.form.email)

    assert await break_after_each(signer.services.database, ask, kept=NOTHING) >= 4


async def test_an_upgrade_leaves_nothing_and_can_be_repeated(services: Services) -> None:
    owner = await free_owner(services)
    before = (await counts(services.database))["emails"]
    assert await break_after_each(services.database, owner.upgrade) > 10
    after = await counts(services.database)
    assert (after["workspace_upgrades"], after["workspace_payers"], after["emails"] - before) == (1, 1, 2)


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
