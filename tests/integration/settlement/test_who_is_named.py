"""Emails about a change say who ordered it or took it back."""

from __future__ import annotations

from guance_portal.accounts.tables import User
from guance_portal.payers import queries
from tests.support.clocks import MovableClock
from tests.support.emails import emails
from tests.support.settlers import Settler


async def owner(here: Settler) -> str:
    """The owner's username."""
    async with here.services.database.reading() as work:
        return (await work.session.get_one(User, here.owner.subject_id)).username


async def payer(here: Settler) -> str:
    """The username of the account."""
    async with here.services.database.reading() as work:
        account = await queries.account(work, here.payer.subject_id)
    assert account
    return account.username


async def named(here: Settler, template: str) -> set[str]:
    """Who the emails of a template name, each in the language of its reader."""
    return {one.params["by"] for one in await emails(here.services, template)}


async def test_the_owner_who_ordered_a_change_is_named_also_when_it_takes_effect(
    here: Settler, clock: MovableClock
) -> None:
    await here.change(await here.register())
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    for template in ("settlement_scheduled", "settlement_effective"):
        found, username = await named(here, template), await owner(here)
        assert found
        assert all(username in name for name in found)


async def test_the_account_that_ordered_a_change_is_named_and_the_owner_who_withdrew_it(here: Settler) -> None:
    receipt = await here.change(await here.register(), here.payer)
    await here.withdraw(receipt.change_id)
    for template, who in (("settlement_scheduled", payer), ("settlement_withdrawn", owner)):
        found, username = await named(here, template), await who(here)
        assert found
        assert all(username in name for name in found)
