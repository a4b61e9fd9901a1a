"""为什么变了 as a file: a row for each item with the cents of every cause, as the page shows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from guance_portal import sites
from guance_portal.billing.bills.change_rules import Cause, ItemChange
from guance_portal.billing.bills.changes import BillChanges, ChangeDetail
from guance_portal.billing.bills.viewing import final_at
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.exports import files
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.exports.table import CellKind, ExportColumn, Row, Table
from guance_portal.core.limit_keys import of_account
from guance_portal.core.messages import Language, Text, text
from guance_portal.core.money import EXACT, Currency, Money
from guance_portal.core.rate_limits import RateLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedChange:
    """Which periods of which workspace, as `BillChanges.compare` takes them."""

    workspace_id: str
    before: str
    after: str
    kind: Format
    language: Language


class ChangeExports:
    """For everybody who may see the comparison; audited."""

    def __init__(self, database: Database, changes: BillChanges, limits: RateLimits, clock: Clock) -> None:
        self._database, self._changes, self._limits, self._clock = database, changes, limits, clock

    async def make(self, actor: Actor, wanted: WantedChange, folder: Path, caller: Caller) -> Exported:
        """Write the file into a folder. Raises BillHiddenError, NotAllowedError, TooManyAttemptsError."""
        await self._limits.hit("bill_exports", of_account(actor.realm, actor.subject_id))
        seen = await self._changes.compare(
            actor, workspace_id=wanted.workspace_id, before=wanted.before, after=wanted.after
        )
        now, zone = self._clock.now(), sites.get(seen.site).zone
        last = max(seen.before.name, seen.after.name)[:7]
        before, after = seen.before.name, seen.after.name
        table = Table(
            stem=f"change-{before}-{after}-{now.astimezone(zone):%Y%m%d-%H%M%S}",
            title=text("bill_change.title"),
            columns=_columns(seen),
            zone=zone,
            language=wanted.language,
            made_at=now,
            is_final=now >= final_at(last, zone) and not (seen.before.waiting or seen.after.waiting),
            facts={"since": before, "until": after},
        )
        exported = await files.export(wanted.kind, table, folder, _rows(seen, wanted.language))
        async with self._database.writing() as work:
            audit.record(
                work,
                "bills.exported",
                ("workspace", seen.workspace_id),
                at=now,
                actor=actor,
                caller=caller,
                file=exported.name,
                rows=str(exported.manifest["rows"]),
                sha256=exported.manifest["sha256"],
            )
            await work.commit()
        return exported


def cause_name(cause: Cause, *, is_month: bool) -> Text:
    """A cause in words."""
    if cause is Cause.LENGTH:
        return text("bill_change.cause_days" if is_month else "bill_change.cause_hours")
    return text(f"bill_change.cause_{cause}")


def _columns(seen: ChangeDetail) -> tuple[ExportColumn, ...]:
    before, after = seen.before.name, seen.after.name
    return (
        ExportColumn(text("bills.item"), width=20),
        ExportColumn(text("bill_files.item_code"), width=16),
        ExportColumn(text("bill_files.currency"), width=8),
        *(
            ExportColumn(text(f"bill_change.{key}_of", period=period), CellKind.EXACT, 18)
            for period in (before, after)
            for key in ("quotient", "late")
        ),
        ExportColumn(text("bill_change.cost_of", period=before), CellKind.MONEY, 16),
        *(ExportColumn(cause_name(cause, is_month=seen.is_month), CellKind.MONEY) for cause in Cause),
        ExportColumn(text("bill_change.difference"), CellKind.MONEY),
        ExportColumn(text("bill_change.cost_of", period=after), CellKind.MONEY, 16),
    )


async def _rows(seen: ChangeDetail, language: Language) -> AsyncIterator[Sequence[Row]]:
    yield [_row(one, seen.currency, language) for one in seen.change.items]


def _row(one: ItemChange, currency: Currency, language: Language) -> Row:
    quotients = (one.quotients[0], one.late[0], one.quotients[1], one.late[1])
    return (
        text(one.item.message_key).in_(language),
        one.item.value,
        str(currency),
        *(EXACT.scaleb(Decimal(quotient), -2) for quotient in quotients),
        Money(one.minors[0], currency),
        *(Money(one.parts[cause], currency) for cause in Cause),
        Money(one.minor, currency),
        Money(one.minors[1], currency),
    )
