"""How much waits for operators: requests in 审批, and money in 异常处理. The navigation of each of their pages says so."""

from __future__ import annotations

import reflex as rx

from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin


class OperatorWaitingState(PageMixin, rx.State):
    """The counts."""

    approvals: rx.Field[int] = rx.field(default=0)
    matters: rx.Field[int] = rx.field(default=0)

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_waiting(self) -> None:
        """Count what waits now."""
        seen = await services().money_admin.waiting_counts(self._actor())
        self.approvals, self.matters = seen.approvals, seen.matters
