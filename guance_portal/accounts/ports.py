"""What this context needs from the context that keeps the people of a realm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import SQLColumnExpression
from sqlmodel import SQLModel

from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of a realm. `site` names their time zone; it is empty for operators."""

    realm: Realm
    id: str
    name: str
    email: str
    language: Language
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The columns that everybody of a realm has, all of one table, so that finding a session stays one query."""

    table: type[SQLModel]
    id: SQLColumnExpression[str]
    name: SQLColumnExpression[str]
    email: SQLColumnExpression[str]
    language: SQLColumnExpression[Language]
    site: SQLColumnExpression[str]


class Directory(Protocol):
    """The people of one realm."""

    @property
    def realm(self) -> Realm:
        """Whose people these are."""
        ...

    @property
    def people(self) -> People:
        """Where they are kept."""
        ...

    def key(self, login: str, site: str) -> str:
        """What a login is looked up by, the same for all its spellings; empty for what can be nobody's."""
        ...

    async def find(self, work: UnitOfWork, login: str, site: str) -> str | None:
        """The id of the one person who signs in with this; None for nobody, or for several."""
        ...
