"""Operators who order, approve and refuse, in a test of the services."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from guance_portal.approvals import orders
from guance_portal.approvals.orders import Order
from guance_portal.approvals.rules import State
from guance_portal.approvals.service import Answer, Asking
from guance_portal.approvals.tables import ApprovalRequest
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.clock import Clock
from tests.support.wallets import Wallet

XU = Actor(realm=Realm.OPERATOR, subject_id="oper_xu", session_id="sess_1")
ZHOU = Actor(realm=Realm.OPERATOR, subject_id="oper_zhou", session_id="sess_2")
CHEN = Actor(realm=Realm.OPERATOR, subject_id="oper_chen", session_id="sess_3")
ACCOUNT = "fee_yunfan"


@dataclass(slots=True)
class Scene:
    """Acts of operators on one wallet."""

    services: Services
    wallet: Wallet
    clock: Clock
    _keys: Any = field(default_factory=itertools.count)

    def grant(self, minor: int, **others: Any) -> orders.Grant:
        """A voucher for 30 days from now."""
        now = self.clock.now()
        return orders.Grant(
            fee_account=ACCOUNT,
            minor=minor,
            currency=self.wallet.currency,
            valid_from=now,
            valid_until=now + timedelta(days=30),
            **others,
        )

    async def ask(self, order: Order, actor: Actor = XU, *, why: str = "迁移支持", key: str = "") -> Answer:
        """Order it, by a form of its own unless a key says otherwise."""
        asking = Asking(actor=actor, why=why, key=key or f"key{next(self._keys)}")
        return await self.services.approvals.ask(asking, order)

    async def approve(self, answer: Answer, actor: Actor = ZHOU) -> Answer:
        """The second operator agrees."""
        return await self.services.approvals.approve(actor, answer.id)

    async def row(self, answer: Answer) -> ApprovalRequest:
        """The request as it is kept."""
        async with self.services.database.reading() as work:
            return (await work.session.exec(select(ApprovalRequest).where(ApprovalRequest.id == answer.id))).one()

    async def state(self, answer: Answer) -> State:
        """Where it stands."""
        return (await self.row(answer)).state

    async def audit(self) -> list[tuple[str, str, str, str]]:
        """Act, actor, who asked and the reason, of every entry about approvals, the oldest first."""
        found = select(AuditEntry).where(col(AuditEntry.act).startswith("approval."))
        async with self.services.database.reading() as work:
            rows = (await work.session.exec(found.order_by(col(AuditEntry.at), col(AuditEntry.act)))).all()
        return [(row.act, row.actor_id, row.details["asked_by"], row.details["reason"]) for row in rows]
