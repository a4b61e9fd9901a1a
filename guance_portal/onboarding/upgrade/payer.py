"""Who will pay after an upgrade: a fee-centre account that a code proves to be the owner's, or a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guance_portal.accounts.codes.rules import LIFE, RESEND_AFTER, CodePurpose
from guance_portal.accounts.codes.service import CodeScope
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.db import UnitOfWork
from guance_portal.core.drafts import of_actor
from guance_portal.core.limit_keys import of_account, of_browser, of_network
from guance_portal.core.messages import Language
from guance_portal.onboarding import emails
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade import queries as upgrade_queries
from guance_portal.onboarding.upgrade.forms import PAYER
from guance_portal.onboarding.upgrade.rules import (
    FeeUsernameMissingError,
    FeeUsernameUnknownError,
    HasFeeAccountError,
)
from guance_portal.onboarding.upgrade.standing import UpgradeStanding, own_account, stand
from guance_portal.payers.binding import CurrencyMismatchError, PayerLockedError
from guance_portal.payers.tables import FeeAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingOwner:
    """The owner at a page: `workspace_id` is the workspace it shows, `language` the language it speaks."""

    actor: Actor
    caller: Caller
    workspace_id: str
    language: Language


@dataclass(frozen=True, slots=True)
class BindingCodeSent:
    """What the page says after 获取验证码; nothing of the account it went to."""

    minutes: int = LIFE.seconds // 60
    resend_after: int = RESEND_AFTER.seconds


class PayerService:
    """The dialog 绑定费用中心账号 of the owner, and what is typed in either of a 体验版 workspace.

    Every method raises NotAllowedError, NotOwnerError, WorkspaceSwitchedError, AlreadyCommercialError.
    """

    def __init__(self, tools: SignUpTools) -> None:
        self._tools, self._database, self._clock = tools, tools.database, tools.clock

    async def save(self, who: AskingOwner, changes: Mapping[str, str]) -> None:
        """Keep what was typed, by field, without judging it; another address takes its proof back."""
        async with self._database.writing() as work:
            await stand_free(work, who)
            draft = await PAYER.take(work, of_actor(who.actor), self._clock.now(), about=who.workspace_id)
            draft.type(changes)
            await work.commit()

    async def send_binding_code(self, who: AskingOwner, typed: str) -> BindingCodeSent:
        """Mail a code to the account with this username, saying who asks for which workspace.

        Whether a username exists can be asked here as in sign-up, as slowly; nothing else is told. Raises
        FeeUsernameMissingError, FeeUsernameUnknownError, HasFeeAccountError, CodeTooSoonError, CodeLimitError,
        TooManyAttemptsError.
        """
        await slow_down(self._tools, who.caller)
        await self._tools.rate_limits.hit("binding_code_per_user", of_account(who.actor.realm, who.actor.subject_id))
        async with self._database.writing() as work:
            standing = await stand_free(work, who)
            await require_no_own(work, standing)
            draft = await PAYER.take(work, of_actor(who.actor), self._clock.now(), about=who.workspace_id)
            draft.type({"payer": typed})
            account = await account_named(work, typed)
            code = await self._tools.codes.issue(
                work, binding_scope(standing.workspace.id, standing.user.id, account), who.caller
            )
            await emails.send_binding_code(work, account, code, standing.user, standing.workspace)
            await work.commit()
        return BindingCodeSent()

    async def bind(self, who: AskingOwner, typed: str, code: str) -> str:
        """Note that the account may pay for this workspace; returns its username. Bound it is by the upgrade.

        Raises what `send_binding_code` raises, the errors of `EmailCodes.check` (a wrong try counts), and
        CurrencyMismatchError and PayerLockedError, which nobody learns who could not read the account's mail.
        """
        async with self._database.writing() as work:
            standing = await stand_free(work, who)
            await require_no_own(work, standing)
            account, now = await account_named(work, typed), self._clock.now()
            problem = await self._tools.codes.check(
                work, binding_scope(standing.workspace.id, standing.user.id, account), code
            )
            if problem is None and account.currency is not standing.site.currency:
                problem = CurrencyMismatchError(field="payer")
            elif problem is None and account.locked_at is not None:
                problem = PayerLockedError(field="payer", username=account.username)
            elif problem is None:
                draft = await PAYER.take(work, of_actor(who.actor), now, about=who.workspace_id)
                draft.type({"payer": account.username})
                draft.note(proven_account_id=account.id, proven_at=now)
                on = ("fee_account", account.id)
                audit.record(
                    work,
                    "fee_account.proven",
                    on,
                    at=now,
                    actor=who.actor,
                    caller=who.caller,
                    workspace=who.workspace_id,
                )
            await work.commit()
        if problem:
            raise problem
        return account.username


async def slow_down(tools: SignUpTools, caller: Caller) -> None:
    """Usernames can be asked for, but not quickly; raises TooManyAttemptsError."""
    await tools.rate_limits.hit("username_check_per_visitor", of_browser(caller))
    await tools.rate_limits.hit("username_check_per_address", of_network(caller.address))


async def stand_free(work: UnitOfWork, who: AskingOwner) -> UpgradeStanding:
    """The workspace of the page, still 体验版, with its owner; raises what every dialog raises."""
    standing = await stand(work, who.actor, who.workspace_id)
    standing.require_free()
    return standing


async def require_no_own(work: UnitOfWork, standing: UpgradeStanding) -> None:
    """Raise HasFeeAccountError when the owner has an account, which pays."""
    if account := await own_account(work, standing.user.id):
        raise HasFeeAccountError(username=account.username)


async def account_named(work: UnitOfWork, typed: str) -> FeeAccount:
    """The account with the username that was typed; raises FeeUsernameMissingError, FeeUsernameUnknownError."""
    if not typed.strip():
        raise FeeUsernameMissingError(field="payer")
    account = await upgrade_queries.account_named(work, typed)
    if account is None:
        raise FeeUsernameUnknownError(field="payer")
    return account


def binding_scope(workspace_id: str, user_id: str, account: FeeAccount) -> CodeScope:
    """For this person, workspace and account alone: accounts may share an address."""
    holder = f"{workspace_id}:{user_id}:{account.id}"
    return CodeScope(purpose=CodePurpose.BIND_FEE_ACCOUNT, site="", email=account.email, holder=holder)
