"""Turns plans, and what payers had before them, into JSON, as they are stored, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account
from guance_portal.wallet.rules import BillPlan, Means, PlannedPayment, Purse, UnpaidReason, Unused


def kept(plan: BillPlan) -> dict[str, Any]:
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


def read(said: dict[str, Any], currency: Currency) -> BillPlan:
    """A plan that was kept."""
    return BillPlan(
        order=said["order"],
        payments=tuple(
            PlannedPayment(
                account=Account(Kind(one["kind"]), currency, one["key"]),
                minor=one["minor"],
                lines=tuple((place, minor) for place, minor in one["lines"]),
                kept_for=UnpaidReason(one["kept_for"]) if one["kept_for"] else None,
            )
            for one in said["payments"]
        ),
        unused=tuple(
            Unused(
                purse=one["purse"],
                reason=UnpaidReason(one["reason"]),
                since=datetime.fromisoformat(one["since"]) if one["since"] else None,
            )
            for one in said["unused"]
        ),
    )


def kept_means(means: Means) -> dict[str, Any]:
    """What a payer had, as it is kept."""
    return {
        "credit": means.credit,
        "cash": means.cash,
        "debt": means.debt,
        "purses": [
            {
                "number": purse.number,
                "kind": purse.kind,
                "currency": purse.currency,
                "rest": purse.rest,
                "valid_from": _said(purse.valid_from),
                "valid_until": _said(purse.valid_until),
                "granted_at": _said(purse.granted_at),
                "workspaces": sorted(purse.workspaces),
                "items": sorted(purse.items),
                "kept_since": _said(purse.kept_since),
                "kept_until": _said(purse.kept_until),
            }
            for purse in means.purses
        ],
    }


def read_means(said: dict[str, Any]) -> Means:
    """What a payer had, as it was kept."""
    return Means(credit=said["credit"], cash=said["cash"], debt=said["debt"], purses=tuple(map(_purse, said["purses"])))


def _purse(said: dict[str, Any]) -> Purse:
    return Purse(
        number=said["number"],
        kind=Kind(said["kind"]),
        currency=Currency(said["currency"]),
        rest=said["rest"],
        valid_from=datetime.fromisoformat(said["valid_from"]),
        valid_until=datetime.fromisoformat(said["valid_until"]),
        granted_at=datetime.fromisoformat(said["granted_at"]),
        workspaces=frozenset(said["workspaces"]),
        items=frozenset(said["items"]),
        kept_since=_read(said["kept_since"]),
        kept_until=_read(said["kept_until"]),
    )


def _said(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _read(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
