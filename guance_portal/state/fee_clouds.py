"""云账号: the registered cloud accounts of a fee-centre account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import reflex as rx

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.words import Text, text
from guance_portal.payers.rules import CloudState
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment

if TYPE_CHECKING:
    from guance_portal.payers.cloud_accounts import CloudAccountView


@dataclass(frozen=True, slots=True)
class CloudRow:
    """One cloud account, its ids masked."""

    provider: str
    name: Text
    account: str
    instance: str
    is_live: bool
    workspaces: int
    registered_at: Text


class FeeCloudsState(PageMixin, rx.State):
    """The list."""

    rows: rx.Field[list[CloudRow]] = rx.field(default_factory=list)
    count: rx.Field[int] = rx.field(default=0)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_clouds(self) -> None:
        """Read the list."""
        self.rows, self.count, self.is_loaded = [], 0, False
        try:
            views = await services().cloud_accounts.mine(self._actor())
        except PasswordNeededError:
            return
        self.rows, self.count, self.is_loaded = [_row(view) for view in views], len(views), True


def _row(view: CloudAccountView) -> CloudRow:
    return CloudRow(
        provider=view.provider.value,
        name=text(f"settlement_method.{view.provider}"),
        account=view.account,
        instance=view.instance,
        is_live=view.state is CloudState.LIVE,
        workspaces=len(view.workspaces),
        registered_at=moment(view.registered_at, ""),
    )
