"""升级: a 体验版 workspace becomes 商业版, once and for good, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.billing.tables import Upgrade
from guance_portal.core import audit
from guance_portal.core.actor import Actor
from guance_portal.core.db import UnitOfWork
from guance_portal.core.drafts import of_actor
from guance_portal.metering import tally
from guance_portal.onboarding import agreements, emails, queries, registering
from guance_portal.onboarding.agreements import Accepted, Agreement, AgreementKind
from guance_portal.onboarding.receipts import OpeningReceipt
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade import queries as upgrade_queries
from guance_portal.onboarding.upgrade import standing as upgrade_standing
from guance_portal.onboarding.upgrade.forms import PAYER
from guance_portal.onboarding.upgrade.payer import AskingOwner
from guance_portal.onboarding.upgrade.rules import PayerChangedError, PayerMissingError
from guance_portal.onboarding.upgrade.standing import UpgradeStanding
from guance_portal.payers import binding
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeOrder:
    """同意并升级. `payer` is the fee-centre username that the dialog named, `accepted` the versions it showed."""

    who: AskingOwner
    payer: str
    accepted: Sequence[Accepted]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeReceipt:
    """What an upgrade did. `email` is where 开通提醒 went; `method` and `fee_username` are those of now.

    `upgraded_at` is business time: what comes after it is billed.

    `is_repeated`: it had been done before this was asked for.
    """

    workspace_id: str
    workspace_name: str
    site: Site
    email: str
    fee_username: str
    method: SettlementMethod
    upgraded_at: datetime
    is_repeated: bool = False


class UpgradeService:
    """Upgrades workspaces for their owners."""

    def __init__(self, tools: SignUpTools) -> None:
        self._tools, self._database, self._clock = tools, tools.database, tools.clock

    async def upgrade(self, order: UpgradeOrder) -> UpgradeReceipt:
        """Make the workspace 商业版: consent, payer, edition, emails, audit, all or nothing.

        A repeated order gets the first one's receipt. Raises NotAllowedError, NotOwnerError, WorkspaceSwitchedError,
        AlreadyCommercialError (opened as 商业版, never upgraded), AgreementMissingError, AgreementOutdatedError,
        PayerMissingError, PayerChangedError, CurrencyMismatchError, PayerLockedError.
        """
        async with self._database.writing() as work:
            standing = await upgrade_standing.stand(work, order.who.actor, order.who.workspace_id)
            if receipt := await _receipt(work, order.who.workspace_id, is_repeated=True):
                return receipt
            standing.require_free()
            agreed = agreements.require(await needed(work, standing.user.id), order.accepted)
            account = await self._payer(work, standing, order)
            await self._upgrade(work, order.who, standing, account, agreed)
            receipt = await _receipt(work, order.who.workspace_id)
            if receipt is None:
                raise RuntimeError(f"{order.who.workspace_id} was upgraded and there is no trace of it")
            await self._tell(work, standing, account, receipt)
            await work.commit()
        return receipt

    async def done(self, actor: Actor) -> UpgradeReceipt | None:
        """What was upgraded, for 升级成功 after a reload; None when nothing was. Raises as `upgrade` does."""
        async with self._database.reading() as work:
            await upgrade_standing.stand(work, actor, actor.workspace_id, lock=False)
            return await _receipt(work, actor.workspace_id, is_repeated=True)

    async def _payer(self, work: UnitOfWork, standing: UpgradeStanding, order: UpgradeOrder) -> FeeAccount:
        now = self._clock.now()
        draft = await PAYER.find(work, of_actor(order.who.actor), now, about=standing.workspace.id)
        account = await upgrade_standing.payer(work, standing.user.id, draft, now)
        if account is None:
            raise PayerMissingError
        if account.username != order.payer:
            raise PayerChangedError(username=account.username)
        binding.require_unlocked(account)
        return account

    async def _upgrade(
        self,
        work: UnitOfWork,
        who: AskingOwner,
        standing: UpgradeStanding,
        account: FeeAccount,
        agreed: Sequence[Agreement],
    ) -> None:
        now, workspace = self._clock.now(), standing.workspace
        # Nothing is counted meanwhile, and those who watch the workspace see that something happened.
        await tally.lock(work, workspace.id)
        work.session.add_all(
            registering.consent(
                standing.user.id,
                agreement,
                language=who.language,
                now=now,
                address=who.caller.address,
                session_id=who.actor.session_id,
                workspace_id=workspace.id,
            )
            for agreement in agreed
        )
        workspace.edition = Edition.COMMERCIAL
        since = self._tools.business_clock.now()
        await binding.bind(work, workspace.id, standing.site, account, method=SettlementMethod.ENTERPRISE, now=since)
        work.session.add(
            Upgrade(workspace_id=workspace.id, user_id=standing.user.id, fee_account_id=account.id, upgraded_at=since)
        )
        await upgrade_queries.end_drafts(work, workspace.id)
        audit.record(
            work,
            "workspace.upgraded",
            ("workspace", workspace.id),
            at=now,
            actor=who.actor,
            caller=who.caller,
            payer=account.username,
            method=SettlementMethod.ENTERPRISE.value,
            agreements=" ".join(f"{agreement.kind}:{agreement.version}" for agreement in agreed),
        )
        audit.record(
            work,
            "fee_account.bound",
            ("fee_account", account.id),
            at=now,
            actor=who.actor,
            caller=who.caller,
            workspace=workspace.id,
        )
        await work.session.flush()

    async def _tell(
        self, work: UnitOfWork, standing: UpgradeStanding, account: FeeAccount, receipt: UpgradeReceipt
    ) -> None:
        opened = OpeningReceipt(
            workspace_id=receipt.workspace_id,
            workspace_name=receipt.workspace_name,
            site=receipt.site,
            edition=Edition.COMMERCIAL,
            email=receipt.email,
            fee_username=receipt.fee_username,
            method=receipt.method,
        )
        await emails.say_opened(work, standing.user, account, opened, public_url=self._tools.public_url)
        await emails.say_bound(
            work,
            account,
            standing.user,
            standing.workspace,
            method=receipt.method,
            now=receipt.upgraded_at,
            public_url=self._tools.public_url,
        )


async def needed(work: UnitOfWork, user_id: str) -> tuple[Agreement, ...]:
    """What 服务协议 asks for: the agreement of 商业版 every time, any other that was not accepted yet."""
    every = agreements.required_for(Edition.COMMERCIAL)
    return tuple(
        [
            one
            for one in every
            if one.kind is AgreementKind.COMMERCIAL
            or not await queries.has_agreed(work, user_id, one.kind, one.version)
        ]
    )


async def _receipt(work: UnitOfWork, workspace_id: str, *, is_repeated: bool = False) -> UpgradeReceipt | None:
    found = await upgrade_queries.done(work, workspace_id)
    workspace = await upgrade_queries.workspace(work, workspace_id) if found else None
    if found is None or workspace is None:
        return None
    upgrade, user, account, payer = found
    return UpgradeReceipt(
        workspace_id=workspace.id,
        workspace_name=workspace.name,
        site=sites.get(workspace.site),
        email=user.email,
        fee_username=account.username,
        method=payer.method if payer else SettlementMethod.ENTERPRISE,
        upgraded_at=upgrade.upgraded_at,
        is_repeated=is_repeated,
    )
