"""Watches libraries of tables and databases that one line of ``readers.py`` cannot tell.

Standard library only; lives in a kernel as ``_jupyter_mlops_libraries``.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

_places = sys.modules["_jupyter_mlops_places"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_children = sys.modules["_jupyter_mlops_children"]
_commands = sys.modules["_jupyter_mlops_commands"]
_readers = sys.modules["_jupyter_mlops_readers"]


def _pyarrow(pyarrow: Any) -> None:
    """Put a class of the same name in the place of ``OSFile``, which is C and cannot be changed."""
    original: Any = pyarrow.lib.OSFile
    note = _readers.noting(0, "path", "mode", "pyarrow")

    class Same(type(original)):  # type: ignore[misc]
        def __instancecheck__(cls, instance: Any) -> bool:
            return isinstance(instance, original)

    class OSFile(original, metaclass=Same):  # type: ignore[misc]
        __doc__ = original.__doc__

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__()
            try:
                note((*arguments[:1], None, *arguments[1:]), named)
            except Exception as error:
                _lineage.failed("pyarrow.OSFile", error)

    OSFile.__module__, OSFile.__qualname__ = original.__module__, original.__qualname__
    pyarrow.OSFile = pyarrow.lib.OSFile = OSFile


def _polars(polars: ModuleType) -> None:
    for name in dir(polars):
        if name.startswith(("read_", "scan_")) and "database" not in name:
            _readers.watch(polars, name, _readers.noting(0, "source", "r", "polars"))
    for frame, prefix in ((polars.DataFrame, "write_"), (polars.LazyFrame, "sink_")):
        for name in dir(frame):
            if name.startswith(prefix) and "database" not in name:
                keyword = "path" if prefix == "sink_" else "file"
                _readers.watch(frame, name, _readers.noting(1, keyword, "w", "polars"))


def _duckdb(duckdb: ModuleType) -> None:
    for owner, at in ((duckdb, 0), (duckdb.DuckDBPyConnection, 1)):
        for name in ("execute", "executemany", "from_query", "query", "query_df", "sql"):
            _readers.watch(owner, name, functools.partial(_note_sql, at))
        for name in ("from_csv_auto", "from_parquet", "read_csv", "read_json", "read_parquet"):
            _readers.watch(owner, name, _readers.noting(at, "path_or_buffer", "r", "duckdb"))
    for name in ("to_csv", "to_parquet", "write_csv", "write_parquet"):
        _readers.watch(
            duckdb.DuckDBPyRelation, name, _readers.noting(1, "file_name", "w", "duckdb")
        )
    _readers.watch(duckdb, "connect", _note_duckdb)


def _note_sql(at: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    _commands.sql_files(_readers.argument(arguments, named, at, "query"), "duckdb")
    values = _readers.argument(arguments, named, at + 1, "parameters")
    for value in values if isinstance(values, (list, tuple)) else ():
        if isinstance(value, str):
            _commands.sql_files("'" + value.replace("'", "''") + "'", "duckdb")


def _note_duckdb(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    source = _readers.argument(arguments, named, 0, "database")
    if source and not str(source).startswith(":"):
        read_only = _readers.argument(arguments, named, 1, "read_only")
        _lineage.note(source, "r" if read_only else _readers.changing(source), "duckdb")


def _sqlalchemy(sqlalchemy: ModuleType) -> None:
    @sqlalchemy.event.listens_for(sqlalchemy.engine.Engine, "before_cursor_execute")  # type: ignore[untyped-decorator]
    def note(connection: Any, _: Any, statement: Any, *__: Any) -> None:
        try:
            url = connection.engine.url
            if url.get_backend_name() != "sqlite":  # that is seen below SQLAlchemy
                _note_tables(_places.without_secrets(str(url)), statement)
        except Exception as error:
            _lineage.failed("sqlalchemy", error)


def _note_tables(url: str, statement: Any) -> None:
    scheme, _, rest = url.partition("://")
    for table, mode in _commands.sql_tables(str(statement)):
        database = f"{scheme.partition('+')[0]}://{rest}"
        _lineage.note_table(database, table, mode, "sqlalchemy")


def _sqlite(sqlite: Any) -> None:
    connect = sqlite.connect
    if hasattr(connect, _readers.MARK):
        return

    @functools.wraps(connect)
    def watched(*arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        connection = connect(*arguments, **named)
        try:
            _commands.connected(connection, _readers.argument(arguments, named, 0, "database"))
        except Exception as error:
            _lineage.failed("sqlite3.connect", error)
        return connection

    setattr(watched, _readers.MARK, True)
    sqlite.connect = sqlite.dbapi2.connect = watched


def _sklearn(datasets: ModuleType) -> None:
    for name in dir(datasets):
        if name.startswith(("load_", "fetch_")) and not name.startswith(("load_files", "load_svm")):
            _readers.watch(datasets, name, functools.partial(_note_sklearn, name))
    # its files are one input
    _readers.watch(
        datasets, "load_files", _readers.noting(0, "container_path", "r", "sklearn.datasets")
    )


def _note_sklearn(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    which = arguments[0] if arguments else named.get("name") or named.get("data_id")
    detail = f"/{which}" if name == "fetch_openml" and which else ""
    _lineage.note(f"sklearn://datasets/{name}{detail}", "r", "sklearn")


def _datasets(load: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        path = _readers.argument(arguments, named, 0, "path")
        files = _readers.argument(arguments, named, 3, "data_files")
        if files is None and isinstance(path, str) and not os.path.exists(path):
            _lineage.note(f"hf://datasets/{path}", "r", "datasets")
        for source in files.values() if isinstance(files, dict) else (files or path,):
            _lineage.note(source, "r", "datasets")

    _readers.watch(load, "load_dataset", note)


_readers.on_import(
    {
        "joblib.externals.loky.backend.spawn": _children.accompany,
        "loky.backend.spawn": _children.accompany,
        "multiprocess.spawn": _children.accompany,
        "multiprocessing.spawn": _children.accompany,
        "datasets.load": _datasets,
        "duckdb": _duckdb,
        "polars": _polars,
        "pyarrow": _pyarrow,
        "sklearn.datasets": _sklearn,
        "sqlalchemy": _sqlalchemy,
        "sqlite3": _sqlite,
    }
)
