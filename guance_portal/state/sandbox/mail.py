"""The sandbox's mailbox: what the address asks for, listed and opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Literal

import reflex as rx
from reflex.event import EventSpec

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.core.messages import Text
from guance_portal.mail.mailbox import EmailRow, RenderedEmail
from guance_portal.state.audience import SANDBOX, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.display import moment

_LONGEST_ASKED = 320


class SearchForm(Form):
    """What is looked for."""

    to: Annotated[str, Asked(label="mailbox.search", kind=FieldKind.SEARCH, most=_LONGEST_ASKED)] = ""


@dataclass(frozen=True, slots=True)
class EmailLine:
    """One line of the list."""

    id: str
    href: str
    subject: str
    recipient: str
    language: str
    created_at: Text
    status: str


@dataclass(frozen=True, slots=True)
class OpenEmail:
    """The opened email."""

    id: str = ""
    subject: str = ""
    sender: str = ""
    recipient: str = ""
    html: str = ""
    text: str = ""
    link: str = ""
    code: str = ""
    language: str = ""
    status: str = ""
    attempts: str = ""
    last_error: str = ""
    created_at: Text = field(default_factory=Text)
    sent_at: Text = field(default_factory=Text)


class SandboxMailState(FormMixin, rx.State):
    """The list, narrowed to `to`, and beside it the opened email; an empty id means none is open."""

    to: rx.Field[str] = rx.field(default="")
    rows: rx.Field[list[EmailLine]] = rx.field(default_factory=list)
    email: rx.Field[OpenEmail] = rx.field(default_factory=OpenEmail)
    view: rx.Field[str] = rx.field(default="html")
    list_href: rx.Field[str] = rx.field(default=routes.SANDBOX_MAIL)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(SANDBOX)
    @rx.event
    async def load_mail(self) -> None:
        """Show what the address asks for."""
        self.to = self._asked("to", _LONGEST_ASKED)
        self.list_href = routes.sandbox_mail(to=self.to)
        self.email = await self._open(email_id) if (email_id := self._asked("id")) else OpenEmail()
        await self._list()

    @audience(SANDBOX)
    @rx.event
    async def refresh(self) -> AsyncIterator[None]:
        """Read the list and the opened email again."""
        self.is_busy = True
        yield
        if self.email.id:
            self.email = await self._open(self.email.id)
        await self._list()
        self.is_busy = False

    @audience(SANDBOX)
    @rx.event
    def find(self, form: SearchForm) -> EventSpec:
        """Narrow the list to a recipient; the address keeps it."""
        return rx.redirect(routes.sandbox_mail(to=plain.search(form.to)))

    @audience(SANDBOX)
    @rx.event
    def choose_view(self, view: Literal["html", "text"]) -> None:
        """Show the email as HTML or as plain text."""
        self.view = view

    async def _list(self) -> None:
        self.rows = [_line(row, self.to) for row in await services().mailbox.list(to=self.to)]
        self.is_loaded = True

    async def _open(self, email_id: str) -> OpenEmail:
        try:
            return _opened(await services().mailbox.open(email_id))
        except PortalError as error:
            await self._say_error(error)
            return OpenEmail()


def _line(row: EmailRow, to: str) -> EmailLine:
    return EmailLine(
        id=row.id,
        href=routes.sandbox_mail(email=row.id, to=to),
        subject=row.subject,
        recipient=row.recipient,
        language=row.language.value,
        created_at=moment(row.created_at, ""),
        status=row.status.value,
    )


def _opened(email: RenderedEmail) -> OpenEmail:
    return OpenEmail(
        id=email.id,
        subject=email.subject,
        sender=email.sender,
        recipient=email.recipient,
        html=email.html,
        text=email.text,
        link=email.link,
        code=email.code,
        language=email.language.value,
        status=email.status.value,
        attempts=str(email.attempts),
        last_error=email.last_error,
        created_at=moment(email.created_at, ""),
        sent_at=moment(email.sent_at, "") if email.sent_at else Text(),
    )
