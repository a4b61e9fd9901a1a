"""What this process knows to be in `usage_seen`: senders repeat their series every few seconds, and need not ask each time."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from guance_portal.metering.items import Item
from guance_portal.metering.rules import is_hourly
from guance_portal.metering.tally import Tally
from guance_portal.metering.things import SIZE

MOST = 20_000
"""Digests that are remembered, some 2 MB; beyond that the workspace that has sent nothing for longest is asked about again."""

_Key = tuple[str, Item, str, datetime]


class Noted:
    """Digests that a committed transaction has noted, by workspace, item, edition, and the hour or day that they count in.

    What counts by the hour is noted for its day in the same transaction, so to know the hour is enough. Rows of
    `usage_seen` are deleted only days after their day (`housekeeping`), when nothing can ask for them any more.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[_Key, set[bytes]] = OrderedDict()
        self._held = 0

    def unknown(self, target: Tally, item: Item, digests: bytes) -> bytes:
        """Those of packed digests that the database has to be asked about, in the same order."""
        key = _key(target, item)
        if not (known := self._known.get(key)):
            return digests
        self._known.move_to_end(key)
        return b"".join([digest for digest in _apart(digests) if digest not in known])

    def add(self, target: Tally, item: Item, digests: bytes) -> None:
        """Remember packed digests; only for what is committed."""
        known = self._known.setdefault(_key(target, item), set())
        before = len(known)
        known.update(_apart(digests))
        self._held += len(known) - before
        while self._held > MOST:
            _, dropped = self._known.popitem(last=False)
            self._held -= len(dropped)


def _key(target: Tally, item: Item) -> _Key:
    hour = target.hour
    return target.workspace_id, item, target.edition, hour.starts_at if is_hourly(item) else hour.day_starts_at


def _apart(digests: bytes) -> list[bytes]:
    return [digests[at : at + SIZE] for at in range(0, len(digests), SIZE)]
