"""An operator's recovery codes: how many are left, and new ones, shown once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import reflex as rx

from guance_portal.accounts.sessions.forms import RecoveryForm
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin


class RecoveryCodesState(FormMixin, rx.State):
    """The panel and its dialog; `codes` are there while the dialog shows them, and nowhere afterwards."""

    left: rx.Field[int] = rx.field(default=0)
    is_open: rx.Field[bool] = rx.field(default=False)
    codes: rx.Field[list[str]] = rx.field(default_factory=list)

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_recovery_codes(self) -> None:
        """Count them."""
        self._close()
        await self._count()

    @audience(Realm.OPERATOR)
    @rx.event
    def open_dialog(self) -> None:
        """Ask for password and code."""
        self._start()
        self.is_open, self.codes = True, []

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close_dialog(self) -> None:
        """Close it and forget what it showed."""
        self._close()

    @audience(Realm.OPERATOR)
    @rx.event
    async def renew(self, form: RecoveryForm) -> AsyncIterator[None]:
        """Make new codes; the old ones are worth nothing any more."""
        if self._lacks(form):
            return
        self._begin()
        yield
        try:
            codes = await services().recovery_codes.renew(self._actor(), form.password, form.code, self._caller())
        except PortalError as error:
            self._fail(error)
            return
        self.is_busy, self.codes = False, list(codes)
        await self._count()

    def _close(self) -> None:
        self._start()
        self.is_open, self.codes = False, []

    async def _count(self) -> None:
        self.left = await services().recovery_codes.left(self._actor())
