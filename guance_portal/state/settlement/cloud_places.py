"""What the dialog of a cloud account is about in each of its places, and what its last step does there."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.errors import NotAllowedError
from guance_portal.onboarding.orders import WorkspaceOrder
from guance_portal.payers.cloud_accounts import CloudAccounts
from guance_portal.payers.cloud_errors import MarketplaceMissingError
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.choices import Choice, OptionKind
from guance_portal.settlement.subscribing import SubscribeOrder
from guance_portal.settlement.switching import ChangeOrder
from guance_portal.sites import Provider
from guance_portal.state.settlement.cloud_rows import CloudPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the dialog shows before anything is typed; `account` and `instance` are those this browser has proven."""

    clouds: CloudAccounts
    url: str
    workspace: str = ""
    site: str = ""
    account: str = ""
    instance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSource:
    """What is to be settled by: the subscription that is claimed, or the account that came in."""

    actor: Actor
    caller: Caller
    provider: Provider
    workspace_id: str
    claim: CloudClaim | None
    cloud_account_id: str

    @property
    def choice(self) -> str:
        """The account that came in, as an option of settlement."""
        return str(Choice(OptionKind.ACCOUNT, self.cloud_account_id))


async def look(actor: Actor, place: CloudPurpose, provider: Provider, workspace_id: str, caller: Caller) -> Opened:
    """What there is to show; raises NotAllowedError, PasswordNeededError, MarketplaceMissingError, NothingToSettleError."""
    clouds = await services().cloud_accounts.of(actor, workspace_id)
    url = services().settlement.providers.address(provider, clouds.currency)
    if not url:
        raise MarketplaceMissingError
    workspace, site = await _named(actor, place, workspace_id)
    claim = None
    if provider.is_typed:
        claim = await services().marketplaces.sso.pair(caller.visitor, provider, clouds.currency)
    return Opened(
        clouds=clouds,
        url=url,
        workspace=workspace,
        site=site,
        account=claim.account if claim else "",
        instance=claim.instance if claim else "",
    )


async def take(place: CloudPurpose, taken: ClaimSource) -> None:
    """The last step: the change is ordered, the workspace opened, or the account registered.

    Raises what the services of these do.
    """
    if place is CloudPurpose.WORKSPACE:
        await _settle(taken)
    elif place is CloudPurpose.SIGN_UP:
        await _open_first(taken)
    elif taken.claim:
        await services().cloud_accounts.register(taken.actor, taken.provider, taken.claim, caller=taken.caller)
    if taken.claim:
        await services().marketplaces.sso.end(taken.caller.visitor)


async def _settle(taken: ClaimSource) -> None:
    settlement = services().settlement
    if taken.claim is None:
        order = ChangeOrder(
            actor=taken.actor, workspace_id=taken.workspace_id, choice=taken.choice, caller=taken.caller
        )
        await settlement.switching.change(order)
        return
    await settlement.subscribing.subscribe(
        SubscribeOrder(
            actor=taken.actor,
            workspace_id=taken.workspace_id,
            provider=taken.provider,
            claim=taken.claim,
            caller=taken.caller,
        )
    )


async def _open_first(taken: ClaimSource) -> None:
    chosen = await services().onboarding.settlement_drafts.kept(taken.actor)
    if chosen is None:
        raise NotAllowedError
    order = WorkspaceOrder(
        actor=taken.actor,
        caller=taken.caller,
        name=chosen.name,
        language=chosen.language,
        method=SettlementMethod(taken.provider),
        claim=taken.claim,
        cloud_account_id=taken.cloud_account_id,
    )
    await services().onboarding.openings.choose_settlement(order)


async def _named(actor: Actor, place: CloudPurpose, workspace_id: str) -> tuple[str, str]:
    """The name of the workspace, and its site."""
    if place is CloudPurpose.WORKSPACE:
        overview = await services().settlement.overviews.overview(actor, workspace_id)
        return overview.workspace_name, overview.site.code
    if place is CloudPurpose.SIGN_UP:
        chosen = await services().onboarding.settlement_drafts.kept(actor)
        pending = await services().onboarding.progress.pending(actor)
        return (chosen.name if chosen else "", pending.site.code if pending else "")
    return "", ""
