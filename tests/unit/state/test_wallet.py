"""What the wallet's pages say of balances, purses and the statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guance_portal.core.messages import text
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.state.fee_center.card import _effect
from guance_portal.state.fee_center.purses import _row
from guance_portal.state.fee_center.statement import line_row
from guance_portal.state.fee_center.statement_search import PURSES
from guance_portal.state.fee_center.wallet import _expiring, balances_of
from guance_portal.wallet.rules import Purse
from guance_portal.wallet.service import CardView
from guance_portal.wallet.statement import AccountMove, StatementEntry
from guance_portal.wallet.statement_queries import OWN
from guance_portal.wallet.views import PurseList, PurseState, PurseView, WalletView

CNY, ZONE = Currency.CNY, ZoneInfo("Asia/Shanghai")
SINCE = datetime(2026, 6, 30, 16, tzinfo=UTC)
"""The beginning of 1 July in Shanghai."""
VOUCHER = Purse(
    number=3,
    kind=Kind.VOUCHER,
    currency=CNY,
    rest=40_00,
    valid_from=SINCE,
    valid_until=SINCE + timedelta(days=31),
    granted_at=SINCE,
)
CARD = replace(VOUCHER, number=4, kind=Kind.CARD, rest=100_00)
AMONG = PurseList(CNY, ZONE, ())
WALLET = WalletView(fee_account_id="fee_a", currency=CNY, zone=ZONE, cash=1_234_50, debt=7_00, purses=(VOUCHER, CARD))


def test_the_figures_of_a_wallet_are_those_of_its_kinds() -> None:
    seen = balances_of(WALLET)
    assert (seen.symbol, seen.cash, seen.vouchers, seen.cards, seen.debt) == (
        "¥",
        "1,234.50",
        "40.00",
        "100.00",
        "7.00",
    )
    assert (seen.has_debt, seen.has_credit, seen.has_hold) == (True, False, False)
    assert seen.vouchers_note == text("wallet_page.first_vouchers", count=1, day="2026-07-31")
    assert balances_of(replace(WALLET, purses=())).cards_note == text("wallet_page.no_cards")


@pytest.mark.parametrize(
    ("days", "said"), [(3, text("wallet_page.days_left", days=3)), (0, text("wallet_page.last_day"))]
)
def test_what_expires_says_how_long_it_lasts(days: int, said: object) -> None:
    assert _expiring(VOUCHER, days, ZONE).left == said


def test_a_purse_is_valid_through_its_last_day() -> None:
    row = _row(PurseView(purse=VOUCHER, face=50_00, came_by="code", state=PurseState.USABLE), AMONG)
    assert row.valid == text("purses.valid", since="2026-07-01", until="2026-07-31")
    assert (row.face, row.rest, row.used, row.spent) == ("¥50.00", "¥40.00", "¥10.00", 20)
    assert row.came_by == text("purses.came_by_code")


@pytest.mark.parametrize(
    ("kind", "came_by", "said"),
    [
        (Kind.CARD, "card", "came_by_card"),
        (Kind.BONUS_VOUCHER, "card", "came_by_bonus"),
        (Kind.VOUCHER, "grant", "came_by_grant"),
    ],
)
def test_a_purse_says_where_it_comes_from(kind: Kind, came_by: str, said: str) -> None:
    purse = replace(VOUCHER, kind=kind)
    assert _row(PurseView(purse=purse, face=50_00, came_by=came_by, state=PurseState.SPENT), AMONG).came_by == text(
        f"purses.{said}"
    )


def test_a_line_signs_what_came_and_what_went_and_debt_stands_below_nothing() -> None:
    moves = (
        AccountMove(kind=Kind.CASH, key="", minor=-600_00, rest=0),
        AccountMove(kind=Kind.RECEIVABLE, key="", minor=-100_00, rest=-100_00),
        AccountMove(kind=Kind.CARD, key="1", minor=300_00, rest=300_00),
    )
    row = line_row(StatementEntry(number=7, act="bill", reference="bill:w1:2", at=SINCE, moves=moves), CNY, ZONE)
    assert (row.number, row.act, row.reference) == ("#7", text("statement.act_bill"), "bill:w1:2")
    assert [(move.look, move.number, move.amount, move.rest) for move in row.moves] == [
        ("cash", "", "−¥600.00", "¥0.00"),
        ("debt", "", "−¥100.00", "−¥100.00"),
        ("card", "#1", "+¥300.00", "¥300.00"),
    ]


def test_every_account_of_a_payer_can_be_searched_for() -> None:
    assert set(PURSES) == {str(kind) for kind in OWN}


def test_a_card_says_what_it_takes_and_brings() -> None:
    seen = CardView(
        minor=100_00,
        currency=CNY,
        zone=ZONE,
        cash=150_00,
        cards=20_00,
        bonus=0,
        valid_from=SINCE,
        valid_until=SINCE + timedelta(days=365),
    )
    said = _effect(seen)
    assert (said.cash_before, said.cash_after) == ("¥150.00", "¥50.00")
    assert (said.cards_before, said.cards_after, said.bonus) == ("¥20.00", "¥120.00", "¥0.00")
    assert (said.since, said.until) == ("2026-07-01", "2027-06-30")
