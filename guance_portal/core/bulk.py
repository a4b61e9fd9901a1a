"""Many rows in one statement: arrays on PostgreSQL; on SQLite, where no network lies between, one statement row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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


async def run_for_rows(
    connection: AsyncConnection, rows: Sequence[Values], kinds: Kinds, *, postgresql: str, sqlite: str
) -> None:
    """Run a statement for rows of integers, text or dates.

    On PostgreSQL once, with `{rows}` as the table `r` of them; on SQLite for each row, whose values are its parameters.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(_for_rows(postgresql, kinds), _columns(rows))
    else:
        await connection.execute(_text(sqlite), rows)


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
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in kinds)
    names = ", ".join(name for name, _ in kinds)
    return text(statement.replace("{rows}", f"unnest({arrays}) AS r ({names})"))


@cache
def _for_json(statement: str, names: tuple[str, ...]) -> TextClause:
    values = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
    return text(statement.replace("{rows}", f"(SELECT {values} FROM json_each(:rows)) AS r"))  # noqa: S608 - our own names
