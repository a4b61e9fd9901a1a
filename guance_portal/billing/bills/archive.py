"""The price lists that bills were made by, kept as they were: a bill is recomputed from its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from guance_portal.billing.bills.frozen_text import digest, list_text, read_list
from guance_portal.billing.bills.tables import UsedPriceList
from guance_portal.billing.rules import PriceList
from guance_portal.core.db import UnitOfWork


async def save(work: UnitOfWork, lists: Iterable[PriceList], at: datetime) -> None:
    """Keep price lists that are not kept yet, in the order of their digests, so that no two who do wait for each other."""
    texts = {digest(text): text for text in map(list_text, lists)}
    known = select(UsedPriceList.digest).where(col(UsedPriceList.digest).in_(texts))
    missing = set(texts) - set((await work.session.exec(known)).all())
    is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(UsedPriceList) if is_postgresql else sqlite.insert(UsedPriceList)
    connection = await work.session.connection()
    for key in sorted(missing):
        row = {"digest": key, "version": texts[key]["version"], "content": texts[key], "used_at": at}
        await connection.execute(insert.values(row).on_conflict_do_nothing())


async def lists(work: UnitOfWork, digests: Collection[str]) -> dict[str, PriceList]:
    """The kept price lists with these digests."""
    found = select(UsedPriceList).where(col(UsedPriceList.digest).in_(digests))
    return {row.digest: read_list(row.content) for row in (await work.session.exec(found)).all()}
