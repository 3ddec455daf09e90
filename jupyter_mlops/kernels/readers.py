"""Watches the readers and writers that bypass Python's ``open``; in a kernel beside ``lineage``.

Standard library only. When a library is imported, the few of its functions that take paths, URLs
or SQL are wrapped: the wrapper notes the argument and calls the function. Their names, signatures
and errors stay as they are. A wrapper's own failure is noted and costs the user nothing.
"""

from __future__ import annotations

import functools
import inspect
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    Note = Callable[[tuple[Any, ...], dict[str, Any]], None]

_lineage = sys.modules["_jupyter_mlops_lineage"]
_commands = sys.modules["_jupyter_mlops_commands"]

_MARK = "_jupyter_mlops_watched"

# module → functions: name, where the source is among the arguments, what it is called there, mode
_FUNCTIONS: dict[str, tuple[tuple[str, int, str, str], ...]] = {
    "datasets.load": (("load_from_disk", 0, "dataset_path", "r"),),
    "h5py._hl.files": (("File.__init__", 1, "name", "mode"),),
    "pyarrow": (
        ("memory_map", 0, "path", "r"),
        ("create_memory_map", 0, "path", "w"),
        ("input_stream", 0, "source", "r"),
        ("output_stream", 0, "source", "w"),
    ),
    "pyarrow.csv": (
        ("read_csv", 0, "input_file", "r"),
        ("open_csv", 0, "input_file", "r"),
        ("write_csv", 1, "output_file", "w"),
    ),
    "pyarrow.dataset": (
        ("dataset", 0, "source", "r"),
        ("parquet_dataset", 0, "metadata_path", "r"),
        ("write_dataset", 1, "base_dir", "w"),
    ),
    "pyarrow.feather": (
        ("read_table", 0, "source", "r"),
        ("read_feather", 0, "source", "r"),
        ("write_feather", 1, "dest", "w"),
    ),
    "pyarrow.json": (("read_json", 0, "input_file", "r"), ("open_json", 0, "input_file", "r")),
    "pyarrow.orc": (
        ("ORCFile.__init__", 1, "source", "r"),
        ("read_table", 0, "source", "r"),
        ("write_table", 1, "where", "w"),
    ),
    "pyarrow.parquet.core": (
        ("read_table", 0, "source", "r"),
        ("read_pandas", 0, "source", "r"),
        ("read_schema", 0, "where", "r"),
        ("read_metadata", 0, "where", "r"),
        ("write_table", 1, "where", "w"),
        ("write_to_dataset", 1, "root_path", "w"),
        ("ParquetFile.__init__", 1, "source", "r"),
        ("ParquetDataset.__init__", 1, "path_or_paths", "r"),
        ("ParquetWriter.__init__", 1, "where", "w"),
    ),
    "safetensors": (("safe_open", 0, "filename", "r"), ("serialize_file", 1, "filename", "w")),
    "tables.file": (("File.__init__", 1, "filename", "mode"),),
    "torch.serialization": (("load", 0, "f", "r"), ("save", 1, "f", "w")),
    "torch.jit._serialization": (("load", 0, "f", "r"), ("save", 1, "f", "w")),
}
_MODE_AT = 2  # where a mode is an argument, it is the second after self


