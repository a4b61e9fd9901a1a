"""充值记录: every order, and all money that came; of a workspace's session those made there."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Text
from guance_portal.core.paging import Paging
from guance_portal.payments.views import Record, Records, RecordState
from guance_portal.state.addresses import asked_page
from guance_portal.state.audience import audience
from guance_portal.state.fee_center.amounts import amount, at, way_name
from guance_portal.state.live import Followed, LiveMixin

_SIZE = 20


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A line of 充值记录."""

    at: Text
    way: Text
    number: str
    href: str
    trade: str
    amount: str
    debt: str
    cash: str
    state: str


class RechargesState(LiveMixin, rx.State):
    """A page of the list; `newer` and `older` lead to the next ones."""

    records: rx.Field[list[RecordRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(default=0)
    page: rx.Field[int] = rx.field(default=1)
    pages: rx.Field[int] = rx.field(default=1)
    newer: rx.Field[str] = rx.field(default="")
    older: rx.Field[str] = rx.field(default="")
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_recharges(self) -> None:
        """Read the page that the address asks for."""
        self.is_loaded = False
        await self._read(self._actor())

    async def _read(self, actor: Actor) -> None:
        version = (await services().wallet_views.versions([actor.subject_id])).get(actor.subject_id, 0)
        paging = Paging(asked_page(self._asked("page")), _SIZE)
        found = await services().recharge_service.records(actor, paging)
        self.records = [_record(one, found) for one in found.rows]
        self.total, self.page, self.pages = found.total, paging.page, paging.pages(found.total)
        self.newer = routes.recharges(paging.page - 1) if paging.page > 1 else ""
        self.older = routes.recharges(paging.page + 1) if paging.page < self.pages else ""
        self.is_loaded = True
        self._follow(actor.subject_id, version, Followed.WALLET)

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None:
            self.records, self.total = [], 0
            return False
        await self._read(session.actor)
        return True


def _record(one: Record, among: Records) -> RecordRow:
    currency, is_paid = among.currency, one.state is RecordState.PAID
    return RecordRow(
        at=at(one.at, among.zone),
        way=way_name(one.way),
        number=one.order,
        href=routes.recharge_order(one.order) if one.order else "",
        trade=one.trade,
        amount=amount(one.minor, currency),
        debt=amount(one.debt, currency) if is_paid and one.debt else "",
        cash=amount(one.cash, currency) if is_paid and one.cash else "",
        state=one.state.value,
    )
