"""A debt in the browser: charged by hand, counted, locked, paid at the cashier and unlocked; and the other ways out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Page, expect

from guance_portal import routes
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Workspace
from guance_portal.bootstrap import Services
from guance_portal.sites import Provider
from tests.e2e.screens.debt import DebtScreen
from tests.e2e.screens.operator_money import ApprovalsScreen, MoneyScreen
from tests.e2e.screens.recharge import RechargeScreen
from tests.e2e.screens.screen import SOON, message, runs
from tests.e2e.screens.settlement import SettlementDialog
from tests.support.companies import member_of, token_of
from tests.support.debts import Debtor
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import Company, company
from tests.support.usage import used_for

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def server() -> Generator[PortalServer]:
    """A portal of its own, whose business time is moved."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture(scope="module")
def those(server: PortalServer) -> Generator[People]:
    """Its people."""
    with People(server) as people:
        yield people


@pytest.fixture(autouse=True)
def today(server: PortalServer) -> None:
    """Every journey begins at the machine's own time."""
    assert server.portal("clock", "reset").returncode == 0


def move(server: PortalServer, days: int) -> None:
    """Business time goes on."""
    answer = server.portal("clock", "advance", "--days", str(days))
    assert answer.returncode == 0, answer.stderr


def sent(server: PortalServer, token: str) -> httpx.Response:
    """What the gateway answers to a DataKit."""
    return httpx.post(f"{server.base}/v1/write/metric", params={"token": token}, content="cpu,host=web-01 usage=1")


def owing(people: People, here: Company, minor: int) -> None:
    """The payer comes to owe something."""

    async def charge(services: Services) -> None:
        await services.business_time.refresh()
        await Debtor(services, here.payer.person.id).charge(minor)

    people.do(charge)


def charged_by_hand(here: Company, amount: str, first: Page, second: Page) -> None:
    """Two operators charge yesterday."""
    money = MoneyScreen(first).open("?view=charge")
    yesterday = datetime.now(SHANGHAI).date() - timedelta(days=1)
    money.fill(account=here.payer.person.name, workspace_id=here.workspace_id, day=yesterday.isoformat())
    money.fill(amount=amount, reason="历史用量补扣，工单 052")
    money.choose(message("money_admin.item"), message("metering.items.logs"))
    money.rehearse()
    expect(money.rehearsal).to_contain_text(f"¥{amount}")
    money.button(message("money_admin.ask", amount=f"¥{amount}")).click()
    expect(money.notice).to_contain_text(message("money_admin.asked"))
    approvals = ApprovalsScreen(second).open()
    approvals.waiting.filter(has_text=here.payer.person.name).get_by_role("link").click()
    approvals.button(message("money_admin.approve")).click()
    expect(approvals.notice).to_contain_text(message("money_admin.approved"))


def at(page: Page, address: str) -> DebtScreen:
    """Any page that may show a debt."""
    page.goto(address)
    runs(page)
    return DebtScreen(page)


def pay_what_is_owed(page: Page, amount: str) -> None:
    """立即解锁 leads to the recharge of just what is owed, which is paid at the cashier."""
    DebtScreen(page).open().unlock.click()
    recharge = RechargeScreen(page)
    recharge.stands_at(routes.RECHARGE)
    expect(recharge.amount).to_have_value(amount)
    expect(recharge.effect).to_contain_text(message("debt.unlocks", count=1))
    order = recharge.pay(amount, "alipay")
    expect(order.cashier().do("pay")).to_contain_text([message("payments.outcome.credited")])
    expect(order.success).to_contain_text(f"¥{amount}")


