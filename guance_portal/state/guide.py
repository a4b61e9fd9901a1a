"""新手引导: install the first DataKit, and see its data arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import reflex as rx

from guance_portal import routes, sites
from guance_portal.accounts.members.access import MANAGERS
from guance_portal.accounts.members.workspaces import WorkspaceView
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Options
from guance_portal.core.messages import Text, text
from guance_portal.core.settings import Settings, settings
from guance_portal.metering.categories import Category
from guance_portal.metering.errors import TokenGraceError
from guance_portal.metering.tokens import Grace
from guance_portal.sites import Site
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.display import moment
from guance_portal.state.live import LiveMixin
from guance_portal.state.not_taken import NotTaken, not_taken


def _graces() -> Options:
    return {"": {str(int(grace)): text(f"guide.grace_{int(grace)}") for grace in Grace}}


class GraceForm(Form):
    """When the old token dies, in seconds."""

    grace: Annotated[
        str, Asked(label="guide.grace", kind=FieldKind.CHOICE, help="guide.grace_help", most=10, options=_graces)
    ] = str(int(Grace.TEN_MINUTES))


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """Points of one kind of data."""

    name: Text
    points: str


class GuideState(LiveMixin, FormMixin, rx.State):
    """What has arrived, and the token: sent to owner and admin alone, and only when they ask for it."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    has_workspace: rx.Field[bool] = rx.field(default=False)
    is_waiting_for_settlement: rx.Field[bool] = rx.field(default=False)
    is_manager: rx.Field[bool] = rx.field(default=False)
    gateway: rx.Field[str] = rx.field(default="")
    token: rx.Field[str] = rx.field(default="")
    is_shown: rx.Field[bool] = rx.field(default=False)
    is_replacing: rx.Field[bool] = rx.field(default=False)
    has_arrived: rx.Field[bool] = rx.field(default=False)
    is_installed: rx.Field[bool] = rx.field(default=False)
    not_taken: rx.Field[list[NotTaken]] = rx.field(default_factory=list)
    host: rx.Field[str] = rx.field(default="")
    first_at: rx.Field[Text] = rx.field(default_factory=Text)
    rows: rx.Field[list[CategoryRow]] = rx.field(default_factory=list)

    _workspace_id: str = ""

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_guide(self) -> None:
        """Show how far the session's workspace has come, and follow it from here."""
        self._start()
        self._unfollow()
        self.token, self.is_shown, self.is_replacing = "", False, False
        actor = self._actor()
        here = await services().workspaces.current(actor)
        self.has_workspace, self._workspace_id = here is not None, here.id if here else ""
        self.is_manager = here is not None and here.role in MANAGERS
        if here is None:
            self.is_waiting_for_settlement = await services().onboarding.progress.pending(actor) is not None
        else:
            version = (await services().usage.versions([here.id]))[here.id]
            self.gateway = gateway_of(sites.get(here.site), settings())
            await self._show_arrival(actor, here)
            self._follow(here.id, version)
        self.is_loaded = True

    @audience(Realm.CONSOLE)
    @rx.event
    async def show_token(self) -> None:
        """显示: let the browser have the token and put it into the commands."""
        await self._fetch()
        self.is_shown = bool(self.token)

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def hide_token(self) -> None:
        """隐藏: the page holds it no more."""
        self.token, self.is_shown = "", False

    @audience(Realm.CONSOLE)
    @rx.event
    async def fetch_token(self) -> None:
        """复制: let the browser have the token for a moment, unseen."""
        await self._fetch()

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def drop_hidden_token(self) -> None:
        """After copying: nothing is kept that is not shown."""
        if not self.is_shown:
            self.token = ""

    @audience(Realm.CONSOLE)
    @rx.event
    def open_replacement(self) -> None:
        """更换 Token: ask when the old one becomes invalid."""
        self._start()
        self.is_replacing = True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_replacement(self) -> None:
        """Keep the token."""
        self.is_replacing = False

    @audience(Realm.CONSOLE)
    @rx.event
    async def replace_token(self, form: GraceForm) -> None:
        """Make a new token; the commands hold it from now on."""
        self._begin()
        try:
            grace = _grace(form.grace)
            token = await services().tokens.replace(self._actor(), grace, self._caller())
        except PortalError as error:
            self._fail(error)
            return
        self.token = token if self.is_shown else ""
        self.is_busy = self.is_replacing = False
        await self._say(f"guide.replaced_{int(grace)}")

    async def _fetch(self) -> None:
        try:
            self.token = await services().tokens.show(self._actor())
        except PortalError as error:
            self.token = ""
            await self._say_error(error)

    async def _arrive(self) -> bool:
        session = await self._live_session()
        here = await services().workspaces.current(session.actor) if session else None
        is_open = routes.normal(self.router.url.path) == routes.ONBOARDING
        if session is None or here is None or here.id != self._workspace_id or not is_open:
            self.token, self.is_shown = "", False
            return False
        await self._show_arrival(session.actor, here)
        return True

    async def _show_arrival(self, actor: Actor, here: WorkspaceView) -> None:
        site = here.site
        arrival = await services().usage.arrival(actor)
        self.has_arrived = arrival is not None
        # Every DataKit tells of its host by itself; a line sent by hand does not.
        self.is_installed = arrival is not None and arrival.points.get(Category("object"), 0) > 0
        self.not_taken = await not_taken(actor, here.role, site)
        self.host = arrival.host if arrival else ""
        self.first_at = moment(arrival.first_accepted_at, site) if arrival else Text()
        counts = sorted(arrival.points.items(), key=lambda count: -count[1]) if arrival else []
        self.rows = [CategoryRow(text(f"guide.category.{name}"), f"{points:,}") for name, points in counts if points]


def gateway_of(site: Site, chosen: Settings) -> str:
    """Where the DataKits of a site send their data.

    The gateway that the settings name; without one the portal itself in the sandbox, else the site's own.
    """
    if chosen.gateway_url or chosen.is_sandbox:
        return chosen.effective_gateway_url
    return f"https://{site.gateway_host}"


def _grace(seconds: str) -> Grace:
    try:
        return Grace(int(seconds))
    except ValueError:
        raise TokenGraceError(field="grace") from None
