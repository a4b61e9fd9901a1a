"""Records are written in the transaction that pays the bills: one for each cloud account and end of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import col, func, select

from guance_portal import sites
from guance_portal.billing.bills.calendar import deadline
from guance_portal.billing.bills.frozen_text import digest
from guance_portal.billing.clouds.rules import AT_ONCE, LATE_WITHIN, CloudRecordState, natural_period
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.core.db import UnitOfWork
from guance_portal.sites import Provider
from guance_portal.wallet.acts.bills import Due

_SHORT = {Provider.ALIYUN: "ali"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a cloud account is to pay of a bill, which is more than nothing."""

    due: Due
    site: str
    cloud_account_id: str
    provider: Provider
    minor: int

    @property
    def key(self) -> _Key:
        """Bills with one key, paid together, stand on one record."""
        return self.due.payer, self.cloud_account_id, self.due.bill.ends


_Key = tuple[int, str, datetime]


async def collect(work: UnitOfWork, parts: Sequence[Collected], now: datetime) -> dict[tuple[int, str], str]:
    """Write the records of bills that are paid now; returns the code of its record by the key of each bill.

    A bill that is paid after its day has its record, because its books were stopped, gets a record of its own.
    """
    if not parts:
        return {}
    numbers = await _numbers(work, parts)
    records: dict[_Key, dict[str, Any]] = {}
    codes: dict[tuple[int, str], str] = {}
    for one in parts:
        record = records.get(one.key)
        if record is None:
            record = records[one.key] = _record(one, numbers.get(one.key, 0), now)
        record["minor"] += one.minor
        record["bills"] += 1
        codes[one.due.key] = record["code"]
    await (await work.session.connection()).execute(insert(CloudRecord), list(records.values()))
    return codes


async def _numbers(work: UnitOfWork, parts: Sequence[Collected]) -> dict[_Key, int]:
    """The number that the next record of a key has, of those that have one already."""
    keys = (col(CloudRecord.payer), col(CloudRecord.cloud_account_id), col(CloudRecord.ends_at))
    found = (
        select(*keys, func.max(col(CloudRecord.part)))
        .where(
            keys[0].in_({one.due.payer for one in parts}),
            keys[2].in_({one.due.bill.ends for one in parts}),
        )
        .group_by(*keys)
    )
    return {(payer, account, ends): last + 1 for payer, account, ends, last in (await work.session.exec(found)).all()}


def _record(one: Collected, part: int, now: datetime) -> dict[str, Any]:
    bill = one.due.bill
    until = deadline(one.provider, bill.ends)
    is_late = part > 0 or until <= now
    period = None if is_late else natural_period(one.provider, bill.begins, bill.ends)
    day = bill.begins.astimezone(sites.get(one.site).zone).date()
    known_by = digest([one.due.payer, one.cloud_account_id, bill.ends.isoformat(), part])[:12]
    return {
        "payer": one.due.payer,
        "cloud_account_id": one.cloud_account_id,
        "ends_at": bill.ends,
        "part": part,
        "code": f"MU-{day:%Y%m%d}-{_SHORT.get(one.provider, one.provider.value)}-{known_by}",
        "day": day,
        "provider": one.provider,
        "listing": bill.listing,
        "currency": bill.currency,
        "minor": 0,
        "bills": 0,
        "begins_at": bill.begins,
        "made_at": now,
        "stamped_at": period.begins if period else None,
        "stamped_until": period.ends if period else None,
        "deadline_at": now + LATE_WITHIN if is_late else until,
        "state": CloudRecordState.TO_SEND,
        "said": "",
        "account": "",
        "instance": "",
        "number": "",
        "attempts": 0,
        "next_at": AT_ONCE,
        "lease": "",
    }