def test_a_manual_charge_leads_to_countdown_and_lock_and_a_recharge_unlocks(
    new_page: Callable[..., Page], server: PortalServer, those: People
) -> None:
    here, base, mailbox = company(those), {"base_url": server.base}, Mailbox(server)
    token, address = token_of(those, here.owner), here.payer.person.email
    billing = DebtScreen(new_page(here.owner, **base)).open()
    expect(billing.title).to_be_visible()
    expect(billing.banner).to_have_count(0)
    assert sent(server, token).status_code == 200

    operators = [new_page(those.sign_in(those.operator()), **base) for _ in range(2)]
    charged_by_hand(here, "86.40", *operators)
    # The owner's page shows the countdown by itself.
    expect(billing.banner).to_contain_text("¥86.40", timeout=SOON)
    expect(billing.left).to_have_text("14")
    expect(billing.passed).to_have_count(1)
    overview = at(new_page(here.payer, **base), routes.FEE_CENTER)
    expect(overview.banner).to_contain_text(message("debt.exit_pay"))
    expect(overview.main.get_by_role("table", name=message("debt.moves")).locator("tbody tr")).to_have_count(1)
    assert message("mail.debt_begun.subject") in str(mailbox.wait_for(address)["Subject"])

    move(server, 7)
    expect(billing.left).to_have_text("7", timeout=SOON)
    expect(billing.passed).to_have_count(8)
    move(server, 7)
    expect(billing.lock).to_contain_text(here.payer.person.name, timeout=SOON)
    expect(billing.page.locator(".gc-workspace")).to_contain_text(message("debt.locked"))
    # What was used before stays readable below.
    expect(billing.main.get_by_role("heading", name=message("billing.title"))).to_be_visible()
    mailbox.wait_for(address, 4)
    refused = sent(server, token)
    assert (refused.status_code, refused.json()["error_code"]) == (403, "gateway.workspaceLocked")
    assert "14 days" in refused.json()["message"]
    members = at(new_page(here.owner, **base), routes.MEMBERS)
    expect(members.strip).to_contain_text(message("debt.locked_title"))
    customer = at(operators[0], routes.operator_fee_account(here.payer.person.id))
    expect(customer.main.locator(".gc-badge.red").first).to_contain_text(message("debt.locked"))

    pay_what_is_owed(new_page(here.owner, **base), "86.40")
    # The pages that showed the lock are told.
    expect(billing.lock).to_have_count(0, timeout=SOON)
    expect(billing.banner).to_have_count(0)
    expect(members.strip).to_have_count(0, timeout=SOON)
    assert sent(server, token).status_code == 200
    assert message("mail.debt_unlocked.subject") in str(mailbox.wait_for(address, 5)["Subject"])


def test_changing_to_a_cloud_account_unlocks_that_workspace_at_once(
    new_page: Callable[..., Page], server: PortalServer, those: People
) -> None:
    here = company(those, accounts=(Provider.ALIYUN,))
    token = token_of(those, here.owner)
    owing(those, here, 30_00)
    move(server, 14)
    locked = DebtScreen(new_page(here.owner, base_url=server.base)).open()
    expect(locked.lock).to_be_visible(timeout=SOON)
    locked.lock.get_by_role("button", name=message("settlement.title")).click()
    dialog = SettlementDialog(locked.page)
    expect(dialog.preview).to_contain_text(message("debt.unlocks_at_once"))
    dialog.act("使用此账号结算").click()
    expect(dialog.pending).to_be_visible()
    locked.page.keyboard.press("Escape")
    expect(locked.lock).to_have_count(0, timeout=SOON)
    assert sent(server, token).status_code == 200


def test_a_member_who_may_not_pay_sees_the_lock_and_whom_to_ask(
    new_page: Callable[..., Page], server: PortalServer, those: People
) -> None:
    here = company(those)
    owing(those, here, 30_00)
    move(server, 14)
    page = at(new_page(member_of(those, here.owner, Role.STANDARD), base_url=server.base), routes.ACCOUNT)
    expect(page.strip).to_contain_text(message("debt.ask_owner"), timeout=SOON)
    expect(page.strip.get_by_role("link")).to_have_count(0)


def test_the_rehearsal_says_when_a_debt_would_begin_and_what_follows(
    new_page: Callable[..., Page], server: PortalServer, those: People
) -> None:
    here = company(those)
    overview = at(new_page(here.payer, base_url=server.base), routes.FEE_CENTER)
    expect(overview.rehearsal).to_contain_text(message("debt.rehearsal_no_use"))
    today = datetime.now(SHANGHAI).date()

    async def use(services: Services) -> None:
        await used_for(services.database, here.workspace_id, days=8, last=today)
        async with services.database.writing() as work:
            workspace = await work.session.get_one(Workspace, here.workspace_id)
            workspace.created_at -= timedelta(days=30)
            work.session.add(workspace)
            await work.commit()

    those.do(use)
    overview.page.reload()
    begins = today + timedelta(days=1)
    steps = overview.rehearsal.get_by_role("listitem")
    expect(steps.first).to_contain_text(begins.isoformat())
    expect(steps.last).to_contain_text((begins + timedelta(days=14)).isoformat())
