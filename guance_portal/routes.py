"""Every address of the portal, in one place, and the builders of those with parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from guance_portal.core.actor import Realm

HOME = "/"
PRICING = "/pricing"
LOGIN = "/login"
FORGOT_PASSWORD = "/forgot-password"
RESET_PASSWORD = "/reset-password"
ACCOUNT = "/account"
WORKSPACES_NEW = "/workspaces/new"
BILLING = "/workspace/billing"
MEMBERS = "/workspace/members"
SETTINGS = "/workspace/settings"
KEYS = "/workspace/keys"
UPGRADE = "/workspace/upgrade"
UPGRADE_DONE = "/workspace/upgrade/done"

REGISTER = "/register"
REGISTER_FREE = "/register/free"
REGISTER_COMMERCIAL = "/register/commercial"
"""No page: it leads to the first step."""
REGISTER_BASIC = "/register/commercial/basic"
REGISTER_ENTERPRISE = "/register/commercial/enterprise"
REGISTER_SETTLEMENT = "/register/commercial/settlement"
REGISTER_DONE = "/register/commercial/done"
WELCOME = "/welcome"
ONBOARDING = "/onboarding"

FEE_CENTER = "/fee-center"
FEE_LOGIN = "/fee-center/login"
FEE_FORGOT_PASSWORD = "/fee-center/forgot-password"
FEE_RESET_PASSWORD = "/fee-center/reset-password"
FEE_WORKSPACES = "/fee-center/workspaces"
FEE_ACCOUNT = "/fee-center/account"
WALLET = "/fee-center/wallet"
VOUCHERS = "/fee-center/wallet/vouchers"
CARDS = "/fee-center/wallet/cards"
RECHARGES = "/fee-center/wallet/recharges"
RECHARGE = "/fee-center/wallet/recharge"
STATEMENT_FILES = "/api/fee-center/statement"
RECHARGE_ORDER = "/fee-center/wallet/recharge/order"
TRANSFER = "/fee-center/wallet/recharge/transfer"

FEE_BILLS = "/fee-center/bills"
FEE_BILL_MONTH = "/fee-center/bills/month"
FEE_BILL = "/fee-center/bills/bill"
WORKSPACE_BILL = "/workspace/bill"
FEE_BILL_CHANGE = "/fee-center/bills/change"
WORKSPACE_CHANGE = "/workspace/change"
BILL_PROOFS = "/api/bills/proof"
BILL_FILES = "/api/bills/file"
BILL_PAPERS = "/api/bills/paper"
CHANGE_FILES = "/api/bills/change"
WORKSPACE_FILES = "/api/fee-center/workspaces"
BOARD_FILES = "/api/operator/reconciliation"

OPERATOR = "/operator"
OPERATOR_LOGIN = "/operator/login"
OPERATOR_FEE_ACCOUNT = "/operator/fee-account"
OPERATOR_AUDIT = "/operator/audit"
OPERATOR_ACCOUNT = "/operator/account"
OPERATOR_MARKETPLACES = "/operator/marketplaces"
OPERATOR_MONEY = "/operator/money"
OPERATOR_APPROVALS = "/operator/approvals"
OPERATOR_LEDGER = "/operator/ledger"
OPERATOR_TRANSFERS = "/operator/transfers"
OPERATOR_RECONCILIATION = "/operator/reconciliation"
OPERATOR_STATEMENTS = "/api/operator/statements"

SANDBOX_STYLE_GUIDE = "/sandbox/style-guide"
SANDBOX_MAIL = "/sandbox/mail"
SANDBOX_MARKETS = "/sandbox"
SANDBOX_CASHIER = "/sandbox/cashier"
SANDBOX_AWS_API = "/sandbox/aws/api"
SANDBOX_AWS_CERTIFICATE = "/sandbox/aws/sns.pem"
SANDBOX_SSO = "/sandbox/aliyun/sso"

API_USAGE = "/api/v1/usage"
API_BILLS = "/api/v1/bills"

ALIYUN_SPI = "/api/marketplace/aliyun"
AWS_LANDING = "/api/marketplace/aws"
AWS_EVENTS = "/api/marketplace/aws/events"
MARKETPLACE_SSO = "/marketplace/aliyun"
PAYMENT_NOTICES = "/api/payments/"
ALIPAY_NOTICES = "/api/payments/alipay"
WECHAT_NOTICES = "/api/payments/wechat"
MARKETPLACE_CLAIM = "/marketplace/claim"

JOIN = "/join"

ENTRANCES = frozenset({HOME, PRICING, LOGIN, FEE_LOGIN, REGISTER, REGISTER_FREE, REGISTER_BASIC})
"""Where people arrive from other sites; they show nothing of an account (decision 15)."""

SESSION_OPEN = "/session/open"
SESSION_SSO_HANDOFF = "/session/sso-handoff"
SESSION_CLOSE = "/session/close"
TICKET_SPENT = "ticket_spent"
"""The `problem` of a sign-in page whose ticket was no longer good; its words are `errors.ticket_spent`."""

LONGEST_NEXT = 2000
# One slash, then no second one: `//host` and `/\host` lead away. Nothing invisible, which browsers skip.
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~\u00a1-\U0010ffff]*")
_OF_ALL_REALMS = {MARKETPLACE_CLAIM}
_SIGN_IN = {Realm.CONSOLE: LOGIN, Realm.FEE_CENTER: FEE_LOGIN, Realm.OPERATOR: OPERATOR_LOGIN}
_HOME = {Realm.CONSOLE: BILLING, Realm.FEE_CENTER: FEE_CENTER, Realm.OPERATOR: OPERATOR}
_RESET = {Realm.CONSOLE: RESET_PASSWORD, Realm.FEE_CENTER: FEE_RESET_PASSWORD}


def normal(path: str) -> str:
    """A path without its trailing slash: addresses work with and without."""
    return path.rstrip("/") or HOME


def home(realm: Realm) -> str:
    """Where a person of a realm arrives after signing in."""
    return _HOME[realm]


def realm_of(path: str) -> Realm:
    """The realm whose page stands at a path."""
    if path == OPERATOR or path.startswith(f"{OPERATOR}/"):
        return Realm.OPERATOR
    if path == FEE_CENTER or path.startswith(f"{FEE_CENTER}/"):
        return Realm.FEE_CENTER
    return Realm.CONSOLE


def sign_in(realm: Realm, *, back_to: str = "", problem: str = "") -> str:
    """The sign-in page of a realm, leading back to where the person was and saying why they are here."""
    asked = {name: value for name, value in (("next", back_to), ("problem", problem)) if value}
    return f"{_SIGN_IN[realm]}?{urlencode(asked, safe='/')}" if asked else _SIGN_IN[realm]


def safe_next(path: str, realm: Realm | None = None) -> str:
    r"""Where to go after signing in: `path` if it surely is a page of the portal and, when one is named, of the realm.

    Anything a browser could read as another host (`//host`, `/\\host`, a scheme, what is invisible) is not: then it is
    the home of the realm, and empty when none is named.
    """
    bare = path.partition("?")[0]
    is_ours = len(path) <= LONGEST_NEXT and _OWN_PATH.fullmatch(path) and path.isprintable() and "//" not in bare
    if is_ours and (realm is None or bare in _OF_ALL_REALMS or realm_of(bare) is realm):
        return path
    return home(realm) if realm else ""


def reset_password(realm: Realm, token: str) -> str:
    """The page of a reset link; the token stands in the fragment: no request line, proxy or access log ever holds it."""
    return f"{_RESET[realm]}#{token}"


def pricing(*, site: str = "", currency: str = "", day: str = "") -> str:
    """计费方式, for a site, in a currency, on a day (2026-11-23); what is empty is left to the page."""
    asked = {name: value for name, value in (("site", site), ("currency", currency), ("date", day)) if value}
    return f"{PRICING}?{urlencode(asked)}" if asked else PRICING


def invitation(token: str) -> str:
    """The page of an invitation; the token stands in the fragment, as that of a reset link."""
    return f"{JOIN}#{token}"


def upgrade(dialog: str = "") -> str:
    """套餐升级, with one of its dialogs open."""
    return f"{UPGRADE}?{urlencode({'dialog': dialog})}" if dialog else UPGRADE


def operator_accounts(asked: str = "", page: int = 1) -> str:
    """The operators' list of fee-centre accounts, narrowed and turned to a page."""
    return _asking(OPERATOR, q=asked, page=str(page) if page > 1 else "")


