"""A provider that a developer registers is itself wherever one is shown, and nowhere another's."""

from __future__ import annotations

import pytest

from guance_portal import sites
from guance_portal.bootstrap import Services
from guance_portal.components.settlement.cloud_dialog import cloud_dialog
from guance_portal.components.settlement.cloud_steps import typed_steps, waiting_steps
from guance_portal.core.errors import PortalError
from guance_portal.core.tokens import digest
from guance_portal.marketplaces import claim_errors
from guance_portal.marketplaces.purchases import Purchase
from guance_portal.onboarding import settlement_options
from guance_portal.operations.rules import AuditFilter
from guance_portal.pages.marketplace_claim import arrival, marketplace_claim
from guance_portal.payers import cloud_errors
from guance_portal.payers.ports import CloudClaim
from guance_portal.settlement.choices import Choice, OptionKind
from guance_portal.settlement.subscribing import SubscribeOrder
from guance_portal.sites import Currency, Provider
from guance_portal.sites.provider import Steps
from guance_portal.state.fee_center import clouds
from guance_portal.state.operator import account as operator_account
from guance_portal.state.operator import audit as operator_audit
from guance_portal.state.operator import marketplaces as operator
from guance_portal.state.settlement import cloud_rows, rows
from guance_portal.state.settlement.claim_rows import any_market, bringer, claim_row, fitting_sites
from guance_portal.state.settlement.cloud_places import look
from guance_portal.state.settlement.cloud_rows import CloudPurpose
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.emails import emails
from tests.support.own_provider import OWN, URL, borrowed, foreign, register
from tests.support.settlers import Settler, settler

pytestmark = pytest.mark.parametrize("steps", Steps)
ASKED = str(Choice(OptionKind.PROVIDER, OWN))


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch, steps: Steps) -> None:
    """Before the services are built."""
    register(monkeypatch, steps)


@pytest.fixture
async def here(_registered: None, services: Services) -> Settler:
    """An owner and a payer of a 商业版 workspace in Guangzhou, where the provider's site is."""
    return await settler(services, site="cn4")


async def bought(services: Services) -> CloudClaim:
    """The pair of a subscription that the provider's marketplace told of."""
    listing = services.marketplaces.listings.by_id(f"{OWN}-cn")
    applied = await services.marketplaces.subscriptions.record_purchase(
        Purchase(listing=listing, account="1827000000004093", instance="inst-1")
    )
    assert applied
    return CloudClaim(account="1827000000004093", instance="inst-1")


async def settled(here: Settler, steps: Steps) -> None:
    """The workspace is to be settled by the provider's account, in the way in which its subscriptions come."""
    claim, services = await bought(here.services), here.services
    if steps is Steps.TYPED:
        order = SubscribeOrder(actor=here.owner, workspace_id=here.workspace_id, provider=OWN, claim=claim)
        await services.settlement.subscribing.subscribe(order)
    else:
        account = await services.cloud_accounts.register(here.payer, OWN, claim, is_proven=True)
        await here.change(str(Choice(OptionKind.ACCOUNT, account)))


async def test_the_settlement_dialog_offers_it(here: Settler, steps: Steps) -> None:
    assert steps
    overview = await here.look()
    (row,) = [one for one in rows.shown(overview).providers if one.value == ASKED]
    assert (row.is_choosable, row.is_here, row.mark) == (True, True, OWN)
    assert foreign([row, rows.preview_rows(overview, ASKED), rows.confirm_text(overview, ASKED)]) == []


def test_step_three_of_signing_up_offers_it(services: Services, steps: Steps) -> None:
    assert steps
    offered = settlement_options.options(sites.get("cn4"), services.settlement.providers)
    own = [one for one in offered.options if one.method.provider is OWN]
    assert [one.is_choosable for one in own] == [True]
    assert foreign(own) == []


def test_its_dialog_has_its_own_steps(steps: Steps) -> None:
    build = typed_steps if steps is Steps.TYPED else waiting_steps
    assert borrowed(str(build(OWN))) == []
    dialog = str(cloud_dialog())
    assert all(f"cloud.{OWN}.{name}" in dialog for name in ("step_one", "market", "confirm"))


@pytest.mark.parametrize("place", CloudPurpose)
def test_its_dialog_is_headed_by_its_name(place: CloudPurpose, steps: Steps) -> None:
    assert steps
    assert foreign([cloud_rows.title(OWN, place), cloud_rows.lead(OWN, place)]) == []


@pytest.mark.parametrize(
    "error",
    [
        cloud_errors.AccountIdMissingError,
        cloud_errors.AccountIdMalformedError,
        cloud_errors.InstanceIdMissingError,
        *[
            one
            for one in vars(cloud_errors).values()
            if isinstance(one, type) and issubclass(one, cloud_errors.CloudError)
        ][1:],
    ],
)
def test_a_refusal_names_no_other_cloud(error: type[PortalError], services: Services, steps: Steps) -> None:
    assert steps
    made = error(account="1827 **** 4093", instance="inst-1", theirs="USD", ours="CNY", minutes=7)
    assert foreign(cloud_rows.failure(made, CloudPurpose.WORKSPACE, OWN, services.clock.now(), "cn4")) == []


