"""欠费 in the console: whether the workspace is locked, the countdown, and the way out."""

from __future__ import annotations

import reflex as rx

from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Text, text
from guance_portal.state.debt_rows import DebtShown, debt_shown, in_zone
from guance_portal.state.live import Followed, LiveMixin, billing_days


class WorkspaceDebtState(LiveMixin, rx.State):
    """The debt of who pays for the session's workspace; `debt` is for owner and administrators alone.

    Loaded with the workspace switcher, on every page of the console.
    """

    is_locked: rx.Field[bool] = rx.field(default=False)
    is_manager: rx.Field[bool] = rx.field(default=False)
    is_owner: rx.Field[bool] = rx.field(default=False)
    lock_lead: rx.Field[Text] = rx.field(default_factory=Text)
    others: rx.Field[str] = rx.field(default="")
    debt: rx.Field[DebtShown] = rx.field(default_factory=DebtShown)

    _workspace_id: str = ""

    async def _load_for(self, actor: Actor) -> None:
        """Read how the workspace stands, and follow its payer from here."""
        self._unfollow()
        self._forget()
        await self._read(actor)

    async def _read(self, actor: Actor) -> None:
        try:
            seen = await services().debt_views.of_workspace(actor)
        except NotAllowedError:
            seen = None
        if seen is None:
            self._forget()
            return
        self._workspace_id = seen.workspace_id
        self._follow(seen.fee_account_id, seen.version, Followed.SETTLEMENT, days=billing_days(seen.zone))
        self.is_locked, self.is_owner = seen.locked_at is not None, seen.is_owner
        self.is_manager = seen.debt is not None
        self.debt = debt_shown(seen.debt, is_here=True) if seen.debt else DebtShown()
        self.others = "、".join(seen.others)
        if seen.locked_at:
            at = in_zone(seen.locked_at, seen.zone)
            self.lock_lead = text("debt.locked_lead", username=seen.username, workspace=seen.name, at=at)

    async def _arrive(self) -> bool:
        session = await self._live_session()
        if session is None or session.actor.workspace_id != self._workspace_id:
            self._forget()
            return False
        await self._read(session.actor)
        return True

    def _forget(self) -> None:
        self.is_locked, self.is_manager, self.is_owner = False, False, False
        self.lock_lead, self.others, self.debt, self._workspace_id = Text(), "", DebtShown(), ""
