"""Watches SQLite, DuckDB and what goes through SQLAlchemy; in a kernel beside ``lineage``.

Standard library only; lives there as ``_jupyter_mlops_databases``. SQLite tells by itself which
tables a statement uses, of all others the words of the statement say it (``statements.py``).
"""

from __future__ import annotations

import functools
import os
import re
import sqlite3
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_probe = sys.modules["_jupyter_mlops_probe"]
_places = sys.modules["_jupyter_mlops_places"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_readers = sys.modules["_jupyter_mlops_readers"]
_deferred = sys.modules["_jupyter_mlops_deferred"]
_statements = sys.modules["_jupyter_mlops_statements"]

_USES = {
    sqlite3.SQLITE_READ: "r",
    sqlite3.SQLITE_INSERT: "w",
    sqlite3.SQLITE_UPDATE: "w",
    sqlite3.SQLITE_DELETE: "w",
    sqlite3.SQLITE_CREATE_TABLE: "w",
    sqlite3.SQLITE_DROP_TABLE: "w",
}
_VIEW = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:temp\s+|temporary\s+)?view\s+(?:if\s+not\s+exists\s+)?"
    r"(\"[^\"]+\"|\w+)\s",
    re.IGNORECASE,
)
_MOST_VIEWS = 1000
# what gives or writes the rows of a relation, which was only named before
_TAKES_ROWS = (
    *("arrow", "create", "df", "execute", "fetch_arrow_reader", "fetch_arrow_table"),
    *("fetch_df_chunk", "fetch_record_batch", "fetchall", "fetchdf", "fetchmany", "fetchnumpy"),
    *("fetchone", "insert_into", "pl", "show", "tf", "to_arrow_reader", "to_arrow_table"),
    *("to_df", "to_table", "torch", "__repr__"),
)


def _connecting(database: Any, *_: Any) -> None:
    """Take the audit event of SQLite: also a database that is only looked at is read."""
    _file(database)


def _file(database: Any) -> str | None:
    """Return the file of a database, and note it the first time in a cell."""
    key = ("sqlite", database)
    if key not in _lineage.KNOWN:
        path = _lineage.KNOWN[key] = _path(database)
        if path:
            # one that is made may be written in ways that nobody is asked about, a backup say
            is_there = os.path.exists(path) and os.path.getsize(path)
            _lineage.note(path, "r" if is_there else _places.UNKNOWN, "sqlite3")
    known: str | None = _lineage.KNOWN[key]
    return known


def _path(database: Any) -> str | None:
    text = os.fsdecode(database) if isinstance(database, (str, bytes, os.PathLike)) else ""
    if text.startswith("file:"):
        parts = urlsplit(text)
        text = "" if "mode=memory" in parts.query else unquote(parts.path)
    return os.path.abspath(text) if text and not text.startswith(":memory:") else None


def _connected(connection: sqlite3.Connection, database: Any) -> None:
    """Watch which tables of a SQLite database are used, and what is attached to it."""
    if _lineage.running():
        path = _file(database)
        key = ("user's", path)
        if key not in _lineage.KNOWN:
            _lineage.KNOWN[key] = path is None or _places.is_users(path, _lineage.folder())
        if _lineage.KNOWN[key]:
            connection.set_authorizer(_authorizer(path))


def _authorizer(path: str | None) -> Callable[..., int]:
    """Allow everything and note the tables; SQLite asks it once for each column of a statement."""
    attached: list[str] = []
    last: Any = None

    def authorize(operation: int, table: Any, other: Any, schema: Any, *_: Any) -> int:
        nonlocal last
        asked = (operation, table, schema, _probe.running)
        if asked == last:
            return sqlite3.SQLITE_OK
        try:
            if operation == sqlite3.SQLITE_ATTACH:
                attached.extend(filter(None, [_file(table)]))
            elif operation == sqlite3.SQLITE_ALTER_TABLE:
                _note_use(path if table == "main" else _attached(attached, table), other, "w")
            elif operation in _USES and isinstance(table, str):
                file = path if schema == "main" else _attached(attached, schema)
                _note_use(file, table, _USES[operation])
            last = asked
        except Exception as error:
            _lineage.failed("sqlite3", error)
        return sqlite3.SQLITE_OK

    return authorize


def _note_use(file: str | None, table: str, mode: str) -> None:
    if file and mode == "w":
        _lineage.note(file, mode, "sqlite3")
    if file and not table.startswith("sqlite_"):  # its own: an index is made, say
        _lineage.note_table(file, table, mode, "sqlite3")


def _attached(files: list[str], schema: Any) -> str | None:
    """Return the file of an attached database: SQLite does not tell which name it was given."""
    named = [one for one in files if os.path.basename(one).partition(".")[0] == schema]
    found = named or files
    return found[-1] if len(set(found)) == 1 and schema != "temp" else None


