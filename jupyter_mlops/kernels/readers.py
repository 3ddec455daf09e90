"""Watches the readers and writers that bypass Python's ``open``; in a kernel beside ``lineage``.

Standard library only. When a library is imported, the few of its functions that take paths, URLs
or SQL are wrapped: the wrapper notes the argument and calls the function. Their names, signatures
and errors stay as they are. A wrapper's own failure is noted and costs the user nothing. The table
here is for what takes a path; ``libraries.py`` and ``remotes.py`` add what needs more.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType, ModuleType

    Note = Callable[[tuple[Any, ...], dict[str, Any]], None]
    After = Callable[[Any], None]

_probe = sys.modules["_jupyter_mlops_probe"]
_lineage = sys.modules["_jupyter_mlops_lineage"]

MARK = "_jupyter_mlops_watched"
ABOVE_NOTE = 4  # of ``is_within``, called by a note: itself, the note, what calls it, the wrapper

_CALLED = "_jupyter_mlops_called"
_CALL = compile(f"{_CALLED}()", "", "eval")
_HIDDEN = {"__tracebackhide__": True}

# module → functions: name, where the source is among the arguments, what it is called there, mode;
# "mode" where the argument behind it is one
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
        ("parquet_dataset", 0, "metadata_path", "r"),
        ("write_dataset", 1, "base_dir", "w"),
    ),
    "pyarrow.feather": (
        ("read_table", 0, "source", "r"),
        ("read_feather", 0, "source", "r"),
        ("write_feather", 1, "dest", "w"),
    ),
    "pyarrow.ipc": (
        ("RecordBatchFileReader.__init__", 1, "source", "r"),
        ("RecordBatchStreamReader.__init__", 1, "source", "r"),
        ("RecordBatchFileWriter.__init__", 1, "sink", "w"),
        ("RecordBatchStreamWriter.__init__", 1, "sink", "w"),
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
        ("ParquetWriter.__init__", 1, "where", "w"),
    ),
    "safetensors": (("safe_open", 0, "filename", "r"), ("serialize_file", 1, "filename", "w")),
    "tables.file": (("File.__init__", 1, "filename", "mode"),),
    "torch.serialization": (("load", 0, "f", "r"), ("save", 1, "f", "w")),
    "torch.jit._serialization": (("load", 0, "f", "r"), ("save", 1, "f", "w")),
}


def watch(owner: Any, name: str, *notes: Note, after: After | None = None, **how: Any) -> None:
    """Have ``notes`` see the arguments of a function each time before it is called.

    Args:
        owner: a module or class.
        name: of the function in it.
        notes: are given its arguments.
        after: is given what it has returned.
        how: see ``watched``.
    """
    original = vars(owner).get(name) or getattr(owner, name, None)
    if callable(original) and not hasattr(original, MARK):
        whose = f"{getattr(owner, '__name__', owner)}.{name}"
        setattr(owner, name, watched(original, whose, notes, after, **how))


def watched(
    original: Any,
    name: str,
    notes: Sequence[Note],
    after: After | None = None,
    *,
    by_names: bool = False,
    within: str | None = None,
) -> Any:
    """Make what is called in a function's place; see ``watch``.

    Args:
        original: the function.
        name: of it.
        notes: are given its arguments.
        after: is given what it has returned.
        by_names: whether it looks for the names of its caller.
        within: a library whose own calls say nothing new.
    """

    def see(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        try:
            for note in notes:
                note(arguments, named)
        except Exception as error:
            _lineage.failed(name, error)

    if inspect.iscoroutinefunction(original):

        @functools.wraps(original)
        async def instead(*arguments: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            see(arguments, named)
            return _seen(await original(*arguments, **named), after, name)
    else:

        @functools.wraps(original)
        def instead(*arguments: Any, **named: Any) -> Any:
            __tracebackhide__ = True
            if within is not None and is_within(within, 2):
                return original(*arguments, **named)
            see(arguments, named)
            return _seen(called(original, arguments, named, by_names), after, name)

    setattr(instead, MARK, True)
    return instead


def _seen(result: Any, after: After | None, name: str) -> Any:
    if after is not None:
        try:
            after(result)
        except Exception as error:
            _lineage.failed(name, error)
    return result


def is_within(library: str, above: int) -> bool:
    """Tell whether a library itself calls a watched function, or C that another one has called.

    Args:
        library: its name.
        above: how many frames above this function that is.
    """
    try:
        module = sys._getframe(above).f_globals.get("__name__")
    except ValueError:  # a thread of C++
        return False
    if type(module) is not str:
        return False
    return module.partition(".")[0] == library or module.startswith("_jupyter_mlops_")


def called(
    function: Any, arguments: tuple[Any, ...], named: dict[str, Any], by_names: bool = False
) -> Any:
    """Call a function so that it finds what it would find were it called by our caller's caller.

    DuckDB takes the tables that SQL names from the names of its caller, and the warnings of
    others are told, or kept to themselves, by where in the user's code their caller is.
    """
    __tracebackhide__ = True
    try:
        frame = sys._getframe(2)
    except ValueError:  # a thread of a library's that runs no Python
        return function(*arguments, **named)
    code = frame.f_code
    if not by_names and code.co_filename.startswith(_lineage.LIBRARY_CODE):
        return function(*arguments, **named)
    names: dict[str, Any] = {**frame.f_locals, **_HIDDEN} if by_names else dict(_HIDDEN)
    names[_CALLED] = functools.partial(function, *arguments, **named)
    here = _code_at(code.co_filename, frame.f_lineno or 1, code.co_name)
    return eval(here, frame.f_globals, names)  # noqa: S307


@functools.lru_cache(1000)
def _code_at(file: str, line: int, name: str) -> CodeType:
    return _CALL.replace(co_filename=file, co_firstlineno=line, co_name=name)


def argument(arguments: Sequence[Any], named: dict[str, Any], at: int, name: str) -> Any:
    """Return an argument that was given by its place or by its name; None if it was not."""
    return named[name] if name in named else arguments[at] if len(arguments) > at else None


def watch_functions(module: ModuleType, functions: Sequence[tuple[str, int, str, str]]) -> None:
    """Watch functions of a module; see ``_FUNCTIONS``."""
    reader = module.__name__.partition("._")[0].removesuffix(".core") if module.__name__ else ""
    for path, at, keyword, mode in functions:
        holder, _, name = path.rpartition(".")
        owner = getattr(module, holder, None) if holder else module
        if owner is not None:
            watch(owner, name, noting(at, keyword, mode, _reader_name(reader)))


def _reader_name(module: str) -> str:
    return module if module.startswith("pyarrow") else module.partition(".")[0]


def noting(
    at: int, keyword: str, mode: str, reader: str, files: Callable[[Any], Any] | None = None
) -> Note:
    """Make what notes the argument that a function is given; see ``_FUNCTIONS``.

    Args:
        at: where the argument is.
        keyword: what it is called.
        mode: in which it is used; "mode" where the argument behind it is that.
        reader: what the user knows the library by.
        files: tells which files an argument means, where it is no path or list of paths.
    """

    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        source = argument(arguments, named, at, keyword)
        source = files(source) if files else source
        used = argument(arguments, named, at + 1, "mode") or "r" if mode == "mode" else mode
        if used == "a":  # a store of many tables: what is in it stays
            used = changing(source)
        _lineage.note(in_filesystem(source, named.get("filesystem")), used, reader)

    return note


def changing(source: Any) -> str:
    """Return the mode in which a file is used that is changed where it is, or else made."""
    return "r+" if isinstance(source, (str, os.PathLike)) and os.path.exists(source) else "w"


def in_filesystem(source: Any, filesystem: Any) -> Any:
    """Name what a path of another filesystem than this machine's is called by: ``s3://…``."""
    protocol = getattr(filesystem, "type_name", None) or getattr(filesystem, "protocol", None)
    protocol = protocol[0] if isinstance(protocol, (list, tuple)) else protocol
    if not isinstance(protocol, str) or protocol in {"file", "local"}:
        return source
    if protocol in _WITHIN:
        return None
    if isinstance(source, (list, tuple)):
        return [in_filesystem(one, filesystem) for one in source]
    text = str(source)
    return text if "://" in text else f"{protocol.partition(':')[0]}://{text.lstrip('/')}"


# filesystems of fsspec that are in memory, or have their files from others, which are seen
_WITHIN = {
    *("blockcache", "cached", "dir", "filecache", "libarchive", "memory", "reference"),
    *("simplecache", "tar", "zip"),
}

# module → what is done to it when it has been imported
_LIBRARIES: dict[str, list[Callable[[ModuleType], None]]] = {}


def on_import(libraries: dict[str, Callable[[ModuleType], None]]) -> None:
    """Have functions called with modules when these are imported, or now if they have been."""
    for name, function in libraries.items():
        _LIBRARIES.setdefault(name, []).append(function)
        if name in sys.modules:
            _call(function, sys.modules[name])


def _call(function: Callable[[ModuleType], None], module: ModuleType) -> None:
    try:
        function(module)
    except Exception as error:
        _lineage.failed(module.__name__, error)


class _Finder:
    """Finds what the others find, and is told when it has been imported."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in _LIBRARIES:
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
        for function in _LIBRARIES[self._name]:
            _call(function, module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


on_import(
    {
        module: functools.partial(watch_functions, functions=functions)
        for module, functions in _FUNCTIONS.items()
    }
)
sys.meta_path.insert(0, _Finder())
