"""资料 of a console user: shown on 账号设置, and edited in a dialog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal.accounts.identity import contact, phones
from guance_portal.accounts.identity.profile import Profile, ProfileForm
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Line, blank
from guance_portal.core.messages import text
from guance_portal.state.audience import DISPLAY_ONLY, SAME_PERSON, audience
from guance_portal.state.session import ViewerState
from guance_portal.state.typed import TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(ProfileForm.text_name)]


class ProfileState(TypedMixin, rx.State):
    """The profile as it is kept; `openings` grows with each opening of the dialog, which then shows it again."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(ProfileForm))
    phone: rx.Field[str] = rx.field(default="")
    needs_phone: rx.Field[bool] = rx.field(default=True)
    calling_code: rx.Field[str] = rx.field(default="")
    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)
    _site: str = ""

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_profile(self) -> None:
        """Read it."""
        self._start()
        self.is_open = False
        self._show(await services().profiles.view(self._actor()))

    @audience(Realm.CONSOLE, page=SAME_PERSON)
    @rx.event
    async def open_profile(self) -> None:
        """Edit what is kept now."""
        self._start()
        self._show(await services().profiles.view(self._actor()))
        self.openings += 1
        self.is_open = True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_profile(self) -> None:
        """Change nothing."""
        self.is_open = False

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, field: _Field, value: Line) -> None:
        """Say what is wrong with a field that is left; the name that is kept may be older than the rules."""
        if field == "phone":
            self._judge(field, phones.phone_problem(value, self._site) if value or field in self.problems else None)
        elif value == self.typed["username"]:
            self._judge(field, None)
        else:
            self._leave_unkept(ProfileForm, field, value)

    @audience(Realm.CONSOLE, page=SAME_PERSON)
    @rx.event
    async def save_profile(self, form: ProfileForm) -> AsyncIterator[Any]:
        """Take the form."""
        self._begin()
        yield None
        try:
            profile = await services().profiles.change(self._actor(), form, self._caller())
        except FormProblemsError as error:
            self._refuse({one.field: text(one.code, **one.params) for one in error})
            return
        except PortalError as error:
            self._fail(error)
            return
        self._show(profile)
        self.is_busy = self.is_open = False
        await self._say("account.profile_saved")
        yield ViewerState.load_viewer

    def _show(self, profile: Profile) -> None:
        self.phone, self._site = profile.phone, profile.site.code
        self.needs_phone = phones.needs_phone(profile.site)
        self.calling_code = contact.calling_code(profile.site.country)
        # Its own country's code stands before the field.
        self._take(ProfileForm(username=profile.username, phone=profile.phone.removeprefix(self.calling_code)))
