"""更改结算方式: the four scenarios, changing, withdrawing, the month, and what reaches an open dialog by itself."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TookTooLong
from sqlmodel import col, select

from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Language
from guance_portal.mail.tables import Email
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Provider
from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.screen import SOON, message
from tests.e2e.screens.settlement import SettlementDialog
from tests.support.companies import actor, member_of
from tests.support.newcomers import after_upgrade
from tests.support.people import People, Session
from tests.support.portal_server import SUPPORT, PortalServer
from tests.support.settled_companies import company
from tests.support.stalls import Stall

REGISTERED, OTHERS, CLOUDS = "已登记云账号", "其他云账号", "云账号"
ELSEWHERE = "不支持「AWS 云账号」结算"


def allow_any(people: People, payer: Session, *, allowed: bool) -> None:
    """An operator switches 结算方式任意选择."""
    operator = people.sign_in(people.operator())

    async def switch(services: Services) -> None:
        await services.settlement.set_arbitrary_choice(
            await actor(services, operator), payer.person.id, allowed=allowed, reason="合同"
        )

    people.do(switch)


@pytest.mark.parametrize(
    ("accounts", "anything"),
    [((Provider.ALIYUN,), False), ((Provider.AWS,), True), ((), True), ((), False)],
    ids=["registered", "registered, any", "none, any", "none"],
)
def test_the_four_scenarios(
    new_page: Callable[..., Page], people: People, accounts: tuple[Provider, ...], *, anything: bool
) -> None:
    here = company(people, accounts=accounts)
    if anything:
        allow_any(people, here.payer, allowed=True)
    dialog = SettlementDialog(new_page(here.owner)).open().open_here()
    if accounts:
        expect(dialog.group(REGISTERED)).to_contain_text("推荐")
        expect(dialog.group(REGISTERED)).to_contain_text("1827 **** **** 4093")
        expect(dialog.group(REGISTERED).get_by_role("radio")).to_be_checked()
        expect(dialog.act("使用此账号结算")).to_be_enabled()
    else:
        expect(dialog.group(REGISTERED)).to_have_count(0)
        expect(dialog.act("更改结算方式")).to_be_disabled()
    clouds = OTHERS if accounts else CLOUDS
    own, other = dialog.option(clouds, "阿里云账号"), dialog.option(clouds, "AWS 云账号")
    expect(own).to_contain_text("当前站点")
    expect(own.get_by_role("radio")).to_be_enabled()
    expect(other.get_by_role("radio")).to_be_enabled(enabled=anything)
    if anything:
        expect(other).not_to_contain_text(ELSEWHERE)
        expect(dialog.dialog).to_contain_text("已开启「结算方式任意选择」")
    else:
        expect(other).to_contain_text(ELSEWHERE)
        expect(other).to_contain_text("联系客户经理开启「结算方式任意选择」后可用")
        expect(other.get_by_role("link", name="联系客户经理")).to_have_attribute("href", SUPPORT)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_second_account_of_a_cloud_is_called_new_and_choosing_it_moves_no_option(
    new_page: Callable[..., Page], people: People, width: int
) -> None:
    here = company(people, accounts=(Provider.ALIYUN,))
    dialog = SettlementDialog(new_page(here.owner, viewport={"width": width, "height": 800})).open().open_here()
    names = dialog.dialog.get_by_role("radio").evaluate_all(
        "all => all.map(one => one.labels[0].innerText.split('\\n')[0])"
    )
    assert len(set(names)) == len(names) >= 3
    new = dialog.option(OTHERS, "订阅新的阿里云账号")
    places = "() => [...document.querySelectorAll('#settlement-dialog .gc-card')].map(card => card.offsetTop)"
    before = dialog.page.evaluate(places)
    new.get_by_role("radio").click()
    expect(dialog.preview).to_contain_text("订阅新的阿里云账号")
    expect(dialog.act("下一步：订阅「阿里云账号」")).to_be_in_viewport(ratio=1)
    assert dialog.page.evaluate(places) == before
    expect(new).to_be_in_viewport(ratio=1)
    dialog.option(REGISTERED, "阿里云账号").get_by_role("radio").click()
    expect(dialog.preview).to_contain_text("1827 **** **** 4093")
    assert dialog.page.evaluate(places) == before


def test_closing_keeps_the_method_and_a_reload_opens_the_dialog_again(
    new_page: Callable[..., Page], people: People
) -> None:
    dialog = SettlementDialog(new_page(company(people).owner)).open().open_here()
    expect(dialog.page).to_have_url(re.compile(r"\?dialog=settlement$"))
    dialog.reload()
    expect(dialog.dialog).to_be_visible()
    dialog.page.keyboard.press("Escape")
    expect(dialog.dialog).to_be_hidden()
    expect(dialog.page).not_to_have_url(re.compile("dialog"))
    dialog.reload()
    expect(dialog.panel).to_contain_text("观测云企业账号")
    expect(dialog.dialog).to_be_hidden()


def test_a_change_says_what_it_means_waits_and_can_be_withdrawn(new_page: Callable[..., Page], people: People) -> None:
    here = company(people, accounts=(Provider.ALIYUN,))
    dialog = SettlementDialog(new_page(here.owner)).open().open_here()
    expect(dialog.preview).to_contain_text("生效账单日")
    expect(dialog.preview).to_contain_text("观测云企业账号")
    expect(dialog.preview).to_contain_text("阿里云账号 1827 **** **** 4093")
    expect(dialog.preview).to_contain_text("不占用每月 1 次的更改")
    expect(dialog.dialog.locator(".gc-preview-short")).to_contain_text("阿里云账号 1827 **** **** 4093")
    dialog.act("使用此账号结算").click()
    expect(dialog.pending).to_contain_text("阿里云账号 1827 **** **** 4093")
    expect(dialog.option(REGISTERED, "阿里云账号")).to_contain_text("已安排改为此方式")
    dialog.act("完成").click()
    expect(dialog.panel).to_contain_text("等待生效")
    dialog.open_here().act("撤回").click()
    expect(dialog.pending).to_have_count(0)
    expect(dialog.radio(REGISTERED, "阿里云账号")).to_be_enabled()
    dialog.page.keyboard.press("Escape")
    expect(dialog.panel).not_to_contain_text("等待生效")


def test_an_operators_switch_reaches_the_open_dialog(new_page: Callable[..., Page], people: People) -> None:
    here = company(people)
    dialog = SettlementDialog(new_page(here.owner)).open().open_here()
    other = dialog.option(CLOUDS, "AWS 云账号")
    expect(other).to_contain_text(ELSEWHERE)
    allow_any(people, here.payer, allowed=True)
    expect(other).not_to_contain_text(ELSEWHERE, timeout=SOON)
    allow_any(people, here.payer, allowed=False)
    expect(other).to_contain_text(ELSEWHERE, timeout=SOON)


def test_what_one_tab_changes_the_other_shows(new_page: Callable[..., Page], people: People) -> None:
    here = company(people, accounts=(Provider.ALIYUN,))
    console = SettlementDialog(new_page(here.owner)).open().open_here()
    paying = SettlementDialog(new_page(here.payer))
    paying.page.goto("/fee-center/workspaces")
    paying.open_here().act("使用此账号结算").click()
    expect(console.pending).to_be_visible(timeout=SOON)
    expect(console.act("使用此账号结算")).to_have_count(0)
    console.act("撤回").click()
    expect(paying.pending).to_have_count(0, timeout=SOON)
    paying.act("取消").click()
    expect(paying.main.get_by_role("row", name=re.compile("云帆"))).not_to_contain_text("起：AWS 云账号")


def test_a_tab_of_another_workspace_changes_nothing(new_page: Callable[..., Page], people: People) -> None:
    here = company(people, accounts=(Provider.ALIYUN,))
    dialog = SettlementDialog(new_page(here.owner)).open().open_here()

    async def look_elsewhere(services: Services) -> None:
        owner = await actor(services, here.owner)
        other = await services.workspaces.create(owner, "yunfan-trial", Language.ZH)
        await services.workspaces.choose(owner, other)

    people.do(look_elsewhere)
    dialog.act("使用此账号结算").click()
    expect(dialog.page.get_by_role("alertdialog", name=message("shown.title"))).to_be_visible()
    assert people.do(lambda services: _pending(services, here.payer, here.workspace_id)) is False


async def _pending(services: Services, payer: Session, workspace_id: str) -> bool:
    overview = await services.settlement.overviews.overview(await actor(services, payer), workspace_id)
    return overview.pending is not None


def test_the_fee_centre_opens_it_for_a_row_and_a_reload_opens_it_again(
    new_page: Callable[..., Page], people: People
) -> None:
    here = company(people, accounts=(Provider.AWS,))
    dialog = SettlementDialog(new_page(here.payer))
    dialog.page.goto("/fee-center/workspaces")
    dialog.open_here()
    expect(dialog.page).to_have_url(re.compile(rf"\?settle={here.workspace_id}$"))
    dialog.reload()
    expect(dialog.radio(REGISTERED, "AWS 云账号")).to_be_checked()
    dialog.act("使用此账号结算").click()
    expect(dialog.pending).to_be_visible()
    dialog.act("完成").click()
    expect(dialog.main.get_by_role("row", name=re.compile("云帆"))).to_contain_text("起：AWS 云账号")


def test_after_an_upgrade_it_binds_a_cloud_account(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(after_upgrade(people))
    dialog = SettlementDialog(page)
    page.goto("/workspace/upgrade/done")
    dialog.button("绑定结算云账号").click()
    expect(dialog.dialog.get_by_role("heading", name="绑定结算云账号")).to_be_visible()
    expect(dialog.dialog).to_contain_text("首次选择不占用每月 1 次的更改")
    dialog.reload()
    expect(dialog.dialog).to_be_visible()


def test_an_administrator_sees_who_pays_and_no_way_to_change_it(new_page: Callable[..., Page], people: People) -> None:
    here = company(people)
    dialog = SettlementDialog(new_page(member_of(people, here.owner, Role.ADMIN))).open("?dialog=settlement")
    expect(dialog.panel).to_contain_text("观测云企业账号")
    expect(dialog.button("更改结算方式")).to_have_count(0)
    expect(dialog.dialog).to_be_hidden()


def test_a_phone_shows_it_as_a_sheet_in_english_and_dark(new_page: Callable[..., Page], people: People) -> None:
    here = company(people, accounts=(Provider.ALIYUN,))
    page = new_page(
        here.owner, viewport={"width": 390, "height": 844}, locale="en-US", color_scheme="dark", has_touch=True
    )
    dialog = SettlementDialog(page).open("?dialog=settlement")
    expect(dialog.dialog).to_be_visible()
    expect(dialog.act("Settle by this account")).to_be_in_viewport()
    dialog.act("Settle by this account").tap()
    expect(dialog.act("Withdraw")).to_be_visible()


@pytest.fixture(scope="module")
def moved() -> Generator[tuple[PortalServer, People]]:
    """A portal of its own, whose business time may be moved."""
    with PortalServer.start() as server, People(server) as people:
        yield server, people


def tomorrow(server: PortalServer) -> None:
    """The next billing day."""
    answer = server.portal("clock", "advance", "--days", "1")
    assert answer.returncode == 0, answer.stderr


def test_the_first_choice_is_free_the_second_counts_the_third_is_refused_with_the_date(
    new_page: Callable[..., Page], moved: tuple[PortalServer, People]
) -> None:
    server, people = moved
    assert server.portal("clock", "set", "2026-07-10T10:00").returncode == 0
    here = company(people, accounts=(Provider.ALIYUN,))
    dialog = SettlementDialog(new_page(here.owner, base_url=server.base)).open().open_here()
    expect(dialog.preview).to_contain_text("2026-07-11 00:00（UTC+8）")
    dialog.act("使用此账号结算").click()
    expect(dialog.pending).to_contain_text("2026-07-11")
    tomorrow(server)
    # The change takes effect and every page follows, with nobody doing anything.
    expect(dialog.panel).to_contain_text("阿里云账号")
    expect(dialog.pending).to_have_count(0)
    expect(dialog.preview).to_have_count(0)
    dialog.radio("观测云企业账号", "观测云企业账号").click()
    expect(dialog.preview).to_contain_text("2026-08-01 起（本月的更改由此用完）")
    dialog.act("改用观测云企业账号").click()
    expect(dialog.pending).to_be_visible()
    tomorrow(server)
    expect(dialog.panel).to_contain_text("观测云企业账号")
    card = dialog.option(REGISTERED, "阿里云账号")
    expect(card).to_contain_text("本月已更改过一次结算方式")
    expect(card).to_contain_text("2026-08-01 起可以再次更改")
    expect(card.get_by_role("radio")).to_be_disabled()
    expect(dialog.panel).to_contain_text("2026-08-01")
    paying = new_page(here.payer, base_url=server.base)
    paying.goto("/fee-center/workspaces")
    row = paying.get_by_role("row", name=re.compile("云帆"))
    expect(row).to_contain_text("2026-08-01 起可更改")
    row.get_by_role("button", name="更改结算方式").click()
    theirs = SettlementDialog(paying)
    expect(theirs.option(REGISTERED, "阿里云账号")).to_contain_text("2026-08-01 起可以再次更改")
    expect(theirs.option(REGISTERED, "阿里云账号").get_by_role("radio")).to_be_disabled()


def test_pages_say_when_business_time_was_moved(
    new_page: Callable[..., Page], moved: tuple[PortalServer, People]
) -> None:
    server, people = moved
    assert server.portal("clock", "set", "2026-09-01T08:00").returncode == 0
    page = new_page(people.sign_in(people.any(Realm.CONSOLE)), base_url=server.base)
    page.goto("/account")
    expect(page.locator(".gc-sandbox")).to_contain_text("业务时间已调整为 2026-09-01 08:0")
    assert server.portal("clock", "reset").returncode == 0
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".gc-avatar")).not_to_be_empty()
    expect(page.locator(".gc-sandbox")).not_to_contain_text("业务时间")


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    """Where the mortal portal stops in the middle of writing."""
    return Stall(tmp_path)


@pytest.fixture
def mortal(stall: Stall) -> Generator[tuple[PortalServer, People]]:
    """A portal that a journey may kill."""
    with PortalServer.start(env=stall.env) as server, People(server) as people:
        yield server, people


def test_three_kills_in_the_middle_of_writing_leave_one_change(
    new_page: Callable[..., Page], mortal: tuple[PortalServer, People], stall: Stall, console_guard: ConsoleGuard
) -> None:
    for complaint in ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED"):
        console_guard.expect(complaint)
    server, people = mortal
    here = company(people, accounts=(Provider.ALIYUN,))
    dialog = SettlementDialog(new_page(here.owner, base_url=server.base)).open().open_here()

    def killed_after(statement: str, act: Callable[[], None]) -> None:
        """The portal is killed while it holds an open transaction that has just done this."""
        stall.after(statement)
        act()
        stall.wait()
        server.restart(signal.SIGKILL)
        expect(dialog.reconnect_bar).to_be_hidden(timeout=60_000)
        dialog.reload()

    act = dialog.act("使用此账号结算")
    killed_after("INSERT INTO settlement_changes", act.click)
    # The click of before the kill may arrive once more; then there is nothing left to press.
    expect(dialog.pending.or_(act)).to_be_visible()
    with suppress(TookTooLong):
        act.click(timeout=3_000)
    expect(dialog.pending).to_be_visible()
    killed_after("UPDATE settlement_changes", dialog.act("撤回").click)
    expect(dialog.pending.or_(act)).to_be_visible()
    with suppress(TookTooLong):
        act.click(timeout=3_000)
    expect(dialog.pending).to_be_visible()
    killed_after("UPDATE workspace_payers", lambda: tomorrow(server))
    expect(dialog.panel).to_contain_text("阿里云账号")

    async def traces(services: Services) -> tuple[list[str], list[str]]:
        async with services.database.reading() as work:
            changed = select(SettlementChange).where(col(SettlementChange.workspace_id) == here.workspace_id)
            told = select(col(Email.template)).where(col(Email.recipient) == here.owner.person.email)
            states = [change.state.value for change in (await work.session.exec(changed)).all()]
            return states, sorted((await work.session.exec(told)).all())

    states, told = people.do(traces)
    # A withdrawal whose answer was lost may have been done again by the browser, and the change with it: each is whole.
    assert sorted(states) in (["effective"], ["effective", "withdrawn"])
    assert told == sorted(
        ["settlement_effective", *["settlement_scheduled"] * len(states), *["settlement_withdrawn"] * (len(states) - 1)]
    )
