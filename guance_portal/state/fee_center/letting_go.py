"""解除登记: what it means, or why it cannot be done now, and the act."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import reflex as rx
from pydantic import Field

from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.settlement.errors import CloudAccountHeldError
from guance_portal.settlement.letting_go import DependentWorkspace
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin


class FeeLetGoState(FormMixin, rx.State):
    """The dialog, and the cloud account (masked) it is about; with `holds` it says only why not."""

    is_open: rx.Field[bool] = rx.field(default=False)
    account: rx.Field[str] = rx.field(default="")
    holds: rx.Field[list[Text]] = rx.field(default_factory=list)

    _id: str = ""

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def open_let_go(self, cloud_account_id: Annotated[str, Field(max_length=60)]) -> None:
        """Ask before anything is done."""
        self._start()
        self._id = cloud_account_id
        try:
            await self._ask()
        except PortalError as error:
            await self._say_error(error)
        else:
            self.is_open = True

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_let_go(self) -> None:
        """Leave it registered."""
        self.is_open = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def let_go(self) -> AsyncIterator[None]:
        """解除登记; what came between shows in the dialog."""
        self._begin()
        yield
        try:
            await services().settlement.letting_go.let_go(self._actor(), self._id, caller=self._caller())
        except CloudAccountHeldError:
            await self._ask()
        except PortalError as error:
            self.is_open = False
            await self._say_error(error)
        else:
            self.is_open = False
            await self._say("let_go.done", account=self.account)
        self.is_busy = False

    async def _ask(self) -> None:
        answer = await services().settlement.letting_go.ask(self._actor(), self._id)
        self.account, self.holds = answer.account, [_hold(one) for one in answer.holds]


def _hold(hold: DependentWorkspace) -> Text:
    if hold.until is None:
        return text("let_go.hold_paid", workspace=hold.workspace)
    words = "hold_coming" if hold.is_coming else "hold_until"
    return text(f"let_go.{words}", workspace=hold.workspace, day=hold.until)
