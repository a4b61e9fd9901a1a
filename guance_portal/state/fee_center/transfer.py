"""对公转账: where the money goes, and the code that it carries."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.ledger.chart import Kind
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.fee_center.amounts import amount

_LONGEST_AMOUNT = 40


@dataclass(frozen=True, slots=True)
class TransferShown:
    """The account and the code; `code` in two groups for the eye, `plain_code` as it is written. `everything` is for copying."""

    code: str = ""
    plain_code: str = ""
    holder: str = ""
    number: str = ""
    bank: str = ""
    bank_code: str = ""
    amount: str = ""
    least: Text = field(default_factory=Text)
    everything: Text = field(default_factory=Text)


class TransferState(PageMixin, rx.State):
    """The page; `has_account` is False where no account is set up for the currency."""

    shown: rx.Field[TransferShown] = rx.field(default_factory=TransferShown)
    has_account: rx.Field[bool] = rx.field(default=False)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    back: rx.Field[str] = rx.field(default=routes.RECHARGE)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_transfer(self) -> None:
        """Show where to; the amount of the address too, where a transfer can be of so much."""
        asked = self._asked("amount", _LONGEST_AMOUNT)
        seen = await services().recharge_service.transfer(self._actor())
        self.is_loaded, self.has_account = True, seen.account is not None
        self.back = routes.recharge(asked)
        self.shown = TransferShown()
        if seen.account is None:
            return
        wanted = await self._wanted(asked)
        half = len(seen.code) // 2
        account = seen.account
        lines = {"holder": account.holder, "number": account.number, "bank": account.bank, "code": account.code}
        self.shown = TransferShown(
            code=f"{seen.code[:half]} {seen.code[half:]}",
            plain_code=seen.code,
            holder=account.holder,
            number=account.number,
            bank=account.bank,
            bank_code=account.code,
            amount=wanted,
            least=text("transfer.least", least=amount(seen.least, seen.currency)),
            everything=text("transfer.everything", remittance=seen.code, amount=wanted or "—", **lines),
        )

    async def _wanted(self, asked: str) -> str:
        try:
            seen = await services().recharge_service.preview(self._actor(), Kind.BANK, asked)
        except PortalError:
            return ""
        return amount(seen.minor, seen.currency)
