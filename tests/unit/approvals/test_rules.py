"""Who decides, what is kept of an order, and when two effects are the same."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from guance_portal.approvals import effects, orders
from guance_portal.approvals.effects import NEW, AccountPlace, Change, Effect, EffectEntry, effect
from guance_portal.approvals.orders import MOST_CODES, Order
from guance_portal.approvals.rules import LIMITED, needs_second
from guance_portal.core.messages import catalogue
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item
from guance_portal.wallet.code_rules import hashed, new_code

UNTIL = datetime(2026, 12, 31, 16, tzinfo=UTC)
CNY = Currency.CNY
EVERY: tuple[Order, ...] = (
    orders.Grant(fee_account="a", minor=5, currency=CNY, valid_from=UNTIL, valid_until=UNTIL, items=(Item.LOGS,)),
    orders.BatchOrder(name="b", count=20, minor=1_300_00, currency=CNY, valid_until=UNTIL),
    orders.Revoke(fee_account="a", purse=3, minor=5, currency=CNY),
    orders.RefundOrder(fee_account="a", way=Kind.ALIPAY, trade="t", minor=5, currency=CNY, number=2),
    orders.Correct(fee_account="a", bill="bill:w:1", minor=5, currency=CNY),
    orders.Charge(fee_account="a", workspace="w", day=date(2026, 7, 1), item=Item.LOGS, minor=5, currency=CNY),
    orders.ClaimOrder(fee_account="a", way=Kind.BANK, trade="t", minor=5, currency=CNY),
    orders.SendBack(way=Kind.BANK, trade="t", minor=5, currency=CNY),
    orders.Rebuild(payer=1),
    orders.Lift(payer=1),
)


@pytest.mark.parametrize(
    ("before", "minor", "needs"),
    [(0, 1_000_00, False), (0, 1_000_01, True), (999_99, 1, False), (999_99, 2, True), (1_000_00, 1, True)],
)
@pytest.mark.parametrize("kind", sorted(LIMITED))
def test_the_sum_of_a_day_may_reach_the_limit_and_not_pass_it(kind: str, before: int, minor: int, needs: bool) -> None:  # noqa: FBT001 - a case
    assert needs_second(kind, minor, before, 1_000_00) is needs


def test_every_other_act_needs_two_people_whatever_it_moves() -> None:
    always = {order.kind for order in EVERY} - LIMITED
    assert always == {"charge", "claim", "send_back", "rebuild", "lift"}
    assert all(needs_second(kind, 0, 0, 10**9) for kind in always)


@pytest.mark.parametrize("order", EVERY, ids=lambda order: order.kind)
def test_an_order_is_read_as_it_was_kept_and_has_words(order: Order) -> None:
    assert orders.read(orders.kept(order)) == order
    assert f"approval.kind.{order.kind}" in catalogue()


def test_an_order_of_a_later_version_is_refused() -> None:
    with pytest.raises(ValidationError):
        orders.read({**orders.kept(EVERY[0]), "version": 2})


@pytest.mark.parametrize("count", [0, -1, MOST_CODES + 1])
def test_a_batch_has_codes_and_not_too_many(count: int) -> None:
    with pytest.raises(ValidationError):
        orders.BatchOrder(name="b", count=count, minor=1, currency=CNY, valid_until=UNTIL)


def test_a_batch_counts_with_all_of_its_codes() -> None:
    assert EVERY[1].total == 26_000_00


def test_a_purse_that_the_act_opens_has_no_number_yet() -> None:
    cost, voucher = AccountPlace(1, "promo_cost", "", "CNY"), AccountPlace(1, "voucher", "4", "CNY")
    made = effect({cost: 7}, {cost: 12, voucher: -5}, [(voucher, -5), (cost, 5)], last_purse=3)
    assert made == Effect(
        (EffectEntry(1, "promo_cost", "", "CNY", 5), EffectEntry(1, "voucher", NEW, "CNY", -5)),
        (Change(1, "promo_cost", "", "CNY", 7, 12), Change(1, "voucher", NEW, "CNY", 0, -5)),
    )
    assert effects.read(made.kept()) == made


def test_what_is_moved_there_and_back_is_not_moved() -> None:
    hold = AccountPlace(1, "hold", "", "CNY")
    assert effect({hold: 0}, {hold: 0}, [(hold, -5), (hold, 5)], 0) == Effect()


def test_balances_count_only_where_nothing_is_entered() -> None:
    moved, more = EffectEntry(1, "cash", "", "CNY", -5), Change(1, "cash", "", "CNY", 0, -5)
    assert Effect((moved,), (more,)).is_as(Effect((moved,)))
    assert not Effect((), (more,)).is_as(Effect())
    assert not Effect((moved,)).is_as(Effect((EffectEntry(1, "cash", "", "CNY", -6),)))


def test_a_code_is_found_however_it_is_typed() -> None:
    code = new_code()
    assert hashed(f" {code.replace('-', ' ').lower()} ") == hashed(code)
    assert len({new_code() for _ in range(1000)}) == 1000
