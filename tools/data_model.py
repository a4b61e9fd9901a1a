"""Writes docs/data-model.md, the tables of each context and how they refer to each other: `python -m tools.data_model`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint
from sqlmodel import SQLModel

from guance_portal.core import migrate
from guance_portal.core.rows import Row

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "data-model.md"
# SQLModel's own text type, and how the portal keeps a value of an enumeration that may grow.
_KINDS = {"autostring": "text", "_coded": "enum", "biginteger": "bigint", "largebinary": "bytes"}
_HEAD = """# Data model

Made from the tables by `python -m tools.data_model`; a test fails while it is out of date. One diagram for each context, in
[Mermaid](https://mermaid.js.org/syntax/entityRelationshipDiagram.html). A table of another context is drawn without its
columns. `PK` is the primary key, `FK` a reference, `UK` a value that is unique by itself.
"""


def document() -> str:
    """The whole page."""
    migrate.load_tables()
    models = sorted(_models(), key=lambda model: (_context(model), model.__tablename__))
    parts = [_HEAD]
    for context, of_context in groupby(models, key=_context):
        parts.append(_section(context, list(of_context)))
    return "\n".join(parts)


def _models() -> Iterator[type[Row]]:
    return (model for model in Row.__subclasses__() if "__table__" in model.__dict__)


def _context(model: type[Row]) -> str:
    return model.__module__.split(".")[1]


def _section(context: str, models: list[type[Row]]) -> str:
    tables = [_table(model) for model in models]
    lines = [f"## {context}", "", "| Table | What a row is |", "|---|---|"]
    lines += [f"| `{model.__tablename__}` | {_summary(model)} |" for model in models]
    lines += ["", "```mermaid", "erDiagram"]
    for table in tables:
        lines += [f"    {table.name} {{", *(f"        {_column(table, column)}" for column in table.columns), "    }"]
    for table in tables:
        lines += [f"    {_reference(table, key)}" for key in _references(table)]
    return "\n".join([*lines, "```", ""])


def _table(model: type[Row]) -> Table:
    return SQLModel.metadata.tables[model.__tablename__]


def _summary(model: type[Row]) -> str:
    return " ".join((model.__doc__ or "").partition("\n\n")[0].split()).replace("|", "\\|")


def _column(table: Table, column: Column[object]) -> str:
    unique = {
        one.columns[0].name for one in table.constraints if isinstance(one, UniqueConstraint) and len(one.columns) == 1
    }
    marks = [
        mark
        for mark, applies in (
            ("PK", column.primary_key),
            ("FK", bool(column.foreign_keys)),
            ("UK", column.name in unique),
        )
        if applies
    ]
    kind = type(column.type).__name__.lower()
    return f"{_KINDS.get(kind, kind)} {column.name} {','.join(marks)}".rstrip()


def _references(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(table.foreign_key_constraints, key=lambda key: [column.name for column in key.columns])


def _reference(table: Table, key: ForeignKeyConstraint) -> str:
    column = next(iter(key.columns))
    at_most_one = column.primary_key and len(table.primary_key.columns) == 1
    left = "|o" if column.nullable else "||"
    return f"{key.referred_table.name} {left}--{'o|' if at_most_one else 'o{'} {table.name} : {column.name}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
