"""Watches libraries of tables that one line of ``readers.py`` cannot tell.

Standard library only; lives in a kernel as ``_jupyter_mlops_libraries``.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

_lineage = sys.modules["_jupyter_mlops_lineage"]
_children = sys.modules["_jupyter_mlops_children"]
_readers = sys.modules["_jupyter_mlops_readers"]
_deferred = sys.modules["_jupyter_mlops_deferred"]
_compiled = sys.modules["_jupyter_mlops_compiled"]
_statements = sys.modules["_jupyter_mlops_statements"]

_ABOVE: int = _readers.ABOVE_NOTE

_COLLECTS = (
    *("collect", "collect_async", "collect_batches", "collect_schema", "describe", "profile"),
    "show",
)
_COLLECTS_ALL = ("collect_all", "collect_all_async")
_READS_DATASET = (
    *("count_rows", "head", "join", "join_asof", "scanner", "sort_by", "take", "to_batches"),
    "to_table",
)
# in a plan of polars, of each scan the first file, and whether it has more
_SCANNED = re.compile(r"\bSCAN \[([^\],\n]+)(,?)")


def _pyarrow(pyarrow: ModuleType) -> None:
    _compiled.stand_in(pyarrow, "OSFile", _readers.noting(0, "path", "mode", "pyarrow"))


_datasets = _deferred.Deferred("pyarrow.dataset")


def _pyarrow_dataset(dataset: ModuleType) -> None:
    notes = _noting_dataset(0, "source", "pyarrow.dataset")
    # what pyarrow calls itself, the user has called by another name
    _readers.watch(dataset, "dataset", *notes, within="pyarrow")
    for kind in (dataset.Dataset, dataset.Fragment):
        _compiled.watch_methods(kind, _READS_DATASET, _note_rows, within="pyarrow")


def _pyarrow_parquet(core: ModuleType) -> None:
    notes = _noting_dataset(1, "path_or_paths", "pyarrow.parquet")
    _readers.watch(core.ParquetDataset, "__init__", *notes)
    _readers.watch(core.ParquetDataset, "read", _note_rows, within="pyarrow")


def _noting_dataset(at: int, keyword: str, reader: str) -> tuple[Any, Any]:
    """Make what notes a dataset: that it is looked at now, and may be read later."""

    def name(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        if not _readers.is_within("pyarrow", _ABOVE):  # which reads it at once
            source = _readers.argument(arguments, named, at, keyword)
            source = _readers.in_filesystem(source, named.get("filesystem"))
            _datasets.name(source, is_read=True)

    return _readers.noting(at, keyword, "r", reader), name


def _note_rows(arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
    if not _datasets.are_pending():
        return
    whole = getattr(arguments[0], "_dataset", arguments[0])  # of a ParquetDataset
    for part in getattr(whole, "children", [whole]):
        if hasattr(part, "files"):
            for first in part.files[:1]:
                path = _readers.in_filesystem(first, part.filesystem)
                _datasets.read(path, alone=len(part.files) == 1)
        elif hasattr(part, "path"):  # a fragment
            path = _readers.in_filesystem(part.path, part.filesystem)
            _lineage.note(path, "r", "pyarrow.dataset")


def _polars(polars: ModuleType) -> None:
    scanned = _deferred.Deferred("polars")
    # what is read at once, or only named
    for prefix, note in (
        ("read_", _readers.noting(0, "source", "r", "polars")),
        ("scan_", scanned.naming(0, "source")),
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
    is_eager = bool(named.get("eager"))
    for text, mode in _statements.files(statement) if isinstance(statement, str) else ():
        if mode == "r" and not os.path.isdir(text):
            scanned.name(text, is_read=is_eager)
            if is_eager:
                _lineage.note(text, mode, "polars")


def _note_plans(scanned: Any, arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
    """Note what was scanned and this cell reads, as its plan tells."""
    # polars itself collects what is in memory
    if not scanned.are_pending() or _readers.is_within("polars", _ABOVE):
        return
    frames = arguments[0] if isinstance(arguments[0], (list, tuple)) else [arguments[0]]
    for frame in frames:
        with suppress(Exception):  # it fails for the user, too
            for first, more in _SCANNED.findall(frame.explain(optimized=False)):
                scanned.read(first, alone=not more)


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


def _huggingface(load: ModuleType) -> None:
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
        "datasets.load": _huggingface,
        "polars": _polars,
        "pyarrow": _pyarrow,
        "pyarrow.dataset": _pyarrow_dataset,
        "pyarrow.parquet.core": _pyarrow_parquet,
        "sklearn.datasets": _sklearn,
    }
)
