"""更换费用中心账号: from the next billing day another account pays; what was before stays with the old one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlmodel import col, select

from guance_portal import bootstrap, sites
from guance_portal.accounts.codes.rules import CodeWrongError
from guance_portal.billing.bills.tables import BillRow
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.messages import Language
from guance_portal.core.settings import Settings
from guance_portal.ledger.posting import open_books
from guance_portal.mail.tables import Email
from guance_portal.metering.days import end_of
from guance_portal.metering.items import Item
from guance_portal.onboarding.upgrade.payer import AskingOwner
from guance_portal.onboarding.upgrade.rules import FeeUsernameUnknownError
from guance_portal.payers import periods
from guance_portal.payers.binding import CurrencyMismatchError, PayerLockedError
from guance_portal.payers.tables import FeeAccount
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.errors import ChangePendingError, LeavingLockedError, SamePayerError
from guance_portal.sites import Currency
from tests import factories
from tests.integration.settlement.test_switching import changes, effect, payer
from tests.support.clocks import MovableClock
from tests.support.closes import broken, count
from tests.support.hashes import quick_hashes
from tests.support.marketplace import simulated_marketplaces
from tests.support.settlers import Settler, open_paid

NEW, NEW_MAIL = "xingtu", "finance@xingtu.example"
FIRST, SECOND, THIRD = date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3)
LOGS = {Item.LOGS: 10_000_000}


@dataclass(slots=True, kw_only=True)
class Leaver:
    """The owner of a workspace, and another account that could pay for it."""

    here: Settler
    account_id: str

    @property
    def services(self) -> Services:
        return self.here.services

    def who(self, actor: Actor | None = None) -> AskingOwner:
        return AskingOwner(
            actor=actor or self.here.owner,
            caller=factories.browser(),
            workspace_id=self.here.workspace_id,
            language=Language.ZH,
        )

    async def code(self, name: str = NEW, mail: str = NEW_MAIL) -> str:
        """Have a code sent, and read it."""
        await self.services.onboarding.payer_changes.send_code(self.who(), name)
        found = select(Email).where(col(Email.recipient) == mail, col(Email.template) == "binding_code")
        async with self.services.database.reading() as work:
            sent = (await work.session.exec(found.order_by(col(Email.created_at).desc()))).first()
        assert sent
        return sent.params["code"]

    async def change(self, name: str = NEW, code: str | None = None) -> date:
        return await self.services.onboarding.payer_changes.change(self.who(), name, code or await self.code())

    async def told(self) -> list[tuple[str, str]]:
        """Who was told of the change, and what of its state."""
        found = select(Email).where(col(Email.template) == "payer_change").order_by(col(Email.created_at))
        async with self.services.database.reading() as work:
            return [(one.recipient, one.params["state"]) for one in (await work.session.exec(found)).all()]

    async def lock(self, account_id: str, moment: object) -> None:
        async with self.services.database.writing() as work:
            account = await work.session.get_one(FeeAccount, account_id)
            account.locked_at = moment  # pyright: ignore[reportAttributeAccessIssue] - a moment
            await work.commit()


@pytest.fixture
async def leaver(here: Settler) -> Leaver:
    return Leaver(here=here, account_id=await factories.fee_account(here.services, NEW, email=NEW_MAIL))


async def days(leaver: Leaver) -> list[str]:
    """Who pays the first two days."""
    async with leaver.services.database.reading() as work:
        found = [await periods.on(work, leaver.here.workspace_id, day) for day in (FIRST, SECOND)]
    return [period.fee_account_id if period else "" for period in found]


async def test_the_other_account_pays_from_the_next_billing_day(leaver: Leaver, clock: MovableClock) -> None:
    old = (await payer(leaver.services, leaver.here.workspace_id)).fee_account_id
    assert await leaver.change() == SECOND
    assert await days(leaver) == [old, old]
    await effect(leaver.here, clock)
    now = await payer(leaver.services, leaver.here.workspace_id)
    assert (now.fee_account_id, now.method.value, now.cloud_account_id) == (leaver.account_id, "enterprise", None)
    assert await days(leaver) == [old, leaver.account_id]
    assert [(change.kind, change.state) for change in await changes(leaver.services)] == [
        (ChangeKind.PAYER, ChangeState.EFFECTIVE)
    ]


async def test_owner_and_both_accounts_are_told_at_each_step(leaver: Leaver, clock: MovableClock) -> None:
    await leaver.change()
    assert {recipient for recipient, _ in await leaver.told()} >= {NEW_MAIL}
    assert len(await leaver.told()) == 3
    await effect(leaver.here, clock)
    assert [state for _, state in await leaver.told()] == ["已安排"] * 3 + ["已生效"] * 3


async def test_the_account_that_is_left_is_not_told_which_one_takes_over(leaver: Leaver) -> None:
    await leaver.change()
    found = select(Email).where(col(Email.template) == "payer_change")
    async with leaver.services.database.reading() as work:
        said = {one.recipient: str(one.params) for one in (await work.session.exec(found)).all()}
        old = await work.session.get_one(
            FeeAccount, (await payer(leaver.services, leaver.here.workspace_id)).fee_account_id
        )
    assert NEW not in said[old.email]
    assert NEW in said[NEW_MAIL]
    pending = (await leaver.here.look(leaver.here.payer)).pending
    assert pending
    assert (pending.is_payer, pending.account) == (True, "")


async def test_a_cloud_account_of_the_old_one_pays_no_more(leaver: Leaver, clock: MovableClock) -> None:
    await leaver.here.change(await leaver.here.register())
    await effect(leaver.here, clock)
    await leaver.change()
    await effect(leaver.here, clock)
    now = await payer(leaver.services, leaver.here.workspace_id)
    assert (now.method.value, now.cloud_account_id) == ("enterprise", None)


async def test_the_month_of_settlement_changes_is_not_used_up(leaver: Leaver, clock: MovableClock) -> None:
    await leaver.change()
    await effect(leaver.here, clock)
    assert (await leaver.here.look()).may_change_today


async def test_the_owner_alone_withdraws_it(leaver: Leaver, clock: MovableClock) -> None:
    await leaver.change()
    (change,) = await changes(leaver.services)
    with pytest.raises(NotAllowedError):
        await leaver.services.settlement.switching.withdraw(leaver.here.payer, leaver.here.workspace_id, change.id)
    await leaver.here.withdraw(change.id)
    await effect(leaver.here, clock)
    assert (await payer(leaver.services, leaver.here.workspace_id)).fee_account_id != leaver.account_id
    assert [state for _, state in await leaver.told()] == ["已安排"] * 3 + ["已撤回"] * 3


async def test_the_same_order_again_gives_the_same_change(leaver: Leaver) -> None:
    code = await leaver.code()
    assert await leaver.change(code=code) == await leaver.change(code=code)
    assert len(await changes(leaver.services)) == 1
    assert len(await leaver.told()) == 3


async def test_two_tabs_at_once_order_one_change(leaver: Leaver) -> None:
    code = await leaver.code()
    asked = await asyncio.gather(*(leaver.change(code=code) for _ in range(5)), return_exceptions=True)
    assert [one for one in asked if not isinstance(one, (date, PortalError))] == []
    assert len(await changes(leaver.services)) == 1


async def test_a_wrong_code_orders_nothing(leaver: Leaver) -> None:
    code = await leaver.code()
    with pytest.raises(CodeWrongError):
        await leaver.change(code=f"{(int(code) + 1) % 10**6:06}")
    assert await changes(leaver.services) == []


async def test_an_account_that_does_not_exist_and_the_present_one_are_refused(leaver: Leaver) -> None:
    with pytest.raises(FeeUsernameUnknownError):
        await leaver.change("nobody_here", "123456")
    with pytest.raises(SamePayerError):
        await leaver.change("yunfan", "123456")


async def test_an_account_of_another_currency_is_refused(leaver: Leaver) -> None:
    await factories.fee_account(leaver.services, "abroad", email="pay@abroad.example", currency=Currency.USD)
    with pytest.raises(CurrencyMismatchError):
        await leaver.change("abroad", await leaver.code("abroad", "pay@abroad.example"))


async def test_a_locked_account_takes_on_nothing_and_lets_nothing_go(leaver: Leaver, clock: MovableClock) -> None:
    old = (await payer(leaver.services, leaver.here.workspace_id)).fee_account_id
    code = await leaver.code()
    await leaver.lock(leaver.account_id, clock.now())
    with pytest.raises(PayerLockedError):
        await leaver.change(code=code)
    await leaver.lock(leaver.account_id, None)
    await leaver.lock(old, clock.now())
    clock.move(minutes=2)
    with pytest.raises(LeavingLockedError):
        await leaver.change()
    assert await changes(leaver.services) == []


async def test_it_is_judged_again_when_it_is_due(leaver: Leaver, clock: MovableClock) -> None:
    await leaver.change()
    await leaver.lock(leaver.account_id, clock.now())
    await effect(leaver.here, clock)
    (change,) = await changes(leaver.services)
    assert (change.state, change.reason) == (ChangeState.REFUSED, "errors.payer_locked")
    assert (await payer(leaver.services, leaver.here.workspace_id)).fee_account_id != leaver.account_id
    assert [state for _, state in await leaver.told()] == ["已安排"] * 3 + ["未生效"] * 3


async def test_while_one_change_waits_no_other_is_ordered(leaver: Leaver) -> None:
    choice = await leaver.here.register()
    await leaver.change()
    with pytest.raises(ChangePendingError):
        await leaver.here.change(choice)


async def test_while_a_settlement_change_waits_the_payer_stays(leaver: Leaver) -> None:
    await leaver.here.change(await leaver.here.register())
    with pytest.raises(ChangePendingError):
        await leaver.change()


async def test_nobody_but_the_owner_at_the_workspace_orders_it(leaver: Leaver) -> None:
    service, elsewhere = leaver.services.onboarding.payer_changes, replace(leaver.here.owner, workspace_id="wksp_other")
    for actor in (leaver.here.payer, elsewhere):
        with pytest.raises(NotAllowedError):
            await service.change(leaver.who(actor), NEW, "123456")
        with pytest.raises(NotAllowedError):
            await service.send_code(leaver.who(actor), NEW)


async def test_the_old_account_sees_the_workspace_no_more_and_the_new_one_does(
    leaver: Leaver, clock: MovableClock
) -> None:
    await leaver.change()
    await effect(leaver.here, clock)
    new = (await factories.sign_in(leaver.services, NEW, realm=Realm.FEE_CENTER)).actor
    assert [one.id for one in await leaver.services.fee_center.workspaces(leaver.here.payer)] == []
    assert [one.id for one in await leaver.services.fee_center.workspaces(new)] == [leaver.here.workspace_id]
    with pytest.raises(NotAllowedError):
        await leaver.here.look(leaver.here.payer)


async def test_two_workspaces_that_change_places_do_not_wait_for_each_other(
    leaver: Leaver, clock: MovableClock
) -> None:
    """Each change holds both accounts, the one with the lower id first."""
    services, here = leaver.services, leaver.here
    old = (await payer(services, here.workspace_id)).fee_account_id
    owner = await factories.console_user(services, "ma@xingtu.example")

    other = await open_paid(services, owner, leaver.account_id, name="星图")
    actor = (await factories.sign_in(services, "ma@xingtu.example")).actor
    await leaver.change()
    async with services.database.reading() as work:
        old_account = await work.session.get_one(FeeAccount, old)
    crossing = Leaver(here=replace(here, owner=actor, workspace_id=other), account_id=old)
    await crossing.change("yunfan", await crossing.code("yunfan", old_account.email))
    clock.move(days=1)
    await asyncio.gather(*(services.settlement.effects.take_due() for _ in range(4)))
    assert (await payer(services, here.workspace_id)).fee_account_id == leaver.account_id
    assert (await payer(services, other)).fee_account_id == old


async def test_each_day_is_billed_once_to_the_account_of_its_period(
    leaver: Leaver, clock: MovableClock, portal_settings: Settings
) -> None:
    """The open day and what comes late for it are the old account's, each day after is the new one's.

    Several services, each with connections of its own as processes have, let the change take effect and close at once.
    What comes late for an account that paid before stands on a bill of the day after it came.
    """
    services, here = leaver.services, leaver.here
    old = (await payer(services, here.workspace_id)).fee_account_id
    payers: dict[str, int] = {}
    for account in (old, leaver.account_id):
        async with services.database.writing() as work:
            payers[account] = await open_books(work, account)
            await work.commit()
    await count(services, here.workspace_id, "cn1", LOGS, FIRST)
    await leaver.change()
    others = [
        bootstrap.build(portal_settings, clock=clock, hashes=quick_hashes(), marketplaces=simulated_marketplaces())
        for _ in range(2)
    ]
    zone = sites.get("cn1").zone
    try:
        for day in (FIRST, SECOND, THIRD):
            for one in (services, *others):
                one.business_clock.show(end_of(day, zone))
            if day == SECOND:
                await count(services, here.workspace_id, "cn1", LOGS, SECOND)
                await count(services, here.workspace_id, "cn1", LOGS, FIRST)  # late
            await asyncio.gather(
                *(one.settlement.effects.take_due() for one in others),
                *(one.daily_close.close_due() for one in (services, *others)),
            )
    finally:
        for one in others:
            await one.close()
    async with services.database.reading() as work:
        rows = (await work.session.exec(select(BillRow).order_by(col(BillRow.ends), col(BillRow.reference)))).all()
    assert sorted((row.payer, row.day, row.minor) for row in rows if row.minor) == sorted(
        [(payers[old], FIRST, 15_00), (payers[old], THIRD, 15_00), (payers[leaver.account_id], SECOND, 15_00)]
    )
    assert [change.state for change in await changes(services)] == [ChangeState.EFFECTIVE]
    assert await broken(services) == []
