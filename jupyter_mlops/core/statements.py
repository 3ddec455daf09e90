"""Statements that are compiled once, for what is asked and written over and over.

SQLAlchemy looks at the whole of a statement each time, which takes longer than a small answer
does. Rows come and go as the driver has them, without SQLAlchemy's types: for thousands, those
take several times as long.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, any_, bindparam, func, select
from sqlalchemy.dialects import postgresql

from .database import insert_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Select, Table

    Rows = list[tuple[Any, ...]]


class Query:
    """A SELECT.

    Args:
        statement: with a ``bindparam`` for each value that is given when it is asked.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._compiled = _Compiled(lambda _: statement)

    def fetch(self, connection: Connection, **values: Any) -> Rows:
        """Return all rows."""
        return _fetch(connection, self._compiled, values)


class QueryAmong:
    """A SELECT of the rows in which a column is one of the texts that are given.

    They are one value of the statement, where SQLAlchemy takes three times as long to make each
    of them one.
    """

    def __init__(self, statement: Select[Any], column: Column[str]) -> None:
        self._compiled = _Compiled(lambda dialect: statement.where(_among(column, dialect)))

    def fetch(self, connection: Connection, texts: Iterable[str]) -> Rows:
        """Return all rows."""
        wanted: Any = list(texts)
        if not wanted:
            return []
        if connection.dialect.name == "sqlite":
            wanted = json.dumps(wanted)
        return _fetch(connection, self._compiled, {"texts": wanted})


class Insert:
    """An INSERT of rows whose values are in the order of the table's columns.

    Args:
        table: where they go.
        key: the column by which a row that is there is replaced; None to let it stay.
    """

    def __init__(self, table: Table, *, key: str | None = None) -> None:
        self._names = [column.name for column in table.c]
        self._key = key
        self._compiled = _Compiled(lambda dialect: self._statement(table, dialect))

    def write(self, connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows."""
        sql, names = self._compiled.of(connection)
        if names is not None:
            connection.exec_driver_sql(sql, [tuple(row) for row in rows])
        else:
            named = [dict(zip(self._names, row, strict=True)) for row in rows]
            connection.exec_driver_sql(sql, named)

    def _statement(self, table: Table, dialect: str) -> Any:
        statement = insert_in(dialect, table)
        if self._key is None:
            return statement.on_conflict_do_nothing()
        newer = {name: statement.excluded[name] for name in self._names}
        return statement.on_conflict_do_update(index_elements=[self._key], set_=newer)


class _Compiled:
    """A statement as text, by dialect."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        self._make = make
        self._by_dialect: dict[str, tuple[str, list[str] | None]] = {}

    def of(self, connection: Connection) -> tuple[str, list[str] | None]:
        """Return the text, and the names of its values in their order, None if it names them."""
        dialect = connection.dialect
        found = self._by_dialect.get(dialect.name)
        if found is None:
            compiled = self._make(dialect.name).compile(dialect=dialect)
            names = list(compiled.positiontup) if compiled.positional else None
            found = self._by_dialect[dialect.name] = compiled.string, names
        return found


def _fetch(connection: Connection, compiled: _Compiled, values: Mapping[str, Any]) -> Rows:
    sql, names = compiled.of(connection)
    given = values if names is None else tuple(values[name] for name in names)
    result = connection.exec_driver_sql(sql, given)
    cursor: Any = result.cursor
    rows: Rows = cursor.fetchall()
    result.close()
    return rows


def _among(column: Column[str], dialect: str) -> ColumnElement[bool]:
    if dialect == "sqlite":
        each = func.json_each(bindparam("texts")).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(bindparam("texts", type_=postgresql.ARRAY(Text)))
