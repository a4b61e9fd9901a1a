"""付费记录: who paid for a workspace from when to when, as a dialog of console and fee centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import reflex as rx

from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Id
from guance_portal.core.messages import Text, text
from guance_portal.settlement.history import PaidSpan, PaymentHistory
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment


@dataclass(frozen=True, slots=True)
class SpanRow:
    """Some billing days: `days` names them, `by` says who ordered it and when; `is_waiting` before the first of them."""

    days: Text
    mark: str
    method: Text
    account: str
    payer: Text
    by: Text
    is_waiting: bool


class PaymentHistoryState(PageMixin, rx.State):
    """The dialog; the latest days first."""

    is_open: rx.Field[bool] = rx.field(default=False)
    workspace: rx.Field[str] = rx.field(default="")
    rows: rx.Field[list[SpanRow]] = rx.field(default_factory=list)

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_history(self) -> None:
        """付费记录 of the workspace that the session looks at."""
        await self._open(self._actor().workspace_id)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def open_paid_history(self, workspace: Id) -> None:
        """付费记录 of a workspace that the account pays for."""
        await self._open(workspace)

    @audience(Realm.CONSOLE, Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_history(self) -> None:
        """Put it away."""
        self.is_open = False

    async def _open(self, workspace_id: str) -> None:
        try:
            found = await services().settlement.histories.of(self._actor(), workspace_id)
        except PortalError as error:
            await self._say_error(error)
            return
        self.workspace, self.rows, self.is_open = found.workspace_name, rows(found), True


def rows(found: PaymentHistory) -> list[SpanRow]:
    """The spans as they are shown."""
    return [_row(span, found) for span in found.spans]


def _row(span: PaidSpan, found: PaymentHistory) -> SpanRow:
    named = text("payment_history.payer", username=span.payer) if span.payer else text("payment_history.other")
    return SpanRow(
        days=_days(span.since, span.until, found.today),
        mark=span.method.mark,
        method=text(f"settlement_method.{span.method}"),
        account=span.account if span.method.provider else "",
        payer=named,
        by=_by(span, found),
        is_waiting=span.since > found.today,
    )


def _days(since: date, until: date | None, today: date) -> Text:
    if until is not None:
        return text("payment_history.days", since=since, until=until)
    return text("payment_history.from" if since > today else "payment_history.until_now", since=since)


def _by(span: PaidSpan, found: PaymentHistory) -> Text:
    if span.ordered_at is None:
        return text("payment_history.first")
    at = moment(span.ordered_at, found.site.code)
    return text("payment_history.by", who=span.by, at=at)