def _sqlite(sqlite: Any) -> None:
    connect = sqlite.connect
    if hasattr(connect, _readers.MARK):
        return

    @functools.wraps(connect)
    def watched(*arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        connection = _readers.called(connect, arguments, named)
        try:
            _connected(connection, _readers.argument(arguments, named, 0, "database"))
        except Exception as error:
            _lineage.failed("sqlite3.connect", error)
        return connection

    setattr(watched, _readers.MARK, True)
    sqlite.connect = sqlite.dbapi2.connect = watched


def _sqlalchemy(sqlalchemy: ModuleType) -> None:
    @sqlalchemy.event.listens_for(sqlalchemy.engine.Engine, "before_cursor_execute")  # type: ignore[untyped-decorator]
    def note(connection: Any, _: Any, statement: Any, *__: Any) -> None:
        try:
            url = connection.engine.url
            if url.get_backend_name() not in {"duckdb", "sqlite"}:  # they are seen below
                key = (id(url), statement)
                if key not in _lineage.KNOWN:
                    _lineage.KNOWN[key] = url  # no other has its number meanwhile
                    _note_tables(_places.without_secrets(str(url)), str(statement))
        except Exception as error:
            _lineage.failed("sqlalchemy", error)


_temporary: set[tuple[str, str]] = set()  # tables, by their databases


def _note_tables(url: str, statement: str) -> None:
    scheme, _, rest = url.partition("://")
    database = f"{scheme.partition('+')[0]}://{rest}"
    for table, mode in _statements.tables(statement):
        if mode == "t":
            _temporary.add((database, table))
        elif (database, table) not in _temporary:
            _lineage.note_table(database, table, mode, "sqlalchemy")


def _duckdb(duckdb: ModuleType) -> None:
    named = _deferred.Deferred("duckdb")
    for owner, at in ((duckdb, 0), (duckdb.DuckDBPyConnection, 1)):
        for name in ("execute", "executemany", "from_query", "query", "query_df", "sql"):
            note = functools.partial(_note_sql, at, named)
            _readers.watch(owner, name, note, by_names=True)
        for name in ("from_csv_auto", "from_parquet", "read_csv", "read_json", "read_parquet"):
            _readers.watch(owner, name, named.noting(at, "path_or_buffer"))
    relation = duckdb.DuckDBPyRelation
    for name in ("to_csv", "to_parquet", "write_csv", "write_parquet"):
        _readers.watch(relation, name, _readers.noting(1, "file_name", "w", "duckdb"))
    for name in _TAKES_ROWS:
        if name in vars(relation):
            note = functools.partial(_note_relation, named)
            _readers.watch(relation, name, note, by_names=True)
    _readers.watch(relation, "create_view", functools.partial(_note_view, named))
    _readers.watch(duckdb, "connect", _note_duckdb)


def _note_sql(at: int, deferred: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    statement = _readers.argument(arguments, named, at, "query")
    _note_files(statement, deferred)
    if isinstance(statement, str):
        _note_views(statement, deferred)
    values = _readers.argument(arguments, named, at + 1, "parameters")
    values = values.values() if isinstance(values, dict) else values
    for value in values if isinstance(values, (list, tuple, type({}.values()))) else ():
        if isinstance(value, str):
            _note_files("'" + value.replace("'", "''") + "'", deferred)


def _note_files(statement: Any, deferred: Any) -> None:
    """Note the files that literals in SQL name, as DuckDB reads and writes them."""
    for text, mode in _statements.files(statement) if isinstance(statement, str) else ():
        if mode == "a":
            _lineage.note(text, _readers.changing(text), "duckdb")
        elif mode in {"d", "w"} or not os.path.isdir(text):  # it may separate words: "/"
            _lineage.note(text, "w" if mode == "w" else "r", "duckdb")
            deferred.name(text, is_read=True)


_views: dict[str, str] = {}  # of DuckDB's: what they are made of, by their names


def _note_views(statement: str, deferred: Any) -> None:
    """Note the files of views that a statement uses, which an earlier one made of files."""
    for view in _VIEW.finditer(statement):
        if len(_views) < _MOST_VIEWS and any(_statements.files(statement)):
            _views[view[1].strip('"')] = statement[view.end() :]
    tables = _statements.tables(statement) if _views else ()
    for made_of in [_views[name] for name, mode in tables if name in _views and mode == "r"]:
        _note_files(made_of, deferred)


def _note_view(deferred: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Take ``create_view`` of a relation, which reads nothing."""
    name = _readers.argument(arguments, named, 1, "view_name")
    if isinstance(name, str) and len(_views) < _MOST_VIEWS:
        _views[name] = arguments[0].sql_query()


def _note_relation(deferred: Any, arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
    if deferred.are_pending():
        with suppress(Exception):  # its connection is closed, say: the user is told
            _note_files(arguments[0].sql_query(), deferred)


def _note_duckdb(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    source = _readers.argument(arguments, named, 0, "database")
    if source and not str(source).startswith(":"):
        read_only = _readers.argument(arguments, named, 1, "read_only")
        _lineage.note(source, "r" if read_only else _readers.changing(source), "duckdb")


def _connectorx(connectorx: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        url = _readers.argument(arguments, named, 0, "conn")
        queries = _readers.argument(arguments, named, 1, "query")
        for query in queries if isinstance(queries, list) else [queries]:
            if isinstance(url, str) and isinstance(query, str):
                _note_query(url, query)

    _readers.watch(connectorx, "read_sql", note)


def _note_query(url: str, query: str) -> None:
    scheme, _, path = url.partition("://")
    if scheme == "sqlite":
        file = os.path.abspath(unquote(path.partition("?")[0]))
        _lineage.note(file, "r", "connectorx")
        for table, mode in _statements.tables(query):
            _lineage.note_table(file, table, mode, "connectorx")
    else:
        _note_tables(_places.without_secrets(url), query)


def _adbc_sqlite(adbc: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        path = _path(_readers.argument(arguments, named, 0, "uri"))
        if path:  # of which nobody is told what is done to it
            is_there = os.path.exists(path)
            mode = _places.as_it_is(path) if is_there else _places.UNKNOWN
            _lineage.note(path, mode, "adbc_driver_sqlite")

    _readers.watch(adbc, "connect", note)


_lineage.EVENTS["sqlite3.connect"] = _connecting
_readers.on_import(
    {
        "adbc_driver_sqlite.dbapi": _adbc_sqlite,
        "connectorx": _connectorx,
        "duckdb": _duckdb,
        "sqlalchemy": _sqlalchemy,
        "sqlite3": _sqlite,
    }
)
