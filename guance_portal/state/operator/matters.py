"""运营后台, 异常处理: what contradicts the books is noted in a dialog."""

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
from guance_portal.state.base import FORM, FormMixin
from guance_portal.state.operator.money import OperatorMoneyState

_Matter = Annotated[str, Field(max_length=300)]


class NoteForm(Form):
    """What contradicts the books and was seen to, and how."""

    matter: _Matter = ""
    note_reason: Reason = ""


class OperatorMattersState(FormMixin, rx.State):
    """What the dialog is about, as way, reason and number; empty while it is closed."""

    noted: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR)
    @rx.event
    def ask_note(self, matter: _Matter) -> None:
        """Open the dialog."""
        self._start()
        self.noted = matter

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close_note(self) -> None:
        """Close it; nothing has changed."""
        self.noted = ""

    @audience(Realm.OPERATOR)
    @rx.event
    async def note_matter(self, form: NoteForm) -> AsyncIterator[Any]:
        """标记已处理."""
        self._begin()
        yield
        way, _, rest = form.matter.partition(":")
        kind, _, trade = rest.partition(":")
        try:
            await services().exception_admin.note(self._actor(), (way, trade, kind), form.note_reason, self._caller())
        except PortalError as error:
            self._refuse({"note_reason" if error.field == "reason" else FORM: text(error.code, **error.params)})
            return
        self.is_busy, self.noted = False, ""
        await self._say("money_admin.was_noted")
        yield OperatorMoneyState.load_money
