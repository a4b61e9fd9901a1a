"""更换费用中心账号 as its owner asks for it: the other account is proven by a code from its mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guance_portal import sites
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.limit_keys import of_account
from guance_portal.onboarding import emails, queries
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade.payer import (
    AskingOwner,
    BindingCodeSent,
    account_named,
    binding_scope,
    slow_down,
)
from guance_portal.payers.tables import FeeAccount
from guance_portal.settlement import payer_change
from guance_portal.settlement.calendar import ChangePreview, preview_of
from guance_portal.settlement.choices import Asker, ChangeKind
from guance_portal.settlement.errors import SamePayerError
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.switching import Switching


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerChangeOffer:
    """What the dialog says before anything is ordered. `by_cloud`: a cloud account pays now, and will no more."""

    workspace_id: str
    workspace_name: str
    fee_username: str
    site: sites.Site
    preview: ChangePreview
    by_cloud: bool


class PayerChangeService:
    """Answers the dialog of an owner.

    Every method raises NotAllowedError for anybody but the owner at the session's workspace, NothingToSettleError,
    WorkspaceDissolvedError.
    """

    def __init__(self, tools: SignUpTools, switching: Switching) -> None:
        self._tools, self._switching, self._database = tools, switching, tools.database

    async def offer(self, who: AskingOwner) -> PayerChangeOffer:
        """What a change ordered now would mean."""
        async with self._database.reading() as work:
            here, asker = await self._switching.look(work, who.actor, who.workspace_id)
        _require_owner(asker)
        return PayerChangeOffer(
            workspace_id=here.workspace.id,
            workspace_name=here.workspace.name,
            fee_username=here.account.username,
            site=here.site,
            preview=preview_of(here.now, here.site.zone, ChangeKind.PAYER, has_used_month=here.has_used_month),
            by_cloud=here.payer.cloud_account_id is not None,
        )

    async def send_code(self, who: AskingOwner, typed: str) -> BindingCodeSent:
        """Mail a code to the account with this username, saying who asks for which workspace.

        Raises FeeUsernameMissingError, FeeUsernameUnknownError, SamePayerError, CodeTooSoonError, CodeLimitError,
        TooManyAttemptsError.
        """
        await slow_down(self._tools, who.caller)
        await self._tools.rate_limits.hit("binding_code_per_user", of_account(who.actor.realm, who.actor.subject_id))
        async with self._database.writing() as work:
            here, asker = await self._switching.look(work, who.actor, who.workspace_id)
            _require_owner(asker)
            account = await _other(work, here, typed)
            user = await queries.user(work, who.actor.subject_id)
            if user is None:
                raise NotAllowedError
            scope = binding_scope(here.workspace.id, user.id, account)
            code = await self._tools.codes.issue(work, scope, who.caller)
            await emails.send_binding_code(work, account, code, user, here.workspace)
            await work.commit()
        return BindingCodeSent()

    async def change(self, who: AskingOwner, typed: str, code: str) -> date:
        """Order the change; returns the billing day from which the other account pays.

        The same order again, while it waits, gives the same day. Raises what `send_code` raises, the errors of
        `EmailCodes.check` (a wrong try counts), LeavingLockedError, ChangePendingError, and CurrencyMismatchError and
        PayerLockedError, which nobody learns who could not read the account's mail.
        """
        async with self._database.writing() as work:
            here, asker = await self._switching.enter(work, who.actor, who.workspace_id)
            _require_owner(asker)
            account = await _other(work, here, typed)
            if here.pending and here.pending.to_fee_account_id == account.id:
                return here.pending.effective_day
            problem = await self._tools.codes.check(
                work, binding_scope(here.workspace.id, who.actor.subject_id, account), code
            )
            if problem is None:
                change = await payer_change.order(
                    work, here, account, actor=who.actor, caller=who.caller, public_url=self._tools.public_url
                )
                await work.commit()
                return change.effective_day
            await work.commit()
        raise problem


def _require_owner(asker: Asker) -> None:
    if asker is not Asker.OWNER:
        raise NotAllowedError


async def _other(work: UnitOfWork, here: SettlementStanding, typed: str) -> FeeAccount:
    account = await account_named(work, typed)
    if account.id == here.account.id:
        raise SamePayerError(field="payer")
    return account
