"""运营后台: the debt of one fee-centre account, and whether it is locked."""

from __future__ import annotations

import reflex as rx

from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.debt_rows import DebtShown, debt_shown, in_zone


class OperatorDebtState(PageMixin, rx.State):
    """What the account owes; `locks` is when it will be locked, or was."""

    debt: rx.Field[DebtShown] = rx.field(default_factory=DebtShown)
    began: rx.Field[Text] = rx.field(default_factory=Text)
    locks: rx.Field[Text] = rx.field(default_factory=Text)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_account_debt(self) -> None:
        """Read the debt of the account that the address names."""
        self.debt, self.began, self.locks, self.is_loaded = DebtShown(), Text(), Text(), False
        seen = await services().debt_views.of_account(self._actor(), self._asked("id", 60))
        if seen is None:
            return
        self.debt, self.is_loaded = debt_shown(seen), True
        if seen.countdown:
            self.began = in_zone(seen.countdown.began_at, seen.zone)
            self.locks = in_zone(seen.countdown.locks_at, seen.zone)
