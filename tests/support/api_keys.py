"""API keys of workspaces, as their owner makes them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from guance_portal.accounts.keys.rules import Scope
from guance_portal.accounts.keys.service import KeyOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm

ALL = frozenset(Scope)


async def api_key(services: Services, owner_id: str, workspace_id: str, scopes: AbstractSet[Scope] = ALL) -> str:
    """A new key of the workspace."""
    owner = Actor(realm=Realm.CONSOLE, subject_id=owner_id, session_id="sess_1", workspace_id=workspace_id)
    caller = Caller(address="127.0.0.1", user_agent="", visitor="")
    order = KeyOrder(actor=owner, caller=caller, workspace_id=workspace_id, name="程序", scopes=scopes)
    return await services.api_keys.create(order)
