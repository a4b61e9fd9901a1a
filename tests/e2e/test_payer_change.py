"""更换费用中心账号 in the browser: proven by a code, from the next billing day, withdrawn, seen by both accounts."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens.screen import message
from tests.e2e.screens.settlement import PayerChangeDialog, SettlementDialog
from tests.e2e.screens.sign_up import code_in
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import company


@pytest.fixture(scope="module")
def moved() -> Generator[tuple[PortalServer, People]]:
    """A portal of its own, whose business time is moved."""
    with PortalServer.start() as server, People(server) as people:
        yield server, people


def test_an_owner_has_another_account_pay_and_both_accounts_see_it(
    new_page: Callable[..., Page], moved: tuple[PortalServer, People]
) -> None:
    server, people = moved
    assert server.portal("clock", "set", "2026-12-10T10:00").returncode == 0
    here, other = company(people), people.payer()
    mailbox = Mailbox(server)
    page = new_page(here.owner, base_url=server.base)
    dialog = PayerChangeDialog(page).open().open_here()
    expect(dialog.dialog).to_contain_text("2026-12-11 00:00（UTC+8）起")
    expect(dialog.dialog).to_contain_text(f"留在费用中心账号 {here.payer.person.name}")
    dialog.type_payer("nobody_has_this")
    dialog.get_code()
    expect(dialog.dialog).to_contain_text(message("errors.fee_username_unknown"))
    dialog.type_payer(here.payer.person.name)
    dialog.get_code()
    expect(dialog.dialog).to_contain_text(message("errors.payer_same"))
    dialog.type_payer(other.name)
    dialog.get_code()
    expect(dialog.dialog).to_contain_text(message("upgrade.code_sent"))
    dialog.type_code(code_in(mailbox, other.email))
    dialog.confirm()
    expect(dialog.dialog).to_be_hidden()
    expect(dialog.notice).to_contain_text("2026-12-11 起由新费用中心账号支付")
    settlement = SettlementDialog(page)
    expect(settlement.panel).to_contain_text(f"观测云企业账号 {other.name}")

    old = new_page(here.payer, base_url=server.base)
    theirs = SettlementDialog(old)
    old.goto(f"/fee-center/workspaces?settle={here.workspace_id}")
    expect(theirs.pending).to_contain_text("由另一个费用中心账号支付")
    expect(theirs.pending).not_to_contain_text(other.name)
    expect(theirs.act("撤回")).to_have_count(0)

    assert server.portal("clock", "advance", "--days", "1").returncode == 0
    expect(settlement.panel).to_contain_text(f"费用中心账号 {other.name}", timeout=20_000)
    new = new_page(people.sign_in(other), base_url=server.base)
    new.goto("/fee-center/workspaces")
    expect(new.get_by_role("row", name="云帆-生产环境")).to_be_visible()
    old.goto("/fee-center/workspaces")
    expect(old.get_by_role("main")).to_be_visible()
    expect(old.get_by_role("row", name="云帆-生产环境")).to_have_count(0)


def test_a_waiting_change_is_withdrawn_by_the_owner(
    new_page: Callable[..., Page], moved: tuple[PortalServer, People]
) -> None:
    server, people = moved
    here, other = company(people), people.payer()
    page = new_page(here.owner, base_url=server.base)
    dialog = PayerChangeDialog(page).open().open_here()
    dialog.type_payer(other.name)
    dialog.get_code()
    expect(dialog.dialog).to_contain_text(message("upgrade.code_sent"))
    dialog.type_code(code_in(Mailbox(server), other.email))
    dialog.confirm()
    expect(dialog.dialog).to_be_hidden()
    settlement = SettlementDialog(page).open_here()
    expect(settlement.pending).to_contain_text(other.name)
    settlement.act("撤回").click()
    expect(settlement.pending).to_have_count(0)
