"""What attempts are counted by: keys that are the same however a person spells what they type.

A limit that counts what was typed counts each spelling for itself, so that full-width letters or another case give
as many tries again. Every limit therefore names a kind of key, and keys are made by the functions here alone (and,
for logins, by `accounts/identity/login_keys.py`, from what the login is looked up by).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guance_portal.core.actor import Caller, Realm
from guance_portal.core.networks import network_of


class KeyKind(StrEnum):
    """The kinds of keys."""

    NETWORK = "network"
    BROWSER = "browser"
    ACCOUNT = "account"
    WORKSPACE = "workspace"
    LOGIN = "login"
    LOGIN_IN_PLACE = "login in place"


@dataclass(frozen=True, slots=True)
class LimitKey:
    """What one limit counts by; made by mappers only, which a test sees to."""

    kind: KeyKind
    value: str


def of_network(address: str) -> LimitKey:
    """Where somebody is: their address, or the network it counts as."""
    return LimitKey(KeyKind.NETWORK, network_of(address))


def of_browser(caller: Caller, session_hash: str = "") -> LimitKey:
    """The browser: by its session, else by its visitor cookie; without either by its network."""
    return LimitKey(KeyKind.BROWSER, session_hash or caller.visitor or network_of(caller.address))


def of_account(realm: Realm, account_id: str) -> LimitKey:
    """A person or account of a realm, by an id that we gave."""
    return LimitKey(KeyKind.ACCOUNT, f"{realm}:{account_id}")


def of_workspace(workspace_id: str) -> LimitKey:
    """A workspace, no matter which of its people or machines asks."""
    return LimitKey(KeyKind.WORKSPACE, workspace_id)


def in_place(login: LimitKey, caller: Caller, *, is_known: bool) -> LimitKey:
    """A login together with the browser that is known for it, or else with the network it is tried from."""
    place = caller.visitor if is_known else network_of(caller.address)
    return LimitKey(KeyKind.LOGIN_IN_PLACE, f"{login.value}:{place}")
