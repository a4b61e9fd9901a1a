"""Bills are made: what is frozen of each day, and what it costs. A payer with something that has no price is held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import JSON, Date

from guance_portal.accounts.rules import Edition
from guance_portal.billing import price_lists
from guance_portal.billing.bills import archive
from guance_portal.billing.bills import members as closing
from guance_portal.billing.bills.frozen_text import Json, day_text, digest, line_text, moment, plain, read_day
from guance_portal.billing.bills.members import BilledWorkspace, Late
from guance_portal.billing.bills.rules import ROUNDING, Computed, FrozenDay, Quantity, compute, usual_tiers
from guance_portal.billing.bills.tables import BillKind
from guance_portal.billing.price_lists import NoPriceListError
from guance_portal.billing.rules import Mode, NotPricedError, QuantityError
from guance_portal.core.bulk import Kinds, select_for_rows
from guance_portal.core.db import UnitOfWork
from guance_portal.metering.days import end_of, start_of
from guance_portal.metering.items import Item
from guance_portal.wallet.rules import ORDER

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBill:
    """A bill that is to be paid; `late` is what came late and is on it."""

    member: BilledWorkspace
    kind: BillKind
    days: tuple[FrozenDay, ...]
    computed: Computed
    late: tuple[Late, ...]

    @property
    def reference(self) -> str:
        """What it is posted under, unique for its payer."""
        return reference(self.member.workspace_id, self.member.day, self.kind)

    @property
    def begins(self) -> datetime:
        """When its day begins."""
        return start_of(self.member.day, self.member.site.zone)

    @property
    def ends(self) -> datetime:
        """When its day ends."""
        return end_of(self.member.day, self.member.site.zone)

    @property
    def inputs(self) -> Json:
        """All that it is rated by."""
        member = self.member
        return {
            "reference": self.reference,
            "kind": self.kind.value,
            "payer": member.payer,
            "workspace": member.workspace_id,
            "site": member.site.code,
            "zone": str(member.site.zone),
            "day": member.day.isoformat(),
            "begins": moment(self.begins),
            "ends": moment(self.ends),
            "hours": hours(self.begins, self.ends),
            "currency": member.currency.value,
            "method": member.method.value,
            "listing": member.listing,
            "rounding": ROUNDING,
            "order": ORDER,
            "days": [day_text(day) for day in self.days],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A payer that is held back: `reason` is its kind, `detail` what has no price."""

    payer: int
    reason: str
    detail: str


def reference(workspace_id: str, day: date, kind: BillKind) -> str:
    """The reference of a bill."""
    name = f"bill:{workspace_id}:{day.isoformat()}"
    return name if kind is BillKind.DAILY else f"{name}:{kind}"


def code(payer: int, of: str, day: date) -> str:
    """The name of a bill outside: its day, and 64 bits of its reference."""
    return f"B{day:%Y%m%d}-{digest([payer, of])[:16]}"


def hours(begins: datetime, ends: datetime) -> int:
    """The length of a day: 23, 24 or 25."""
    return (ends - begins) // timedelta(hours=1)


def result_text(computed: Computed) -> Json:
    """The lines of a bill and its sums."""
    return {
        "lines": [line_text(line) for line in computed.lines],
        "exact": plain(computed.exact),
        "minor": computed.total.minor,
    }


def made_digests(inputs: Json, result: Json) -> dict[str, str]:
    """The digests of a bill that is not paid yet."""
    days: list[Json] = inputs["days"]
    return {
        "usage": digest([[day["day"], day["usage"], day["billed"]] for day in days]),
        "lists": digest(sorted({day["list"]["digest"] for day in days})),
        "bill": digest({"inputs": inputs, "result": result}),
    }


