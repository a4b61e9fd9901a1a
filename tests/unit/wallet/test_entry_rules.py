"""The entries of every act, row by row of the table of acts."""

from __future__ import annotations

import pytest

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account, Leg, merged
from guance_portal.wallet import entry_rules as entries
from guance_portal.wallet.cash_rules import Split
from guance_portal.wallet.rules import PlannedPayment

CNY, USD = Currency.CNY, Currency.USD
VOUCHER, CARD, BONUS = (Account(kind, CNY, "1") for kind in (Kind.VOUCHER, Kind.CARD, Kind.BONUS_VOUCHER))
_MEMO = {"invoiceable", "invoice_contra"}


def told(legs: list[Leg]) -> dict[str, int]:
    assert sum(leg.minor for leg in legs) == 0
    return {leg.account.name: leg.minor for leg in merged(legs) if leg.account.name not in _MEMO}


def memo(legs: list[Leg]) -> int:
    found = {leg.account.name: leg.minor for leg in merged(legs) if leg.account.name in _MEMO}
    assert found.get("invoice_contra", 0) == -found.get("invoiceable", 0)
    return found.get("invoiceable", 0)


def test_recharge() -> None:
    legs = entries.recharge(Kind.ALIPAY, Split(30_00, 70_00), CNY)
    assert told(legs) == {"alipay": 100_00, "receivable": -30_00, "cash": -70_00}
    assert memo(legs) == 30_00


def test_reversal_of_a_recharge() -> None:
    legs = entries.reversal(Kind.ALIPAY, Split(30_00, 70_00), CNY)
    assert told(legs) == {"alipay": -100_00, "receivable": 30_00, "cash": 70_00}
    assert memo(legs) == -30_00


def test_transfer_without_owner() -> None:
    assert told(entries.suspended(Kind.BANK, 5, USD)) == {"bank": 5, "suspense": -5}


def test_claim() -> None:
    legs = entries.claimed(Split(2, 3), CNY)
    assert told(legs) == {"suspense": 5, "receivable": -2, "cash": -3}
    assert memo(legs) == 2


def test_sent_back() -> None:
    assert told(entries.sent_back(Kind.BANK, 5, CNY)) == {"suspense": 5, "bank": -5}


def test_voucher_granted_or_its_code_activated() -> None:
    assert told(entries.granted(VOUCHER, 5)) == {"promo_cost": 5, "voucher:1": -5}


@pytest.mark.parametrize(("purse", "to"), [(VOUCHER, "promo_cost"), (BONUS, "promo_cost"), (CARD, "breakage")])
def test_voucher_revoked_or_expired_and_card_expired(purse: Account, to: str) -> None:
    assert told(entries.leaves(purse, 5)) == {purse.name: 5, to: -5}


def test_card_with_bonus() -> None:
    legs = entries.card(CARD, 100, BONUS, 10)
    assert told(legs) == {"cash": 100, "card:1": -100, "promo_cost": 10, "bonus_voucher:1": -10}
    assert memo(legs) == 100


def test_card_without_bonus() -> None:
    assert told(entries.card(CARD, 100, BONUS, 0)) == {"cash": 100, "card:1": -100}


def test_bill() -> None:
    accounts = [Account(Kind.CREDIT, CNY), VOUCHER, Account(Kind.CASH, CNY), Account(Kind.RECEIVABLE, CNY)]
    legs = entries.bill([PlannedPayment(account=one, minor=n + 1, lines=()) for n, one in enumerate(accounts)], CNY)
    assert told(legs) == {"credit": 1, "voucher:1": 2, "cash": 3, "receivable": 4, "revenue": -10}
    assert memo(legs) == 3


def test_bill_paid_by_a_cloud() -> None:
    cloud = Account(Kind.CLOUD_RECEIVABLE, CNY, "aws")
    legs = entries.bill(
        [PlannedPayment(account=VOUCHER, minor=2, lines=()), PlannedPayment(account=cloud, minor=5, lines=())], CNY
    )
    assert told(legs) == {"voucher:1": 2, "cloud_receivable:aws": 5, "revenue": -7}
    assert memo(legs) == 0


@pytest.mark.parametrize(
    ("debt", "expected"),
    [
        (0, {"revenue": 9, "credit": -9}),
        (4, {"revenue": 9, "receivable": -4, "credit": -5}),
        (20, {"revenue": 9, "receivable": -9}),
    ],
)
def test_negative_bill(debt: int, expected: dict[str, int]) -> None:
    legs = entries.negative_bill(9, debt, CNY)
    assert told(legs) == expected
    assert memo(legs) == 0


def test_refund_asked() -> None:
    assert told(entries.refund_asked(5, CNY)) == {"cash": 5, "hold": -5}


@pytest.mark.parametrize(
    ("freed", "expected"), [(0, {"hold": 5, "alipay": -5}), (2, {"hold": 7, "alipay": -5, "cash": -2})]
)
def test_refund_done(freed: int, expected: dict[str, int]) -> None:
    assert told(entries.refund_done(Kind.ALIPAY, 5, freed, CNY)) == expected


def test_refund_refused() -> None:
    assert told(entries.refund_refused(5, CNY)) == {"hold": 5, "cash": -5}


def test_correction() -> None:
    legs = entries.correction([(Account(Kind.CASH, CNY), 3), (VOUCHER, 2)], frozenset(), CNY)
    assert told(legs) == {"revenue": 5, "cash": -3, "voucher:1": -2}
    assert memo(legs) == -3


def test_what_returns_to_an_expired_purse_leaves_it_in_the_same_transaction() -> None:
    legs = entries.correction([(CARD, 3), (VOUCHER, 2)], frozenset({CARD}), CNY)
    assert told(legs) == {"revenue": 5, "breakage": -3, "voucher:1": -2}


def test_dollars_have_no_invoices() -> None:
    assert [leg for leg in entries.recharge(Kind.BANK, Split(3, 4), USD) if leg.account.name in _MEMO] == []


def test_a_marketplace_accepts_what_it_collects() -> None:
    legs = entries.accepted("aws-cn", 42_00, USD)
    assert told(legs) == {"cloud:aws-cn": 42_00, "cloud_receivable:aws-cn": -42_00}
    assert memo(legs) == 0


def test_what_a_marketplace_does_not_collect_is_paid_by_purses_cash_and_debt() -> None:
    parts = ((CARD, 10_00), (Account(Kind.CASH, CNY), 20_00), (Account(Kind.RECEIVABLE, CNY), 12_00))
    payments = [PlannedPayment(account=account, minor=minor, lines=()) for account, minor in parts]
    legs = entries.returned(payments, "aliyun-cn", CNY)
    assert told(legs) == {"card:1": 10_00, "cash": 20_00, "receivable": 12_00, "cloud_receivable:aliyun-cn": -42_00}
    assert memo(legs) == 20_00
