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
_CLOUDS = """SELECT payer, NULL AS number, what FROM (
SELECT payer, kind || ':' || key AS what, balance AS minor FROM ledger_accounts WHERE kind IN ('cloud_receivable', 'cloud')
UNION ALL SELECT payer, 'cloud_receivable:' || listing, -minor FROM cloud_records WHERE booked_at IS NULL
UNION ALL SELECT payer, 'cloud:' || listing, -minor FROM cloud_records
WHERE booked_at IS NOT NULL AND state = 'accepted') AS due
GROUP BY payer, what HAVING sum(minor) <> 0"""
_RECORDED = """SELECT payer, NULL AS number, what FROM (
SELECT payer, code AS what, minor FROM cloud_records
UNION ALL SELECT b.payer, b.cloud_record, -e.minor FROM bills b
JOIN ledger_transactions t ON t.payer = b.payer AND t.reference = b.reference
JOIN ledger_entries e ON e.payer = t.payer AND e.number = t.number
JOIN ledger_accounts a ON a.payer = e.payer AND a.number = e.account AND a.kind = 'cloud_receivable') AS owed
GROUP BY payer, what HAVING sum(minor) <> 0"""

BILLS = (
    Invariant("bill_lines", _LINES),
    Invariant("bill_legs", _LEGS),
    Invariant("bill_plans", _PLANS),
    Invariant("cloud_records", _CLOUDS),
    Invariant("cloud_bills", _RECORDED),
)
"""The rules of bills, in the order in which they are shown."""
