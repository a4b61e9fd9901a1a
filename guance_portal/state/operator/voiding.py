"""作废激活码: the unused codes of a batch give nothing any more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from guance_portal.approvals.forms import Reason
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Form
from guance_portal.core.messages import text
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.operator.money import OperatorMoneyState


class VoidForm(Form):
    """Why."""

    void_reason: Reason = ""


class VoidingState(FormMixin, rx.State):
    """The dialog, of one batch."""

    batch: rx.Field[str] = rx.field(default="")
    name: rx.Field[str] = rx.field(default="")
    unused: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def ask(
        self,
        batch: Annotated[str, Field(max_length=60)],
        name: Annotated[str, Field(max_length=200)],
        unused: Annotated[str, Field(max_length=20)],
    ) -> None:
        """Say what it means first."""
        self._start()
        self.batch, self.name, self.unused = batch, name, unused

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close(self) -> None:
        """Void nothing."""
        self.batch = ""

    @audience(Realm.OPERATOR)
    @rx.event
    async def void(self, form: VoidForm) -> AsyncIterator[Any]:
        """作废."""
        self._begin()
        yield None
        try:
            count = await services().code_voiding.void(self._actor(), self.batch, form.void_reason, self._caller())
        except PortalError as error:
            self._refuse({"void_reason": text(error.code, **error.params)})
            return
        self.is_busy, self.batch = False, ""
        await self._say("voiding.done", count=count)
        yield OperatorMoneyState.load_money
