"""Watches libraries of tables that one line of ``readers.py`` cannot tell.

Standard library only; lives in a kernel as ``_jupyter_mlops_libraries``.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from contextlib import suppress
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

_lineage = sys.modules["_jupyter_mlops_lineage"]
_children = sys.modules["_jupyter_mlops_children"]
_readers = sys.modules["_jupyter_mlops_readers"]
_statements = sys.modules["_jupyter_mlops_statements"]

_COLLECTS = ("collect", "collect_async", "collect_batches", "describe", "profile", "show")
_COLLECTS_ALL = ("collect_all", "collect_all_async")
_SCANNED = re.compile(r"\bSCAN \[([^\],\n]+)")  # the first file of each scan in a plan of polars


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
    scanned = _readers.Deferred()
    # what is read at once, or only named
    for prefix, note in (
        ("read_", _readers.noting(0, "source", "r", "polars")),
        ("scan_", scanned.noting(0, "source", "polars")),
    ):
        for name in _called(polars, prefix):
            _readers.watch(polars, name, note)
    for name in _called(polars.DataFrame, "write_"):
        _readers.watch(polars.DataFrame, name, _readers.noting(1, "file", "w", "polars"))
    note_plans = functools.partial(_note_plans, scanned)
    for name in _called(polars.LazyFrame, "sink_"):
        note = _readers.noting(1, "path", "w", "polars")
        _readers.watch(polars.LazyFrame, name, note, note_plans)
    for owner, names in ((polars.LazyFrame, _COLLECTS), (polars, _COLLECTS_ALL)):
        for name in names:
            _readers.watch(owner, name, note_plans)
    _readers.watch(polars, "sql", functools.partial(_note_polars_sql, 0, scanned))
    note_sql = functools.partial(_note_polars_sql, 1, scanned)
    _readers.watch(polars.SQLContext, "execute", note_sql)


def _called(owner: Any, prefix: str) -> list[str]:
    return [name for name in dir(owner) if name.startswith(prefix) and "database" not in name]


def _note_polars_sql(
    at: int, scanned: Any, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    statement = _readers.argument(arguments, named, at, "query")
    for text, mode in _statements.files(statement) if isinstance(statement, str) else ():
        if mode == "r" and not os.path.isdir(text):
            _lineage.note(text, mode, "polars")
            scanned.name(text)


def _note_plans(scanned: Any, arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
    """Note what an earlier cell has scanned and this one reads, as its plan tells."""
    earlier = scanned.earlier()
    # above this function, its caller and the wrapper; polars itself collects what is in memory
    module = str(sys._getframe(3).f_globals.get("__name__")) if earlier else "polars"
    if module.partition(".")[0] == "polars":
        return
    frames = arguments[0] if isinstance(arguments[0], (list, tuple)) else [arguments[0]]
    for frame in frames:
        with suppress(Exception):  # it fails for the user, too
            plan = frame.explain(optimized=False)
            for first in _SCANNED.findall(plan):
                for paths in earlier:
                    if any(_names(path, first) for path in paths):
                        _lineage.note(paths, "r", "polars")


def _names(path: str, file: str) -> bool:
    """Tell whether a path that was scanned, or a pattern or folder, has given a file of a plan."""
    named, found = (os.path.abspath(os.path.expanduser(one)) for one in (path, file))
    return named == found or found.startswith(named + os.sep) or fnmatch(found, named)


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
        "polars": _polars,
        "pyarrow": _pyarrow,
        "sklearn.datasets": _sklearn,
    }
)
