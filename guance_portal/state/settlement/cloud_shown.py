"""What the dialog of a cloud account shows: opened in one of its places, and following what comes in."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text
from guance_portal.payers.cloud_errors import MarketplaceMissingError
from guance_portal.payers.cloud_ids import is_account
from guance_portal.sites import Provider
from guance_portal.state.base import FormMixin
from guance_portal.state.live import Followed, LiveMixin
from guance_portal.state.settlement.cloud_places import Opened, look
from guance_portal.state.settlement.cloud_rows import CloudPurpose, Failure, arrived, lead, title

_SHOWN = 300
"""Characters of an id that are kept: more than any has."""


class CloudShownMixin(LiveMixin, FormMixin, mixin=True):
    """One dialog for every provider; `address` says in the address that it is open, and for which workspace.

    `has_gone`: the marketplace was opened. `received` is the (masked) account that came in, `waited` for how many
    seconds it had been waited for when the `waits`-th waiting was shown.
    """

    is_open: rx.Field[bool] = rx.field(default=False)
    address: rx.Field[str] = rx.field(default="")
    place: rx.Field[str] = rx.field(default=CloudPurpose.WORKSPACE.value)
    provider: rx.Field[str] = rx.field(default="")
    is_typed: rx.Field[bool] = rx.field(default=False)
    title: rx.Field[Text] = rx.field(default_factory=Text)
    lead: rx.Field[Text] = rx.field(default_factory=Text)
    workspace: rx.Field[str] = rx.field(default="")
    url: rx.Field[str] = rx.field(default="")
    has_gone: rx.Field[bool] = rx.field(default=False)
    account: rx.Field[str] = rx.field(default="")
    instance: rx.Field[str] = rx.field(default="")
    serial: rx.Field[int] = rx.field(default=0)
    is_account_good: rx.Field[bool] = rx.field(default=False)
    failure: rx.Field[Failure] = rx.field(default_factory=Failure)
    received: rx.Field[str] = rx.field(default="")
    waited: rx.Field[int] = rx.field(default=0)
    waits: rx.Field[int] = rx.field(default=0)

    _workspace_id: str = ""
    _site: str = ""
    _received_id: str = ""
    _began: float = 0.0

    async def _open(self, place: CloudPurpose, provider: str, workspace_id: str) -> bool:
        try:
            if provider not in set(Provider):
                raise MarketplaceMissingError
            await self._begin_at(place, Provider(provider), workspace_id, is_new=True)
        except PortalError as error:
            self._forget()
            await self._say_error(error)
            return False
        return True

    async def _begin_at(self, place: CloudPurpose, provider: Provider, workspace_id: str, *, is_new: bool) -> None:
        self._start()
        opened = await look(self._actor(), place, provider, workspace_id, self._caller())
        draft = await services().cloud_drafts.open(self._actor(), workspace_id, provider, is_new=is_new)
        self._workspace_id, self._site, self._began = workspace_id, opened.site, draft.began_at.timestamp()
        self.place, self.provider, self.is_typed = place.value, provider.value, provider.is_typed
        self.title, self.lead = title(provider, place), lead(provider, place)
        self.workspace, self.url, self.failure = opened.workspace, opened.url, Failure()
        self.has_gone = not is_new or bool(draft.instance)
        self.waited, self.waits = draft.waited, self.waits + 1
        self._type(draft.account or opened.account, draft.instance or opened.instance)
        self._receive(opened)
        named = "" if self._in_console() or not workspace_id else f".{workspace_id}"
        self.is_open, self.address = True, f"{provider}{named}"
        self._follow(opened.clouds.fee_account_id, opened.clouds.version, Followed.SETTLEMENT)

    def _receive(self, opened: Opened) -> None:
        """What has come in of what is waited for; it may have been cancelled again."""
        if self.is_typed:
            return
        since = 0.0 if self.place == CloudPurpose.SIGN_UP else self._began
        found = arrived(opened.clouds, Provider(self.provider), since)
        self.received, self._received_id = (found.account, found.id) if found else ("", "")

    def _in_console(self) -> bool:
        return routes.realm_of(routes.normal(self.router.url.path)) is Realm.CONSOLE

    def _type(self, account: str, instance: str) -> None:
        """What the fields hold: cleaned of what only came along."""
        self.account, self.instance = account[:_SHOWN], instance[:_SHOWN]
        self.is_account_good = bool(self.provider) and is_account(Provider(self.provider), account)
        self.serial += 1

    def _forget(self) -> None:
        self._unfollow()
        self._start()
        self.is_open, self.address, self.failure = False, "", Failure()
        self.received, self._received_id, self.has_gone = "", "", False

    async def _arrive(self) -> bool:
        session = await self._live_session(routes.realm_of(routes.normal(self.router.url.path)))
        if session is None or not self.is_open:
            return False
        try:
            opened = await self._look_again(session.actor)
        except PortalError:
            return False
        self._receive(opened)
        return True

    async def _look_again(self, actor: Actor) -> Opened:
        return await look(actor, CloudPurpose(self.place), Provider(self.provider), self._workspace_id, self._caller())
