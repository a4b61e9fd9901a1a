"""A login as limits count it: by what the directory looks it up by, not by how it is spelt."""

from __future__ import annotations

from guance_portal.accounts.ports import Directory
from guance_portal.core.limit_keys import KeyKind, LimitKey


def of_login(directory: Directory, login: str, site: str) -> LimitKey:
    """One key for every spelling that finds the same person.

    What cannot be anybody's login finds nobody in any spelling; it counts as it was typed.
    """
    mapped = directory.key(login, site) or f"nobody:{login.strip().casefold()}"
    return LimitKey(KeyKind.LOGIN, f"{directory.realm}:{mapped}")
