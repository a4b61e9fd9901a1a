"""Opening workspaces: step 3 of 商业版, and further ones later."""

from __future__ import annotations

from guance_portal import sites
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.opening import NewWorkspace, open_workspace
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import User
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.limit_keys import of_account
from guance_portal.onboarding import (
    agreements,
    emails,
    opening_cloud,
    queries,
    receipts,
    registering,
    rules,
    settlement_drafts,
    settlement_options,
)
from guance_portal.onboarding.orders import Agreed, WorkspaceOrder
from guance_portal.onboarding.receipts import OpeningReceipt
from guance_portal.onboarding.registering import SIGN_UP
from guance_portal.onboarding.tables import Opening
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade import queries as upgrade_queries
from guance_portal.payers import binding
from guance_portal.payers.cloud_registrar import Claimed
from guance_portal.payers.tables import FeeAccount


class OpeningService:
    """Opens workspaces for signed-in console users."""

    def __init__(self, tools: SignUpTools) -> None:
        self._tools, self._database, self._clock = tools, tools.database, tools.clock

    async def choose_settlement(self, order: WorkspaceOrder) -> OpeningReceipt:
        """确定 of step 3: the workspace, bound to the fee-centre account of the sign-up; 开通提醒 by mail.

        Repeated, it opens nothing more and gives the same receipt. With a cloud's method nothing is opened unless its
        subscription is well. Raises WorkspaceNameMissingError, WorkspaceNameTooLongError, HiddenCharacterError,
        MethodNotChoosableError, NotAllowedError, and a CloudError of the right kind.
        """
        name = rules.workspace_name(order.name)
        async with self._database.reading() as work:
            asked = await opening_cloud.asked(work, self._tools, order)
        if asked:
            await self._tools.registrar.verify(asked)
        async with self._database.writing() as work:
            user = await _user(work, order.actor)
            began = await queries.registration(work, user.id)
            if began is None or began.edition is not Edition.COMMERCIAL or order.edition is not Edition.COMMERCIAL:
                raise NotAllowedError
            receipt = await receipts.opened(work, user, SIGN_UP)
            if receipt is None:
                receipt = await self._open(work, user, order, name, idempotency_key=SIGN_UP, asked=asked)
                await settlement_drafts.delete(work, user.id)
            await work.commit()
        return receipt

    async def open_another(self, order: WorkspaceOrder, agreed: Agreed, *, idempotency_key: str) -> OpeningReceipt:
        """Open a further workspace; of 商业版 only with a fee-centre account of one's own.

        `idempotency_key` names this act of a page: repeated, it opens nothing more. `agreed` counts for agreements of
        the edition whose present version the actor has not accepted yet. Raises what `choose_settlement` raises, and
        FeeAccountMissingError, PayerLockedError, AgreementMissingError, AgreementOutdatedError, TooManyAttemptsError.
        """
        name, act = rules.workspace_name(order.name), f"open:{idempotency_key}"
        await self._tools.rate_limits.hit("workspace_per_user", of_account(order.actor.realm, order.actor.subject_id))
        async with self._database.writing() as work:
            user = await _user(work, order.actor)
            receipt = await receipts.opened(work, user, act)
            if receipt is None:
                await self._agree(work, user, order, agreed)
                receipt = await self._open(work, user, order, name, idempotency_key=act)
            await work.commit()
        return receipt

    async def _open(
        self,
        work: UnitOfWork,
        user: User,
        order: WorkspaceOrder,
        name: str,
        *,
        idempotency_key: str,
        asked: Claimed | None = None,
    ) -> OpeningReceipt:
        now = self._clock.now()
        subscription = await self._tools.registrar.confirm(work, asked) if asked else None
        account = await self._payer(work, user, order) if order.edition is Edition.COMMERCIAL else None
        cloud = await opening_cloud.choose(work, self._tools, order, account, subscription) if account else None
        new = NewWorkspace(site=user.site, name=name, language=order.language, owner_id=user.id, edition=order.edition)
        workspace_id = await open_workspace(work, new, now, actor=order.actor)
        await self._tools.tokens.issue(work, workspace_id)
        work.session.add(
            Opening(workspace_id=workspace_id, user_id=user.id, idempotency_key=idempotency_key, opened_at=now)
        )
        await workspace_queries.choose(work, order.actor.session_id, workspace_id)
        if account:
            site = sites.get(user.site)
            since = self._tools.business_clock.now()
            await binding.bind(
                work, workspace_id, site, account, method=order.method, now=since, cloud_account_id=cloud
            )
        await work.session.flush()
        receipt = await receipts.opened(work, user, idempotency_key)
        if receipt is None:
            raise RuntimeError(f"{workspace_id} was opened and is not there")
        if account:
            await emails.say_opened(work, user, account, receipt, public_url=self._tools.public_url)
            knows = idempotency_key == SIGN_UP and account.email_key == user.email_key
            await self._note_binding(work, user, order, account, workspace_id, knows=knows)
        return receipt

    async def _note_binding(
        self,
        work: UnitOfWork,
        user: User,
        order: WorkspaceOrder,
        account: FeeAccount,
        workspace_id: str,
        *,
        knows: bool,
    ) -> None:
        """Tell the account that it pays, unless it knows: that of a sign-up reads it in 开通提醒 at the same address."""
        now, workspace = self._clock.now(), await upgrade_queries.workspace(work, workspace_id)
        if workspace and not knows:
            await emails.say_bound(
                work, account, user, workspace, method=order.method, now=now, public_url=self._tools.public_url
            )
        on = ("fee_account", account.id)
        audit.record(
            work, "fee_account.bound", on, at=now, actor=order.actor, caller=order.caller, workspace=workspace_id
        )

    async def _payer(self, work: UnitOfWork, user: User, order: WorkspaceOrder) -> FeeAccount:
        settlement_options.require_choosable(sites.get(user.site), self._tools.providers, order.method)
        began = await queries.registration(work, user.id)
        account = await queries.fee_account(work, began.fee_account_id if began else None)
        if account is None:
            raise rules.FeeAccountMissingError(field="edition")
        binding.require_unlocked(account, field="edition")
        return account

    async def _agree(self, work: UnitOfWork, user: User, order: WorkspaceOrder, agreed: Agreed) -> None:
        if order.edition is Edition.FREE:
            return
        needed = [
            agreement
            for agreement in agreements.required_for(order.edition)
            if not await queries.has_agreed(work, user.id, agreement.kind, agreement.version)
        ]
        work.session.add_all(
            registering.consent(
                user.id,
                agreement,
                language=agreed.language,
                now=self._clock.now(),
                address=order.caller.address,
                session_id=order.actor.session_id,
            )
            for agreement in agreements.require(needed, agreed.accepted)
        )


async def _user(work: UnitOfWork, actor: Actor) -> User:
    user = await queries.user(work, actor.subject_id, lock=True) if actor.realm is Realm.CONSOLE else None
    if user is None:
        raise NotAllowedError
    return user
