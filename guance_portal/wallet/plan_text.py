"""Turns plans into JSON, as they are stored, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account
from guance_portal.wallet.rules import Payment, Plan, Reason, Unused


def kept(plan: Plan) -> dict[str, Any]:
    """A plan as it is kept."""
    return {
        "order": plan.order,
        "payments": [
            {
                "kind": payment.account.kind,
                "key": payment.account.key,
                "minor": payment.minor,
                "lines": [list(line) for line in payment.lines],
                "kept_for": payment.kept_for,
            }
            for payment in plan.payments
        ],
        "unused": [
            {"purse": one.purse, "reason": one.reason, "since": one.since.isoformat() if one.since else None}
            for one in plan.unused
        ],
    }


def read(said: dict[str, Any], currency: Currency) -> Plan:
    """A plan that was kept."""
    return Plan(
        order=said["order"],
        payments=tuple(
            Payment(
                account=Account(Kind(one["kind"]), currency, one["key"]),
                minor=one["minor"],
                lines=tuple((place, minor) for place, minor in one["lines"]),
                kept_for=Reason(one["kept_for"]) if one["kept_for"] else None,
            )
            for one in said["payments"]
        ),
        unused=tuple(
            Unused(
                purse=one["purse"],
                reason=Reason(one["reason"]),
                since=datetime.fromisoformat(one["since"]) if one["since"] else None,
            )
            for one in said["unused"]
        ),
    )
