"""Many bills of one account that might be: workspaces, days, use, late use, purses and a cloud by chance, closed by the close itself."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from guance_portal.bootstrap import Services
from guance_portal.metering.items import Item
from guance_portal.wallet.acts import purses
from tests.support.closes import FIRST, Billed, billed, end_day

NAMES = ("=1+1 云帆", "+cmd", "-staging", "@data", '引号"与,逗号', "云帆-生产环境", "prod 🚀", "0012")
_ITEMS = (
    Item.TIME_SERIES,
    Item.LOGS,
    Item.TRACES,
    Item.PAGE_VIEWS,
    Item.DIAL_TESTS,
    Item.TASKS,
    Item.SMS,
    Item.DATAKIT,
)


async def random_bills(services: Services, chance: Random, *, workspaces: int, days: int) -> Billed:
    """An account with `workspaces` x `days` bills, from the first day of July 2026 on."""
    here = await billed(services, recharge=chance.randint(1_00, 2_000_00))
    others = [await here.workspace(NAMES[number % len(NAMES)]) for number in range(workspaces - 1)]
    ids = [here.workspace_id, *others]
    await _purses(here, chance)
    for ago in range(days):
        day = FIRST + timedelta(days=ago)
        for workspace in ids:
            await here.use(_usage(chance), day, workspace_id=workspace)
            if ago and chance.random() < 0.3:
                late = {Item.LOGS: chance.randint(1, 9_000_000)}
                await here.use(late, day - timedelta(days=1), workspace_id=workspace)
        await end_day(services, day)
    return here


async def _purses(here: Billed, chance: Random) -> None:
    now = here.services.business_clock.now()
    async with here.services.database.writing() as work:
        for number in range(3):
            terms = purses.Terms(
                minor=chance.randint(1, 300_00),
                currency=here.wallet.currency,
                valid_from=now - timedelta(days=1),
                valid_until=now + timedelta(days=chance.randint(1, 20)),
            )
            await purses.grant(work, here.wallet.payer, terms, reference=f"grant:{number}", at=now)
        await work.commit()


def _usage(chance: Random) -> dict[Item, int]:
    items = chance.sample(_ITEMS, chance.randint(0, len(_ITEMS)))
    return {item: chance.randint(1, 20) if item is Item.DATAKIT else chance.randint(0, 9_000_000) for item in items}
