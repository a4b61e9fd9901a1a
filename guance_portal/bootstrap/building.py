"""Joins adapters to services."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from guance_portal import routes
from guance_portal.accounts.codes import service as codes
from guance_portal.accounts.codes.service import EmailCodes
from guance_portal.accounts.identity.directories import ConsoleDirectory, OperatorDirectory
from guance_portal.accounts.identity.operator_codes import RecoveryCodeService, SecondFactors
from guance_portal.accounts.identity.operators import OperatorService
from guance_portal.accounts.identity.passwords import PasswordService, PasswordTools
from guance_portal.accounts.identity.profile import ProfileService
from guance_portal.accounts.identity.proofs import Proofs
from guance_portal.accounts.keys.service import KeyService
from guance_portal.accounts.members.emails import MemberEmails
from guance_portal.accounts.members.invitations import InvitationService
from guance_portal.accounts.members.service import MemberService
from guance_portal.accounts.members.workspaces import WorkspaceService
from guance_portal.accounts.sessions.operator_sign_in import OperatorSignIn
from guance_portal.accounts.sessions.service import SessionService
from guance_portal.accounts.sessions.sign_in import PasswordCheck, SignInService
from guance_portal.approvals import service as approvals
from guance_portal.approvals.reading import OrderReader
from guance_portal.approvals.service import Approvals
from guance_portal.approvals.voiding import CodeVoiding
from guance_portal.billing import price_lists
from guance_portal.billing.bills.changes import BillChanges
from guance_portal.billing.bills.closing import DailyClose
from guance_portal.billing.bills.costs import WorkspaceCosts
from guance_portal.billing.bills.feed import BillFeed
from guance_portal.billing.bills.invariants import BILLS
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
from guance_portal.billing.paper.words import Issuer
from guance_portal.billing.plans import PlanService
from guance_portal.billing.usage import UsageViews
from guance_portal.bootstrap.services import Services
from guance_portal.core import metrics
from guance_portal.core.actor import Realm
from guance_portal.core.business_time import BusinessTime
from guance_portal.core.clock import BusinessClock, Clock, SystemClock
from guance_portal.core.db import Database, create_engine
from guance_portal.core.passwords import Passwords
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.readiness import Readiness
from guance_portal.core.sealing import Sealer
from guance_portal.core.settings import Settings
from guance_portal.ledger.checking import LedgerCheck
from guance_portal.ledger.invariants import LEDGER
from guance_portal.mail.dead_letters import DeadLetters
from guance_portal.mail.files import FileTransport
from guance_portal.mail.mailbox import MailboxService
from guance_portal.mail.message_builder import MessageBuilder
from guance_portal.mail.ports import Transport
from guance_portal.mail.smtp import SmtpTransport
from guance_portal.mail.templates import Support
from guance_portal.mail.worker import MailWorker
from guance_portal.marketplaces import services as markets
from guance_portal.marketplaces.listings import read_listings
from guance_portal.marketplaces.services import SimulatorKeys
from guance_portal.metering.elections import ElectionService
from guance_portal.metering.events.service import EventService
from guance_portal.metering.events.stream import UsageStream
from guance_portal.metering.facts import WorkspaceFactsService
from guance_portal.metering.refusals import RefusalService
from guance_portal.metering.service import UsageService
from guance_portal.metering.tokens import SEALED_FOR, TokenService
from guance_portal.onboarding import services as onboarding
from guance_portal.onboarding.joining import JoiningService
from guance_portal.onboarding.progress import newcomers_account
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade import queries as upgrade_queries
from guance_portal.operations.accounts import AccountAdmin
from guance_portal.operations.audit_log import AuditLog
from guance_portal.operations.ledger_admin import LedgerAdmin
from guance_portal.operations.money_admin import MoneyAdmin
from guance_portal.operations.transfer_admin import TransferAdmin
from guance_portal.payers import email_change
from guance_portal.payers.balance_sharing import BalanceSharing
from guance_portal.payers.cloud_accounts import CloudAccountService
from guance_portal.payers.cloud_drafts import CloudDraftService
from guance_portal.payers.cloud_registrar import Registrar
from guance_portal.payers.company_profile import CompanyService
from guance_portal.payers.directory import FeeCenterDirectory, payer_person
from guance_portal.payers.email_change import EmailChangeService
from guance_portal.payers.fee_center import FeeCenterService
from guance_portal.payers.ports import Marketplace
from guance_portal.payers.registry import Providers
from guance_portal.payers.sso_handoff import SsoHandoffService
from guance_portal.payers.sso_handoff_tokens import SsoHandoffTokens
from guance_portal.payments.bank import bank_accounts
from guance_portal.payments.exceptions import ExceptionAdmin
from guance_portal.payments.orders import Orders
from guance_portal.payments.ports import Ways
from guance_portal.payments.recharge_service import RechargeService
from guance_portal.payments.service import Recharges
from guance_portal.payments.statements import Statements
from guance_portal.payments.ways import SetWays
from guance_portal.sandbox import services as sandbox
from guance_portal.sandbox.cashier import keys as cashier_key_store
from guance_portal.sandbox.cashier.bank import SAMPLE_ACCOUNTS
from guance_portal.sandbox.cashier.keys import KeyStore
from guance_portal.sandbox.cashier.posting import Post as CashierPost
from guance_portal.sandbox.cashier.service import Cashier
from guance_portal.sandbox.cashier.ways import SandboxWays
from guance_portal.sandbox.shops import ALIYUN_CREDENTIALS, AWS_CREDENTIALS, Shops, open_shops
from guance_portal.settlement import queries as settlement_queries
from guance_portal.settlement.service import SettlementService
from guance_portal.settlement.workspace_export import WorkspaceExports
from guance_portal.wallet.books import WalletBooks
from guance_portal.wallet.debt.views import DebtViews
from guance_portal.wallet.debt.worker import DebtWorker
from guance_portal.wallet.invariants import WALLET
from guance_portal.wallet.service import WalletActs
from guance_portal.wallet.statement import WalletStatements
from guance_portal.wallet.statement_export import StatementExports
from guance_portal.wallet.views import WalletViews


def build(
    chosen: Settings,
    *,
    clock: Clock | None = None,
    hashes: Passwords | None = None,
    marketplaces: Sequence[Marketplace] | None = None,
) -> Services:
    """Services for these settings; nothing connects before it is used.

    Sessions, codes and tickets use `clock`, which is the machine's unless a test hands in another; so are the
    parameters of `hashes`. Billing days, months and countdowns use the business clock, which shows the same until
    the sandbox moves it. `marketplaces` take the place of the adapters of cloud providers. Mail leaves by the
    machine's clock in any case.
    """
    clock = clock or SystemClock()
    business_clock = BusinessClock(clock)
    database = Database(create_engine(chosen.effective_database_url))
    limits = RateLimits(chosen.redis_url.get_secret_value())
    hashes = hashes or Passwords(max(1, (os.cpu_count() or 1) // chosen.workers))
    console = ConsoleDirectory()
    directories = {d.realm: d for d in (console, FeeCenterDirectory(), OperatorDirectory())}
    sessions = SessionService(database, clock, directories)
    check = PasswordCheck(database, directories, hashes, limits)
    sealer = Sealer(chosen.signing_key(), "second factor")
    factors = SecondFactors(sealer)
    message_builder = MessageBuilder(
        sender=chosen.mail_from,
        public_url=chosen.effective_public_url,
        support=Support(chosen.support_name, chosen.support_address, chosen.support_written),
    )
    way_out = mail_transport(chosen, message_builder)

    def reset_address(realm: Realm, token: str) -> str:
        return chosen.effective_public_url + routes.reset_password(realm, token)

    def invitation_address(token: str) -> str:
        return chosen.effective_public_url + routes.invitation(token)

    emails = MemberEmails(invitation_address)
    proofs = Proofs(email_change.void_changes, upgrade_queries.void_proofs)
    passwords = PasswordService(
        PasswordTools(
            database=database,
            clock=clock,
            directories=directories,
            hashes=hashes,
            rate_limits=limits,
            proofs=proofs,
            reset_address=reset_address,
        )
    )
    listings = read_listings(chosen)
    providers = Providers(markets.adapters(listings, database) if marketplaces is None else marketplaces)
    tokens = TokenService(database, clock, Sealer(chosen.signing_key(), SEALED_FOR))
    keys = KeyService(database, clock)
    registrar = Registrar(business_clock, providers, limits, public_url=chosen.effective_public_url)
    tools = SignUpTools(
        database=database,
        clock=clock,
        hashes=hashes,
        rate_limits=limits,
        passwords=passwords,
        codes=EmailCodes(Sealer(chosen.signing_key(), codes.SEALED_FOR), clock),
        tokens=tokens,
        keys=keys,
        providers=providers,
        registrar=registrar,
        business_clock=business_clock,
        public_url=chosen.effective_public_url,
    )
    settlement = SettlementService(
        database, business_clock, providers, registrar, wall=clock, public_url=chosen.effective_public_url
    )
    cloud_accounts = CloudAccountService(database, registrar, newcomers=newcomers_account)
    ways: Ways = SetWays(chosen)
    accounts = bank_accounts(chosen)
    cashier_keys = KeyStore(database, Sealer(chosen.signing_key(), cashier_key_store.SEALED_FOR))
    if chosen.is_sandbox:
        ways = SandboxWays(ways, database, cashier_keys, clock)
        accounts = SAMPLE_ACCOUNTS | accounts
    recharges = Recharges(database, ways, wall=clock, clock=business_clock)
    ledger_check = LedgerCheck(database, clock, (*LEDGER, *WALLET, *BILLS))
    operators_acts = Approvals(
        database,
        business_clock,
        limit=int(chosen.approval_limit * 100),
        invariants=(*LEDGER, *WALLET, *BILLS),
        sealer=Sealer(chosen.signing_key(), approvals.SEALED_FOR),
    )
    exceptions = ExceptionAdmin(database, business_clock)
    statements = Statements(database, business_clock)
    money_admin = MoneyAdmin(database, operators_acts, exceptions)
    usage = UsageService(database, business_clock, billing_address=chosen.effective_public_url + routes.BILLING)
    events = EventService(database, business_clock, is_charged=price_lists.is_charged)
    refusals = RefusalService(database, business_clock)
    every_market = markets.build(
        chosen,
        listings,
        database,
        clock,
        settlement=settlement,
        cloud_accounts=cloud_accounts,
        limits=limits,
        simulator_keys=SimulatorKeys(
            aws={
                "aws_access_key_id": AWS_CREDENTIALS.key_id,
                "aws_secret_access_key": AWS_CREDENTIALS.secret,
            },
            aliyun=(ALIYUN_CREDENTIALS.key_id, ALIYUN_CREDENTIALS.secret),
        ),
    )
    return Services(
        database=database,
        clock=clock,
        business_clock=business_clock,
        business_time=BusinessTime(database, clock, business_clock, is_sandbox=chosen.is_sandbox),
        rate_limits=limits,
        readiness=Readiness(database.engine, chosen.redis_url.get_secret_value(), chosen.data_dir),
        hashes=hashes,
        sessions=sessions,
        sign_in=SignInService(database, clock, check),
        operator_sign_in=OperatorSignIn(
            database,
            clock,
            check=check,
            hashes=hashes,
            rate_limits=limits,
            sealer=sealer,
            factors=factors,
            proofs=proofs,
        ),
        recovery_codes=RecoveryCodeService(database, clock, factors=factors, passwords=passwords, rate_limits=limits),
        operators=OperatorService(database, clock, hashes, proofs),
        passwords=passwords,
        proofs=proofs,
        workspaces=WorkspaceService(database, clock, console),
        usage=usage,
        tokens=tokens,
        usage_events=events,
        usage_stream=UsageStream(url, events, refusals) if (url := chosen.nats_url.get_secret_value()) else None,
        api_keys=keys,
        refusals=refusals,
        elections=ElectionService(database, clock),
        workspace_facts=WorkspaceFactsService(database, business_clock),
        mail_transport=way_out,
        mail_worker=MailWorker(
            database,
            SystemClock(),
            way_out,
            message_builder,
            keeps_secrets=chosen.is_sandbox,
            count=metrics.count_email,
        ),
        mailbox=MailboxService(database, message_builder),
        mail_folder=mail_folder(chosen),
        dead_letters=DeadLetters(database, SystemClock()),
        onboarding=onboarding.build(tools, settlement),
        approvals=operators_acts,
        code_voiding=CodeVoiding(database, business_clock),
        exception_admin=exceptions,
        statements=statements,
        order_reader=OrderReader(database),
        money_admin=money_admin,
        transfer_admin=TransferAdmin(database, statements, money_admin),
        ledger_admin=LedgerAdmin(database, ledger_check, clock),
        account_admin=AccountAdmin(database, clock),
        audit_log=AuditLog(database),
        fee_center=FeeCenterService(database),
        balance_sharing=BalanceSharing(database, business_clock),
        cloud_accounts=cloud_accounts,
        cloud_drafts=CloudDraftService(database, clock, business_clock, newcomers=newcomers_account),
        settlement=settlement,
        sandbox=sandbox.build(
            database,
            business_clock,
            clock,
            shops=open_shops(
                listings.aliyun(), listings.aws(), public_url=chosen.effective_public_url, port=chosen.port
            )
            if chosen.is_sandbox
            else Shops(),
            sealer=Sealer(chosen.signing_key(), sandbox.SEALED_FOR),
        ),
        marketplaces=every_market,
        recharge_orders=Orders(database, ways, clock=business_clock),
        recharges=recharges,
        recharge_service=RechargeService(
            database, recharges, ways=ways, accounts=accounts, limits=limits, clock=business_clock
        ),
        wallet_views=WalletViews(database, business_clock),
        wallet_acts=WalletActs(database, limits=limits, clock=business_clock),
        wallet_statements=WalletStatements(database),
        debt_worker=DebtWorker(
            database, business_clock, leaving=settlement_queries.leaving, public_url=chosen.effective_public_url
        ),
        debt_views=DebtViews(database, business_clock),
        wallet_books=WalletBooks(database, ledger_check, limits=limits, clock=business_clock),
        statement_exports=StatementExports(database, limits, business_clock),
        rehearsals=Rehearsals(database, business_clock),
        cashier=Cashier(database, cashier_keys, CashierPost(chosen.port), wall=clock, clock=business_clock),
        plans=PlanService(database),
        close_status=CloseStatusService(database, business_clock),
        bill_feed=BillFeed(database),
        bill_proofs=BillProofs(database),
        month_papers=MonthPapers(
            database,
            limits,
            business_clock,
            issuer=Issuer(name=chosen.issuer_name, lines=chosen.issuer_lines),
            public_url=chosen.effective_public_url,
        ),
        board_exports=BoardExports(database, ReconciliationBoard(database, business_clock), limits, business_clock),
        workspace_exports=WorkspaceExports(
            database, FeeCenterService(database), settlement.overviews, limits, business_clock
        ),
        bill_exports=BillExports(database, limits, business_clock),
        bill_changes=(changes := BillChanges(database)),
        change_exports=ChangeExports(database, changes, limits, business_clock),
        bill_views=BillViews(database, business_clock),
        workspace_costs=WorkspaceCosts(database, business_clock),
        daily_close=DailyClose(database, business_clock, settle_changes=settlement.effects.take_all_due),
        cloud_records=CloudRecordWorker(
            database,
            business_clock,
            clock,
            senders=every_market.senders,
            public_url=chosen.effective_public_url,
        ),
        cloud_record_resolving=CloudRecordResolving(
            database, business_clock, clock, public_url=chosen.effective_public_url
        ),
        reconciliation=ReconciliationBoard(database, business_clock),
        ledger_check=ledger_check,
        companies=CompanyService(database, clock),
        profiles=ProfileService(database, clock),
        email_changes=EmailChangeService(database, clock, codes=tools.codes, limits=limits, proofs=proofs),
        members=MemberService(
            database, clock, emails=emails, passwords=passwords, proofs=proofs, payer_of=payer_person
        ),
        invitations=InvitationService(database, clock, emails=emails, check=check, limits=limits),
        joining=JoiningService(tools, emails),
        usage_views=UsageViews(usage, business_clock),
        sso_handoff=SsoHandoffService(
            database,
            clock,
            sessions=sessions,
            tokens=SsoHandoffTokens(chosen.signing_key(), chosen.effective_public_url),
            limits=limits,
        ),
    )


def mail_transport(chosen: Settings, message_builder: MessageBuilder) -> Transport:
    """The way out for emails: the SMTP server of the settings, else files in the data folder."""
    if url := chosen.smtp_url.get_secret_value():
        return SmtpTransport(url, local_hostname=message_builder.domain)
    return FileTransport(mail_folder(chosen))


def mail_folder(chosen: Settings) -> Path:
    """Where emails are written while no SMTP server is set."""
    return chosen.data_dir / "mail"
