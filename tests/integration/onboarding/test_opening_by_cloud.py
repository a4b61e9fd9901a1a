"""Step 3 with a cloud account: the workspace begins with that method, or is not opened at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from guance_portal import bootstrap, sites
from guance_portal.bootstrap import Services
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Language
from guance_portal.core.settings import Settings
from guance_portal.onboarding.rules import WorkspaceNameMissingError
from guance_portal.onboarding.settlement_drafts import Chosen
from guance_portal.payers.cloud_errors import ClaimNotProvenError, SubscriptionUnknownError
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.errors import MethodNotChoosableError
from guance_portal.sites import Provider
from tests.factories import SignedIn
from tests.support.clocks import MovableClock
from tests.support.hashes import quick_hashes
from tests.support.marketplace import SimulatedMarketplace, simulated_marketplaces
from tests.support.sign_up import Signer, basic_form, emails

ALIYUN, AWS = SettlementMethod(Provider.ALIYUN), SettlementMethod(Provider.AWS)


@pytest.fixture
async def services(portal_settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    """The portal's services with a marketplace for each provider."""
    services = bootstrap.build(
        portal_settings, clock=clock, hashes=quick_hashes(), marketplaces=simulated_marketplaces()
    )
    yield services
    await services.close()


async def at_step_three(services: Services, site: str = "cn1") -> tuple[Signer, SignedIn]:
    """Somebody whose account exists, and whose workspace does not."""
    newcomer = Signer(services, form=basic_form(site=site))
    await newcomer.confirm_basic()
    return newcomer, await newcomer.sign_in(await newcomer.register())


def sell(services: Services, provider: Provider = Provider.ALIYUN) -> CloudClaim:
    """Somebody subscribes at a simulator."""
    marketplace = services.settlement.providers.marketplace(provider)
    assert isinstance(marketplace, SimulatedMarketplace)
    return marketplace.sell("1827000000004093", "inst-1")


async def test_the_workspace_begins_with_the_cloud_account_however_often_it_is_clicked(services: Services) -> None:
    newcomer, session = await at_step_three(services)
    claim = sell(services)
    receipts = await asyncio.gather(
        *(newcomer.choose_settlement(session, method=ALIYUN, claim=claim) for _ in range(5))
    )
    assert len({receipt.workspace_id for receipt in receipts}) == 1
    assert receipts[0].method == ALIYUN
    told = [email.template for email in await emails(services.database, newcomer.form.email)]
    assert sorted(told) == ["cloud_account_registered", "commercial_opened", "verification_code"]


async def test_nothing_is_opened_unless_the_subscription_is_verified(services: Services) -> None:
    newcomer, session = await at_step_three(services)
    with pytest.raises(SubscriptionUnknownError):
        await newcomer.choose_settlement(session, method=ALIYUN, claim=CloudClaim(account="1827", instance="guess"))
    with pytest.raises(MethodNotChoosableError):
        await newcomer.choose_settlement(session, method=ALIYUN)
    with pytest.raises(MethodNotChoosableError):
        await newcomer.choose_settlement(session, method=ALIYUN, cloud_account_id="clda_unknown")
    with pytest.raises(MethodNotChoosableError):
        await newcomer.choose_settlement(session, method=AWS, claim=sell(services, Provider.AWS))
    assert (await services.cloud_accounts.of(session.actor)).accounts == ()
    assert await services.onboarding.progress.pending(session.actor)


async def test_ids_of_aws_that_are_typed_open_nothing(services: Services) -> None:
    newcomer, session = await at_step_three(services, "cn2")
    with pytest.raises(ClaimNotProvenError):
        await newcomer.choose_settlement(session, method=AWS, claim=sell(services, Provider.AWS))
    assert (await services.cloud_accounts.of(session.actor)).accounts == ()
    assert await services.onboarding.progress.pending(session.actor)


async def test_an_account_that_came_in_meanwhile_pays_while_it_is_live(services: Services) -> None:
    newcomer, session = await at_step_three(services, "cn2")
    claim = sell(services, Provider.AWS)
    registered = await services.cloud_accounts.register(session.actor, Provider.AWS, claim, is_proven=True)
    await services.settlement.closing.close(Provider.AWS, claim)
    with pytest.raises(MethodNotChoosableError):
        await newcomer.choose_settlement(session, method=AWS, cloud_account_id=registered)
    await services.settlement.closing.reopen(Provider.AWS, claim)
    receipt = await newcomer.choose_settlement(session, method=AWS, cloud_account_id=registered)
    assert receipt.method == AWS


async def test_what_was_chosen_is_kept_until_the_workspace_is_open(services: Services) -> None:
    newcomer, session = await at_step_three(services)
    drafts, site = services.onboarding.settlement_drafts, sites.get("cn1")
    chosen = Chosen(name="云帆-生产环境", language=Language.EN, method=ALIYUN)
    assert await drafts.kept(session.actor) is None
    for _ in range(2):
        await drafts.save(session.actor, site, chosen)
    assert await drafts.kept(session.actor) == chosen
    with pytest.raises(WorkspaceNameMissingError):
        await drafts.save(session.actor, site, Chosen(name=" ", language=Language.EN, method=ALIYUN))
    with pytest.raises(MethodNotChoosableError):
        await drafts.save(session.actor, site, Chosen(name="x", language=Language.EN, method=AWS))
    await newcomer.choose_settlement(session)
    assert await drafts.kept(session.actor) is None
    with pytest.raises(NotAllowedError):
        await drafts.save(session.actor, site, chosen)


async def test_what_is_typed_at_step_three_is_kept_field_by_field_until_the_workspace_is_open(
    services: Services,
) -> None:
    newcomer, session = await at_step_three(services)
    drafts, actor = services.onboarding.settlement_drafts, session.actor
    suggested = (await services.onboarding.progress.pending(actor)) or pytest.fail("nothing is pending")
    await drafts.note(actor, {"method": ALIYUN.value}, Language.EN)
    chosen = Chosen(name=suggested.suggested_name, language=Language.EN, method=ALIYUN)
    assert await drafts.kept(actor) == chosen
    await asyncio.gather(
        drafts.note(actor, {"name": ""}, Language.ZH),
        drafts.note(actor, {"workspace_language": Language.ZH.value}, Language.EN),
    )
    assert await drafts.kept(actor) == Chosen(name="", language=Language.ZH, method=ALIYUN)
    with pytest.raises(MethodNotChoosableError):
        await drafts.note(actor, {"method": AWS.value}, Language.ZH)
    await newcomer.choose_settlement(session)
    await drafts.note(actor, {"name": "late"}, Language.ZH)
    assert await drafts.kept(actor) is None


async def test_two_tabs_that_begin_at_once_keep_both(services: Services) -> None:
    _, session = await at_step_three(services)
    drafts, actor = services.onboarding.settlement_drafts, session.actor
    await asyncio.gather(
        drafts.note(actor, {"name": "云帆"}, Language.ZH), drafts.note(actor, {"method": ALIYUN.value}, Language.ZH)
    )
    assert await drafts.kept(actor) == Chosen(name="云帆", language=Language.ZH, method=ALIYUN)
