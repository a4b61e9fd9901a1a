"""Where the tests that visit every page go: each page's address, who visits it, and what opens its dialogs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta

import httpx
from playwright.sync_api import Page, expect
from sqlmodel import select

from guance_portal import routes
from guance_portal.accounts.keys.rules import Scope
from guance_portal.accounts.keys.service import KeyOrder
from guance_portal.accounts.rules import Role
from guance_portal.approvals.orders import BatchOrder, Correct, Grant
from guance_portal.approvals.service import Asking
from guance_portal.billing.clouds.rules import CloudRecordState
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books
from guance_portal.ledger.tables import LedgerHead
from guance_portal.pages import PAGES
from guance_portal.pages.page import Page as Place
from guance_portal.payments.rules import Outcome
from guance_portal.payments.statement_rules import Columns
from guance_portal.payments.statements import Upload
from guance_portal.payments.tables import PaymentException
from guance_portal.sandbox.numbers import digits
from guance_portal.sandbox.rules import Whim
from guance_portal.sites import Provider
from guance_portal.state.connection import MARK_ID
from guance_portal.wallet.acts import bills, receipts
from guance_portal.wallet.acts.receipts import IncomingMoney
from guance_portal.wallet.debt.rules import LOCK_DAY
from guance_portal.wallet.rules import Bill, PayableLine
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.cloud import CloudDialog, claim_button
from tests.e2e.screens.guide import GuideScreen, NewWorkspaceScreen
from tests.e2e.screens.keys import KeysScreen
from tests.e2e.screens.operator_money import MoneyScreen
from tests.e2e.screens.passwords import ForgotScreen, ResetScreen
from tests.e2e.screens.sandbox_market import SandboxMarketScreen
from tests.e2e.screens.screen import runs
from tests.e2e.screens.settlement import PayerChangeDialog
from tests.e2e.screens.sign_in import SecondStep, SignInScreen
from tests.support.aws_buyers import arrive, bought_token
from tests.support.billed_companies import BilledCompany, LivedCompany, billed_company, lived_company
from tests.support.browsers import hold
from tests.support.companies import actor, invitation_to, member_of, owner_of, paying, token_of
from tests.support.debts import in_debt
from tests.support.filled_wallets import filled_wallet, voucher_code
from tests.support.market_visits import link, sell, tell
from tests.support.newcomers import Newcomer, after_upgrade, at_step_three, at_step_two, at_the_end, at_upgrade
from tests.support.orders import ordered, pay_twice
from tests.support.people import People, Session
from tests.support.settled_companies import company
from tests.support.uncollected import misbehave, uncollected

ADDRESSES = {"404": "/there-is-nothing-here"}
"""The address to visit, where it is not the route itself: one with a variable, or of the page for all others."""

ROUTES = tuple(place.route for place in PAGES)


SIGNING_UP: Mapping[str, Callable[[People], Newcomer]] = {
    routes.REGISTER_ENTERPRISE: at_step_two,
    routes.REGISTER_SETTLEMENT: at_step_three,
    routes.REGISTER_DONE: at_the_end,
    routes.UPGRADE: at_upgrade,
    routes.UPGRADE_DONE: after_upgrade,
}
"""The steps of sign-up and of an upgrade that only somebody who has come so far may see."""


class Residents:
    """One signed-in person for each realm, and for each step of sign-up: tests that only look may share them."""

    def __init__(self, people: People) -> None:
        self.people = people
        self._sessions: dict[Realm, Session] = {}
        self._newcomers: dict[str, Newcomer] = {}

    def session(self, route: str) -> Session | Newcomer | None:
        """The person who may see a page; None when anybody may."""
        if route in SIGNING_UP:
            if route not in self._newcomers:
                self._newcomers[route] = SIGNING_UP[route](self.people)
            return self._newcomers[route]
        realm = place(route).realm
        if realm is None:
            return None
        if realm not in self._sessions:
            self._sessions[realm] = self._move_in(realm)
        return self._sessions[realm]

    def _move_in(self, realm: Realm) -> Session:
        person = self.people.any(realm)
        session = self.people.sign_in(person)
        if realm is Realm.CONSOLE:
            for name in ("yunfan-production", "yunfan-staging"):
                self.people.workspace(session, name)
            session = self.people.sign_in(person)
        self.people.sign_in(person)
        return session


def place(route: str) -> Place:
    """The page with this route."""
    return next(place for place in PAGES if place.route == route)


def visit(page: Page, route: str) -> None:
    """Go there and wait until the page shows what it has."""
    path = ADDRESSES.get(route, route)
    assert "[" not in path, f"places.ADDRESSES must say which address of {route} to visit"
    page.goto(path)
    runs(page)
    if (place(route).realm and route not in SIGNING_UP) or route in (routes.UPGRADE, routes.UPGRADE_DONE):
        expect(page.locator("main .gc-loading")).to_have_count(0)
        expect(page.locator(".gc-avatar")).not_to_be_empty()


def _ending_all(page: Page, _: People) -> None:
    page.get_by_role("button", name="全部退出，包括本机").or_(
        page.get_by_role("button", name="Sign out everywhere, here too")
    ).click()


def _editing(page: Page, _: People) -> None:
    page.get_by_role("button", name="编辑资料").or_(page.get_by_role("button", name="Edit profile")).click()


def _reading(page: Page, _: People) -> None:
    page.locator(".gc-footer .gc-button").first.click()


def _replacing(page: Page, _: People) -> None:
    page.get_by_role("button", name="更换 Token").or_(page.get_by_role("button", name="Replace token")).first.click()


def _agreement(page: Page, _: People) -> None:
    page.locator(".gc-check .gc-button").first.click()


def _sample(page: Page, _: People) -> None:
    page.locator("[data-section=dialogs]").get_by_role("button").first.click()


def _sample_question(page: Page, _: People) -> None:
    page.get_by_role("button", name="打开确认框").or_(page.get_by_role("button", name="Open a question")).click()


def _agreeing(page: Page, _: People) -> None:
    page.get_by_role("button", name="升级").or_(page.get_by_role("button", name="Upgrade")).click()


def _binding(page: Page, _: People) -> None:
    page.goto(routes.upgrade("bind"))
    runs(page)


def _opening_account(page: Page, _: People) -> None:
    page.goto(routes.upgrade("register"))
    runs(page)


def _settling(page: Page, people: People) -> None:
    hold(page.context, company(people, accounts=(Provider.ALIYUN, Provider.AWS)).owner)
    page.goto(f"{routes.BILLING}?dialog=settlement")
    runs(page)


def _settling_for_others(page: Page, people: People) -> None:
    paid = company(people)
    hold(page.context, paid.payer)
    page.goto(f"{routes.FEE_WORKSPACES}?settle={paid.workspace_id}")
    runs(page)


def _letting_go(page: Page, people: People) -> None:
    hold(page.context, company(people, accounts=(Provider.ALIYUN,)).payer)
    page.goto(routes.FEE_ACCOUNT)
    runs(page)
    page.get_by_role("button", name="解除登记").or_(page.get_by_role("button", name="Remove", exact=True)).click()


def _binding_a_cloud_account(page: Page, _: People) -> None:
    page.get_by_role("button", name="绑定结算云账号").or_(
        page.get_by_role("button", name="Bind a settlement cloud account")
    ).click()


def _subscribing(page: Page, people: People) -> None:
    hold(page.context, company(people).owner)
    page.goto(f"{routes.BILLING}?cloud=aliyun")
    runs(page)
    dialog = CloudDialog(page)
    dialog.type("1827460391524093", "89204417")
    dialog.primary.click()
    expect(dialog.failure).to_be_visible()


def _waiting_for_aws(page: Page, people: People) -> None:
    paid = company(people, site="cn2")
    hold(page.context, paid.payer)
    page.goto(f"{routes.FEE_WORKSPACES}?cloud=aws.{paid.workspace_id}")
    runs(page)


def _with(address: str) -> Callable[[Page, People], None]:
    def go(page: Page, _: People) -> None:
        page.goto(address)
        runs(page)

    return go


def _as_owner(page: Page, people: People) -> None:
    owner = owner_of(people)
    member_of(people, owner, Role.STANDARD)
    hold(page.context, owner)
    page.reload()
    runs(page)


def _inviting(page: Page, people: People) -> None:
    _as_owner(page, people)
    page.get_by_role("button", name="邀请成员").or_(page.get_by_role("button", name="Invite a member")).click()


def _changing_payer(page: Page, people: People) -> None:
    hold(page.context, company(people, accounts=(Provider.ALIYUN,)).owner)
    page.goto(routes.BILLING)
    runs(page)
    PayerChangeDialog(page).open_here()


def _reading_history(page: Page, people: People) -> None:
    hold(page.context, company(people, accounts=(Provider.ALIYUN,)).owner)
    page.goto(routes.BILLING)
    _open_history(page)


def _reading_paid_history(page: Page, people: People) -> None:
    hold(page.context, company(people).payer)
    page.goto(routes.FEE_WORKSPACES)
    _open_history(page)


def _open_history(page: Page) -> None:
    runs(page)
    page.get_by_role("button", name="付费记录").or_(page.get_by_role("button", name="Who has paid")).first.click()


def _creating_a_key(page: Page, people: People) -> None:
    _as_owner(page, people)
    KeysScreen(page).create_button.click()


def _deleting_a_key(page: Page, people: People) -> None:
    session = owner_of(people)

    async def make(services: Services) -> None:
        asker = await actor(services, session)
        await services.api_keys.create(
            KeyOrder(actor=asker, caller=CALLER, workspace_id=asker.workspace_id, name="计费上报", scopes=set(Scope))
        )

    people.do(make)
    hold(page.context, session)
    page.reload()
    runs(page)
    KeysScreen(page).main.get_by_role("button", name=re.compile("^(删除|Delete)$")).click()


def _going_elsewhere(page: Page, people: People) -> None:
    session = owner_of(people)
    hold(page.context, session)
    page.reload()
    runs(page)
    expect(page.locator(f"#{MARK_ID}[data-mark*=console]")).to_be_attached()
    other = people.workspace(session, "云帆-另一个")

    async def choose(services: Services) -> None:
        await services.workspaces.choose(await actor(services, session), other)

    people.do(choose)
    page.get_by_role("button", name="邀请成员").or_(page.get_by_role("button", name="Invite a member")).click()


def _acting(zh: str, en: str) -> Callable[[Page, People], None]:
    def act(page: Page, people: People) -> None:
        _as_owner(page, people)
        page.get_by_role("button", name=zh).or_(page.get_by_role("button", name=en)).last.click()

    return act


def _leaving(page: Page, people: People) -> None:
    hold(page.context, member_of(people, owner_of(people), Role.STANDARD))
    page.reload()
    runs(page)
    page.get_by_role("button", name="退出工作空间").or_(
        page.get_by_role("button", name="Leave the workspace")
    ).first.click()


def _dissolving(page: Page, people: People) -> None:
    hold(page.context, company(people).owner)
    page.reload()
    runs(page)
    page.get_by_role("button", name="解散工作空间").or_(page.get_by_role("button", name="Dissolve workspace")).click()


def _editing_company(page: Page, _: People) -> None:
    page.get_by_role("button", name="填写企业信息").or_(
        page.get_by_role("button", name="Enter company details")
    ).click()


def _changing_email(page: Page, _: People) -> None:
    page.get_by_role("button", name="更换邮箱").or_(page.get_by_role("button", name="Change email")).click()


def _invited(page: Page, people: People) -> None:
    page.goto(invitation_to(people, owner_of(people), f"chen-{secrets.token_hex(5)}@yunfan.example"))
    runs(page)


def _agreement_of_invited(page: Page, people: People) -> None:
    _invited(page, people)
    _agreement(page, people)


def _known_account(page: Page, people: People) -> None:
    payer = people.payer()
    people.sign_in(payer)
    page.goto(routes.operator_fee_account(payer.id))
    runs(page)
    expect(page.get_by_text(payer.email).first).to_be_visible()


def _choosing(page: Page, people: People) -> None:
    _known_account(page, people)
    page.get_by_role("button", name="开启任意选择").or_(page.get_by_role("button", name="Turn on")).first.click()


def _asked_for(people: People) -> str:
    """A voucher above the limit that another operator has asked for: the id of its request."""

    async def ask(services: Services) -> str:
        now = services.business_clock.now()
        order = Grant(
            fee_account=payer.id,
            minor=5_000_00,
            currency=Currency.CNY,
            valid_from=now,
            valid_until=now + timedelta(days=90),
        )
        asking = Asking(actor=await actor(services, session), why="迁移支持，工单 031", key=secrets.token_hex(8))
        return (await services.approvals.ask(asking, order)).id

    payer, session = people.payer(), people.sign_in(people.operator())
    return people.do(ask)


def _request(page: Page, people: People) -> None:
    page.goto(routes.operator_approvals(_asked_for(people)))
    runs(page)
    expect(page.locator("main .gc-request")).to_be_visible()


def _refusing(page: Page, people: People) -> None:
    _request(page, people)
    page.get_by_role("button", name="拒绝", exact=True).or_(
        page.get_by_role("button", name="Refuse", exact=True)
    ).click()


def _asking_anew(page: Page, people: People) -> None:
    """The request would do something else by now: the account it is about was paid meanwhile."""
    payer = people.payer()
    page.goto(routes.operator_approvals(_outdated(people, payer.id)))
    runs(page)
    page.get_by_role("button", name="重新发起").or_(page.get_by_role("button", name="Request again")).click()


def _outdated(people: People, account: str) -> str:
    """A correction that another operator has asked for, of a bill whose debt was paid since: the id of its request."""

    async def ask(services: Services) -> str:
        now = services.business_clock.now()
        bill = Bill(
            workspace="w",
            currency=Currency.CNY,
            begins=now - timedelta(days=2),
            ends=now - timedelta(days=1),
            lines=(PayableLine("logs", 2_000_00),),
        )
        async with services.database.writing() as work:
            payer = await open_books(work, account)
            await bills.pay(work, [bills.Due(payer=payer, reference="bill:w:1", bill=bill)], now=now)
            await work.commit()
        order = Correct(fee_account=account, bill="bill:w:1", minor=1_500_00, currency=Currency.CNY)
        asking = Asking(actor=await actor(services, session), why="重复计费", key=secrets.token_hex(8))
        answer = await services.approvals.ask(asking, order)
        money = IncomingMoney(way=Kind.BANK, trade=answer.id, minor=1_000_00, currency=Currency.CNY, at=now)
        async with services.database.writing() as work:
            await receipts.credit(work, payer, money, now=now)
            await work.commit()
        return answer.id

    session = people.sign_in(people.operator())
    return people.do(ask)


def _rehearsed(page: Page, people: People) -> None:
    screen = MoneyScreen(page)
    screen.fill(account=people.payer().name, amount="5000", since="2026-07-18", until="2999-12-31", reason="迁移支持")
    page.locator("#field-purse").select_option(value="voucher")
    screen.rehearse()
    expect(screen.rehearsal).to_be_visible()


def _codes(page: Page, people: People) -> None:
    async def make(services: Services) -> None:
        now = services.business_clock.now()
        until = now + timedelta(days=90)
        order = BatchOrder(name="2026 夏季活动", count=2, minor=100_00, currency=Currency.CNY, valid_until=until)
        asking = Asking(actor=await actor(services, session), why="夏季活动", key=secrets.token_hex(8))
        await services.approvals.ask(asking, order)

    session = people.sign_in(people.operator())
    people.do(make)
    page.goto(routes.operator_money("batch"))
    runs(page)


def _taking_codes(page: Page, people: People) -> None:
    _codes(page, people)
    page.get_by_role("button", name="取出激活码").or_(page.get_by_role("button", name="Take codes")).first.click()
    expect(page.locator("dialog[open]")).to_be_visible()


def _voiding(page: Page, people: People) -> None:
    _codes(page, people)
    page.get_by_role("button", name=re.compile("^(作废激活码|Void codes)$")).first.click()


def _waits(people: People, reason: Outcome, *, is_suspended: bool) -> str:
    """A payment that waits for a person; its number."""

    async def arrive(services: Services) -> None:
        now = services.business_clock.now()
        money = IncomingMoney(way=Kind.ALIPAY, trade=trade, minor=88_00, currency=Currency.CNY, at=now)
        async with services.database.writing() as work:
            if is_suspended:
                await receipts.suspend(work, money)
            work.session.add(
                PaymentException(
                    way=money.way,
                    trade=trade,
                    reason=reason,
                    order_number="R1",
                    minor=money.minor,
                    currency=money.currency,
                    paid_at=now,
                    found_at=now,
                    is_suspended=is_suspended,
                )
            )
            await work.commit()

    trade = secrets.token_hex(8)
    people.do(arrive)
    return trade


def _exceptions(page: Page, people: People) -> None:
    trade = _waits(people, Outcome.LATE, is_suspended=True)
    page.goto(routes.operator_money("claim"))
    runs(page)
    expect(page.get_by_text(trade)).to_be_visible()


def _noting(page: Page, people: People) -> None:
    trade = _waits(people, Outcome.CONTRADICTED, is_suspended=False)
    page.goto(routes.operator_money("claim"))
    runs(page)
    page.locator("tr", has_text=trade).get_by_role("button").click()


def _imported(page: Page, people: People) -> None:
    """A statement with a line of each kind that needs no customer."""
    tag = secrets.token_hex(4)
    content = f"流水号,时间,金额,付款人,附言\n{tag}A,2026-07-17 13:55,200.00,沈某,云服务\n{tag}B,2026-07-17,-120.00,示例银行,管理费"
    _import(page, people, tag, content)
    expect(page.locator("main .gc-sums")).to_be_visible()


def _not_imported(page: Page, people: People) -> None:
    tag = secrets.token_hex(4)
    _import(page, people, tag, f"流水号,时间,金额,付款人,附言\n{tag}A,昨天,200.00,沈某,云服务")
    expect(page.locator("main .gc-note.amber")).to_be_visible()


def _import(page: Page, people: People, tag: str, content: str) -> None:
    async def take(services: Services) -> str:
        columns = Columns(serial="流水号", paid_at="时间", amount="金额", payer="付款人", memo="附言")
        upload = Upload(bank=f"示例银行{tag}", name="bank-20260718.csv", content=content.encode(), columns=columns)
        return await services.statements.take(await actor(services, session), upload)

    session = people.sign_in(people.operator())
    page.goto(routes.operator_transfers(people.do(take)))
    runs(page)


def _one_transaction(page: Page, people: People) -> None:
    async def book(services: Services) -> None:
        async with services.database.writing() as work:
            payer = await open_books(work, account.id)
            money = IncomingMoney(
                way=Kind.BANK,
                trade=trade,
                minor=1_000_00,
                currency=Currency.CNY,
                at=services.business_clock.now(),
            )
            await receipts.credit(work, payer, money, now=money.at)
            await work.commit()

    account, trade = people.payer(), secrets.token_hex(8)
    people.do(book)
    page.goto(routes.operator_ledger(trade))
    runs(page)
    expect(page.locator("main .gc-split")).to_be_visible()


def _lifting(page: Page, people: People) -> None:
    async def stop(services: Services) -> None:
        async with services.database.writing() as work:
            payer = await open_books(work, account.id)
            head = await work.session.get(LedgerHead, payer)
            assert head
            head.stopped_by, head.stopped_at = "balances", services.clock.now()
            work.session.add(head)
            await work.commit()

    account = people.payer()
    people.do(stop)
    page.reload()
    runs(page)
    page.get_by_role("button", name="解除停用").or_(page.get_by_role("button", name="Lift the stop")).first.click()


def _entering(page: Page, people: People) -> None:
    async def look(services: Services) -> CloudRecordState:
        async with services.database.reading() as work:
            found = await work.session.exec(select(CloudRecord.state).where(CloudRecord.code == record.code))
            return CloudRecordState(found.one())

    misbehave(people, "aliyun-cn", Whim.SILENT_ON_USAGE)
    record = uncollected(people)
    for _ in range(60):
        if people.do(look) is CloudRecordState.UNKNOWN:
            break
        page.wait_for_timeout(500)
    misbehave(people, "aliyun-cn")
    page.reload()
    runs(page)
    row = page.get_by_role("row").filter(has_text=record.code)
    row.get_by_role("button", name="录入云市场显示").or_(row.get_by_role("button", name="Enter what it shows")).click()


def _renewing_codes(page: Page, _: People) -> None:
    page.get_by_role("button", name="生成新的恢复码").or_(
        page.get_by_role("button", name="Make new recovery codes")
    ).click()


def _ending_theirs(page: Page, people: People) -> None:
    _known_account(page, people)
    page.get_by_role("button", name="结束全部登录").or_(
        page.get_by_role("button", name="End all sessions")
    ).first.click()


def _activating(page: Page, people: People) -> None:
    payer = people.sign_in(people.payer())
    code = voucher_code(people)
    hold(page.context, payer)
    page.goto(routes.VOUCHERS)
    runs(page)
    page.get_by_role("button", name="激活代金券").or_(page.get_by_role("button", name="Activate a voucher")).click()
    page.locator("dialog[open] input[name=code]").fill(code)
    page.locator("dialog[open] h2").click()
    expect(page.locator("dialog[open] .gc-offer")).to_be_visible()


def _activating_at_home(page: Page, people: People) -> None:
    hold(page.context, people.sign_in(people.payer()))
    page.goto(routes.FEE_CENTER)
    runs(page)
    page.get_by_role("button", name="激活代金券").or_(page.get_by_role("button", name="Activate a voucher")).click()


def _buying_a_card(page: Page, people: People) -> None:
    hold(page.context, filled_wallet(people))
    page.goto(routes.CARDS)
    runs(page)
    page.get_by_role("button", name="购买预购卡").or_(page.get_by_role("button", name="Buy a prepaid card")).click()
    page.locator("dialog[open] input[name=amount]").fill("500")
    expect(page.locator("dialog[open] .gc-offer")).to_be_visible()


CALLER = Caller(address="127.0.0.1", user_agent="", visitor="")


def _with_bills(address: Callable[[BilledCompany], str], *, is_owner: bool = False) -> Callable[[Page, People], None]:
    """A page of a company that has bills."""

    def go(page: Page, people: People) -> None:
        billed = billed_company(people)
        hold(page.context, billed.company.owner if is_owner else billed.company.payer)
        page.goto(address(billed))
        runs(page)
        expect(page.locator("main .gc-loading")).to_have_count(0)
        expect(page.locator("main table").filter(visible=True).first).to_be_visible()

    return go


def _with_months(address: Callable[[LivedCompany], str]) -> Callable[[Page, People], None]:
    """A page of a company with a month that is final and one that is not."""

    def go(page: Page, people: People) -> None:
        lived = lived_company(people, days=45)
        hold(page.context, lived.company.payer)
        page.goto(address(lived))
        runs(page)
        expect(page.locator(f'main a[href^="{routes.BILL_PAPERS}"]').first).to_be_visible()

    return go


def _recomputed(page: Page, people: People) -> None:
    _with_bills(lambda billed: routes.fee_bill(billed.code))(page, people)
    page.get_by_role("button", name="重新计算此账单").or_(
        page.get_by_role("button", name="Compute this bill again")
    ).click()
    expect(page.locator("main .gc-outcome .gc-note")).to_be_visible()


EVERYWHERE, BELOW_ALL = "page-out-of-date", "agreement"
"""The dialog that every page has; it is the same on all of them, so it is opened on one."""

DIALOGS: Mapping[tuple[str, str], Callable[[Page, People], None]] = {
    ("/account", "end-all"): _ending_all,
    ("/account", "edit-profile"): _editing,
    ("/account", BELOW_ALL): _reading,
    ("/fee-center/account", "end-all"): _ending_all,
    ("/operator/account", "end-all"): _ending_all,
    ("/operator/account", "recovery-codes"): _renewing_codes,
    ("/operator/fee-account", "arbitrary-choice"): _choosing,
    ("/operator/fee-account", "end-fee-sessions"): _ending_theirs,
    ("/operator/money", "voucher-codes"): _taking_codes,
    ("/operator/money", "void-codes"): _voiding,
    ("/operator/money", "note-matter"): _noting,
    ("/operator/approvals", "refuse-request"): _refusing,
    ("/operator/approvals", "renew-request"): _asking_anew,
    ("/operator/ledger", "repair-books"): _lifting,
    ("/operator/reconciliation", "enter-shown"): _entering,
    ("/onboarding", "replace-token"): _replacing,
    ("/workspace/upgrade", "service-agreement"): _agreeing,
    ("/workspace/upgrade", "bind-payer"): _binding,
    ("/workspace/upgrade", "register-payer"): _opening_account,
    ("/register/free", "agreement"): _agreement,
    ("/register/commercial/enterprise", "agreement"): _agreement,
    ("/workspace/members", "invite-member"): _inviting,
    ("/workspace/keys", "create-key"): _creating_a_key,
    ("/workspace/keys", "delete-key"): _deleting_a_key,
    ("/workspace/members", EVERYWHERE): _going_elsewhere,
    ("/workspace/members", "change-role"): _acting("更改角色", "Change role"),
    ("/workspace/members", "remove-member"): _acting("移除", "Remove"),
    ("/workspace/members", "transfer-ownership"): _acting("转移所有权", "Transfer ownership"),
    ("/workspace/members", "leave-workspace"): _leaving,
    ("/workspace/settings", "dissolve-workspace"): _dissolving,
    ("/fee-center/account", "edit-company"): _editing_company,
    ("/fee-center/account", "change-email"): _changing_email,
    ("/join", "agreement"): _agreement_of_invited,
    ("/sandbox/style-guide", "sample-dialog"): _sample,
    ("/sandbox/style-guide", "sample-alert"): _sample_question,
    ("/workspace/billing", "settlement-dialog"): _settling,
    ("/workspace/billing", "change-payer"): _changing_payer,
    ("/workspace/billing", "payment-history"): _reading_history,
    ("/fee-center/workspaces", "payment-history"): _reading_paid_history,
    ("/workspace/upgrade/done", "settlement-dialog"): _binding_a_cloud_account,
    ("/fee-center/workspaces", "settlement-dialog"): _settling_for_others,
    ("/workspace/billing", "cloud-dialog"): _subscribing,
    ("/fee-center/workspaces", "cloud-dialog"): _waiting_for_aws,
    ("/workspace/upgrade/done", "cloud-dialog"): _with(f"{routes.UPGRADE_DONE}?cloud=aliyun"),
    ("/fee-center/account", "cloud-dialog"): _with(f"{routes.FEE_ACCOUNT}?cloud=aliyun"),
    ("/fee-center/account", "let-go"): _letting_go,
    ("/fee-center/wallet/vouchers", "activate-voucher"): _activating,
    ("/fee-center", "activate-voucher"): _activating_at_home,
    ("/fee-center/wallet/cards", "buy-card"): _buying_a_card,
    ("/register/commercial/settlement", "cloud-dialog"): _with(f"{routes.REGISTER_SETTLEMENT}?cloud=aliyun"),
}
"""How each dialog is opened, by route and id; a test compares it with the dialogs that the pages really have."""


def _as_standard_member(page: Page, people: People) -> None:
    hold(page.context, member_of(people, owner_of(people), Role.STANDARD))
    page.reload()
    runs(page)
    expect(page.locator("main .gc-note").first).to_be_visible()


def _dissolved(page: Page, people: People) -> None:
    _dissolving(page, people)
    page.locator("dialog[open] input[type=text]").fill("云帆-生产环境")
    page.locator("dialog[open] footer .gc-button").last.click()
    expect(page.locator("main .gc-success")).to_be_visible()


def _refused(page: Page, _: People) -> None:
    SignInScreen(page).submit()
    expect(SignInScreen(page).summary).to_be_visible()


def _link_sent(page: Page, people: People) -> None:
    forgot = ForgotScreen(page)
    forgot.ask(people.user())
    expect(forgot.answer).to_be_visible()


def _dead_link(page: Page, _: People) -> None:
    ResetScreen(page).save("quiet lantern over nine rivers")
    expect(ResetScreen(page).dead_link).to_be_visible()


def _enrolment(page: Page, people: People) -> None:
    SignInScreen(page, Realm.OPERATOR).sign_in(people.new_operator())
    SecondStep(page).secret()
    SecondStep(page).verify("000000")
    expect(SecondStep(page).summary).to_be_visible()


def _second_step(page: Page, people: People) -> None:
    SignInScreen(page, Realm.OPERATOR).sign_in(people.operator())
    expect(SecondStep(page).code).to_be_visible()


def _password_refused(page: Page, _: People) -> None:
    AccountScreen(page).change_password("", "")
    expect(AccountScreen(page).summary).to_be_visible()


def _nameless_workspace(page: Page, _: People) -> None:
    NewWorkspaceScreen(page).button("新建").click()
    expect(NewWorkspaceScreen(page).summary).to_be_visible()


def _for_kubernetes(page: Page, _: People) -> None:
    GuideScreen(page).tab("Kubernetes").click()
    for topic in GuideScreen(page).main.locator("details:visible > summary").all():
        topic.click()


def _lived_in(page: Page, people: People) -> None:
    _look_as(page, paying(people, days=40))
    BillingScreen(page).chart_table()


def _quotas_at_their_end(page: Page, people: People) -> None:
    session = owner_of(people)
    token, base = token_of(people, session), str(page.evaluate("location.origin"))
    for count in (1_750, 300):
        httpx.post(f"{base}/v1/write/rum", params={"token": token}, content="view f=1\n" * count)
    httpx.post(
        f"{base}/v1/write/tracing",
        params={"token": token},
        content="\n".join(f's trace_id="{n}"' for n in range(7_000)),
    )
    _look_as(page, session)
    expect(BillingScreen(page).problems).to_have_count(2)


def _bought_at_aws(page: Page, _: People) -> None:
    market, account = SandboxMarketScreen(page, "aws"), digits(12)
    market.subscribe(account).locator("summary").click()
    market.notices("subscribe-success").first.locator("summary").click()


def _about_to_cancel(page: Page, _: People) -> None:
    market, account = SandboxMarketScreen(page, "aliyun", "intl"), digits(16)
    market.subscribe(account, "试用 14 天").get_by_role("button", name="退订", exact=True).click()
    expect(market.main.get_by_role("button", name="确认退订")).to_be_visible()


def _arrived_from_aws(page: Page, people: People) -> None:
    base = str(page.evaluate("location.origin"))
    hold(page.context, company(people, site="us1").payer)
    arrive(page, base, bought_token(people))
    expect(claim_button(page)).to_be_visible()


def _look_as(page: Page, who: Newcomer | Session) -> None:
    page.context.clear_cookies()
    for name, value in who.cookies.items():
        page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])
    page.reload()
    runs(page)
    expect(page.locator("main .gc-loading")).to_have_count(0)


def _told(page: Page, people: People) -> None:
    base = str(page.evaluate("location.origin"))
    claim = sell(people, base)
    tell(people, base, "expiredInstance", instanceId=claim.instance)
    page.reload()
    runs(page)
    page.locator(".gc-audit-raw > summary").first.click()


def _bought(page: Page, people: People) -> None:
    sell(people, str(page.evaluate("location.origin")))
    page.goto(routes.operator_marketplaces("subscriptions"))
    runs(page)
    expect(page.locator("main .gc-loading")).to_have_count(0)


def _proven(page: Page, people: People) -> None:
    base = str(page.evaluate("location.origin"))
    page.goto(link(people, base, sell(people, base)))
    runs(page)
    expect(page.locator("main .gc-offer")).to_be_visible()


def _ordered(way: Kind) -> Callable[[Page, People], None]:
    """Somebody with an order that waits to be paid."""

    def go(page: Page, people: People) -> None:
        order = ordered(people, way)
        hold(page.context, order.payer)
        page.goto(routes.recharge_order(order.number))
        runs(page)
        expect(page.locator("main .gc-waits")).to_be_visible()

    return go


def _paid_twice(page: Page, people: People) -> None:
    order = ordered(people, Kind.ALIPAY)
    pay_twice(people, order)
    hold(page.context, order.payer)
    page.goto(routes.recharge_order(order.number))
    runs(page)
    expect(page.locator("main .gc-success")).to_be_visible()


def _about_to_recharge(page: Page, people: People) -> None:
    hold(page.context, ordered(people, Kind.ALIPAY).payer)
    page.goto(routes.recharge("2000"))
    runs(page)
    expect(page.locator("main .gc-effect dl")).to_be_visible()


def _with_recharges(page: Page, people: People) -> None:
    order = ordered(people, Kind.ALIPAY)
    pay_twice(people, order)
    hold(page.context, order.payer)
    page.goto(routes.RECHARGES)
    runs(page)
    expect(page.locator("main .gc-table tbody tr")).to_have_count(1)


def _with_a_wallet(address: str) -> Callable[[Page, People], None]:
    """Somebody with cash, a voucher, a card with its bonus, and bills that they paid."""

    def go(page: Page, people: People) -> None:
        hold(page.context, filled_wallet(people))
        page.goto(address)
        runs(page)
        expect(page.locator("main .gc-table tbody tr").first).to_be_visible()

    return go


def _in_debt(address: str, *, is_owner: bool = False, days: int = 3) -> Callable[[Page, People], None]:
    """A payer in debt for some days, or the owner of a workspace that it pays for; locked after fourteen."""

    def go(page: Page, people: People) -> None:
        here = company(people)
        people.do(lambda services: in_debt(services, here.payer.person.id, days))
        hold(page.context, here.owner if is_owner else here.payer)
        page.goto(address)
        runs(page)
        shown = ".gc-lock, .gc-lock-strip" if is_owner and days >= LOCK_DAY else ".gc-debt"
        expect(page.locator("main").locator(shown).first).to_be_visible()

    return go


def _at_the_cashier(page: Page, people: People) -> None:
    page.goto(routes.sandbox_cashier(Kind.WECHAT, ordered(people, Kind.WECHAT).number))
    runs(page)
    page.locator("main .gc-deeds .gc-button").nth(6).click()
    expect(page.locator("main .gc-table tbody tr")).to_have_count(1)


STATES: Mapping[tuple[str, str], Callable[[Page, People], None]] = {
    ("/login", "refused"): _refused,
    ("/forgot-password", "sent"): _link_sent,
    ("/reset-password", "dead link"): _dead_link,
    ("/operator/login", "enrolment"): _enrolment,
    ("/operator/login", "second step"): _second_step,
    ("/account", "password refused"): _password_refused,
    ("/account", "of a standard member"): _as_standard_member,
    ("/workspace/settings", "of a standard member"): _as_standard_member,
    ("/workspace/settings", "dissolved"): _dissolved,
    ("/operator/fee-account", "known"): _known_account,
    ("/operator/money", "rehearsed"): _rehearsed,
    ("/operator/money", "exceptions"): _exceptions,
    ("/operator/transfers", "imported"): _imported,
    ("/operator/transfers", "not imported"): _not_imported,
    ("/operator/approvals", "waiting"): _request,
    ("/operator/ledger", "one transaction"): _one_transaction,
    ("/onboarding", "kubernetes and help"): _for_kubernetes,
    ("/workspaces/new", "refused"): _nameless_workspace,
    ("/workspace/billing", "quotas at their end"): _quotas_at_their_end,
    ("/workspace/billing", "commercial"): _lived_in,
    ("/marketplace/claim", "arrived"): _arrived_from_aws,
    ("/sandbox/aws/cn", "bought"): _bought_at_aws,
    ("/sandbox/aliyun/intl", "about to cancel"): _about_to_cancel,
    ("/operator/marketplaces", "notices"): _told,
    ("/operator/marketplaces", "subscriptions"): _bought,
    ("/marketplace/aliyun", "proven"): _proven,
    ("/workspace/billing", "in debt"): _in_debt(routes.BILLING, is_owner=True),
    ("/workspace/billing", "locked"): _in_debt(routes.BILLING, is_owner=True, days=20),
    ("/account", "of a locked workspace"): _in_debt(routes.ACCOUNT, is_owner=True, days=20),
    ("/fee-center", "in debt"): _in_debt(routes.FEE_CENTER),
    ("/fee-center", "locked"): _in_debt(routes.FEE_CENTER, days=20),
    ("/fee-center/wallet", "with a history"): _with_a_wallet(routes.WALLET),
    ("/fee-center/wallet/vouchers", "with vouchers"): _with_a_wallet(routes.VOUCHERS),
    ("/fee-center/wallet/recharges", "with recharges"): _with_recharges,
    ("/fee-center/wallet/recharge", "previewed"): _about_to_recharge,
    ("/fee-center/wallet/recharge/order", "waiting"): _ordered(Kind.WECHAT),
    ("/fee-center/wallet/recharge/order", "paid twice"): _paid_twice,
    ("/sandbox/cashier", "forged"): _at_the_cashier,
    ("/fee-center/bills", "with months"): _with_months(lambda _: routes.FEE_BILLS),
    ("/fee-center/bills/month", "of a day"): _with_bills(
        lambda b: routes.bill_month(f"{b.day:%Y-%m}", b.day.isoformat())
    ),
    ("/fee-center/bills/month", "final"): _with_months(lambda of: routes.bill_month(f"{min(of.costs):%Y-%m}")),
    ("/fee-center/bills/bill", "recomputed"): _recomputed,
    ("/fee-center/bills/change", "of two days"): _with_bills(
        lambda b: routes.bill_change(Realm.FEE_CENTER, b.company.workspace_id, "", b.day.isoformat())
    ),
    ("/workspace/change", "of two days"): _with_bills(
        lambda b: routes.bill_change(Realm.CONSOLE, "", "", b.day.isoformat()), is_owner=True
    ),
    ("/workspace/bill", "of the owner"): _with_bills(lambda b: routes.workspace_bill(b.code), is_owner=True),
    ("/workspace/billing", "with bills"): _with_bills(
        lambda billed: routes.billing(f"{billed.day:%Y-%m}"), is_owner=True
    ),
}
"""What else a page can look like, by route and name, and how it comes to that in Chinese."""
