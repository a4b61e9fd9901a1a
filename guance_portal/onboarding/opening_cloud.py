"""Opening a workspace that a cloud account pays for from the beginning."""

from __future__ import annotations

from guance_portal import sites
from guance_portal.core.db import UnitOfWork
from guance_portal.onboarding import queries, settlement_options
from guance_portal.onboarding.orders import WorkspaceOrder
from guance_portal.onboarding.progress import newcomers_account
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.payers import queries as payers
from guance_portal.payers.cloud_registrar import Claimed
from guance_portal.payers.ports import CloudSubscription
from guance_portal.payers.rules import CloudState
from guance_portal.payers.tables import FeeAccount
from guance_portal.settlement.errors import MethodNotChoosableError


async def asked(work: UnitOfWork, tools: SignUpTools, order: WorkspaceOrder) -> Claimed | None:
    """What the marketplace is asked before anything is opened; None where nothing is claimed, or all is opened.

    Raises MethodNotChoosableError for a method that the site does not offer: no marketplace is asked about that.
    """
    provider, claim = order.method.provider, order.claim
    if provider is None or claim is None:
        return None
    account = await queries.fee_account(work, await newcomers_account(work, order.actor.subject_id))
    user = await queries.user(work, order.actor.subject_id)
    if account is None or user is None:
        return None
    settlement_options.require_choosable(sites.get(user.site), tools.providers, order.method)
    return Claimed(fee_account_id=account.id, currency=account.currency, provider=provider, claim=claim)


async def choose(
    work: UnitOfWork,
    tools: SignUpTools,
    order: WorkspaceOrder,
    account: FeeAccount,
    subscription: CloudSubscription | None,
) -> str | None:
    """The id of the cloud account that will pay, registered just now or before; None for 观测云企业账号.

    Raises MethodNotChoosableError, CloudAccountTakenError.
    """
    provider = order.method.provider
    if provider is None:
        return None
    await payers.account(work, account.id, lock=True)
    if subscription:
        cloud = await tools.registrar.save(
            work, account, provider, subscription, actor=order.actor, caller=order.caller
        )
        return cloud.id
    for cloud in await payers.cloud_accounts(work, account.id):
        is_fit = (cloud.provider, cloud.currency, cloud.state) == (provider, account.currency, CloudState.LIVE)
        if cloud.id == order.cloud_account_id and is_fit:
            return cloud.id
    raise MethodNotChoosableError(field="method")
