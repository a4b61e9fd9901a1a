"""Rules that must always hold between bills and the ledger, checked with the ledger's own."""

from __future__ import annotations

from guance_portal.ledger.invariants import Invariant

_LINES = """SELECT b.payer, NULL AS number, b.reference AS what FROM bills b
LEFT JOIN (SELECT payer, reference, sum(minor) AS minor FROM bill_lines GROUP BY payer, reference) l
ON l.payer = b.payer AND l.reference = b.reference WHERE coalesce(l.minor, 0) <> b.minor
UNION ALL SELECT l.payer, NULL, l.reference FROM bill_lines l
WHERE NOT EXISTS (SELECT 1 FROM bills b WHERE b.payer = l.payer AND b.reference = l.reference)"""
_LEGS = """SELECT payer, max(number) AS number, reference AS what FROM (
SELECT b.payer, NULL AS number, b.reference, b.minor FROM bills b WHERE b.state = 'settled'
UNION ALL SELECT t.payer, t.number, t.reference, e.minor FROM ledger_transactions t
JOIN ledger_entries e ON e.payer = t.payer AND e.number = t.number
JOIN ledger_accounts a ON a.payer = e.payer AND a.number = e.account AND a.kind = 'revenue'
WHERE t.kind = 'bill' AND t.reference LIKE 'bill:%') AS owed
GROUP BY payer, reference HAVING sum(minor) <> 0"""
_PLANS = """SELECT b.payer, NULL AS number, b.reference AS what FROM bills b
LEFT JOIN wallet_plans p ON p.payer = b.payer AND p.reference = b.reference
WHERE (b.state = 'settled') <> (p.reference IS NOT NULL)"""
_CLOUDS = """SELECT payer, NULL AS number, listing AS what FROM (
SELECT payer, key AS listing, balance AS minor FROM ledger_accounts WHERE kind = 'cloud_receivable'
UNION ALL SELECT payer, listing, -minor FROM cloud_records WHERE state IN ('to_send', 'sent', 'unknown')) AS due
GROUP BY payer, listing HAVING sum(minor) <> 0"""

BILLS = (
    Invariant("bill_lines", _LINES),
    Invariant("bill_legs", _LEGS),
    Invariant("bill_plans", _PLANS),
    Invariant("cloud_records", _CLOUDS),
)
"""The rules of bills, in the order in which they are shown."""
