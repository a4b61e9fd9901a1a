"""A username that is checked while it is typed, with others to take when it is somebody's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import reflex as rx

from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.core.checklist import every_problem
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.state.base import FormMixin

_A_MOMENT = 0.15
"""Seconds that an answer may take before the page says that it is being looked for."""


class UsernameMixin(FormMixin, mixin=True):
    """A form with the field `username`.

    `free_name` says that the name can be had and as what it will be stored; `suggestions` are free names like a
    taken one, and `renames` grows when one of them is put into the field.
    """

    is_checking: rx.Field[bool] = rx.field(default=False)
    free_name: rx.Field[Text] = rx.field(default_factory=Text)
    suggestions: rx.Field[list[str]] = rx.field(default_factory=list)
    renames: rx.Field[int] = rx.field(default=0)

    def _forget_name(self) -> None:
        self.is_checking, self.free_name, self.suggestions = False, Text(), []

    def _fail_name(self, error: PortalError) -> None:
        """What a refused form says of the name, beside its problem: others to take when it is somebody's."""
        for problem in every_problem(error):
            if isinstance(problem, UsernameTakenError):
                self.free_name, self.suggestions = Text(), list(problem.suggestions)

    async def _recall_name(self, typed: str, check: Callable[[str], Awaitable[str]]) -> None:
        """Say of a name typed before that it is somebody's by now; nothing of any other."""
        if not typed.strip():
            return
        try:
            await check(typed)
        except UsernameTakenError as taken:
            self.problems["username"] = text(taken.code, **taken.params)
            self._fail_name(taken)
        except PortalError:
            # Said when it is typed or sent; and one who reloads often need not be told that it is often.
            return

    async def _check_name(self, typed: str, check: Callable[[str], Awaitable[str]]) -> AsyncIterator[None]:
        """Say whether the name can be had; `check` gives its stored form or raises what speaks against it."""
        self._forget_name()
        self.problems.pop("username", None)
        if not typed.strip():
            return
        checking = asyncio.ensure_future(check(typed))
        if not (await asyncio.wait({checking}, timeout=_A_MOMENT))[0]:
            self.is_checking = True
            yield
        try:
            stored = await checking
        except PortalError as error:
            self.problems["username"] = text(error.code, **error.params)
            self._fail_name(error)
        else:
            words = "sign_up.username_free" if stored == typed else "sign_up.username_stored"
            self.free_name = text(words, name=stored)
        self.is_checking = False
