"""Reading a notebook file: cells, parameters, errors. Nothing is executed."""

from __future__ import annotations

import ast
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..analysis import r
from ..analysis.source import parse as parse_code
from ..core.errors import InvalidInputError, NotFoundError, StoreUnavailableError
from ..tracking.schemas import RunError
from . import parsing
from .cells import INJECTED, is_notebook, joined, only_text, storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class CodeCell:
    """A code cell as the file has it; ``index`` counts all cells from 0."""

    index: int
    cell_id: str | None
    source: str
    tags: tuple[str, ...]
    outputs: list[dict[str, Any]]
    execution_count: int | None = None


@dataclass(frozen=True)
class Notebook:
    """A notebook's parsed content (nbformat 4)."""

    content: dict[str, Any]

    @property
    def code_cells(self) -> list[CodeCell]:
        """The code cells in document order."""
        return [
            CodeCell(
                index=index,
                cell_id=cell.get("id"),
                source=joined(cell.get("source", "")),
                tags=tuple(cell.get("metadata", {}).get("tags", ())),
                outputs=cell.get("outputs", []),
                execution_count=cell.get("execution_count"),
            )
            for index, cell in enumerate(self.content["cells"])
            if cell.get("cell_type") == "code"
        ]

    @property
    def kernel_name(self) -> str | None:
        """The kernelspec that the notebook asks for."""
        name: str | None = self.content.get("metadata", {}).get("kernelspec", {}).get("name")
        return name

    @property
    def language(self) -> str | None:
        """The notebook's programming language, lower case."""
        metadata = self.content.get("metadata", {})
        name = metadata.get("language_info", {}).get("name")
        name = name or metadata.get("kernelspec", {}).get("language")
        return name.lower() if name else None

    @property
    def pinned_metrics(self) -> list[str]:
        """The names of the numbers that someone made metrics, the first of them the main one."""
        own = self.content.get("metadata", {}).get("mlops")
        pinned = own.get("metrics") if isinstance(own, dict) else None
        names = pinned if isinstance(pinned, list) else []
        return [name for name in names if isinstance(name, str)]

    def parameters(self) -> dict[str, Any]:
        """Return the literals assigned in cells tagged ``parameters``, as papermill reads them."""
        found = parameters(self.code_cells, self.language)
        return {name: value for name, (value, _) in found.items()}

    def error(self) -> RunError | None:
        """Return the last error among the outputs, with its cell."""
        for cell in reversed(self.code_cells):
            for output in cell.outputs:
                if output.get("output_type") == "error":
                    return RunError(
                        name=str(output.get("ename", "Error")),
                        message=storable(str(output.get("evalue", ""))),
                        cell_index=cell.index,
                        cell_id=cell.cell_id,
                    )
        return None


def parameters(
    cells: Sequence[CodeCell], language: str | None
) -> dict[str, tuple[Any, str | None]]:
    """Return the literals of cells tagged ``parameters``, each with its cell.

    Values that papermill injected come last and win.
    """
    found: dict[str, tuple[Any, str | None]] = {}
    read_literals = r.literals if language == "r" else literals
    for tag in ("parameters", INJECTED):
        for cell in cells:
            if tag in cell.tags:
                values = read_literals(cell.source)
                found.update({name: (value, cell.cell_id) for name, value in values.items()})
    return found


def saved_at(path: Path) -> float | None:
    """Return when a notebook was written, in seconds; None where that cannot be told any more."""
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def read(path: Path) -> tuple[Notebook, bytes]:
    """Return a notebook and the bytes it was read from.

    Raises:
        NotFoundError: there is no such file.
        InvalidInputError: it is not a notebook of format 4.
        StoreUnavailableError: it cannot be read.
    """
    data = read_bytes(path)
    return parse(data, path.name), data


def read_bytes(path: Path) -> bytes:
    """Return what is in the file of a notebook, whatever it is.

    Raises:
        NotFoundError, StoreUnavailableError: as ``read``.
    """
    with _reading(path):
        return path.read_bytes()


def read_code(path: Path) -> Notebook:
    """Return a notebook without its outputs, however large they are; see ``read``."""
    return _reduced(path, parsing.thinned, 0)


def read_text(path: Path) -> Notebook:
    """Return a notebook whose outputs are the text that tells of numbers; see ``read``."""
    return _reduced(path, only_text)


def _reduced(path: Path, action: parsing.Action, *numbers: int) -> Notebook:
    with _reading(path), path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        chunks = iter(lambda: file.read(_CHUNK), b"")
        return Notebook(parsing.reduced((chunks, size), action, *numbers))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFoundError(
            f"There is no notebook {path.name}. It may have been renamed or never saved.",
            path=str(path),
        ) from error
    except OSError as error:
        raise StoreUnavailableError(f"{path.name} cannot be read: {error.strerror}.") from error


def parse(data: bytes, name: str) -> Notebook:
    """Return the notebook in ``data``."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{name} is not a notebook: it is not JSON.") from error
    if not is_notebook(content):
        raise InvalidInputError(
            f"{name} is not a notebook of format 4. Open and save it in JupyterLab to convert it."
        )
    return Notebook(content)


def literals(source: str) -> dict[str, Any]:
    """Return the names that ``source`` assigns a literal at its top level."""
    tree = parse_code(source)
    found: dict[str, Any] = {}
    for statement in tree.body if tree else ():
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            continue
        try:
            value = ast.literal_eval(statement.value)
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, TypeError, RecursionError):
            continue
        found.update(dict.fromkeys(_targets(statement), value))
    return found


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]
