"""运营后台: one fee-centre account, 结算方式任意选择, and the end of its sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Id
from guance_portal.core.messages import Text, text
from guance_portal.core.reasons import LONGEST_REASON
from guance_portal.operations.accounts import AccountView, CloudLine, WorkspaceLine
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.display import dissolved, moment

CHOICE, SESSIONS = "choice", "sessions"
_Reason = Annotated[
    str, Asked(label="operator.reason", kind=FieldKind.TEXT, help="operator.reason_help", most=LONGEST_REASON)
]


class SessionsForm(Form):
    """Why the account that the page shows is signed out."""

    account: Id = ""
    sessions_reason: _Reason = ""


class ChoiceForm(Form):
    """Whether 结算方式任意选择 shall hold: as the dialog said, whatever has changed meanwhile; and why."""

    account: Id = ""
    allowed: Literal["yes", "no"] = "no"
    choice_reason: _Reason = ""


@dataclass(frozen=True, slots=True)
class WorkspaceRow:
    """A workspace that the account pays for."""

    name: str
    id: str
    site: Text
    edition: Text
    method: Text
    since: Text
    is_locked: bool
    dissolved: Text


@dataclass(frozen=True, slots=True)
class RegisteredCloudRow:
    """A registered cloud account."""

    provider: Text
    account: str
    state: Text
    registered_at: Text


class OperatorAccountState(FormMixin, rx.State):
    """The account, and which of the two dialogs is open."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_unknown: rx.Field[bool] = rx.field(default=False)
    account_id: rx.Field[str] = rx.field(default="")
    username: rx.Field[str] = rx.field(default="")
    email: rx.Field[str] = rx.field(default="")
    company: rx.Field[str] = rx.field(default="")
    contact: rx.Field[str] = rx.field(default="")
    currency: rx.Field[Text] = rx.field(default_factory=Text)
    opened_at: rx.Field[Text] = rx.field(default_factory=Text)
    has_arbitrary_choice: rx.Field[bool] = rx.field(default=False)
    sessions: rx.Field[int] = rx.field(default=0)
    workspaces: rx.Field[list[WorkspaceRow]] = rx.field(default_factory=list)
    clouds: rx.Field[list[RegisteredCloudRow]] = rx.field(default_factory=list)
    dialog: rx.Field[str] = rx.field(default="")
    audit_href: rx.Field[str] = rx.field(default=routes.OPERATOR_AUDIT)

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_account(self) -> None:
        """Show the account that the address names."""
        self._start()
        self.dialog = ""
        await self._read(self._asked("id", 60))

    @audience(Realm.OPERATOR)
    @rx.event
    def ask_choice(self) -> None:
        """Open the dialog of 结算方式任意选择."""
        self._start()
        self.dialog = CHOICE

    @audience(Realm.OPERATOR)
    @rx.event
    def ask_sessions(self) -> None:
        """Open the dialog that ends sessions."""
        self._start()
        self.dialog = SESSIONS

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close_dialog(self) -> None:
        """Close it; nothing has changed."""
        self.dialog = ""

    @audience(Realm.OPERATOR)
    @rx.event
    async def set_choice(self, form: ChoiceForm) -> AsyncIterator[Any]:
        """Allow the account the providers of all sites, or no longer."""
        self._begin()
        yield
        try:
            await services().settlement.set_arbitrary_choice(
                self._actor(),
                form.account,
                allowed=form.allowed == "yes",
                reason=form.choice_reason,
                caller=self._caller(),
            )
        except PortalError as error:
            self._fail_at(error, "choice_reason")
        else:
            await self._done(form.account)
            await self._say("operator.choice_set" if form.allowed == "yes" else "operator.choice_unset")

    @audience(Realm.OPERATOR)
    @rx.event
    async def end_sessions(self, form: SessionsForm) -> AsyncIterator[Any]:
        """Sign the account out everywhere."""
        self._begin()
        yield
        try:
            count = await services().account_admin.end_sessions(
                self._actor(), form.account, form.sessions_reason, self._caller()
            )
        except PortalError as error:
            self._fail_at(error, "sessions_reason")
        else:
            await self._done(form.account)
            await self._say("operator.sessions_ended", count=count)

    async def _done(self, account_id: str) -> None:
        self.is_busy, self.dialog = False, ""
        await self._read(account_id)

    def _fail_at(self, error: PortalError, field: str) -> None:
        self._refuse({field if error.field else "": text(error.code, **error.params)})

    async def _read(self, account_id: str) -> None:
        try:
            view = await services().account_admin.view(self._actor(), account_id)
        except PortalError:
            self.is_unknown, self.is_loaded = True, True
            return
        self._show(view)
        self.is_unknown, self.is_loaded = False, True

    def _show(self, view: AccountView) -> None:
        line, company = view.line, view.company
        self.account_id, self.username, self.email, self.company = line.id, line.username, line.email, line.company
        self.contact = company.contact if company else ""
        self.currency, self.opened_at = text(f"fee_center.currency_{line.currency}"), moment(line.opened_at, "")
        self.has_arbitrary_choice, self.sessions = line.has_arbitrary_choice, view.sessions
        self.workspaces = [_workspace(one) for one in view.workspaces]
        self.clouds = [_cloud(one) for one in view.cloud_accounts]
        self.audit_href = routes.operator_audit(subject=line.id)


def _workspace(line: WorkspaceLine) -> WorkspaceRow:
    return WorkspaceRow(
        name=line.name,
        id=line.id,
        site=line.site.name,
        edition=text(f"fee_center.edition_{line.edition}"),
        method=text(f"settlement_method.{line.method}"),
        since=moment(line.since, line.site.code),
        is_locked=line.is_locked,
        dissolved=dissolved(line.dissolved_at, line.site.code),
    )


def _cloud(line: CloudLine) -> RegisteredCloudRow:
    return RegisteredCloudRow(
        provider=text(f"settlement_method.{line.provider}"),
        account=line.account,
        state=text(f"clouds_list.state_{line.state}"),
        registered_at=moment(line.registered_at, ""),
    )
