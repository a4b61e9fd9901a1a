"""Short notices (toasts): one at a time, in both languages, shown by the layout of every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import reflex as rx
from pydantic import Field
from reflex.state import BaseState

from guance_portal.core.messages import Text, text
from guance_portal.state.audience import ANYONE, audience

UNDER_WAY = frozenset({"is_busy", "is_sending", "is_checking", "replaying"})
"""The vars by which a state says that it is doing something; they are empty or False again when that has broken."""


class NoticeState(rx.State):
    """What the toast region shows; `serial` grows with each notice so that a repeat is announced again."""

    message: rx.Field[Text] = rx.field(default_factory=Text)
    detail: rx.Field[Text] = rx.field(default_factory=Text)
    is_problem: rx.Field[bool] = rx.field(default=False)
    serial: rx.Field[int] = rx.field(default=0)

    def _say(self, message: Text, *, is_problem: bool = False, detail: Text | None = None) -> None:
        self.message, self.detail = message, detail or Text()
        self.is_problem = is_problem
        self.serial += 1

    @audience(ANYONE)
    @rx.event
    def dismiss(self) -> None:
        """Close the notice."""
        self.message, self.detail = Text(), Text()

    @audience(ANYONE)
    @rx.event
    async def report_fault(
        self,
        error_id: Annotated[str, Field(pattern=r"^e-[0-9a-f]{12}$")],
        broken: Annotated[str, Field(max_length=500)] = "",
        is_outage: bool = False,  # noqa: FBT001, FBT002 - arguments of an event have no keywords
    ) -> None:
        """Tell the person that something broke on our side, or that nothing can be saved, with the id to quote.

        `broken` names the state it broke in: its form can be sent again.
        """
        kind = "outage" if is_outage else "fault"
        self._say(text(f"{kind}.message"), is_problem=True, detail=text(f"{kind}.detail", id=error_id))
        state = next((one for one in _all_below(rx.State) if one.get_full_name() == broken), None)
        if state:
            form: Any = await self.get_state(state)
            for name in UNDER_WAY.intersection(dir(form)):
                setattr(form, name, type(getattr(form, name))())


def _all_below(root: type[BaseState]) -> Iterator[type[BaseState]]:
    for state in root.get_substates():
        yield state
        yield from _all_below(state)
