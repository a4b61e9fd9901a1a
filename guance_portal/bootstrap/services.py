"""Everything the pages and the HTTP API may ask for, and what runs beside them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.accounts import housekeeping
from guance_portal.accounts.identity.operator_codes import RecoveryCodeService
from guance_portal.accounts.identity.operators import OperatorService
from guance_portal.accounts.identity.passwords import PasswordService
from guance_portal.accounts.identity.profile import ProfileService
from guance_portal.accounts.identity.proofs import Proofs
from guance_portal.accounts.keys.service import KeyService
from guance_portal.accounts.members.invitations import InvitationService
from guance_portal.accounts.members.service import MemberService
from guance_portal.accounts.members.workspaces import WorkspaceService
from guance_portal.accounts.sessions.metrics import live_sessions
from guance_portal.accounts.sessions.operator_sign_in import OperatorSignIn
from guance_portal.accounts.sessions.service import SessionService
from guance_portal.accounts.sessions.sign_in import SignInService
from guance_portal.approvals.reading import OrderReader
from guance_portal.approvals.service import Approvals
from guance_portal.approvals.voiding import CodeVoiding
from guance_portal.billing.bills.changes import BillChanges
from guance_portal.billing.bills.closing import DailyClose
from guance_portal.billing.bills.costs import WorkspaceCosts
from guance_portal.billing.bills.feed import BillFeed
from guance_portal.billing.bills.proofs import BillProofs
from guance_portal.billing.bills.status import CloseStatusService
from guance_portal.billing.bills.views import BillViews
from guance_portal.billing.clouds.board import ReconciliationBoard
from guance_portal.billing.clouds.board_export import BoardExports
from guance_portal.billing.clouds.resolving import CloudRecordResolving
from guance_portal.billing.clouds.worker import CloudRecordWorker
from guance_portal.billing.exports.changes import ChangeExports
from guance_portal.billing.exports.making import BillExports
from guance_portal.billing.pace import Rehearsals
from guance_portal.billing.paper.making import MonthPapers
from guance_portal.billing.plans import PlanService
from guance_portal.billing.usage import UsageViews
from guance_portal.core import drafts, metrics
from guance_portal.core.business_time import BusinessTime
from guance_portal.core.clock import BusinessClock, Clock
from guance_portal.core.db import Database
from guance_portal.core.passwords import Passwords
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.readiness import Readiness
from guance_portal.ledger.checking import LedgerCheck
from guance_portal.mail import housekeeping as mail_housekeeping
from guance_portal.mail.dead_letters import DeadLetters
from guance_portal.mail.mailbox import MailboxService
from guance_portal.mail.metrics import emails_by_status
from guance_portal.mail.ports import Transport
from guance_portal.mail.worker import MailWorker
from guance_portal.marketplaces.metrics import notices_by_outcome
from guance_portal.marketplaces.services import Marketplaces
from guance_portal.metering.elections import ElectionService
from guance_portal.metering.events.service import EventService
from guance_portal.metering.events.stream import UsageStream
from guance_portal.metering.facts import WorkspaceFactsService
from guance_portal.metering.refusals import RefusalService
from guance_portal.metering.service import UsageService
from guance_portal.metering.tokens import TokenService
from guance_portal.onboarding.joining import JoiningService
from guance_portal.onboarding.services import Onboarding
from guance_portal.operations.accounts import AccountAdmin
from guance_portal.operations.audit_log import AuditLog
from guance_portal.operations.ledger_admin import LedgerAdmin
from guance_portal.operations.money_admin import MoneyAdmin
from guance_portal.operations.transfer_admin import TransferAdmin
from guance_portal.payers.balance_sharing import BalanceSharing
from guance_portal.payers.cloud_accounts import CloudAccountService
from guance_portal.payers.cloud_drafts import CloudDraftService
from guance_portal.payers.company_profile import CompanyService
from guance_portal.payers.email_change import EmailChangeService
from guance_portal.payers.fee_center import FeeCenterService
from guance_portal.payers.sso_handoff import SsoHandoffService
from guance_portal.payments.exceptions import ExceptionAdmin
from guance_portal.payments.orders import Orders
from guance_portal.payments.recharge_service import RechargeService
from guance_portal.payments.service import Recharges
from guance_portal.payments.statements import Statements
from guance_portal.sandbox.cashier.service import Cashier
from guance_portal.sandbox.services import Sandbox
from guance_portal.settlement.service import SettlementService
from guance_portal.settlement.workspace_export import WorkspaceExports
from guance_portal.wallet.books import WalletBooks
from guance_portal.wallet.debt.views import DebtViews
from guance_portal.wallet.debt.worker import DebtWorker
from guance_portal.wallet.service import WalletActs
from guance_portal.wallet.statement import WalletStatements
from guance_portal.wallet.statement_export import StatementExports
from guance_portal.wallet.views import WalletViews

log = structlog.get_logger(__name__)

_HOUR = 3600
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything the pages and the HTTP API may ask for."""

    database: Database
    clock: Clock
    business_clock: BusinessClock
    business_time: BusinessTime
    rate_limits: RateLimits
    readiness: Readiness
    hashes: Passwords
    sessions: SessionService
    sign_in: SignInService
    operator_sign_in: OperatorSignIn
    recovery_codes: RecoveryCodeService
    operators: OperatorService
    passwords: PasswordService
    proofs: Proofs
    workspaces: WorkspaceService
    usage: UsageService
    tokens: TokenService
    usage_events: EventService
    usage_stream: UsageStream | None
    api_keys: KeyService
    refusals: RefusalService
    elections: ElectionService
    workspace_facts: WorkspaceFactsService
    mail_transport: Transport
    mail_worker: MailWorker
    mailbox: MailboxService
    mail_folder: Path
    dead_letters: DeadLetters
    onboarding: Onboarding
    approvals: Approvals
    code_voiding: CodeVoiding
    exception_admin: ExceptionAdmin
    statements: Statements
    order_reader: OrderReader
    money_admin: MoneyAdmin
    ledger_admin: LedgerAdmin
    transfer_admin: TransferAdmin
    account_admin: AccountAdmin
    audit_log: AuditLog
    fee_center: FeeCenterService
    balance_sharing: BalanceSharing
    cloud_accounts: CloudAccountService
    cloud_drafts: CloudDraftService
    settlement: SettlementService
    plans: PlanService
    daily_close: DailyClose
    cloud_records: CloudRecordWorker
    cloud_record_resolving: CloudRecordResolving
    reconciliation: ReconciliationBoard
    close_status: CloseStatusService
    bill_feed: BillFeed
    bill_proofs: BillProofs
    bill_exports: BillExports
    workspace_exports: WorkspaceExports
    board_exports: BoardExports
    month_papers: MonthPapers
    bill_changes: BillChanges
    change_exports: ChangeExports
    bill_views: BillViews
    workspace_costs: WorkspaceCosts
    usage_views: UsageViews
    sso_handoff: SsoHandoffService
    ledger_check: LedgerCheck
    companies: CompanyService
    profiles: ProfileService
    email_changes: EmailChangeService
    members: MemberService
    invitations: InvitationService
    joining: JoiningService
    marketplaces: Marketplaces
    recharge_orders: Orders
    recharges: Recharges
    recharge_service: RechargeService
    wallet_views: WalletViews
    wallet_acts: WalletActs
    wallet_statements: WalletStatements
    debt_worker: DebtWorker
    debt_views: DebtViews
    statement_exports: StatementExports
    wallet_books: WalletBooks
    rehearsals: Rehearsals
    cashier: Cashier
    sandbox: Sandbox

    def background(self) -> tuple[Callable[[], Coroutine[None, None, None]], ...]:
        """What every worker runs beside its requests, from its start until it is cancelled."""
        work: list[Callable[[], Coroutine[None, None, None]]] = [
            self.mail_worker.run,
            self._tidy,
            self.usage.follow,
            self.settlement.effects.follow,
            self.marketplaces.notices.follow,
            *self.marketplaces.aws.background(),
            self.recharges.follow,
            self.approvals.expiry.follow,
            self.debt_worker.follow,
            self.daily_close.follow,
            self.cloud_records.follow,
        ]
        if self.usage_stream:
            work.append(self.usage_stream.follow)
        if self.business_time.is_sandbox:
            work += [self.business_time.follow, self.sandbox.delivery_worker.follow]
        return tuple(work)

    def gauges(self) -> tuple[metrics.Reading, ...]:
        """What is counted in the database whenever somebody looks at the metrics."""
        return (
            metrics.Reading("portal_emails", "Emails by status", "status", partial(emails_by_status, self.database)),
            metrics.Reading(
                "portal_sessions", "Live sessions by realm", "realm", partial(live_sessions, self.database, self.clock)
            ),
            metrics.Reading(
                "portal_marketplace_notices",
                "Notices of marketplaces by outcome",
                "outcome",
                partial(notices_by_outcome, self.database),
            ),
        )

    async def _tidy(self) -> None:
        while True:
            pause = _DAY
            try:
                await housekeeping.sweep(self.database, self.clock)
                await mail_housekeeping.sweep(self.database, self.clock, self.mail_folder)
                await drafts.sweep(self.database, self.clock)
                await self.usage.tidy()
                await self.refusals.delete_old()
                await self.elections.delete_old()
                await self.settlement.dissolving.unbind_old()
                await self.marketplaces.sso.delete_old()
                await self.marketplaces.claims.delete_old()
            except SQLAlchemyError as problem:
                log.warning("tidying_postponed", problem=type(problem).__name__)
                pause = _HOUR
            await asyncio.sleep(pause * random.uniform(0.9, 1.1))

    async def close(self) -> None:
        """Let connections and threads go."""
        self.marketplaces.close()
        await self.rate_limits.close()
        await self.readiness.close()
        await self.database.close()
        self.hashes.close()
