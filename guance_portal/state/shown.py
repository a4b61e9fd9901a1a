"""Whom and which workspace a page was drawn for: compared with the session whenever the page calls a handler.

All tabs of a browser share one session, and with it the workspace that is looked at. A tab that was drawn before
another tab switched still shows the old workspace. The mark of what was drawn therefore stands in the page, and the
browser sends it back with every event (build/shown_mark.py). It is only compared: what a handler acts on always comes
from the session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import reflex as rx

from guance_portal.accounts.members.access import is_limited
from guance_portal.accounts.members.workspaces import WorkspaceView
from guance_portal.accounts.sessions.views import LiveSession
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Text, text
from guance_portal.core.tokens import digest
from guance_portal.state.audience import SAME_PERSON, Exempt, PageRule
from guance_portal.state.connection import MARK_FIELD

DRAWN = "drawn"
"""Under this name the router data of a page load carry the mark to its last event, which publishes it."""
NOTHING = ""
"""The mark of a page that has not shown anything yet."""
_NOBODY = "-"
_LONGEST = 400


class ShownState(rx.State):
    """The mark of this tab's page, and what is said when it no longer fits; `refusals` counts how often it did not.

    `back_to` is the workspace that the page shows, while the person may still look at it; `back_name` its name.
    """

    mark: rx.Field[str] = rx.field(default=NOTHING)
    problem: rx.Field[Text] = rx.field(default_factory=Text)
    refusals: rx.Field[int] = rx.field(default=0)
    back_to: rx.Field[str] = rx.field(default="")
    back_name: rx.Field[str] = rx.field(default="")

    def _publish(self, mark: str) -> None:
        self.mark = mark
        self._clear()

    def _clear(self) -> None:
        self.problem, self.back_to, self.back_name = Text(), "", ""


def mark_of(actors: Iterable[Actor]) -> str:
    """The mark of a page that is drawn for these people, one a realm."""
    return " ".join(f"{actor.realm}:{_person(actor)}:{_place(actor.workspace_id)}" for actor in actors) or _NOBODY


def fits(router_data: Mapping[str, Any], actor: Actor | None, realm: Realm, rule: PageRule) -> bool:
    """Whether the page that sent an event may call a handler with this rule, as this person or as nobody."""
    if isinstance(rule, Exempt):
        return True
    mark = router_data.get(MARK_FIELD)
    if mark == NOTHING:
        return True
    if not isinstance(mark, str) or len(mark) > _LONGEST:
        return False
    person, place = _part(mark, realm)
    if actor is None:
        return not person
    return person == _person(actor) and (rule is SAME_PERSON or place == _place(actor.workspace_id))


async def explain(
    state: ShownState, router_data: Mapping[str, Any], session: LiveSession | None, *, is_replaced: bool = False
) -> None:
    """Say what the page showed and what the session stands for now, and offer the ways on.

    `is_replaced`: the session is not that of this tab, but one that the browser was given since; only loading helps.
    """
    state._clear()
    state.refusals += 1
    if session is None:
        state.problem = text("shown.nobody")
        return
    person, place = _part(str(router_data.get(MARK_FIELD, "")), session.actor.realm)
    if person != _person(session.actor):
        state.problem = text("shown.other_person" if person else "shown.again", now=session.name)
    elif is_replaced and place == _place(session.actor.workspace_id):
        state.problem = text("shown.again", now=session.name)
    elif session.actor.realm is not Realm.CONSOLE:
        state.problem = text("shown.limited" if is_limited(session.actor) else "shown.whole")
    else:
        mine = await services().workspaces.mine(session.actor)
        before = next((one for one in mine if _place(one.id) == place), None)
        now = next((one for one in mine if one.is_current), None)
        state.problem = _text(before, now)
        if before and not is_replaced:
            state.back_to, state.back_name = before.id, before.name


def _text(before: WorkspaceView | None, now: WorkspaceView | None) -> Text:
    if before and now:
        return text("shown.other_workspace", before=before.name, now=now.name)
    if before:
        return text("shown.no_workspace", before=before.name)
    return text("shown.lost_workspace", now=now.name) if now else text("shown.lost")


def _part(mark: str, realm: Realm) -> tuple[str, str]:
    """Person and place of a realm in a mark; both empty where it names nobody of the realm."""
    for part in mark.split(" "):
        name, _, rest = part.partition(":")
        if name == realm.value:
            person, _, place = rest.partition(":")
            return person, place
    return "", ""


def _person(actor: Actor) -> str:
    return digest(f"{actor.realm}:{actor.subject_id}")[:16]


def _place(workspace_id: str) -> str:
    return digest(workspace_id)[:16]