async def make(
    work: UnitOfWork, of: Sequence[BilledWorkspace], late: Mapping[tuple[str, int], Sequence[Late]]
) -> tuple[list[MadeBill], list[Refused]]:
    """The bills of workspaces on the day that ends, and the payers that are held back, none of whose bills is made.

    `late`, by workspace and payer, is all late use of the days of which some is to be billed now; what has a bill was
    billed before.
    """
    usage = await closing.usage_of(work, of)
    frozen = await _frozen(work, [one for every in late.values() for one in every])
    made: list[MadeBill] = []
    refused: dict[int, Refused] = {}
    for member in of:
        try:
            of_member = late.get((member.workspace_id, member.payer), ())
            if bill := _bill(member, usage.get(member.workspace_id, {}), of_member, frozen):
                made.append(bill)
        except NotPricedError as problem:
            refused[member.payer] = Refused(
                payer=member.payer, reason="not_priced", detail=f"{member.workspace_id} {problem.field}"
            )
        except QuantityError as problem:
            refused[member.payer] = Refused(
                payer=member.payer, reason="quantity", detail=f"{member.workspace_id} {problem.field}"
            )
        except NoPriceListError:
            refused[member.payer] = Refused(
                payer=member.payer, reason="no_price_list", detail=f"{member.site.code} {member.day}"
            )
    return [bill for bill in made if bill.member.payer not in refused], list(refused.values())


def _bill(
    member: BilledWorkspace,
    usage: Mapping[Item, Quantity],
    late: Sequence[Late],
    frozen: Mapping[tuple[str, date], FrozenDay],
) -> MadeBill | None:
    """None for a workspace that has neither a day of its own nor late use."""
    kind = BillKind.DAILY if member.is_live else BillKind.SUPPLEMENT
    days = [_own(member, usage)] if member.is_live else []
    fresh: list[Late] = []
    for day in sorted({one.day for one in late if not one.bill}):
        if base := frozen.get((member.workspace_id, day)):
            of_day = [one for one in late if one.day == day]
            before = replace(base, usage=closing.grown(base.usage, (one for one in of_day if one.bill)))
            now = [one for one in of_day if not one.bill]
            days.append(before.with_late(closing.grown(before.usage, now), _received(now)))
            fresh += now
        else:
            log.error("late_usage_without_bill", workspace=member.workspace_id, day=day.isoformat())
    if not days:
        return None
    computed = compute(days, member.currency)
    return MadeBill(member=member, kind=kind, days=tuple(days), computed=computed, late=tuple(fresh))


def _own(member: BilledWorkspace, usage: Mapping[Item, Quantity]) -> FrozenDay:
    zone = member.site.zone
    prices = price_lists.for_site(member.site, member.day)
    return FrozenDay(
        day=member.day,
        hours=hours(start_of(member.day, zone), end_of(member.day, zone)),
        edition=Edition.COMMERCIAL,
        mode=Mode.DATAKIT_AND_TIME_SERIES,
        prices=prices,
        tiers=usual_tiers(prices),
        usage=usage,
    )


def _received(late: Iterable[Late]) -> dict[Item, datetime]:
    received: dict[Item, datetime] = {}
    for one in late:
        received[one.item] = max(one.received_at, received.get(one.item, one.received_at))
    return received


async def _frozen(work: UnitOfWork, late: Sequence[Late]) -> dict[tuple[str, date], FrozenDay]:
    """What was frozen with the days of late use, by workspace and day."""
    asked = sorted({(one.workspace_id, one.day) for one in late})
    rows = [{"workspace": workspace, "day": day.isoformat()} for workspace, day in asked]
    found = await select_for_rows(await work.session.connection(), rows, _DAY, _BILLS, **_TYPES)
    texts = {(row.workspace_id, row.day): row.inputs["days"][0] for row in found}
    kept = await archive.lists(work, {text["list"]["digest"] for text in texts.values()})
    return {key: read_day(text, kept) for key, text in texts.items()}


_DAY: Kinds = (("workspace", "text"), ("day", "date"))
_BILLS = (
    "SELECT b.workspace_id, b.day, b.inputs FROM {rows} JOIN bills b"  # noqa: S608 - our own
    f" ON b.workspace_id = r.workspace AND b.day = r.day AND b.kind = '{BillKind.DAILY}'"
)
_TYPES: dict[str, Any] = {"day": Date(), "inputs": JSON()}
