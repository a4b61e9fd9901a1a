"""The sandbox's mailbox: what the address asks for, listed and opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Literal

import reflex as rx
from reflex.event import EventSpec

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, Form, Kind
from guance_portal.core.words import Text
from guance_portal.mail.mailbox import LetterRow, RenderedLetter
from guance_portal.state.audience import SANDBOX, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.display import moment

_LONGEST_ASKED = 320


class SearchForm(Form):
    """What is looked for."""

    to: Annotated[str, Asked(label="mailbox.search", kind=Kind.SEARCH, most=_LONGEST_ASKED)] = ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One line of the list."""

    id: str
    href: str
    subject: str
    recipient: str
    language: str
    created_at: Text
    status: str


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """The opened letter."""

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
    """The list, narrowed to `to`, and beside it the opened letter; an empty id means none is open."""

    to: rx.Field[str] = rx.field(default="")
    rows: rx.Field[list[LetterLine]] = rx.field(default_factory=list)
    letter: rx.Field[OpenLetter] = rx.field(default_factory=OpenLetter)
    view: rx.Field[str] = rx.field(default="html")
    list_href: rx.Field[str] = rx.field(default=routes.SANDBOX_MAIL)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(SANDBOX)
    @rx.event
    async def load_mail(self) -> None:
        """Show what the address asks for."""
        self.to = self._asked("to", _LONGEST_ASKED)
        self.list_href = routes.sandbox_mail(to=self.to)
        self.letter = await self._open(letter_id) if (letter_id := self._asked("id")) else OpenLetter()
        await self._list()

    @audience(SANDBOX)
    @rx.event
    async def refresh(self) -> AsyncIterator[None]:
        """Read the list and the opened letter again."""
        self.is_busy = True
        yield
        if self.letter.id:
            self.letter = await self._open(self.letter.id)
        await self._list()
        self.is_busy = False

    @audience(SANDBOX)
    @rx.event
    def find(self, form: SearchForm) -> EventSpec:
        """Narrow the list to a recipient; the address keeps it."""
        return rx.redirect(routes.sandbox_mail(to=form.to.strip()))

    @audience(SANDBOX)
    @rx.event
    def choose_view(self, view: Literal["html", "text"]) -> None:
        """Show the letter as HTML or as plain text."""
        self.view = view

    async def _list(self) -> None:
        self.rows = [_line(row, self.to) for row in await services().mailbox.list(to=self.to)]
        self.is_loaded = True

    async def _open(self, letter_id: str) -> OpenLetter:
        try:
            return _opened(await services().mailbox.open(letter_id))
        except PortalError as error:
            await self._say_error(error)
            return OpenLetter()


def _line(row: LetterRow, to: str) -> LetterLine:
    return LetterLine(
        id=row.id,
        href=routes.sandbox_mail(letter=row.id, to=to),
        subject=row.subject,
        recipient=row.recipient,
        language=row.language.value,
        created_at=moment(row.created_at, ""),
        status=row.status.value,
    )


def _opened(letter: RenderedLetter) -> OpenLetter:
    return OpenLetter(
        id=letter.id,
        subject=letter.subject,
        sender=letter.sender,
        recipient=letter.recipient,
        html=letter.html,
        text=letter.text,
        link=letter.link,
        code=letter.code,
        language=letter.language.value,
        status=letter.status.value,
        attempts=str(letter.attempts),
        last_error=letter.last_error,
        created_at=moment(letter.created_at, ""),
        sent_at=moment(letter.sent_at, "") if letter.sent_at else Text(),
    )
