"""What operators see of money and of the ledger, and how their forms become orders, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from guance_portal.approvals import orders
from guance_portal.approvals.errors import AccountUnknownError, RequestUnknownError
from guance_portal.approvals.forms import (
    BatchForm,
    ChargeForm,
    CorrectForm,
    GrantForm,
    MoneyForm,
    RefundForm,
    RevokeForm,
    SendBackForm,
    SuspenseForm,
)
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.checklist import every_problem
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item
from guance_portal.wallet.acts import receipts
from tests.support.clocks import MovableClock
from tests.support.operators import ACCOUNT, XU, ZHOU, Scene
from tests.support.wallets import TRANSFER, Wallet, wallet

STRANGER = Actor(realm=Realm.FEE_CENTER, subject_id=ACCOUNT, session_id="sess_9")
CNY = Currency.CNY


@pytest.fixture
async def mine(services: Services) -> Wallet:
    return await wallet(services.database)


@pytest.fixture
def scene(services: Services, mine: Wallet, clock: MovableClock) -> Scene:
    return Scene(services, mine, clock)


async def read(scene: Scene, form: MoneyForm) -> orders.Order:
    return (await scene.services.order_reader.read(XU, form)).order


async def problems(scene: Scene, form: MoneyForm) -> dict[str, str]:
    with pytest.raises(PortalError) as refused:
        await read(scene, form)
    return {one.field: one.code.removeprefix("errors.") for one in every_problem(refused.value)}


async def test_a_form_becomes_an_order_in_the_currency_and_zone_of_the_account(scene: Scene) -> None:
    form = GrantForm(
        account=" YunFan ",
        purse="bonus_voucher",
        amount="5000",
        since="2026-07-18",
        until="2026-12-31",
        reason=" 迁移  支持 ",
    )
    ordered = await scene.services.order_reader.read(XU, form)
    assert (ordered.why, ordered.username) == ("迁移 支持", "yunfan")
    assert ordered.order == orders.Grant(
        fee_account=ACCOUNT,
        purse=Kind.BONUS_VOUCHER,
        minor=5_000_00,
        currency=CNY,
        valid_from=datetime(2026, 7, 17, 16, tzinfo=UTC),
        valid_until=datetime(2026, 12, 31, 16, tzinfo=UTC),
    )


async def test_every_other_form_becomes_its_order(scene: Scene, mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    said = {"account": "yunfan", "amount": "12.50", "reason": "核对"}
    batch = BatchForm(name="夏季", currency="USD", amount="5", count="20", until="2026-12-31", reason="x")
    made = await read(scene, batch)
    assert isinstance(made, orders.BatchOrder)
    assert (made.total, made.currency) == (100_00, Currency.USD)
    revoked = await read(scene, RevokeForm(**said, which="3"))
    assert revoked == orders.Revoke(fee_account=ACCOUNT, purse=3, minor=12_50, currency=CNY)
    refund = await read(scene, RefundForm(**said, which="alipay:20:26"))
    assert refund == orders.RefundOrder(fee_account=ACCOUNT, way=Kind.ALIPAY, trade="20:26", minor=12_50, currency=CNY)
    bill = await read(scene, CorrectForm(**said, which="bill:w1:1"))
    assert bill == orders.Correct(fee_account=ACCOUNT, bill="bill:w1:1", minor=12_50, currency=CNY)
    charge = await read(scene, ChargeForm(**said, workspace="w1", day="2026-06-30", item="logs"))
    assert isinstance(charge, orders.Charge)
    assert charge.item is Item.LOGS
    claim = await read(scene, SuspenseForm(account="yunfan", which="bank:S1", evidence="回单 1", reason="x"))
    assert claim == orders.ClaimOrder(
        fee_account=ACCOUNT, way=Kind.BANK, trade="S1", minor=500_00, currency=CNY, evidence="回单 1"
    )
    back = await read(scene, SendBackForm(which="bank:S1", reason="x"))
    assert back == orders.SendBack(way=Kind.BANK, trade="S1", minor=500_00, currency=CNY)


async def test_a_form_says_everything_that_is_wrong_at_once(scene: Scene) -> None:
    assert await problems(scene, GrantForm()) == {
        "account": "approval_field_missing",
        "purse": "approval_choice",
        "amount": "approval_field_missing",
        "since": "approval_day",
        "until": "approval_day",
        "reason": "reason_missing",
    }


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        ("0", "amount_zero"),
        ("-5", "amount_negative"),
        ("1,000.00", "amount_grouped"),
        ("１００", "amount_full_width"),
        ("1.005", "amount_decimals"),
        ("¥5", "amount_sign"),
        ("viel", "amount_unreadable"),
        ("999999999999.00", "approval_amount_high"),
    ],
)
async def test_a_wrong_amount_has_words_of_its_own(scene: Scene, amount: str, problem: str) -> None:
    form = RevokeForm(account="yunfan", which="1", amount=amount, reason="x")
    assert await problems(scene, form) == {"amount": problem}


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (RevokeForm(account="nobody", which="1", amount="1", reason="x"), {"account": "approval_account_unknown"}),
        (RevokeForm(account="yunfan", which="x", amount="1", reason="x"), {"which": "approval_number"}),
        (RefundForm(account="yunfan", which="S1", amount="1", reason="x"), {"which": "wallet_receipt_taken"}),
        (RefundForm(account="yunfan", which="cash:1", amount="1", reason="x"), {"which": "wallet_receipt_taken"}),
        (
            SuspenseForm(account="yunfan", which="bank:S9", evidence="回单", reason="x"),
            {"which": "wallet_receipt_taken"},
        ),
        (
            GrantForm(
                account="yunfan",
                purse="voucher",
                amount="1",
                since="2026-07-01",
                until="2026-08-01",
                workspace="wksp_of_others",
                reason="x",
            ),
            {"workspace": "approval_workspace"},
        ),
    ],
)
async def test_what_is_not_there_is_said_at_its_field(scene: Scene, form: MoneyForm, problem: dict[str, str]) -> None:
    assert await problems(scene, form) == problem


async def test_an_account_shows_what_can_be_acted_on(scene: Scene, mine: Wallet) -> None:
    await mine.grant(30_00)
    await mine.recharge(100_00, "A")
    await mine.spend(1, 50_00)
    found = await scene.services.money_admin.account(XU, "yunfan")
    assert [(one.number, one.rest) for one in found.vouchers] == []
    assert [(one.trade, one.minor, one.left) for one in found.recharges] == [("A", 100_00, 80_00)]
    assert [(one.reference, one.minor, one.returned) for one in found.bills] == [("bill:w1:1", 50_00, 0)]
    with pytest.raises(AccountUnknownError):
        await scene.services.money_admin.account(XU, "nobody")


async def test_acts_and_requests_are_listed_with_both_people(scene: Scene) -> None:
    done = await scene.ask(scene.grant(5_00))
    asked = await scene.ask(scene.grant(5_000_00), ZHOU)
    money = scene.services.money_admin
    assert [line.id for line in await money.waiting(XU)] == [asked.id]
    view = await money.view(XU, asked.id)
    assert view.today
    assert view.today.is_same
    assert {line.id for line in await money.acts(XU, ("grant",))} == {done.id, asked.id}
    assert await money.acts(XU, ("refund",)) == ()
    await scene.approve(asked, XU)
    page = await money.decided(XU)
    assert {(line.id, line.decided_by) for line in page.lines} == {(done.id, ""), (asked.id, "oper_xu")}
    assert (await money.view(XU, asked.id)).today is None
    with pytest.raises(RequestUnknownError):
        await money.view(XU, "aprv_none")


async def test_the_ledger_page_shows_the_last_pass_and_whom_it_stopped(
    scene: Scene, mine: Wallet, clock: MovableClock
) -> None:
    ledger = scene.services.ledger_admin
    assert (await ledger.checked(XU)).at is None
    await mine.recharge(100_00)
    await ledger.check(XU)
    checked = await ledger.checked(XU)
    assert checked.at
    assert not any(rule.breaches for rule in checked.rules)
    async with mine.database.writing() as work:
        connection = await work.session.connection()
        await connection.execute(text("UPDATE ledger_accounts SET balance = -9000 WHERE kind = 'cash'"))
        await work.commit()
    clock.move(seconds=1)
    await ledger.check(XU)
    checked = await ledger.checked(XU)
    broken = {rule.code: rule.breaches[0] for rule in checked.rules if rule.breaches}
    assert (broken["balances"].account, broken["balances"].number) == ("yunfan", f"T{mine.payer}-1")
    assert [(one.account, one.rule) for one in checked.stopped] == [("yunfan", "balances")]


async def test_a_transaction_is_found_by_number_reference_and_number_of_the_provider(
    scene: Scene, mine: Wallet
) -> None:
    await mine.recharge(100_00, "2026071822001")
    await mine.spend(1, 30_00)
    ledger = scene.services.ledger_admin
    for asked in (f"T{mine.payer}-1", f"t{mine.payer}-1", "pay:alipay:2026071822001", " 2026071822001 "):
        [one] = await ledger.find(XU, asked)
        assert (one.reference, one.account) == ("pay:alipay:2026071822001", "yunfan")
        assert {(entry.kind, entry.minor) for entry in one.entries} >= {("alipay", 100_00), ("cash", -100_00)}
    assert [one.number for one in await ledger.find(XU, "")] == [f"T{mine.payer}-2", f"T{mine.payer}-1"]
    for asked in ("%", "T1-999", "T999999999999-1", "nothing"):
        assert await ledger.find(XU, asked) == ()


async def test_nobody_else_sees_any_of_it(scene: Scene) -> None:
    money, ledger = scene.services.money_admin, scene.services.ledger_admin
    for attempt in (
        money.acts(STRANGER, ("grant",)),
        money.waiting(STRANGER),
        money.decided(STRANGER),
        money.view(STRANGER, "x"),
        money.batches(STRANGER),
        money.account(STRANGER, "yunfan"),
        money.matters(STRANGER),
        ledger.checked(STRANGER),
        ledger.check(STRANGER),
        ledger.find(STRANGER, ""),
        scene.services.order_reader.read(STRANGER, GrantForm()),
        scene.services.transfer_admin.recent(STRANGER),
        scene.services.transfer_admin.banks(STRANGER),
        scene.services.transfer_admin.view(STRANGER, "x"),
    ):
        with pytest.raises(NotAllowedError):
            await attempt
