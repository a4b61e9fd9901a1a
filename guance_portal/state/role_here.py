"""Why somebody sees no plan, usage and money, and whom to ask: shown on 账号设置, where they are sent instead."""

from __future__ import annotations

import reflex as rx

from guance_portal.accounts.members.access import MANAGERS
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin


class RoleHereState(PageMixin, rx.State):
    """`why` is empty for owner and administrators; `has_none`: there is no workspace at all to go to."""

    why: rx.Field[Text] = rx.field(default_factory=Text)
    has_none: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_role_here(self) -> None:
        """Find out what the person is in the workspace that the session looks at."""
        actor = self._actor()
        mine = await services().workspaces.mine(actor)
        here = await services().workspaces.role_here(actor)
        self.has_none = not mine
        if here is None:
            self.why = text("account.lost_workspace" if mine else "account.no_workspace")
        elif here.role in MANAGERS:
            self.why = Text()
        else:
            name = next((one.name for one in mine if one.is_current), "")
            self.why = text("account.role", workspace=name, role=text(f"role.{here.role}"), owner=here.owner)
