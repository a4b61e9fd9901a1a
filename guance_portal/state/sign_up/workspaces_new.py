"""新建工作空间: open another workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal import routes
from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Id, Line
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language, Text
from guance_portal.onboarding.forms import EditionName, WorkspaceForm
from guance_portal.onboarding.orders import Agreed, WorkspaceOrder
from guance_portal.state.audience import DISPLAY_ONLY, SAME_PERSON, audience
from guance_portal.state.sign_up.form import Agreeing, SignUpMixin, read_accepted
from guance_portal.state.typed import TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(WorkspaceForm.text_name)]


class NewWorkspaceForm(Agreeing, WorkspaceForm):
    """What is typed and chosen; `idempotency_key` names this act, so that a repeated form opens nothing more."""

    idempotency_key: Id = ""
    edition: EditionName = "free"


class NewWorkspaceState(TypedMixin, SignUpMixin, rx.State):
    """What may be opened here, and by whom it would be paid."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    idempotency_key: rx.Field[str] = rx.field(default="")
    site: rx.Field[Text] = rx.field(default_factory=Text)
    edition: rx.Field[str] = rx.field(default=Edition.FREE.value)
    fee_username: rx.Field[str] = rx.field(default="")
    has_agreed: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_new_workspace(self) -> rx.event.EventSpec | None:
        """Show the offer; anyone who stopped half-way in signing up finishes that first."""
        if await services().onboarding.progress.pending(self._actor()):
            return rx.redirect(routes.REGISTER_SETTLEMENT, replace=True)
        self._start()
        offer = await services().onboarding.offers.offer(self._actor())
        self.site, self.fee_username, self.has_agreed = offer.site.name, offer.fee_username, offer.has_agreed
        self.edition = Edition.COMMERCIAL.value if offer.fee_username else Edition.FREE.value
        self.idempotency_key, self.is_loaded = new_id("once"), True
        return None

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def choose_edition(self, edition: EditionName) -> None:
        """Show what the edition needs."""
        self.edition = edition

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, field: _Field, value: Line) -> None:
        """Say what is wrong with a field that is left."""
        self._leave_unkept(WorkspaceForm, field, value)

    @audience(Realm.CONSOLE, page=SAME_PERSON)
    @rx.event
    async def open_workspace(self, form: NewWorkspaceForm) -> AsyncIterator[Any]:
        """新建: open it, look at it, and go on to the guide."""
        self._begin()
        yield
        try:
            accepted = read_accepted(form.versions) if form.agreements else ()
            order = WorkspaceOrder(
                actor=self._actor(),
                caller=self._caller(),
                name=form.name,
                language=Language.of(form.workspace_language),
                edition=Edition(form.edition),
            )
            agreed = Agreed(language=Language.of(form.language), accepted=accepted)
            await services().onboarding.openings.open_another(order, agreed, idempotency_key=form.idempotency_key)
        except PortalError as error:
            self._fail_all(error)
        else:
            self.is_busy = False
            yield rx.redirect(routes.ONBOARDING)
