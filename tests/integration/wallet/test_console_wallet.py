"""Balances in the console: for the owner alone, where the account itself pays and lets that owner see them."""

from __future__ import annotations

import pytest

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books
from guance_portal.payers.rules import SettlementMethod, shows_balances
from guance_portal.payers.tables import CloudAccount, WorkspacePayer
from guance_portal.sites import Provider
from guance_portal.wallet.acts import receipts
from tests import factories
from tests.support.paid_workspaces import bind

CALLER = Caller(address="192.0.2.7", user_agent="", visitor="")


@pytest.mark.parametrize(
    ("chosen", "owner", "shown"),
    [
        (None, "pay@yunfan.example", True),
        (None, "lin@yunfan.example", False),
        (True, "lin@yunfan.example", True),
        (False, "pay@yunfan.example", False),
    ],
)
def test_the_account_chooses_and_before_that_only_itself_sees(chosen: object, owner: str, shown: object) -> None:
    assert isinstance(chosen, bool | None)
    assert shows_balances(chosen, "pay@yunfan.example", owner) is shown


@pytest.fixture
async def owner(services: Services) -> Actor:
    """The owner of a workspace that 12.34 of another person's account pays for."""
    await factories.console_user(services)
    owner = await factories.sign_in(services)
    team = await factories.team(services, owner)
    account = await factories.fee_account(services)
    await bind(services, team.workspace_id, account)
    async with services.database.writing() as work:
        books = await open_books(work, account)
        now = services.business_clock.now()
        money = receipts.IncomingMoney(way=Kind.BANK, trade="1", minor=12_34, currency=Currency.CNY, at=now)
        await receipts.credit(work, books, money, now=now)
        await work.commit()
    return Actor(
        realm=Realm.CONSOLE, subject_id=owner.actor.subject_id, session_id="s1", workspace_id=team.workspace_id
    )


async def payer(services: Services) -> Actor:
    """The account, signed in with its password."""
    return (await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)).actor


async def test_the_owner_sees_nothing_until_the_account_lets_it(services: Services, owner: Actor) -> None:
    before = await services.wallet_views.of_workspace(owner)
    assert (before.is_paying, before.wallet) == (True, None)
    account = await payer(services)
    await services.balance_sharing.show(account, owner.workspace_id, is_shown=True, caller=CALLER)
    seen = (await services.wallet_views.of_workspace(owner)).wallet
    assert seen
    assert (seen.cash, seen.fee_account_id) == (12_34, account.subject_id)
    assert [one.shows_balances for one in await services.fee_center.workspaces(account)] == [True]


async def test_a_page_that_shows_balances_is_told_when_it_may_no_longer(services: Services, owner: Actor) -> None:
    account = await payer(services)
    await services.balance_sharing.show(account, owner.workspace_id, is_shown=True, caller=CALLER)
    seen = (await services.wallet_views.of_workspace(owner)).wallet
    assert seen
    await services.balance_sharing.show(account, owner.workspace_id, is_shown=False, caller=CALLER)
    versions = await services.wallet_views.versions([account.subject_id])
    assert versions[account.subject_id] != seen.version
    assert (await services.wallet_views.of_workspace(owner)).wallet is None


async def test_a_workspace_that_a_cloud_pays_for_shows_none(services: Services, owner: Actor) -> None:
    account = await payer(services)
    await services.balance_sharing.show(account, owner.workspace_id, is_shown=True, caller=CALLER)
    now = services.clock.now()
    async with services.database.writing() as work:
        work.session.add(
            CloudAccount(
                id="cloud_1",
                fee_account_id=account.subject_id,
                provider=Provider.ALIYUN,
                currency=Currency.CNY,
                account="1",
                instance="i",
                registered_at=now,
                claimed_at=now,
            )
        )
        await work.session.flush()
        binding = await work.session.get_one(WorkspacePayer, owner.workspace_id)
        binding.method, binding.cloud_account_id = SettlementMethod.of("aliyun"), "cloud_1"
        await work.commit()
    seen = await services.wallet_views.of_workspace(owner)
    assert (seen.is_paying, seen.wallet) == (False, None)


async def test_only_the_owner_asks_and_only_the_accounts_own_session_chooses(services: Services, owner: Actor) -> None:
    account = await payer(services)
    limited = Actor(
        realm=Realm.FEE_CENTER, subject_id=account.subject_id, session_id="s2", workspace_id=owner.workspace_id
    )
    with pytest.raises(PasswordNeededError):
        await services.balance_sharing.show(limited, owner.workspace_id, is_shown=True, caller=CALLER)
    for actor, workspace in ((owner, owner.workspace_id), (account, "wksp_other")):
        with pytest.raises(NotAllowedError):
            await services.balance_sharing.show(actor, workspace, is_shown=True, caller=CALLER)
    with pytest.raises(NotAllowedError):
        await services.wallet_views.of_workspace(account)
