"""A table in an HDF5 file, and how its columns are read from arrays and from records."""

from __future__ import annotations

import pickletools
from typing import Any, Callable

from .summary import COLUMNS


class Table:
    """A table: its columns' names in order, and how their first values are read.

    A reader takes a number of rows and columns, and gives the columns by their names.
    """

    def __init__(self, name: str, rows: int) -> None:
        self.name = name
        self.rows = rows
        self.width = 0
        self.order: list[str] = []
        self.pickled: list[str] = []
        self._readers: list[Callable[[int, int], dict[str, Any]]] = []

    def add(self, width: int, reader: Callable[[int, int], dict[str, Any]]) -> None:
        """Add columns."""
        self.width += width
        self._readers.append(reader)

    def read(self, rows: int) -> dict[str, Any]:
        """Return the first columns, each with its first values."""
        found: dict[str, Any] = {}
        for reader in self._readers:
            if len(found) < COLUMNS:
                found.update(reader(rows, COLUMNS - len(found)))
        named = {name: found[name] for name in self.order if name in found}
        return {**named, **found}


def is_simple(item: Any) -> bool:
    """Tell whether the values of a dataset are numbers or texts."""
    import h5py

    return item.dtype.kind in "biufcSU" or h5py.check_string_dtype(item.dtype) is not None


def matrix(
    item: Any, names: list[str], convert: Callable[[Any], Any] | None = None
) -> tuple[int, Callable[[int, int], dict[str, Any]]]:
    """Return how many columns an array has, one for each name, and their reader."""

    def read(rows: int, columns: int) -> dict[str, Any]:
        source = item.asstr(errors="replace") if item.dtype.kind == "O" else item
        found = source[:rows, :columns] if len(item.shape) > 1 else source[:rows][:, None]
        return {name: (convert or text)(found[:, at]) for at, name in enumerate(names[:columns])}

    return len(names), read


def records(
    item: Any,
    names: dict[str, list[str]],
    convert: dict[str, Callable[[Any], Any]],
    without: tuple[str, ...] = (),
) -> tuple[int, Callable[[int, int], dict[str, Any]]]:
    """Return how many columns an array of records has, and their reader.

    Args:
        item: the dataset.
        names: of fields that are several columns, what these are called.
        convert: what is done with the values of a field.
        without: fields that are left out.
    """
    widths = {}
    for field in item.dtype.names:
        kind = item.dtype[field]
        simple = kind.base.kind in "biufcSU" and len(kind.shape) in (0, 1)
        if simple and field not in without:
            widths[field] = kind.shape[0] if kind.shape else 1

    def read(rows: int, columns: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        wanted = list(widths)[:columns]
        values = item.fields(wanted)[:rows]
        for field in wanted:
            change = convert.get(field, text)
            part = values[field]
            if part.ndim == 1:
                found[field] = change(part)
                continue
            called = names.get(field, [])
            if len(called) != widths[field]:
                called = [f"{field}[{at}]" for at in range(widths[field])]
            found.update({one: change(part[:, at]) for at, one in enumerate(called)})
        return dict(list(found.items())[:columns])

    return sum(widths.values()), read


def text(values: Any) -> Any:
    """Return values, bytes as text."""
    if values.dtype.kind != "S":
        return values
    return [one.decode("utf-8", "replace") for one in values.tolist()]


def listed(pickled: Any) -> list[str]:
    """Return the texts and numbers in a pickled list, by its opcodes; nothing of it is run."""
    if not isinstance(pickled, bytes):
        return []
    try:
        opcodes = [(opcode.name, argument) for opcode, argument, _ in pickletools.genops(pickled)]
    except ValueError:
        return []
    return [
        str(argument) for name, argument in opcodes if "UNICODE" in name or name in {"INT", "LONG"}
    ]
