"""账户概览: who the account is."""

from __future__ import annotations

import reflex as rx

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment


class FeeOverviewState(PageMixin, rx.State):
    """The company and the account; `company` is empty for an account that was opened without one."""

    username: rx.Field[str] = rx.field(default="")
    company: rx.Field[str] = rx.field(default="")
    currency: rx.Field[Text] = rx.field(default_factory=Text)
    opened_at: rx.Field[Text] = rx.field(default_factory=Text)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_overview(self) -> None:
        """Read the account."""
        self.company, self.is_loaded = "", False
        try:
            view = await services().fee_center.account(self._actor())
        except PasswordNeededError:
            return
        self.username, self.company = view.username, view.company.company_name if view.company else ""
        self.currency, self.opened_at = text(f"fee_center.currency_{view.currency}"), moment(view.opened_at, view.site)
        self.is_loaded = True
