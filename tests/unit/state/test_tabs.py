"""The state of a tab that nobody holds is forgotten: at once when nothing was done in it, else after a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest
import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken

from guance_portal.state import tabs

TOKEN = BaseStateToken(ident="a-tab", cls=rx.State)
LEFT = 1_000.0


@dataclass
class OneWorker:
    """What an application is to `tabs`: here without connections, and with its states in memory."""

    event_namespace: None = None
    state_manager: StateManagerMemory = field(default_factory=StateManagerMemory)

    async def look(self, now: float) -> None:
        """Have it forget what is due."""
        await tabs.look(cast("rx.App", self), now)

    def keeps(self) -> bool:
        """Whether the state of the tab is there."""
        return TOKEN.cache_key in self.state_manager.states


@pytest.mark.parametrize(("is_act", "patience"), [(False, 0.0), (True, tabs.KEPT)], ids=["only loaded", "used"])
async def test_the_state_of_a_tab_that_was_left_goes_in_time(is_act: bool, patience: float) -> None:  # noqa: FBT001 - a case
    worker = OneWorker()
    await worker.state_manager.get_state(TOKEN)
    tabs.note(TOKEN.ident, is_act=is_act)
    await worker.look(LEFT)
    await worker.look(LEFT + patience / 2)
    assert worker.keeps() is is_act
    await worker.look(LEFT + patience)
    assert not worker.keeps()


async def test_a_state_that_is_in_use_stays_until_it_is_not() -> None:
    worker = OneWorker()
    tabs.note(TOKEN.ident, is_act=False)
    async with worker.state_manager.modify_state(TOKEN):
        await worker.look(LEFT)
        assert worker.keeps()
    await worker.look(LEFT)
    assert not worker.keeps()
