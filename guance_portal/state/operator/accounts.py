"""运营后台: fee-centre accounts, found and turned over by address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.core.messages import Text, text
from guance_portal.operations.accounts import AccountLine, AccountPage
from guance_portal.state.addresses import LONGEST_ASKED, asked_page
from guance_portal.state.audience import Exempt, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment


class AccountSearch(Form):
    """What is looked for."""

    q: Annotated[
        str, Asked(label="operator.search", kind=FieldKind.SEARCH, help="operator.search_help", most=LONGEST_ASKED)
    ] = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of the list."""

    href: str
    username: str
    email: str
    company: str
    currency: Text
    workspaces: str
    has_arbitrary_choice: bool
    opened_at: Text


class OperatorAccountsState(PageMixin, rx.State):
    """A page of the list; `earlier` and `later` are the addresses beside it, empty at the ends."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    asked: rx.Field[str] = rx.field(default="")
    rows: rx.Field[list[AccountRow]] = rx.field(default_factory=list)
    count: rx.Field[Text] = rx.field(default_factory=Text)
    place: rx.Field[Text] = rx.field(default_factory=Text)
    earlier: rx.Field[str] = rx.field(default="")
    later: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_accounts(self) -> None:
        """Show what the address asks for."""
        self.asked = self._asked("q")
        found = await services().account_admin.find(self._actor(), self.asked, asked_page(self._asked("page")))
        self._show(found)

    @audience(Realm.OPERATOR, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: AccountSearch) -> rx.event.EventSpec:
        """查找: the address keeps it."""
        return rx.redirect(routes.operator_accounts(plain.search(form.q)))

    def _show(self, found: AccountPage) -> None:
        self.rows = [_row(line) for line in found.lines]
        self.count = text("operator.accounts_count", count=f"{found.total:,}")
        self.place = text("operator.page", page=found.page, pages=found.pages)
        self.earlier = routes.operator_accounts(self.asked, found.page - 1) if found.page > 1 else ""
        self.later = routes.operator_accounts(self.asked, found.page + 1) if found.page < found.pages else ""
        self.is_loaded = True


def _row(line: AccountLine) -> AccountRow:
    return AccountRow(
        href=routes.operator_fee_account(line.id),
        username=line.username,
        email=line.email,
        company=line.company,
        currency=text(f"fee_center.currency_{line.currency}"),
        workspaces=str(line.workspaces),
        has_arbitrary_choice=line.has_arbitrary_choice,
        opened_at=moment(line.opened_at, ""),
    )
