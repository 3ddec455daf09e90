"""What nothing of ours watches: kernels, R's say, and what programs and processes do besides."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..analysis import r
from ..kernels.schemas import CellRun, FileAccess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..kernels.schemas import KernelState, Unseen
    from .notebook import CodeCell, Notebook


def is_watched(state: KernelState) -> bool:
    """Tell whether the kernel itself told all that it ran."""
    return state.environment.language == "python" or (state.r_code is not None and state.complete)


def completed(state: KernelState, notebook: Notebook) -> KernelState:
    """Return the state of a kernel that is not Python's with what its notebook says besides.

    The cells that the notebook says were run, in their order, where the kernel does not know them.
    To its files come those that are there and that the code of these cells names. Numbers that
    are bound to a literal are settings, no results, and go.
    """
    if state.environment.language == "python":
        return state
    ran = [cell for cell in notebook.code_cells if cell.execution_count is not None]
    cells = state.cells if is_watched(state) else _said_to_have_run(ran)
    scalars = computed(state.scalars, ran)
    files = with_named(state.files, notebook, Path(state.working_directory))
    return state.model_copy(update={"cells": cells, "scalars": scalars, "files": files})


def _said_to_have_run(cells: Iterable[CodeCell]) -> list[CellRun]:
    return [
        CellRun(
            execution_count=cell.execution_count,
            cell_id=cell.cell_id,
            source=cell.source,
            status="unknown",
        )
        for cell in sorted(cells, key=lambda cell: cell.execution_count or 0)
    ]


def with_named(files: list[FileAccess], notebook: Notebook, folder: Path) -> list[FileAccess]:
    """Return files that the kernel told, and those that only the code names."""
    told = {file.path for file in files}
    return [*files, *(file for file in named_data(notebook, folder) if file.path not in told)]


def named_data(notebook: Notebook, folder: Path) -> list[FileAccess]:
    """Return the files that the code of cells that were run names, and that are there."""
    found: dict[tuple[str, bool], list[str]] = {}
    for cell in notebook.code_cells:
        if cell.execution_count is None:
            continue
        for text, written in r.named_texts(cell.source):
            with suppress(OSError, ValueError):  # most texts are no paths
                path = os.path.normpath(folder / text)
                if os.path.isfile(path):
                    found.setdefault((path, written), []).append(cell.cell_id or "")
    return [
        FileAccess(
            path=path,
            mode="write" if written else "read",
            reader="named in the code",
            cell_ids=[cell_id for cell_id in dict.fromkeys(cell_ids) if cell_id],
        )
        for (path, written), cell_ids in found.items()
    ]


def computed(
    scalars: Mapping[str, int | float], cells: Iterable[CodeCell]
) -> dict[str, int | float]:
    """Return the numbers that no cell that was run binds to a literal."""
    settings = {
        name
        for cell in cells
        if cell.execution_count is not None
        for name in r.literals(cell.source)
    }
    return {name: value for name, value in scalars.items() if name not in settings}


_MOST_NAMES = 5


def sentences(unseen: Iterable[Unseen], cells: Iterable[CodeCell]) -> list[str]:
    """Say what of subprocesses could not be seen, with the cells that started them."""
    numbers = {cell.cell_id: cell.index + 1 for cell in cells}
    programs: dict[str, list[str]] = {}
    said = []
    for one in unseen:
        who = _who(one.cell_ids, numbers)
        if one.reason == "program":
            programs.setdefault(who, []).append(one.name)
        elif one.reason == "silent":
            said.append(f"{who} started {one.name}, which ended without telling what it opened.")
        else:
            said.append(f"{who} started {one.name}: {one.detail}.")
    return [_about_programs(who, names) for who, names in programs.items()] + said


def _who(cell_ids: Sequence[str], numbers: Mapping[str | None, int]) -> str:
    found = sorted(numbers[cell_id] for cell_id in cell_ids if cell_id in numbers)
    if not found:
        return "A cell that is not there any more"
    if len(found) == 1:
        return f"Cell {found[0]}"
    *others, last = map(str, found)
    return f"Cells {', '.join(others)} and {last}"


def _about_programs(who: str, names: Sequence[str]) -> str:
    some = ", ".join(names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    whose = "its command names" if len(names) == 1 else "their commands name"
    what = "it" if len(names) == 1 else "they"
    return (
        f"{who} started {some}{more}: of what {what} opened, only the files that {whose} are "
        "listed."
    )