def operator_fee_account(account_id: str) -> str:
    """One fee-centre account as operators see it."""
    return _asking(OPERATOR_FEE_ACCOUNT, id=account_id)


def operator_audit(*, page: int = 1, **asked: str) -> str:
    """The audit, narrowed (subject, actor, act, since, until) and turned to a page."""
    return _asking(OPERATOR_AUDIT, **asked, page=str(page) if page > 1 else "")


def operator_marketplaces(view: str = "", *, page: int = 1, **asked: str) -> str:
    """The operators' view of the marketplaces: notices, or (view) subscriptions; narrowed (q, outcome) and turned."""
    return _asking(OPERATOR_MARKETPLACES, view=view, **asked, page=str(page) if page > 1 else "")


def recharge(amount: str = "") -> str:
    """充值, with an amount typed already."""
    return _asking(RECHARGE, amount=amount)


def recharge_order(number: str) -> str:
    """One recharge order: where it waits to be paid, and what became of it. Providers lead back there too."""
    return _asking(RECHARGE_ORDER, order=number)


def transfer(amount: str = "") -> str:
    """Where a bank transfer goes, and the code that it carries; `amount` is only shown."""
    return _asking(TRANSFER, amount=amount)


def recharges(page: int = 1) -> str:
    """充值记录, turned to a page."""
    return _asking(RECHARGES, page=str(page) if page > 1 else "")


