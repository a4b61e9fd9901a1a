"""账目核对: the rules that the account's books keep, and a check of them on the spot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import reflex as rx

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.fee_center.amounts import at
from guance_portal.wallet.books import BooksView, RuleView


@dataclass(frozen=True, slots=True)
class BooksRuleRow:
    """A rule; `problem` is empty where it holds."""

    text: Text
    problem: Text


class BooksState(PageMixin, rx.State):
    """The panel. `stopped` says why money acts wait, and since when."""

    rules: rx.Field[list[BooksRuleRow]] = rx.field(default_factory=list)
    last: rx.Field[Text] = rx.field(default_factory=Text)
    chain: rx.Field[str] = rx.field(default="")
    stopped: rx.Field[Text] = rx.field(default_factory=Text)
    is_whole: rx.Field[bool] = rx.field(default=True)
    has_books: rx.Field[bool] = rx.field(default=False)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_checking: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_books(self) -> None:
        """Show what the last check found."""
        self.is_loaded = self.is_checking = False
        self.stopped = Text()
        with suppress(PasswordNeededError):
            self._show(await services().wallet_books.read(self._actor()))

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def check_books(self) -> AsyncIterator[None]:
        """立即核对."""
        self.is_checking = True
        yield
        try:
            await services().wallet_books.check(self._actor(), self._caller())
            self._show(await services().wallet_books.read(self._actor()))
        except PortalError as error:
            await self._say_error(error)
        self.is_checking = False

    def _show(self, seen: BooksView) -> None:
        self.rules = [_row(rule) for rule in seen.rules]
        self.is_whole, self.has_books, self.chain = seen.is_whole, seen.transactions > 0, seen.chain
        size = text("books.size", transactions=f"{seen.transactions:,}", entries=f"{seen.entries:,}")
        self.last = text("books.last", at=at(seen.at, seen.zone), size=size) if seen.at else text("books.never")
        if seen.stopped_by:
            rule = text(f"ledger.rule.{seen.stopped_by}")
            since = at(seen.stopped_at, seen.zone) if seen.stopped_at else Text("—", "—")
            self.stopped = text("books.stopped", rule=rule, since=since)
        else:
            self.stopped = Text()
        self.is_loaded = True


def _row(rule: RuleView) -> BooksRuleRow:
    if rule.holds:
        return BooksRuleRow(text=rule.text, problem=Text())
    said = text("books.first", number=f"#{rule.first}") if rule.first else text("books.broken")
    return BooksRuleRow(text=rule.text, problem=said)