async def test_its_dialog_leads_to_its_own_marketplace(here: Settler, steps: Steps) -> None:
    assert steps
    opened = await look(here.owner, CloudPurpose.WORKSPACE, OWN, here.workspace_id, factories.browser())
    assert opened.url == URL
    # The sandbox does not play this marketplace, so no link leads there.
    assert "sandbox" not in opened.url


async def test_the_fee_center_lists_it_and_offers_to_add_another(here: Settler, steps: Steps) -> None:
    await settled(here, steps)
    found = await here.services.cloud_accounts.of(here.payer)
    offers = [
        one for one in clouds._offers(here.services.settlement.providers, Currency.CNY) if one.provider == OWN.value
    ]
    shown = [clouds._row(view, found.site) for view in found.accounts]
    assert (len(offers), [one.provider for one in shown]) == (1, [OWN])
    assert foreign([offers, shown]) == []


async def test_a_buyer_of_another_cloud_reads_who_pays_now(here: Settler, clock: MovableClock, steps: Steps) -> None:
    await settled(here, steps)
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    (option,) = await here.services.marketplaces.claim_offers.options(here.owner, Currency.CNY)
    assert f"settlement_method.{OWN}" in claim_row(option, Provider.AWS, "**** 4093").change.zh


def test_its_buyers_arrive_at_a_page_of_its_own_words(steps: Steps) -> None:
    if steps is Steps.BROUGHT:
        assert borrowed(str(arrival(OWN))) == []
        assert bringer(OWN) == OWN
    else:
        assert bringer(OWN) != OWN
    assert (f"claim.{OWN}.done_title" in str(marketplace_claim())) is (steps is Steps.BROUGHT)


async def test_its_buyers_choose_among_workspaces_that_it_would_pay_for(here: Settler, steps: Steps) -> None:
    claim, shop = await bought(here.services), here.services.marketplaces
    found = await shop.subscriptions.of_instance(shop.listings.by_id(f"{OWN}-cn"), claim.instance)
    assert found
    link = await shop.claims.open(f"registration of {steps}", found.id)
    seen = (await shop.claims.look(link.token, digest(link.cookie))).subscription
    assert seen
    assert seen.provider is OWN
    options = await shop.claim_offers.options(here.owner, seen.currency)
    shown = [claim_row(option, seen.provider, "**** 4093") for option in options]
    assert f"settlement_method.{OWN}" in shown[0].change.zh
    assert foreign([shown, fitting_sites(seen.provider, seen.currency)]) == []
    assert fitting_sites(seen.provider, seen.currency) == sites.get("cn4").name
    assert any_market(OWN) == URL


@pytest.mark.parametrize(
    "error",
    [claim_errors.ClaimUnknownError, claim_errors.ClaimExpiredError, claim_errors.ClaimUsedError],
)
def test_a_claim_that_leads_no_further_names_no_other_cloud(error: type[PortalError], steps: Steps) -> None:
    assert steps
    assert foreign(cloud_rows.refused(error(), OWN)) == []


async def test_emails_name_it(here: Settler, steps: Steps) -> None:
    await settled(here, steps)
    told = [
        *await emails(here.services, "cloud_account_registered"),
        *await emails(here.services, "settlement_scheduled"),
    ]
    assert {one.template for one in told} == {"cloud_account_registered", "settlement_scheduled"}
    for email in told:
        assert foreign(email.params) == []
        assert [value for value in email.params.values() if f"settlement_method.{OWN}" in value]


async def test_operators_read_its_name(here: Settler, clock: MovableClock, steps: Steps) -> None:
    await settled(here, steps)
    staff = await factories.operator(here.services)
    clock.move(minutes=1)
    actor = (await factories.sign_in_operator(here.services, staff)).actor
    page = await here.services.marketplaces.admin.subscriptions(actor)
    assert [foreign(operator._subscription(line)) for line in page.lines] == [[]]


async def test_operators_read_its_name_at_the_account_and_in_the_audit(
    here: Settler, clock: MovableClock, steps: Steps
) -> None:
    await settled(here, steps)
    staff = await factories.operator(here.services)
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    actor = (await factories.sign_in_operator(here.services, staff)).actor
    view = await here.services.account_admin.view(actor, here.payer.subject_id)
    shown = [
        *[operator_account._workspace(line) for line in view.workspaces],
        *[operator_account._cloud(line) for line in view.cloud_accounts],
    ]
    assert (len(view.workspaces), len(view.cloud_accounts), foreign(shown)) == (1, 1, [])
    assert all(f"settlement_method.{OWN}" in str(row) for row in shown)
    found = (await here.services.audit_log.read(actor, AuditFilter())).entries
    said = {entry.act: operator_audit._row(entry) for entry in found}
    assert foreign(list(said.values())) == []
    for act in ("settlement_change.scheduled", "settlement_change.effective"):
        assert f"settlement_method.{OWN}" in said[act].sentence.zh
