"""Looks at a notebook as a snapshot would, which masks, grades and names it: nothing is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..core.clock import from_ms, now_ms
from ..snapshots.capture import Capture, Circumstances
from ..snapshots.encoding import canonical
from ..snapshots.notebook import parameters, parse, read_bytes
from ..snapshots.printed import numbers
from ..snapshots.subject import Subject
from .kept import write
from .unstored import OnDisk, Unstored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..core.project import Project
    from ..kernels.schemas import KernelState
    from ..objects.manager import ObjectManager
    from ..snapshots.notebook import Notebook
    from ..snapshots.schemas import Manifest


def look(
    project: Project,
    objects: ObjectManager,
    path: Path,
    state: KernelState | None,
    last: Manifest | None,
    *,
    author: str,
    file: int,
    content: bytes | None = None,
) -> None:
    """Write to an open file what a snapshot of a notebook would hold.

    Args:
        project: what paths are relative to.
        objects: knows what unchanged files hold.
        path: the notebook file, absolute.
        state: the kernel's answer; None where no kernel runs.
        last: the notebook's newest snapshot, which knows what a kernel that has not run the
            whole notebook cannot.
        author: who looks.
        file: a descriptor.
        content: what the notebook holds where that is not what is in its file.

    Raises:
        NotFoundError, InvalidInputError: the notebook cannot be read as one.
    """
    data = read_bytes(path) if content is None else content
    subject = Subject(path, parse(data, path.name), data, state)
    with objects.batch() as batch:
        parts = Unstored(batch)
        capture = Capture(project, parts, 0)
        manifest = capture.manifest(subject, _now(author))
        for name, value in _edited(subject):
            manifest.parameters[name] = capture.masker.value(name, value, "parameters")
        if last is not None and manifest.grade not in {"clean", "valid"}:
            disk = OnDisk(project, objects, parts, capture.masker)
            manifest = _completed(manifest, last, subject.notebook, disk)
    ids = json.dumps(list(parts.contents)).encode()
    write([canonical(manifest), ids, *parts.contents.values()], file)


def _now(author: str) -> Circumstances:
    return Circumstances(
        run_id="",
        created_at=from_ms(now_ms()),
        author=author,
        message=None,
        parent_id=None,
        origin="user",
    )


def _edited(subject: Subject) -> Iterator[tuple[str, Any]]:
    """Give the parameters whose cell was edited after it ran: a snapshot has them as they ran."""
    notebook, state = subject.notebook, subject.state
    ran = {cell.cell_id: cell.source for cell in state.cells} if state else {}
    sources = {cell.cell_id: cell.source for cell in notebook.code_cells}
    found = parameters(notebook.code_cells, notebook.language)
    for name, (value, cell_id) in found.items():
        if ran.get(cell_id) != sources[cell_id]:
            yield name, value


def _completed(manifest: Manifest, last: Manifest, notebook: Notebook, disk: OnDisk) -> Manifest:
    """Return a manifest with what the kernel cannot know, because it has not run all of it.

    These are numbers that the newest snapshot has and that stand in the outputs, and the data and
    modules that it used, as they are on the disk.
    """
    printed = numbers(notebook.code_cells)
    metrics = {name: printed[name].value for name in last.metrics if name in printed}
    used = {(use.mode, use.path) for use in manifest.files}
    loaded = {use.path for use in manifest.modules}
    files = [use for use in last.files if (use.mode, use.path) not in used]
    modules = [use for use in last.modules if use.path not in loaded]
    return manifest.model_copy(
        update={
            "metrics": {**metrics, **manifest.metrics},
            "files": [*manifest.files, *disk.data(files)],
            "modules": [*manifest.modules, *disk.modules(modules)],
        }
    )
