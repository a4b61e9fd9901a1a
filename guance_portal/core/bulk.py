"""Many rows in one statement: arrays on PostgreSQL; on SQLite, where no network lies between, one statement row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Row, Table, TextClause, insert, text
from sqlalchemy.dialects import postgresql as dialects
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

Values: TypeAlias = Mapping[str, Any]
Kinds: TypeAlias = tuple[tuple[str, str], ...]
"""The columns of rows that are handed over, each with its type on PostgreSQL."""


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows that all name the same columns: on PostgreSQL as one statement, which its triggers see as a whole."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(_insert(table, tuple(rows[0])), _columns(rows))
    else:
        await connection.execute(insert(table), rows)


@dataclass(frozen=True, slots=True)
class Part:
    """One change of a table by rows of these kinds.

    On PostgreSQL a statement with `{rows}` as the table `r` of them; on SQLite one for each row, or rows to insert.
    """

    name: str
    kinds: Kinds
    postgresql: str
    sqlite: str | Table


async def run_together(connection: AsyncConnection, parts: Sequence[tuple[Part, Sequence[Values]]]) -> None:
    """Run changes of several tables, each by at least one row: on PostgreSQL as one statement, else in their order."""
    if connection.dialect.name == "postgresql":
        values = {f"{part.name}_{name}": column for part, rows in parts for name, column in _columns(rows).items()}
        await connection.execute(_together(tuple(part for part, _ in parts)), values)
        return
    for part, rows in parts:
        change = insert(part.sqlite) if isinstance(part.sqlite, Table) else _text(part.sqlite)
        await connection.execute(change, rows)


async def select_for_rows(
    connection: AsyncConnection, rows: Sequence[Values], kinds: Kinds, query: str, **types: TypeEngine[Any]
) -> Sequence[Row[Any]]:
    """What a query answers that joins `{rows}`, the table `r` of these rows of integers or text; `types` of its columns."""
    if not rows:
        return []
    if connection.dialect.name == "postgresql":
        statement, values = _for_rows(query, kinds), _columns(rows)
    else:
        statement = _for_json(query, tuple(name for name, _ in kinds))
        values = {"rows": json.dumps([[row[name] for name, _ in kinds] for row in rows])}
    return (await connection.execute(statement.columns(**types), values)).all()


def _columns(rows: Sequence[Values]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


@cache
def _text(statement: str) -> TextClause:
    return text(statement)


@cache
def _insert(table: Table, names: tuple[str, ...]) -> TextClause:
    dialect = dialects.dialect()
    arrays = ", ".join(f"CAST(:{name} AS {table.c[name].type.compile(dialect)}[])" for name in names)
    return text(f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({arrays})")  # noqa: S608 - our own names


@cache
def _for_rows(statement: str, kinds: Kinds) -> TextClause:
    return text(statement.replace("{rows}", _unnested(kinds)))


@cache
def _together(parts: tuple[Part, ...]) -> TextClause:
    changes = (
        f"{part.name} AS ({part.postgresql.replace('{rows}', _unnested(part.kinds, f'{part.name}_'))})"
        for part in parts
    )
    return text(f"WITH {', '.join(changes)} SELECT 1")


def _unnested(kinds: Kinds, prefix: str = "") -> str:
    arrays = ", ".join(f"CAST(:{prefix}{name} AS {kind}[])" for name, kind in kinds)
    return f"unnest({arrays}) AS r ({', '.join(name for name, _ in kinds)})"


@cache
def _for_json(statement: str, names: tuple[str, ...]) -> TextClause:
    values = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
    return text(statement.replace("{rows}", f"(SELECT {values} FROM json_each(:rows)) AS r"))  # noqa: S608 - our own names
