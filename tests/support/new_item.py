"""A pytest plugin that adds a billing item as a developer would: one row, its words and a price.

`NEW_ITEM_WITHOUT` names what this developer forgets: `words`, `price`, both or nothing.
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import guance_portal.metering

ROW = """
    REPLAYS = "replays", Traits(
        measure="session",
        sources=(Source("session_replay"),),
        counted=ways.each_point,
        quotas=Quotas(china=Quota(1_000, 7), overseas=Quota(500, 1)),
    )
"""
NEXT_ROW = '    SMS = "sms"'


def _add_row() -> None:
    name = "guance_portal.metering.items"
    assert name not in sys.modules
    path = Path(guance_portal.metering.__path__[0]) / "items.py"
    source = path.read_text("utf-8")
    assert source.count(NEXT_ROW) == 1
    module = ModuleType(name)
    sys.modules[name] = guance_portal.metering.items = module  # pyright: ignore[reportAttributeAccessIssue]
    exec(compile(source.replace(NEXT_ROW, ROW + NEXT_ROW), path, "exec"), module.__dict__)  # noqa: S102 - our own file


_add_row()

from guance_portal.billing import price_lists  # noqa: E402 - after the row is there
from guance_portal.billing.rules import Basis, Price, Tier  # noqa: E402
from guance_portal.core.messages import Text, catalogue  # noqa: E402
from guance_portal.metering.items import Item  # noqa: E402

_item = Item("replays")
_forgotten = os.environ.get("NEW_ITEM_WITHOUT", "")
if "words" not in _forgotten:
    catalogue()[_item.message_key] = Text("会话重放次数", "Replays")
    catalogue()[_item.means] = Text("重放的会话数", "Sessions replayed")
if "price" not in _forgotten:
    _price = Price(
        item=_item,
        measure=_item.traits.measure,
        unit=1_000,
        basis=Basis.INCREMENT,
        tiers=(Tier(None, Decimal(1)),),
    )
    for _list in price_lists.all_lists():
        _list.prices[_item] = _price  # pyright: ignore[reportIndexIssue] - a dictionary in truth
