"""What must always hold of the ledger: each rule is one statement that answers what breaks it.

A statement selects payer, number and what: the first transaction that breaks the rule (none where it is a whole account), and
the account or currency. Its words are `ledger.rule.<code>`.
"""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.ledger.tables import RIGHT_SIDE


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule by its code, and the statement that finds what breaks it; `{day}` is the day (UTC) of `t.at`."""

    code: str
    breaches: str

    def statement(self, dialect: str, *, is_of_one: bool = False) -> str:
        """The statement as a database speaks it, the first breaches alone; `is_of_one`: those of the payer `:payer`."""
        of_one = " WHERE payer = :payer" if is_of_one else ""
        breaches = self.breaches.format(day=utc_day(dialect))
        return f"SELECT payer, number, what FROM ({breaches}) AS broken{of_one} ORDER BY 1, 2 LIMIT {MOST}"  # noqa: S608 - our own


def utc_day(dialect: str) -> str:
    """The day (UTC) of the instant of a transaction `t`, in SQL."""
    return "CAST(t.at AT TIME ZONE 'UTC' AS date)" if dialect == "postgresql" else "date(t.at)"


MOST = 100
"""So many breaches of a rule are named."""
CHAIN = "chain"
"""The rule that no statement can ask: each hash is that of its transaction after the one before it."""

_ZERO = """SELECT payer, number, max(currency) AS what FROM ledger_entries
GROUP BY payer, number, currency HAVING sum(minor) <> 0"""
_COMPLETE = """SELECT t.payer, t.number, 'size' AS what FROM ledger_transactions t
LEFT JOIN (SELECT payer, number, count(*) AS entries FROM ledger_entries GROUP BY payer, number) e
ON e.payer = t.payer AND e.number = t.number WHERE coalesce(e.entries, 0) <> t.size"""
_ORPHANS = """SELECT e.payer, e.number, 'header' AS what FROM ledger_entries e
WHERE NOT EXISTS (SELECT 1 FROM ledger_transactions t WHERE t.payer = e.payer AND t.number = e.number)
UNION ALL SELECT e.payer, e.number, 'account' FROM ledger_entries e WHERE NOT EXISTS
(SELECT 1 FROM ledger_accounts a WHERE a.payer = e.payer AND a.number = e.account AND a.currency = e.currency)
UNION ALL SELECT a.payer, NULL, a.kind FROM ledger_accounts a
WHERE NOT EXISTS (SELECT 1 FROM ledger_heads h WHERE h.payer = a.payer)"""
_BALANCES = """SELECT a.payer, e.last AS number, a.kind || ':' || a.key AS what FROM ledger_accounts a
LEFT JOIN (SELECT payer, account, sum(minor) AS minor, max(number) AS last FROM ledger_entries GROUP BY payer, account) e
ON e.payer = a.payer AND e.account = a.number WHERE a.balance <> coalesce(e.minor, 0)"""
_DAYS = """SELECT payer, min(number) AS number, CAST(max(day) AS varchar) AS what FROM (
SELECT payer, account, day, minor, NULL AS number FROM ledger_days
UNION ALL SELECT e.payer, e.account, {day}, -e.minor, e.number FROM ledger_entries e
JOIN ledger_transactions t ON t.payer = e.payer AND t.number = e.number) AS moved
GROUP BY payer, account, day HAVING sum(minor) <> 0"""
_SIDES = f"""SELECT payer, NULL AS number, kind || ':' || key AS what FROM ledger_accounts
WHERE NOT ({RIGHT_SIDE})"""  # noqa: S608 - our own
_HEADS = """SELECT h.payer, h.transactions AS number, 'head' AS what FROM ledger_heads h
LEFT JOIN (SELECT payer, count(*) AS posted, max(number) AS last FROM ledger_transactions GROUP BY payer) n
ON n.payer = h.payer
LEFT JOIN ledger_transactions t ON t.payer = h.payer AND t.number = h.transactions
WHERE coalesce(n.posted, 0) <> h.transactions OR coalesce(n.last, 0) <> h.transactions
OR (h.transactions > 0 AND (t.hash IS NULL OR t.hash <> h.hash))
UNION ALL SELECT t.payer, min(t.number), 'head' FROM ledger_transactions t
WHERE NOT EXISTS (SELECT 1 FROM ledger_heads h WHERE h.payer = t.payer) GROUP BY t.payer"""

LEDGER = (
    Invariant("zero", _ZERO),
    Invariant("complete", _COMPLETE),
    Invariant("orphans", _ORPHANS),
    Invariant("balances", _BALANCES),
    Invariant("days", _DAYS),
    Invariant("sides", _SIDES),
    Invariant("heads", _HEADS),
)
"""The rules of the ledger itself, in the order in which they are shown."""
