"""Reasons in words: why an option cannot be chosen, and what would change that. The same in the dialog and in a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guance_portal.core.messages import Text, text
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.rules import RefusalReason
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reason; `remedy` is empty where nothing has to change."""

    reason: Text
    remedy: Text


def explained(
    reason: RefusalReason, method: SettlementMethod, site: Site, *, pending_day: date | None, next_change: date | None
) -> Explanation:
    """What a reason means for a method at a site.

    `pending_day` is that of the change which waits, `next_change` the first day on which one can be ordered.
    """
    values = {"currency": site.currency.value, "day": pending_day or "", "date": next_change or ""}
    said = text(f"settlement.reason.{reason}", site=site.name, method=text(f"settlement_method.{method}"), **values)
    return Explanation(said, text(f"settlement.remedy.{reason.remedy}", **values) if reason.remedy else Text())