def watch(owner: Any, name: str, note: Note) -> None:
    """Have ``note`` see the arguments of a function each time before it is called."""
    original = vars(owner).get(name) or getattr(owner, name, None)
    if not callable(original) or hasattr(original, _MARK):
        return

    def see(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        try:
            note(arguments, named)
        except Exception as error:
            _lineage.failed(f"{getattr(owner, '__name__', owner)}.{name}", error)

    if inspect.iscoroutinefunction(original):

        @functools.wraps(original)
        async def watched(*arguments: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            see(arguments, named)
            return await original(*arguments, **named)
    else:

        @functools.wraps(original)
        def watched(*arguments: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            see(arguments, named)
            return original(*arguments, **named)

    setattr(watched, _MARK, True)
    setattr(owner, name, watched)


def _argument(arguments: Sequence[Any], named: dict[str, Any], at: int, name: str) -> Any:
    return named[name] if name in named else arguments[at] if len(arguments) > at else None


def _watch_functions(module: ModuleType, functions: Sequence[tuple[str, int, str, str]]) -> None:
    reader = module.__name__.partition("._")[0].removesuffix(".core") if module.__name__ else ""
    for path, at, keyword, mode in functions:
        holder, _, name = path.rpartition(".")
        owner = getattr(module, holder, None) if holder else module
        if owner is not None:
            watch(owner, name, _noting(at, keyword, mode, _reader_name(reader)))


def _reader_name(module: str) -> str:
    return (
        module.partition(".")[0] if module.startswith(("datasets", "tables", "torch")) else module
    )


def _noting(at: int, keyword: str, mode: str, reader: str) -> Note:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        source = _argument(arguments, named, at, keyword)
        used = _argument(arguments, named, _MODE_AT, "mode") or "r" if mode == "mode" else mode
        _lineage.note(_in_filesystem(source, named.get("filesystem")), used, reader)

    return note


def _in_filesystem(source: Any, filesystem: Any) -> Any:
    """Name what a path of another filesystem than this machine's is called by: ``s3://…``."""
    protocol = getattr(filesystem, "type_name", None) or getattr(filesystem, "protocol", None)
    protocol = protocol[0] if isinstance(protocol, (list, tuple)) else protocol
    if not isinstance(protocol, str) or protocol in {"file", "local"}:
        return source
    if isinstance(source, (list, tuple)):
        return [_in_filesystem(one, filesystem) for one in source]
    text = str(source)
    return text if "://" in text else f"{protocol.partition(':')[0]}://{text.lstrip('/')}"


def _pyarrow(pyarrow: Any) -> None:
    """Put a class of the same name in the place of ``OSFile``, which is C and cannot be changed."""
    original: Any = pyarrow.lib.OSFile
    note = _noting(0, "path", "mode", "pyarrow")

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
            watch(polars, name, _noting(0, "source", "r", "polars"))
    for frame, prefix in ((polars.DataFrame, "write_"), (polars.LazyFrame, "sink_")):
        for name in dir(frame):
            if name.startswith(prefix) and "database" not in name:
                keyword = "path" if prefix == "sink_" else "file"
                watch(frame, name, _noting(1, keyword, "w", "polars"))


def _duckdb(duckdb: ModuleType) -> None:
    for owner, at in ((duckdb, 0), (duckdb.DuckDBPyConnection, 1)):
        for name in ("execute", "executemany", "from_query", "query", "query_df", "sql"):
            watch(owner, name, functools.partial(_note_sql, at))
        for name in ("from_csv_auto", "from_parquet", "read_csv", "read_json", "read_parquet"):
            watch(owner, name, _noting(at, "path_or_buffer", "r", "duckdb"))
    for name in ("to_csv", "to_parquet", "write_csv", "write_parquet"):
        watch(duckdb.DuckDBPyRelation, name, _noting(1, "file_name", "w", "duckdb"))
    watch(duckdb, "connect", _note_duckdb)


def _note_sql(at: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    _commands.sql_files(_argument(arguments, named, at, "query"), "duckdb")
    values = _argument(arguments, named, at + 1, "parameters")
    for value in values if isinstance(values, (list, tuple)) else ():
        if isinstance(value, str):
            _commands.sql_files("'" + value.replace("'", "''") + "'", "duckdb")


def _note_duckdb(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    source = _argument(arguments, named, 0, "database")
    if source and not str(source).startswith(":"):
        read_only = _argument(arguments, named, 1, "read_only")
        _lineage.note(source, "r" if read_only else "r+", "duckdb")


def _sqlalchemy(sqlalchemy: ModuleType) -> None:
    @sqlalchemy.event.listens_for(sqlalchemy.engine.Engine, "before_cursor_execute")  # type: ignore[untyped-decorator]
    def note(connection: Any, _: Any, statement: Any, *__: Any) -> None:
        try:
            url = connection.engine.url
            if url.get_backend_name() != "sqlite":  # that is seen below SQLAlchemy
                _note_tables(_lineage.without_secrets(str(url)), statement)
        except Exception as error:
            _lineage.failed("sqlalchemy", error)


def _note_tables(url: str, statement: Any) -> None:
    scheme, _, rest = url.partition("://")
    for table, mode in _commands.sql_tables(str(statement)):
        database = f"{scheme.partition('+')[0]}://{rest}"
        _lineage.note_table(database, table, mode, "sqlalchemy")


def _sqlite(sqlite: Any) -> None:
    connect = sqlite.connect
    if hasattr(connect, _MARK):
        return

    @functools.wraps(connect)
    def watched(*arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        connection = connect(*arguments, **named)
        try:
            _commands.connected(connection, _argument(arguments, named, 0, "database"))
        except Exception as error:
            _lineage.failed("sqlite3.connect", error)
        return connection

    setattr(watched, _MARK, True)
    sqlite.connect = sqlite.dbapi2.connect = watched


def _fsspec(spec: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        system, path = arguments[0], _argument(arguments, named, 1, "path")
        mode = _argument(arguments, named, 2, "mode") or "rb"
        _lineage.note(_in_filesystem(path, system), mode, "fsspec")

    watch(spec.AbstractFileSystem, "open", note)


def _remote(name: str) -> Callable[[ModuleType], None]:
    """Watch a filesystem of fsspec whose whole-file methods do not go through ``open``."""

    def install(module: ModuleType) -> None:
        system = getattr(module, name)
        for method, at, mode in (
            ("_cat_file", 1, "r"),
            ("_get_file", 1, "r"),
            ("_pipe_file", 1, "w"),
            ("_put_file", 2, "w"),
        ):
            watch(system, method, functools.partial(_note_remote, at, mode))

    return install


def _note_remote(at: int, mode: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    keyword = {"r": ("path", "rpath"), "w": ("path", "rpath")}[mode]
    path = _argument(arguments, named, at, keyword[0]) or named.get(keyword[1])
    _lineage.note(_in_filesystem(path, arguments[0]), mode, "fsspec")


def _note_request(reader: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Take the request of ``Client.send`` in httpx and of ``Session.send`` in requests."""
    request = _argument(arguments, named, 1, "request")
    note_url(str(request.url), str(request.method), reader)


def note_url(url: str, method: str, reader: str) -> None:
    """Note a request; those to our own tracking server are no data."""
    tracking = _lineage.os.environ.get("MLFLOW_TRACKING_URI")
    if method.upper() != "HEAD" and not (tracking and url.startswith(tracking)):
        writes = method.upper() in {"PUT", "PATCH", "DELETE"}
        _lineage.note(url, "w" if writes else "r", reader)


def _opened_url(url: Any, _: Any = None, __: Any = None, method: Any = None, *___: Any) -> None:
    """Take the audit event of ``urllib.request``."""
    if isinstance(url, str):
        note_url(url, method or "GET", "urllib")


def _requests(sessions: ModuleType) -> None:
    watch(sessions.Session, "send", functools.partial(_note_request, "requests"))


def _httpx(client: ModuleType) -> None:
    watch(client.Client, "send", functools.partial(_note_request, "httpx"))
    watch(client.AsyncClient, "send", functools.partial(_note_request, "httpx"))


def _botocore(client: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        operation = str(_argument(arguments, named, 1, "operation_name"))
        values = _argument(arguments, named, 2, "api_params") or {}
        mode = {"GetObject": "r", "PutObject": "w", "CreateMultipartUpload": "w"}.get(operation)
        if mode and values.get("Bucket") and values.get("Key"):
            _lineage.note(f"s3://{values['Bucket']}/{values['Key']}", mode, "boto3")

    watch(client.BaseClient, "_make_api_call", note)


def _sklearn(datasets: ModuleType) -> None:
    for name in dir(datasets):
        if name.startswith(("load_", "fetch_")) and not name.startswith(("load_files", "load_svm")):
            watch(datasets, name, functools.partial(_note_sklearn, name))


def _note_sklearn(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    which = arguments[0] if arguments else named.get("name") or named.get("data_id")
    detail = f"/{which}" if name == "fetch_openml" and which else ""
    _lineage.note(f"sklearn://datasets/{name}{detail}", "r", "sklearn")


def _datasets(load: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        path = _argument(arguments, named, 0, "path")
        files = _argument(arguments, named, 3, "data_files")
        if files is None and isinstance(path, str) and not _lineage.os.path.exists(path):
            _lineage.note(f"hf://datasets/{path}", "r", "datasets")
        for source in files.values() if isinstance(files, dict) else (files or path,):
            _lineage.note(source, "r", "datasets")

    watch(load, "load_dataset", note)


_LIBRARIES: dict[str, Callable[[ModuleType], None]] = {
    "adlfs.spec": _remote("AzureBlobFileSystem"),
    "botocore.client": _botocore,
    "datasets.load": _datasets,
    "duckdb": _duckdb,
    "fsspec.implementations.http": _remote("HTTPFileSystem"),
    "fsspec.spec": _fsspec,
    "gcsfs.core": _remote("GCSFileSystem"),
    "httpx._client": _httpx,
    "polars": _polars,
    "pyarrow": _pyarrow,
    "requests.sessions": _requests,
    "s3fs.core": _remote("S3FileSystem"),
    "sklearn.datasets": _sklearn,
    "sqlalchemy": _sqlalchemy,
    "sqlite3": _sqlite,
}


def _imported(name: str, module: Any) -> None:
    try:
        if name in _FUNCTIONS:
            _watch_functions(module, _FUNCTIONS[name])
        if name in _LIBRARIES:
            _LIBRARIES[name](module)
    except Exception as error:
        _lineage.failed(name, error)


class _Finder:
    """Finds what the others find, and is told when it has been imported."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in _FUNCTIONS and name not in _LIBRARIES:
            return None
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(name, spec.loader)
                return spec
        return None


class _Loader:
    """Loads a module as its own loader does, which then is in its place again."""

    def __init__(self, name: str, loader: Any) -> None:
        self._name = name
        self._loader = loader

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        _imported(self._name, module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


_lineage.EVENTS["urllib.Request"] = _opened_url
for _name in (*_FUNCTIONS, *_LIBRARIES):
    if _name in sys.modules:
        _imported(_name, sys.modules[_name])
sys.meta_path.insert(0, _Finder())
