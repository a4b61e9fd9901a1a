"""Cloud accounts: registered once, under one fee-centre account, as their marketplace knows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from sqlmodel import col, select

from guance_portal import bootstrap
from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import UnitOfWork
from guance_portal.core.drafts import sweep
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.settings import Settings
from guance_portal.payers import cloud_errors as errors
from guance_portal.payers import cloud_registrar
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import CloudState, SubscriptionState
from guance_portal.settlement.subscribing import SubscribeOrder
from guance_portal.sites import Currency, Provider
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.hashes import quick_hashes
from tests.support.marketplace import SimulatedMarketplace
from tests.support.settlers import settler
from tests.support.sign_up import Signer, emails

CALLER = Caller(address="198.51.100.7")


@dataclass(slots=True)
class Silent(SimulatedMarketplace):
    """A marketplace that answers once it is told to."""

    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def find(self, claim: CloudClaim, work: UnitOfWork | None = None) -> None:
        """Nothing comes."""
        await self.answers.wait()


@pytest.fixture
def aliyun() -> SimulatedMarketplace:
    """The one marketplace that is connected."""
    return SimulatedMarketplace(Provider.ALIYUN)


@pytest.fixture
async def services(
    portal_settings: Settings, clock: MovableClock, aliyun: SimulatedMarketplace
) -> AsyncIterator[Services]:
    """A portal joined to one marketplace; that of AWS does not answer."""
    services = bootstrap.build(
        portal_settings, clock=clock, hashes=quick_hashes(), marketplaces=[aliyun, Silent(Provider.AWS)]
    )
    yield services
    await services.close()


async def payer(services: Services, username: str) -> Actor:
    """A fee-centre account that has signed in."""
    await factories.fee_account(services, username, email=f"{username}@yunfan.example")
    return (await factories.sign_in(services, username, realm=Realm.FEE_CENTER)).actor


async def test_a_subscription_is_registered_once_however_often_it_is_claimed(
    services: Services, aliyun: SimulatedMarketplace
) -> None:
    actor, claim = await payer(services, "yunfan"), aliyun.sell("1827000000004093", "inst-1")
    register = services.cloud_accounts.register
    ids = await asyncio.gather(*(register(actor, Provider.ALIYUN, claim, caller=CALLER) for _ in range(20)))
    assert len(set(ids)) == 1
    (mine,) = await services.cloud_accounts.mine(actor)
    assert (mine.account, mine.instance, mine.workspaces) == ("1827 **** **** 4093", "**** -1", ())
    (email,) = await emails(services.database, "yunfan@yunfan.example")
    assert (email.template, email.params["account"]) == ("cloud_account_registered", "1827 **** **** 4093")
    async with services.database.reading() as work:
        found = select(AuditEntry).where(col(AuditEntry.act) == "cloud_account.registered")
        (entry,) = (await work.session.exec(found)).all()
    assert (entry.subject_id, entry.actor_id, entry.address) == (ids[0], actor.subject_id, "198.51.100.7")


async def test_it_belongs_to_the_first_who_claims_it(services: Services, aliyun: SimulatedMarketplace) -> None:
    first, second = await payer(services, "first"), await payer(services, "second")
    claim = aliyun.sell("1827000000004093", "inst-2")
    await services.cloud_accounts.register(first, Provider.ALIYUN, claim)
    with pytest.raises(errors.CloudAccountTakenError):
        await services.cloud_accounts.register(second, Provider.ALIYUN, claim)
    assert await services.cloud_accounts.mine(second) == []


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (SubscriptionState.PENDING, errors.SubscriptionPendingError),
        (SubscriptionState.EXPIRED, errors.SubscriptionExpiredError),
        (SubscriptionState.RELEASED, errors.SubscriptionReleasedError),
    ],
)
async def test_only_a_live_subscription_is_registered(
    services: Services, aliyun: SimulatedMarketplace, state: SubscriptionState, problem: type[errors.CloudError]
) -> None:
    actor, claim = await payer(services, "yunfan"), aliyun.sell("1827000000004093", "inst-3")
    aliyun.end(claim, state)
    with pytest.raises(problem) as refusal:
        await services.cloud_accounts.register(actor, Provider.ALIYUN, claim)
    assert refusal.value.params == {"account": "1827 **** **** 4093", "instance": "inst-3"}
    assert await services.cloud_accounts.mine(actor) == []


async def test_a_wrong_account_is_told_from_an_unknown_instance(
    services: Services, aliyun: SimulatedMarketplace
) -> None:
    actor, _ = await payer(services, "yunfan"), aliyun.sell("1827000000004093", "inst-4")
    register = services.cloud_accounts.register
    with pytest.raises(errors.SubscriptionElsewhereError) as wrong:
        await register(actor, Provider.ALIYUN, CloudClaim(account="1827000000004094", instance="inst-4"))
    with pytest.raises(errors.SubscriptionUnknownError) as unknown:
        await register(actor, Provider.ALIYUN, CloudClaim(account="1827000000004093", instance="another"))
    assert (wrong.value.field, unknown.value.field) == ("account", "instance")


async def test_a_listing_in_another_currency_does_not_pay(services: Services, aliyun: SimulatedMarketplace) -> None:
    actor = await payer(services, "yunfan")
    with pytest.raises(errors.SubscriptionCurrencyError) as refusal:
        await services.cloud_accounts.register(actor, Provider.ALIYUN, aliyun.sell("9000", "inst-5", Currency.USD))
    assert refusal.value.params == {"theirs": "USD", "ours": "CNY"}


async def test_a_marketplace_that_is_missing_or_silent_is_said_in_time_and_nobodys_failed_attempt(
    services: Services, aliyun: SimulatedMarketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, claim = await payer(services, "yunfan"), aliyun.sell("1827000000004093", "inst-6")
    assert cloud_registrar.PATIENCE <= 8
    monkeypatch.setattr(cloud_registrar, "PATIENCE", 0.01)
    for _ in range(6):
        with pytest.raises(errors.MarketplaceMissingError):
            await services.cloud_accounts.register(actor, Provider.HUAWEICLOUD, claim, is_proven=True)
        with pytest.raises(errors.MarketplaceSilentError):
            await services.cloud_accounts.register(actor, Provider.AWS, claim, is_proven=True)
    assert await services.cloud_accounts.register(actor, Provider.ALIYUN, claim)


async def test_ids_that_are_typed_register_nothing_of_a_provider_whose_browsers_bring_them(
    portal_settings: Settings, clock: MovableClock
) -> None:
    aws = SimulatedMarketplace(Provider.AWS)
    services = bootstrap.build(portal_settings, clock=clock, hashes=quick_hashes(), marketplaces=[aws])
    here = await settler(services, site="cn2")
    claim = aws.sell("111122223333", "arn:aws:license-manager::1:license:l-1")
    order = SubscribeOrder(actor=here.owner, workspace_id=here.workspace_id, provider=Provider.AWS, claim=claim)
    for attempt in (
        services.cloud_accounts.register(here.payer, Provider.AWS, claim),
        services.cloud_accounts.register(here.owner, Provider.AWS, claim, workspace_id=here.workspace_id),
        services.settlement.subscribing.subscribe(order),
    ):
        with pytest.raises(errors.ClaimNotProvenError):
            await attempt
    assert await services.cloud_accounts.mine(here.payer) == []
    assert (await here.look()).pending is None
    assert await services.cloud_accounts.register(here.payer, Provider.AWS, claim, is_proven=True)
    await services.close()


async def test_five_wrong_pairs_an_hour_are_looked_up_and_not_one_more(
    services: Services, aliyun: SimulatedMarketplace
) -> None:
    actor, claim = await payer(services, "yunfan"), aliyun.sell("1827000000004093", "inst-7")
    register = services.cloud_accounts.register
    guesses = [CloudClaim(account="1827000000004093", instance=f"guess-{number}") for number in range(20)]
    outcomes = await asyncio.gather(
        *(register(actor, Provider.ALIYUN, guess) for guess in guesses), return_exceptions=True
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(errors.SubscriptionUnknownError) == 5
    assert kinds.count(errors.ClaimsTooOftenError) == 15
    with pytest.raises(errors.ClaimsTooOftenError) as refusal:
        await register(actor, Provider.ALIYUN, claim)
    assert 1 <= int(str(refusal.value.params["minutes"])) <= 60


async def test_renewed_and_claimed_again_it_is_live_again(services: Services, aliyun: SimulatedMarketplace) -> None:
    actor, claim = await payer(services, "yunfan"), aliyun.sell("1827000000004093", "inst-8")
    first = await services.cloud_accounts.register(actor, Provider.ALIYUN, claim)
    await services.settlement.closing.close(Provider.ALIYUN, claim)
    assert (await services.cloud_accounts.mine(actor))[0].state is CloudState.CLOSED
    assert await services.cloud_accounts.register(actor, Provider.ALIYUN, claim) == first
    assert (await services.cloud_accounts.mine(actor))[0].is_live


async def test_the_owner_registers_for_the_account_that_pays_and_the_payer_is_told(
    services: Services, aliyun: SimulatedMarketplace
) -> None:
    here = await settler(services)
    claim = aliyun.sell("1827000000004093", "inst-9")
    registered = await services.cloud_accounts.register(
        here.owner, Provider.ALIYUN, claim, workspace_id=here.workspace_id
    )
    (mine,) = await services.cloud_accounts.mine(here.payer)
    assert mine.id == registered
    account = await services.fee_center.account(here.payer)
    (email,) = await emails(services.database, account.email)
    assert email.params["asker_email"] != account.email


async def test_nobody_registers_for_a_workspace_that_is_not_theirs(
    services: Services, aliyun: SimulatedMarketplace
) -> None:
    here = await settler(services)
    await factories.console_user(services, email="other@yunfan.example")
    stranger = (await factories.sign_in(services, "other@yunfan.example")).actor
    other_payer = await payer(services, "other")
    claim = aliyun.sell("1827000000004093", "inst-10")
    for actor, workspace_id in (
        (stranger, here.workspace_id),
        (stranger, ""),
        (here.owner, ""),
        (here.owner, "wksp_unknown"),
        (other_payer, here.workspace_id),
    ):
        for attempt in (
            services.cloud_accounts.register(actor, Provider.ALIYUN, claim, workspace_id=workspace_id),
            services.cloud_accounts.of(actor, workspace_id),
            services.cloud_drafts.open(actor, workspace_id, Provider.ALIYUN, is_new=True),
        ):
            with pytest.raises(NotAllowedError):
                await attempt
    with pytest.raises(NotAllowedError):
        await services.cloud_accounts.mine(here.owner)


async def test_a_sign_up_that_waits_for_its_workspace_registers_for_its_own_account(
    services: Services, aliyun: SimulatedMarketplace
) -> None:
    newcomer = Signer(services)
    await newcomer.confirm_basic()
    session = await newcomer.sign_in(await newcomer.register())
    claim = aliyun.sell("1827000000004093", "inst-11")
    assert await services.cloud_accounts.register(session.actor, Provider.ALIYUN, claim)
    assert len((await services.cloud_accounts.of(session.actor)).accounts) == 1
    await newcomer.choose_settlement(session)
    with pytest.raises(NotAllowedError):
        await services.cloud_accounts.of(session.actor)


async def test_a_session_limited_to_a_workspace_registers_for_that_alone(
    services: Services, aliyun: SimulatedMarketplace
) -> None:
    here = await settler(services)
    limited = replace(here.payer, workspace_id=here.workspace_id)
    claim = aliyun.sell("1827000000004093", "inst-12")
    with pytest.raises(PasswordNeededError):
        await services.cloud_accounts.register(limited, Provider.ALIYUN, claim)
    assert await services.cloud_accounts.register(limited, Provider.ALIYUN, claim, workspace_id=here.workspace_id)


async def test_a_draft_keeps_what_was_typed_and_since_when_it_waits(services: Services, clock: MovableClock) -> None:
    here, drafts = await settler(services), services.cloud_drafts
    first = await drafts.open(here.owner, here.workspace_id, Provider.ALIYUN, is_new=True)
    await drafts.save(here.owner, here.workspace_id, account="1827", instance="abc")
    clock.move(seconds=72)
    again = await drafts.open(here.owner, here.workspace_id, Provider.ALIYUN, is_new=False)
    assert (again.account, again.instance, again.began_at, again.waited) == ("1827", "abc", first.began_at, 72)
    assert (await drafts.open(here.payer, here.workspace_id, Provider.ALIYUN, is_new=False)).account == ""
    assert (await drafts.open(here.owner, here.workspace_id, Provider.ALIYUN, is_new=True)).waited == 0
    assert (await drafts.open(here.owner, here.workspace_id, Provider.AWS, is_new=False)).account == ""
    await drafts.delete(here.owner, here.workspace_id)
    clock.move(days=8)
    assert await sweep(services.database, clock) == 1
