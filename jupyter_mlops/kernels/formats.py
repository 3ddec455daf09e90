"""Watches libraries of images, sound, maps, arrays and models that open files by themselves.

Standard library only; lives in a kernel as ``_jupyter_mlops_formats``.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from types import ModuleType

_lineage = sys.modules["_jupyter_mlops_lineage"]
_readers = sys.modules["_jupyter_mlops_readers"]
_compiled = sys.modules["_jupyter_mlops_compiled"]

# as in ``readers.py``
_FUNCTIONS: dict[str, tuple[tuple[str, int, str, str], ...]] = {
    "catboost.core": (
        ("Pool.__init__", 1, "data", "r"),
        ("CatBoost.load_model", 1, "fname", "r"),
        ("CatBoost.save_model", 1, "fname", "w"),
    ),
    "cv2": (
        ("imread", 0, "filename", "r"),
        ("imreadmulti", 0, "filename", "r"),
        ("imwrite", 0, "filename", "w"),
        ("imwritemulti", 0, "filename", "w"),
    ),
    "faiss": (("read_index", 0, "fname", "r"), ("write_index", 1, "fname", "w")),
    "lightgbm.basic": (("Dataset.save_binary", 1, "filename", "w"),),
    "lxml.etree": (("parse", 0, "source", "r"),),
    "netCDF4": (("MFDataset.__init__", 1, "files", "r"),),
    "pyreadstat.pyreadstat": (
        *((f"read_{kind}", 0, "filename_path", "r") for kind in ("dta", "por", "sas7bcat", "sav")),
        *((f"read_{kind}", 0, "filename_path", "r") for kind in ("sas7bdat", "xport")),
        *((f"write_{kind}", 1, "dst_path", "w") for kind in ("dta", "por", "sav", "xport")),
        ("read_file_multiprocessing", 1, "file_path", "r"),
    ),
    "scipy.io": (("mmread", 0, "source", "r"), ("mminfo", 0, "source", "r")),
    "soundfile": (("SoundFile.__init__", 1, "file", "mode"),),
    "xgboost.core": (
        ("DMatrix.save_binary", 1, "fname", "w"),
        ("Booster.load_model", 1, "fname", "r"),
        ("Booster.save_model", 1, "fname", "w"),
    ),
}
# of GDAL: module → functions
_MAPS: dict[str, tuple[tuple[str, int, str, str], ...]] = {
    "fiona": (("open", 0, "fp", "mode"),),
    "pyogrio.core": tuple(
        (name, 0, "path_or_buffer", "r") for name in ("list_layers", "read_bounds", "read_info")
    ),
    "pyogrio.geopandas": (
        ("read_dataframe", 0, "path_or_buffer", "r"),
        ("write_dataframe", 1, "path", "w"),
    ),
    "pyogrio.raw": (
        *((name, 0, "path_or_buffer", "r") for name in ("open_arrow", "read", "read_arrow")),
        ("write", 0, "path", "w"),
        ("write_arrow", 1, "path", "w"),
    ),
    "rasterio": (("open", 0, "fp", "mode"),),
}
_ARCHIVE = re.compile(r"(?:/vsi(?:zip|tar|gzip)/|(?:zip|tar|gzip)\+?(?:file)?://)(.*?)(?:!.*)?$")
_IN_ARCHIVE = re.compile(r"(.*?\.(?:zip|tar|tgz|gz|kmz))/.*$", re.IGNORECASE)
# a shapefile is several files
_SHAPES = (".shp", ".shx", ".dbf", ".prj", ".cpg")

_READS_DELTA = ("load_cdf", "to_pandas", "to_pyarrow_dataset", "to_pyarrow_table")
_WRITES_DELTA = ("delete", "merge", "repair", "restore", "update", "vacuum")


def _map_files(source: Any) -> Any:
    """Return the files that are meant by what GDAL is told."""
    if not isinstance(source, (str, os.PathLike)):
        return None
    text = os.fspath(source)
    archive = _ARCHIVE.match(text) if isinstance(text, str) else None
    if archive:
        return _IN_ARCHIVE.sub(r"\1", archive[1])
    stem, ending = os.path.splitext(text)
    return [stem + one for one in _SHAPES] if ending == ".shp" else text


def _maps(functions: Any, module: ModuleType) -> None:
    for name, at, keyword, mode in functions:
        note = _readers.noting(at, keyword, mode, module.__name__.partition(".")[0], _map_files)
        _readers.watch(module, name, note)


def _cv2(cv2: ModuleType) -> None:
    for name, mode in (("VideoCapture", "r"), ("VideoWriter", "w")):
        _compiled.stand_in(cv2, name, _readers.noting(0, "filename", mode, "cv2"))

    def note_storage(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        flags = _readers.argument(arguments, named, 1, "flags") or 0
        if not flags & vars(cv2)["FILE_STORAGE_MEMORY"]:
            modes = {cv2.FILE_STORAGE_WRITE: "w", cv2.FILE_STORAGE_APPEND: "r+"}
            source = _readers.argument(arguments, named, 0, "filename")
            _lineage.note(source, modes.get(flags & 3, "r"), "cv2")

    _compiled.stand_in(cv2, "FileStorage", note_storage)


def _netcdf(netcdf: ModuleType) -> None:
    _compiled.stand_in(netcdf, "Dataset", _readers.noting(0, "filename", "mode", "netCDF4"))


def _lmdb(lmdb: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        path = _readers.argument(arguments, named, 0, "path")
        _lineage.note(path, "r" if named.get("readonly") else _readers.changing(path), "lmdb")

    _readers.watch(lmdb, "open", note)


def _mmwrite(scipy: ModuleType) -> None:
    def ending(target: Any) -> Any:
        is_path = isinstance(target, (str, os.PathLike))
        return f"{os.fspath(target).removesuffix('.mtx')}.mtx" if is_path else None

    _readers.watch(scipy, "mmwrite", _readers.noting(0, "target", "w", "scipy", ending))


def _xgboost(core: ModuleType) -> None:
    def without_options(data: Any) -> Any:
        return re.split("[?#]", data)[0] if isinstance(data, str) else data

    note = _readers.noting(1, "data", "r", "xgboost", without_options)
    _readers.watch(core.DMatrix, "__init__", note)


def _lightgbm(basic: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
        data = arguments[0]
        if getattr(data, "_handle", None) is None:  # not read yet
            _lineage.note(data.data, "r", "lightgbm")

    _readers.watch(basic.Dataset, "construct", note)


def _onnxruntime(sessions: ModuleType) -> None:
    def path(model: Any) -> Any:
        return None if isinstance(model, bytes) else model

    note = _readers.noting(1, "path_or_bytes", "r", "onnxruntime", path)
    _readers.watch(sessions.InferenceSession, "__init__", note)


def _deltalake(deltalake: ModuleType) -> None:
    def note_write(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        target = _readers.argument(arguments, named, 0, "table_or_uri")
        path = target if isinstance(target, (str, os.PathLike)) else _delta_path(target)
        _lineage.note(path, _readers.changing(path), "deltalake")

    table = deltalake.DeltaTable
    _readers.watch(table, "__init__", _readers.noting(1, "table_uri", "r", "deltalake"))
    for names, mode in ((_READS_DELTA, "r"), (_WRITES_DELTA, "r+")):
        for name in names:
            if hasattr(table, name):
                _readers.watch(table, name, functools.partial(_note_delta, mode))
    _readers.watch(deltalake, "write_deltalake", note_write)


def _delta_path(table: Any) -> str:
    uri = str(table.table_uri)
    return unquote(uri) if uri.startswith("file://") else uri


def _note_delta(mode: str, arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
    _lineage.note(_delta_path(arguments[0]), mode, "deltalake")


_readers.on_import(
    {
        **{
            module: functools.partial(_readers.watch_functions, functions=functions)
            for module, functions in _FUNCTIONS.items()
        },
        **{module: functools.partial(_maps, functions) for module, functions in _MAPS.items()},
        "deltalake": _deltalake,
        "lmdb": _lmdb,
        "onnxruntime.capi.onnxruntime_inference_collection": _onnxruntime,
    }
)
_readers.on_import(
    {
        "cv2": _cv2,
        "lightgbm.basic": _lightgbm,
        "netCDF4": _netcdf,
        "scipy.io": _mmwrite,
        "xgboost.core": _xgboost,
    }
)
