"""What the pages of recharges say of the values behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guance_portal import sites
from guance_portal.core.messages import text
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payments.orders import OrderView
from guance_portal.payments.rules import OrderState, Outcome
from guance_portal.payments.views import Aside, OrderDetail, RechargePreview
from guance_portal.state.fee_center.amounts import at, day
from guance_portal.state.fee_center.recharge import _effect
from guance_portal.state.fee_center.recharge_order import _aside, _shown
from guance_portal.wallet.cash_rules import Split

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
ORDER = OrderView(
    number="R1",
    way=Kind.ALIPAY,
    minor=1_234_50,
    currency=Currency.CNY,
    debt=0,
    cash=1_234_50,
    state=OrderState.OPEN,
    created_at=NOON,
    expires_at=NOON + timedelta(minutes=15),
    pay_at="https://alipay.example/pay",
    trade="",
    paid_at=None,
    is_cancelled=False,
)
DETAIL = OrderDetail(order=ORDER, left=60, became=None, transaction=0, asides=(), version=0)


def detail(*, left: int = 60, **changes: object) -> OrderDetail:
    """The order with something else."""
    return replace(DETAIL, order=replace(ORDER, **changes), left=left)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("seen", "phase"),
    [
        (DETAIL, "open"),
        (detail(left=0), "expired"),
        (detail(state=OrderState.EXPIRED, left=0), "expired"),
        (detail(state=OrderState.PAID, left=0), "paid"),
        (detail(state=OrderState.HELD, left=0), "held"),
    ],
)
def test_an_order_that_can_no_longer_be_paid_is_shown_as_expired(seen: OrderDetail, phase: str) -> None:
    assert _shown(seen).phase == phase


@pytest.mark.parametrize(
    ("seen", "has_link", "has_code"),
    [
        (DETAIL, True, False),
        (detail(way=Kind.WECHAT, pay_at="weixin://wxpay/bizpayurl?pr=1"), False, True),
        (detail(way=Kind.WECHAT, pay_at="/sandbox/cashier?way=wechat&order=R1"), True, True),
        (detail(pay_at=""), False, False),
        (detail(left=0), False, False),
        (detail(state=OrderState.PAID), False, False),
    ],
)
def test_where_to_pay_is_shown_while_it_can_be_paid_there(seen: OrderDetail, has_link: bool, has_code: bool) -> None:  # noqa: FBT001 - a table
    shown = _shown(seen)
    assert (bool(shown.href), shown.qr.startswith("data:image/svg+xml")) == (has_link, has_code)


def test_what_the_money_did_is_shown_once_it_has_come() -> None:
    paid = replace(
        detail(state=OrderState.PAID, trade="T1", paid_at=NOON), became=Split(34_50, 1_200_00), transaction=7
    )
    shown = _shown(paid)
    assert (shown.debt, shown.cash, shown.has_paid_debt, shown.transaction) == ("¥34.50", "¥1,200.00", True, "7")
    assert (_shown(DETAIL).debt, _shown(DETAIL).transaction) == ("", "")


def test_money_in_another_currency_is_named_as_it_came() -> None:
    aside = Aside(Outcome.OTHER_CURRENCY, 500, "EUR", NOON, is_done=False)
    assert _aside(aside, Currency.CNY).amount == "500 (EUR, smallest unit)"
    assert _aside(replace(aside, currency="CNY"), Currency.CNY).amount == "¥5.00"
    assert _aside(aside, Currency.CNY).why == text("payments.outcome.other_currency")


def test_what_an_amount_will_do_is_said_in_its_parts() -> None:
    seen = RechargePreview(minor=100_00, currency=Currency.CNY, parts=Split(30_00, 70_00), debt=30_00, cash=5_00)
    said = _effect(seen)
    assert (said.paid_debt, said.debt_left, said.has_debt) == ("¥30.00", "¥0.00", True)
    assert (said.cash_before, said.cash_after) == ("¥5.00", "¥75.00")


def test_a_session_that_may_not_see_balances_is_told_of_none() -> None:
    said = _effect(RechargePreview(minor=40_00, currency=Currency.CNY, parts=Split(40_00, 0), debt=90_00, cash=None))
    assert (said.cash_before, said.cash_after, said.debt_left, said.cash) == ("", "", "¥50.00", "¥0.00")


def test_accounts_read_the_time_of_the_site_they_were_opened_at() -> None:
    late, china, america = datetime(2026, 6, 1, 23, tzinfo=UTC), sites.get("cn1").zone, sites.get("us1").zone
    assert (day(late, china), day(late, america)) == ("2026-06-02", "2026-06-01")
    assert ("UTC+8" in at(late, china).en, "UTC−7" in at(late, america).en) == (True, True)
