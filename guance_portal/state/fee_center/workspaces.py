"""The workspaces a fee-centre account pays for, as its pages list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field

from guance_portal import sites
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.payers.fee_center import PaidWorkspace
from guance_portal.settlement.overview import Summary
from guance_portal.settlement.workspace_export import waiting
from guance_portal.state.audience import audience
from guance_portal.state.display import dissolved
from guance_portal.state.live import Followed, LiveMixin


@dataclass(frozen=True, slots=True)
class PaidRow:
    """One workspace. `mark` is the kind of the payer's tile; `account` who is charged, a cloud account masked.

    `dissolved` says since when it was dissolved, so that nothing about it can change; empty while it goes on.
    `waiting` tells of a change that waits for its day, `withdrawable` is its id where the account may take it back;
    `next_change` says when the method can be changed next. `state` is live, locked or dissolved.
    """

    id: str
    name: str
    owner: str
    owner_email: str
    site: Text
    edition: Text
    method: Text
    mark: str
    account: str
    since: Text
    is_locked: bool
    dissolved: Text
    waiting: Text
    withdrawable: str
    next_change: Text
    state: str
    shows_balances: bool


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """A settlement method to narrow the list by."""

    value: str
    text: Text


_Word = Annotated[str, Field(max_length=60)]
_LONG = 1
"""Workspaces beyond which a list is searched rather than read."""


class FeeWorkspacesState(LiveMixin, rx.State):
    """The list; `is_loaded` tells an empty one from one that has not come yet. It follows every change of methods.

    `rows` are those that match what is searched for, of `count`; `methods` are the ones that there are to choose from.
    """

    rows: rx.Field[list[PaidRow]] = rx.field(default_factory=list)
    count: rx.Field[int] = rx.field(default=0)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_searchable: rx.Field[bool] = rx.field(default=False)
    methods: rx.Field[list[MethodChoice]] = rx.field(default_factory=list)

    _every: rx.Field[list[PaidRow]] = rx.field(default_factory=list)
    _sought: str = ""
    _method: str = ""
    _state: str = ""

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_paid_workspaces(self) -> None:
        """Read the list."""
        self._sought = self._method = self._state = ""
        await self._read(self._actor())

    @audience(Realm.FEE_CENTER)
    @rx.event
    def search(self, asked: Annotated[str, Field(max_length=100)]) -> None:
        """Show the workspaces whose name, ID, site or method holds this, in either language."""
        self._sought = asked
        self._narrow()

    @audience(Realm.FEE_CENTER)
    @rx.event
    def choose_method(self, asked: _Word) -> None:
        """Show the workspaces that are settled so; all for nothing."""
        self._method = asked
        self._narrow()

    @audience(Realm.FEE_CENTER)
    @rx.event
    def choose_state(self, asked: _Word) -> None:
        """Show the workspaces that are live, locked or dissolved; all for nothing."""
        self._state = asked
        self._narrow()

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def withdraw(self, workspace_id: Annotated[str, Field(max_length=100)], change_id: _Word) -> None:
        """撤回 of the change that waits."""
        try:
            await services().settlement.switching.withdraw(
                self._actor(), workspace_id, change_id, caller=self._caller()
            )
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("settlement.withdrawn")
        await self._read(self._actor())

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def show_balances(self, workspace_id: Annotated[str, Field(max_length=100)], is_shown: bool) -> None:  # noqa: FBT001 - as the switch tells it
        """Let the owner of a workspace see the balances in the console, or not."""
        try:
            await services().balance_sharing.show(self._actor(), workspace_id, is_shown=is_shown, caller=self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("console_wallet.shown" if is_shown else "console_wallet.unshown")
        await self._read(self._actor())

    async def _read(self, actor: Actor) -> None:
        version = (await services().settlement.versions([actor.subject_id])).get(actor.subject_id, 0)
        views = await services().fee_center.workspaces(actor)
        settled = await services().settlement.overviews.summaries(actor)
        self._every = [_row(view, settled[view.id]) for view in views if view.id in settled]
        self.count, self.is_loaded = len(self._every), True
        self.is_searchable = self.count > _LONG
        self.methods = [MethodChoice(*one) for one in dict.fromkeys((row.mark, row.method) for row in self._every)]
        self._narrow()
        days = {one.site.zone: one.today for one in settled.values()}
        self._follow(actor.subject_id, version, Followed.SETTLEMENT, days=days)

    def _narrow(self) -> None:
        wanted = plain.search(self._sought).casefold()
        self.rows = [
            row
            for row in self._every
            if wanted in _said(row) and self._method in ("", row.mark) and self._state in ("", row.state)
        ]

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None:
            self._every, self.rows, self.count = [], [], 0
            return False
        await self._read(session.actor)
        return True


def _said(row: PaidRow) -> str:
    """Everything of a row that can be searched for."""
    words = (row.site, row.edition, row.method)
    return "\n".join(
        (row.name, row.id, row.account, row.owner, row.owner_email, *(f"{one.zh}\n{one.en}" for one in words))
    ).casefold()


def _row(view: PaidWorkspace, settled: Summary) -> PaidRow:
    pending = settled.pending
    return PaidRow(
        id=view.id,
        name=view.name,
        owner=view.owner,
        owner_email=view.owner_email,
        site=sites.get(view.site).name,
        edition=text(f"fee_center.edition_{view.edition}"),
        method=text(f"settlement_method.{settled.method}"),
        mark=settled.method.mark,
        account=settled.account,
        since=text("fee_workspaces.since", day=settled.since),
        is_locked=view.is_locked,
        dissolved=dissolved(view.dissolved_at, view.site),
        waiting=waiting(pending),
        withdrawable=pending.id if pending and not pending.is_payer else "",
        next_change=_next(settled),
        state=view.state,
        shows_balances=view.shows_balances,
    )


def _next(settled: Summary) -> Text:
    if settled.may_change_today:
        return text("settlement.now_possible")
    return text("settlement.changeable_from", day=settled.next_change)
