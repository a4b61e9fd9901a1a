"""运营后台, 审批: what waits for a second operator, one request with what it would do now, and what was decided."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx

from guance_portal import routes
from guance_portal.approvals.forms import Reason
from guance_portal.approvals.orders import ClaimOrder
from guance_portal.approvals.service import Asking
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, Form, Id
from guance_portal.core.messages import Text, text
from guance_portal.core.reasons import LONGEST_REASON
from guance_portal.operations.money_admin import RequestView
from guance_portal.state.addresses import asked_page
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.display import moment
from guance_portal.state.operator.act_rows import ActRow, act_row
from guance_portal.state.operator.effects import ChangeRow, EntryRow, change_rows, entry_rows, total

REFUSE, RENEW = "refuse", "renew"


class Approval(Form):
    """The request that is approved, and what is said of it."""

    request: Id = ""
    remark: Annotated[
        str, Asked(label="money_admin.remark", help="money_admin.remark_help", most=LONGEST_REASON, required=False)
    ] = ""


class RefusalForm(Form):
    """The request that is refused or withdrawn, and why."""

    request: Id = ""
    refuse_reason: Reason = ""


class Renewal(Form):
    """The request that is asked for again, and why."""

    request: Id = ""
    key: Id = ""
    renew_reason: Reason = ""


class OperatorApprovalsState(FormMixin, rx.State):
    """The lists, and the request that the address names: as it was asked for, and what it would do now."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    waiting: rx.Field[list[ActRow]] = rx.field(default_factory=list)
    decided: rx.Field[list[ActRow]] = rx.field(default_factory=list)
    place: rx.Field[Text] = rx.field(default_factory=Text)
    earlier: rx.Field[str] = rx.field(default="")
    later: rx.Field[str] = rx.field(default="")
    request: rx.Field[str] = rx.field(default="")
    is_unknown: rx.Field[bool] = rx.field(default=False)
    title: rx.Field[Text] = rx.field(default_factory=Text)
    amount: rx.Field[str] = rx.field(default="")
    asked: rx.Field[Text] = rx.field(default_factory=Text)
    reason: rx.Field[str] = rx.field(default="")
    evidence: rx.Field[str] = rx.field(default="")
    whose: rx.Field[str] = rx.field(default="")
    state: rx.Field[Text] = rx.field(default_factory=Text)
    is_open: rx.Field[bool] = rx.field(default=False)
    is_own: rx.Field[bool] = rx.field(default=False)
    is_same: rx.Field[bool] = rx.field(default=True)
    now_problem: rx.Field[Text] = rx.field(default_factory=Text)
    entries: rx.Field[list[EntryRow]] = rx.field(default_factory=list)
    entries_now: rx.Field[list[EntryRow]] = rx.field(default_factory=list)
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    total: rx.Field[str] = rx.field(default="")
    dialog: rx.Field[str] = rx.field(default="")
    key: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_approvals(self) -> None:
        """Show the lists, and the request of the address; without one the first that waits."""
        self._start()
        self.dialog, self.request = "", self._asked("id", 60)
        await self._read(asked_page(self._asked("page")))
        self.is_loaded = True

    @audience(Realm.OPERATOR)
    @rx.event
    def ask_refuse(self) -> None:
        """Open the dialog that refuses, or withdraws one's own."""
        self._start()
        self.dialog = REFUSE

    @audience(Realm.OPERATOR)
    @rx.event
    def ask_renew(self) -> None:
        """Open the dialog that asks again."""
        self._start()
        self.dialog, self.key = RENEW, secrets.token_hex(16)

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close_dialog(self) -> None:
        """Close it; nothing has changed."""
        self._start()
        self.dialog = ""

    @audience(Realm.OPERATOR)
    @rx.event
    async def approve(self, form: Approval) -> AsyncIterator[Any]:
        """批准: it is done in the same moment."""
        self._begin()
        yield None
        try:
            await services().approvals.approve(self._actor(), form.request, why=form.remark, caller=self._caller())
        except PortalError as error:
            self._fail(error)
            await self._read()
        else:
            yield await self._done("money_admin.approved")

    @audience(Realm.OPERATOR)
    @rx.event
    async def refuse(self, form: RefusalForm) -> AsyncIterator[Any]:
        """拒绝, or withdraw."""
        self._begin()
        yield None
        try:
            await services().approvals.refuse(
                self._actor(), form.request, why=form.refuse_reason, caller=self._caller()
            )
        except PortalError as error:
            self._fail_at(error, "refuse_reason")
        else:
            yield await self._done("money_admin.withdrawn" if self.is_own else "money_admin.refused")

    @audience(Realm.OPERATOR)
    @rx.event
    async def renew(self, form: Renewal) -> AsyncIterator[Any]:
        """重新发起: the same, with what it would do now."""
        self._begin()
        yield None
        asking = Asking(actor=self._actor(), why=form.renew_reason, key=form.key, caller=self._caller())
        try:
            answer = await services().approvals.renew(asking, form.request)
        except PortalError as error:
            self._fail_at(error, "renew_reason")
        else:
            yield await self._done("money_admin.done" if answer.is_done else "money_admin.asked")

    async def _done(self, words: str) -> Any:
        self.is_busy, self.dialog = False, ""
        await self._say(words)
        return rx.redirect(routes.OPERATOR_APPROVALS)

    def _fail_at(self, error: PortalError, field: str) -> None:
        self._refuse({field if error.field == "reason" else "": text(error.code, **error.params)})

    async def _read(self, page: int = 1) -> None:
        admin, actor = services().money_admin, self._actor()
        self.waiting = [act_row(line, actor.subject_id) for line in await admin.waiting(actor)]
        found = await admin.decided(actor, page)
        self.decided = [act_row(line, actor.subject_id) for line in found.lines]
        self.place = text("operator.page", page=found.page, pages=found.pages)
        self.earlier = routes.operator_approvals(page=found.page - 1) if found.page > 1 else ""
        self.later = routes.operator_approvals(page=found.page + 1) if found.page < found.pages else ""
        self.request = self.request or (self.waiting[0].id if self.waiting else "")
        self.is_unknown = False
        if self.request:
            try:
                self._show(await admin.view(actor, self.request), actor.subject_id)
            except PortalError:
                self.is_unknown = True

    def _show(self, view: RequestView, operator: str) -> None:
        row, line = act_row(view.line, operator), view.line
        self.title, self.amount, self.reason, self.state = row.kind, row.amount, row.reason, row.state
        self.evidence = line.order.evidence if isinstance(line.order, ClaimOrder) else ""
        self.asked = text(
            "money_admin.asked_by", who=line.asked_by, at=moment(line.asked_at, ""), until=moment(line.expires_at, "")
        )
        self.whose = " · ".join(part for part in (line.account, view.company) if part)
        self.is_open, self.is_own = view.today is not None, row.is_own
        self.is_same = view.today is None or view.today.is_same
        problem = view.today.problem if view.today else None
        self.now_problem = text(problem.code, **problem.params) if problem else Text()
        self.entries, self.total = entry_rows(line.effect), total(line.effect)
        effect = view.today.effect if view.today and not problem else line.effect
        self.entries_now, self.changes = entry_rows(effect), change_rows(effect)