def statement(asked: Mapping[str, str], *, page: int = 1) -> str:
    """收支明细, narrowed (act, purse, since, until, text) and turned to a page."""
    return _asking(WALLET, **asked, page=str(page) if page > 1 else "")


def statement_file(kind: str, asked: Mapping[str, str]) -> str:
    """The same as a file (csv, csv-plain, xlsx)."""
    return _asking(STATEMENT_FILES, kind=kind, **asked)


def bill_month(month: str, day: str = "") -> str:
    """One month (2026-07) of 账单管理, with the bills of one of its days."""
    return _asking(FEE_BILL_MONTH, month=month, day=day)


def fee_bill(code: str) -> str:
    """One bill in the fee centre."""
    return _asking(FEE_BILL, id=code)


def workspace_bill(code: str) -> str:
    """One bill in the console."""
    return _asking(WORKSPACE_BILL, id=code)


def bill_change(realm: Realm, workspace_id: str, before: str = "", after: str = "") -> str:
    """为什么变了: two days (2026-07-17) or months (2026-07) of a workspace; an empty one is left to the page."""
    periods = {"from": before, "to": after}
    if realm is Realm.CONSOLE:
        return _asking(WORKSPACE_CHANGE, **periods)
    return _asking(FEE_BILL_CHANGE, workspace=workspace_id, **periods)


def billing(month: str = "") -> str:
    """付费计划与账单, with the bills of a month."""
    return _asking(BILLING, month=month)


def bill_proof(code: str, realm: Realm) -> str:
    """The proof of a bill as a file, for a session of this realm."""
    return _asking(BILL_PROOFS, id=code, realm=realm.value)


