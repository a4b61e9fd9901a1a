"""What every table is made of."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Enum, String
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel


class Row(SQLModel):
    """The base of every table; says what SQLModel's own annotation hides: a table's name is text."""

    if TYPE_CHECKING:
        __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]


def choice(kind: type[StrEnum]) -> Any:
    """A column that holds one of the values of `kind`, as text, and nothing else."""

    def values(members: type[StrEnum]) -> list[str]:
        return [member.value for member in members]

    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=values,
        validate_strings=True,
    )


def coded(parse: Callable[[str], Any]) -> Any:
    """A column of values that are text outside the program: `parse` reads them, `str` writes them.

    Unlike `choice` it admits values that are added later without a migration.
    """
    return _Coded(parse)


class _Coded(TypeDecorator[Any]):
    impl = String
    cache_ok = True

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__()
        self.parse = parse

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        del dialect
        return None if value is None else self.parse(value)
