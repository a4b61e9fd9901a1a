"""激活代金券: what a code gives, and the act."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, Form
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.fee_center.amounts import amount, at
from guance_portal.state.fee_center.purses import PursesState

_LONGEST = 80


class VoucherCodeForm(Form):
    """A code as it was given out."""

    code: Annotated[str, Asked(label="voucher.code", most=_LONGEST)] = ""


@dataclass(frozen=True, slots=True)
class Gives:
    """What the code gives; empty before that is known."""

    amount: str = ""
    until: Text = field(default_factory=Text)
    scope: Text = field(default_factory=Text)


class VoucherState(FormMixin, rx.State):
    """The dialog."""

    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)
    gives: rx.Field[Gives] = rx.field(default_factory=Gives)

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def open_voucher(self) -> None:
        """Ask for a code."""
        self._start()
        self.gives, self.is_open = Gives(), True
        self.openings += 1

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_voucher(self) -> None:
        """Activate nothing."""
        self.is_open = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def look_at_code(self, code: Annotated[str, Field(max_length=_LONGEST)]) -> None:
        """Say what a code gives once its field is left."""
        self.gives = Gives()
        if not code.strip():
            return
        try:
            seen = await services().wallet_acts.look_at_code(self._actor(), code)
        except PortalError as error:
            self._judge("code", error)
            return
        self._judge("code", None)
        self.gives = Gives(
            amount=amount(seen.minor, seen.currency),
            until=at(seen.valid_until, seen.zone),
            scope=text("purses.scope_some" if seen.items else "purses.scope_all"),
        )

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def activate(self, form: VoucherCodeForm) -> AsyncIterator[Any]:
        """激活."""
        self._begin()
        yield None
        try:
            await services().wallet_acts.activate(self._actor(), form.code, self._caller())
        except PortalError as error:
            self._refuse({"code": text(error.code, **error.params)})
            return
        self.is_busy = self.is_open = False
        await self._say("voucher.done")
        yield PursesState.load_vouchers
