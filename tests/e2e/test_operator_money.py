"""运营后台: what one operator asks for another approves, and the ledger and the audit show both; a bank's statement."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.screens.operator import AuditScreen
from tests.e2e.screens.operator_money import ApprovalsScreen, MoneyScreen, TransfersScreen
from tests.e2e.screens.screen import message
from tests.support.people import People


def test_a_voucher_above_the_limit_takes_two_operators(new_page: Callable[..., Page], people: People) -> None:
    payer, first, second = people.payer(), people.operator(), people.operator()
    money = MoneyScreen(new_page(people.sign_in(first))).open()
    money.rehearse()
    expect(money.summary).to_contain_text(message("errors.approval_field_missing"))
    money.fill(account=payer.name, amount="5000", since="2026-07-18", until="2999-12-31", reason="迁移支持，工单 031")
    money.choose(message("money_admin.purse"), message("ledger.account.voucher"))
    money.rehearse()
    expect(money.rehearsal).to_contain_text(message("money_admin.second"))
    expect(money.rehearsal.locator("tbody tr")).to_have_count(2)
    expect(money.rehearsal.locator("tfoot")).to_contain_text("¥5,000.00")
    money.button(message("money_admin.ask", amount="¥5,000.00")).click()
    expect(money.notice).to_contain_text(message("money_admin.asked"))
    asked = money.acts.filter(has_text=payer.name)
    expect(asked).to_contain_text(message("approval.state.asked"))
    asked.get_by_role("link").first.click()
    mine = ApprovalsScreen(money.page)
    expect(mine.request).to_contain_text(message("money_admin.own"))
    expect(mine.button(message("money_admin.approve"))).to_have_count(0)

    approvals = ApprovalsScreen(new_page(people.sign_in(second))).open()
    approvals.waiting.filter(has_text=payer.name).get_by_role("link").click()
    expect(approvals.request).to_contain_text("迁移支持，工单 031")
    expect(approvals.request.locator("tfoot")).to_contain_text("¥5,000.00")
    expect(approvals.request.locator(".gc-changes")).to_contain_text("¥0.00 → ¥5,000.00")
    approvals.remark("合同已核对")
    approvals.button(message("money_admin.approve")).click()
    expect(approvals.notice).to_contain_text(message("money_admin.approved"))
    done = approvals.decided.filter(has_text=payer.name)
    expect(done).to_contain_text(message("approval.state.approved"))
    expect(done).to_contain_text(first.name)
    expect(done).to_contain_text(second.name)

    done.get_by_role("link", name="T").last.click()
    expect(approvals.main.get_by_role("table", name=message("ledger_admin.entries"))).to_contain_text("普通代金券 #1")
    audit = AuditScreen(approvals.page).open(f"?subject={payer.name}")
    expect(audit.entries.first).to_contain_text(f"{second.name} 批准了 {first.name}")
    expect(audit.entries.nth(1)).to_contain_text("申请")


def test_a_banks_statement_is_imported_and_a_transfer_of_nobody_claimed(
    new_page: Callable[..., Page], people: People
) -> None:
    payer, tag = people.payer(), secrets.token_hex(4)
    head = "流水号,交易时间,贷方金额,对方户名,附言"
    good = f"{tag}A,2026-07-17 13:55,200.00,沈某,云服务\n{tag}B,2026-07-17 16:12,-120.00,示例银行,账户管理费\n"
    transfers = TransfersScreen(new_page(people.sign_in(people.operator()))).open()
    transfers.send(f"{head}\n".encode(), bank=f"示例银行{tag}")
    expect(transfers.main).to_contain_text(message("errors.bank_unknown"))
    expect(transfers.main.locator("#field-bank")).to_have_value(f"示例银行{tag}")
    columns = tuple(head.split(","))
    transfers.send(f"{head}\n{good}{tag}C,昨天,1.00,某人,\n".encode("gb18030"), bank=f"示例银行{tag}", columns=columns)
    expect(transfers.main).to_contain_text(message("transfers.unread"))
    expect(transfers.main).to_contain_text(message("bank_line.fault.time"))
    transfers.send(f"{head}\n{good}".encode("gb18030"), bank=f"示例银行{tag}")
    expect(transfers.lines).to_have_count(2)
    expect(transfers.lines.first).to_contain_text(message("bank_line.outcome.suspended"))
    expect(transfers.main.locator(".gc-sums")).to_contain_text("¥80.00")
    transfers.lines.first.get_by_role("link", name=message("money_admin.claim")).click()
    money = MoneyScreen(transfers.page)
    money.fill(account=payer.name, evidence="回单 20260630-1", reason="客户来信确认")
    money.rehearse()
    expect(money.rehearsal).to_contain_text("¥200.00")
    money.button(message("money_admin.ask", amount="¥200.00")).click()
    expect(money.notice).to_contain_text(message("money_admin.asked"))