def bill_file(content: str, kind: str, realm: Realm, **of: str) -> str:
    """A file of bills (lines, bills, usage) in a format (csv, csv-plain, xlsx): of a `month`, of one `id`, or of all."""
    return _asking(BILL_FILES, content=content, kind=kind, realm=realm.value, **of)


def change_file(kind: str, realm: Realm, workspace_id: str, before: str, after: str) -> str:
    """为什么变了 as a file in a format (csv, csv-plain, xlsx)."""
    return _asking(CHANGE_FILES, kind=kind, realm=realm.value, workspace=workspace_id, **{"from": before, "to": after})


def operator_money(view: str = "", *, account: str = "", which: str = "") -> str:
    """入账与代金券: one of its views, for an account and one of the things that it has."""
    return _asking(OPERATOR_MONEY, view=view, account=account, which=which)


def operator_approvals(request: str = "", *, page: int = 1) -> str:
    """审批, with a request opened, or the decided ones turned to a page."""
    return _asking(OPERATOR_APPROVALS, id=request, page=str(page) if page > 1 else "")


def operator_transfers(statement: str = "", *, problem: str = "", **typed: str) -> str:
    """银行转账, with a statement opened, or with why one was not taken and what was typed."""
    return _asking(OPERATOR_TRANSFERS, statement=statement, problem=problem, **typed)


def operator_ledger(asked: str = "") -> str:
    """账本, with the transactions of a number or reference."""
    return _asking(OPERATOR_LEDGER, q=asked)


def bill_paper(month: str, language: str = "") -> str:
    """The bill of a month as a PDF, in a language (zh-CN, en), else in that of the browser."""
    return _asking(BILL_PAPERS, month=month, language=language)


def workspace_file(kind: str) -> str:
    """工作空间管理 as a file (csv, csv-plain, xlsx)."""
    return _asking(WORKSPACE_FILES, kind=kind)


def board_file(kind: str, asked: Mapping[str, str]) -> str:
    """对账, narrowed so, as a file (csv, csv-plain, xlsx)."""
    return _asking(BOARD_FILES, kind=kind, **asked)


def operator_reconciliation(**asked: str) -> str:
    """对账, narrowed (since, until, market, only)."""
    return _asking(OPERATOR_RECONCILIATION, **asked)


def _asking(path: str, **asked: str) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def sandbox_mail(*, email: str = "", to: str = "") -> str:
    """The sandbox's mailbox: an opened email, or the emails to addresses that contain `to`."""
    asked = {name: value for name, value in (("id", email), ("to", to)) if value}
    return f"{SANDBOX_MAIL}?{urlencode(asked)}" if asked else SANDBOX_MAIL


def sandbox_market(provider: str, place: str) -> str:
    """The simulator of a provider's marketplace; `place` is cn or intl."""
    return f"{SANDBOX_MARKETS}/{provider}/{place}"


def sandbox_cashier(way: str, order: str) -> str:
    """The sandbox's cashier with an order that the portal announced to it."""
    return _asking(SANDBOX_CASHIER, way=way, order=order)


def sandbox_sso(place: str, purchase_id: str) -> str:
    """Where marketplace SSO (免登) begins at the simulator of Alibaba's marketplace."""
    return f"{SANDBOX_SSO}/{place}?{urlencode({'purchase': purchase_id})}"


def marketplace_sso(problem: str = "") -> str:
    """The page where a marketplace SSO (免登) arrives, or says why it failed (`marketplace_sso.problem.…`)."""
    return _asking(MARKETPLACE_SSO, problem=problem)


def marketplace_claim(token: str = "", *, provider: str = "", problem: str = "", registration: str = "") -> str:
    """The page where a subscription is claimed that a browser brought; the token stands in the fragment too.

    `registration` names the token that a problem is with, for the browser that has a claim of it.
    """
    asked = _asking(MARKETPLACE_CLAIM, provider=provider, problem=problem, registration=registration)
    return f"{asked}#{token}" if token else asked
