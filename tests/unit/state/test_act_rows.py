"""Acts of operators and entries as rows: every kind, state and account has words, amounts their signs."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guance_portal.approvals import orders
from guance_portal.approvals.effects import NEW, Change, Effect, EffectEntry
from guance_portal.approvals.rules import State
from guance_portal.core.messages import catalogue
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.operations.money_admin import ActLine
from guance_portal.payments.statement_rules import Fault
from guance_portal.payments.statement_tables import LineOutcome
from guance_portal.state.operator.act_rows import TONES, act_row
from guance_portal.state.operator.effects import change_rows, entry_rows, total
from guance_portal.wallet import acts

NOW = datetime(2026, 7, 18, tzinfo=UTC)
CNY = Currency.CNY


def line(order: orders.Order, state: State = State.DIRECT, **changes: object) -> ActLine:
    said: dict[str, object] = {
        "id": "aprv_1",
        "kind": order.kind,
        "order": order,
        "account_id": "acnt_1",
        "account": "yunfan",
        "minor": order.total,
        "currency": order.said_currency,
        "reason": "核对",
        "asked_by": "许安禾",
        "asked_by_id": "oper_1",
        "asked_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "state": state,
        "decided_by": "",
        "decided_at": None,
        "decision_reason": "",
        "effect": Effect(),
        "posted": None,
        **changes,
    }
    return ActLine(**said)  # pyright: ignore[reportArgumentType] - of the types above


GRANT = orders.Grant(fee_account="acnt_1", minor=5_00, currency=CNY, valid_from=NOW, valid_until=NOW)


def test_what_is_taken_has_a_minus_and_a_batch_says_how_many() -> None:
    assert act_row(line(GRANT), "oper_2").amount == "¥5.00"
    revocation = orders.Revoke(fee_account="acnt_1", purse=1, minor=5_00, currency=CNY)
    assert act_row(line(revocation), "oper_2").amount == "−¥5.00"
    batch = orders.BatchOrder(name="夏季", count=20, minor=5_00, currency=CNY, valid_until=NOW)
    row = act_row(line(batch), "oper_2")
    assert (row.kind.zh, row.amount) == ("新建激活码批次 ¥5.00 × 20", "¥100.00")
    assert act_row(line(orders.Lift(payer=1)), "oper_2").amount == ""


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_and_a_tone_and_only_what_was_given_can_be_revoked(state: State) -> None:
    row = act_row(line(GRANT, state), "oper_1")
    assert row.state.zh
    assert row.tone == TONES[state]
    assert row.is_own
    assert bool(row.revoke_href) is (state in (State.DIRECT, State.APPROVED))


def test_an_act_leads_to_its_transaction() -> None:
    row = act_row(line(GRANT, posted=(12, 34)), "oper_1")
    assert (row.transaction, row.transaction_href) == ("T12-34", "/operator/ledger?q=T12-34")


def test_entries_stand_on_their_sides_without_what_can_be_invoiced() -> None:
    effect = Effect(
        (
            EffectEntry(1, "cash", "", "CNY", -70_00),
            EffectEntry(1, "invoiceable", "", "CNY", 30_00),
            EffectEntry(1, "invoice_contra", "", "CNY", -30_00),
            EffectEntry(1, "receivable", "", "CNY", -30_00),
            EffectEntry(1, "suspense", "", "CNY", 100_00),
        ),
        (Change(1, "cash", "", "CNY", 0, -70_00), Change(1, "suspense", "", "CNY", -100_00, 0)),
    )
    rows = entry_rows(effect)
    assert [(row.account.en, row.debit, row.credit, row.tone) for row in rows] == [
        ("In suspense", "¥100.00", "", "other"),
        ("Arrears", "", "¥30.00", "debt"),
        ("Cash", "", "¥70.00", "cash"),
    ]
    assert total(effect) == "¥100.00"
    assert [(row.account.en, row.before, row.after) for row in change_rows(effect)] == [("Cash", "¥0.00", "¥70.00")]


def test_a_purse_is_named_by_its_number_once_it_has_one() -> None:
    effect = Effect((EffectEntry(1, "voucher", NEW, "CNY", -1), EffectEntry(1, "card", "7", "CNY", 1)))
    assert [row.account.zh for row in entry_rows(effect)] == ["预购卡 #7", "普通代金券 （新）"]


@pytest.mark.parametrize("kind", Kind)
def test_every_account_has_words(kind: Kind) -> None:
    assert f"ledger.account.{kind}" in catalogue()


def test_every_kind_of_transaction_has_words() -> None:
    kinds: set[str] = set()
    for path in Path(acts.__path__[0]).glob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", "") == "link" and isinstance(call.args[2], ast.Constant):
                kinds.add(str(call.args[2].value))
    assert {"recharge", "bill", "grant", "sent_back"} <= kinds
    assert {kind for kind in kinds if f"ledger.kind.{kind}" not in catalogue()} == set()


@pytest.mark.parametrize(
    "key", [f"bank_line.outcome.{one}" for one in LineOutcome] + [f"bank_line.fault.{one}" for one in Fault]
)
def test_every_outcome_of_a_line_has_words(key: str) -> None:
    assert key in catalogue()
