"""Rules that must always hold between the wallet and the ledger, checked with the ledger's own."""

from __future__ import annotations

from guance_portal.ledger.invariants import Invariant

_HOLDS = """SELECT payer, NULL AS number, 'hold' AS what FROM (
SELECT payer, -balance AS minor FROM ledger_accounts WHERE kind = 'hold'
UNION ALL SELECT payer, -minor FROM wallet_refunds WHERE state = 'asked') AS held
GROUP BY payer HAVING sum(minor) <> 0"""
_SUSPENSE = """SELECT 0 AS payer, NULL AS number, currency AS what FROM (
SELECT currency, -balance AS minor FROM ledger_accounts WHERE kind = 'suspense'
UNION ALL SELECT currency, -minor FROM wallet_receipts WHERE state = 'suspended') AS waits
GROUP BY currency HAVING sum(minor) <> 0"""
_CLEARING = """SELECT 0 AS payer, NULL AS number, way AS what FROM (
SELECT kind AS way, currency, balance AS minor FROM ledger_accounts WHERE kind IN ('alipay', 'wechat', 'bank')
UNION ALL SELECT way, currency, returned - minor FROM wallet_receipts WHERE state IN ('suspended', 'credited')
UNION ALL SELECT f.way, r.currency, -f.minor FROM wallet_refunds f JOIN wallet_receipts r ON r.way = f.way AND r.trade = f.trade
WHERE f.state = 'asked') AS came
GROUP BY way, currency HAVING sum(minor) <> 0"""
_PURSES = """SELECT a.payer, NULL AS number, a.kind || ':' || a.key AS what FROM ledger_accounts a
LEFT JOIN wallet_purses p ON p.payer = a.payer AND CAST(p.number AS varchar) = a.key AND p.kind = a.kind AND p.currency = a.currency
WHERE a.kind IN ('voucher', 'bonus_voucher', 'card') AND (p.number IS NULL OR -a.balance > p.face)"""

WALLET = (
    Invariant("holds", _HOLDS),
    Invariant("suspense", _SUSPENSE),
    Invariant("clearing", _CLEARING),
    Invariant("purses", _PURSES),
)
"""The rules of the wallet, in the order in which they are shown."""
