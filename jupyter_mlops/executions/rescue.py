"""Executed notebooks that no snapshot has, or could take: in the store, with secrets masked.

Earlier versions wrote every notebook into the store while it ran, as it was; ``settle`` leaves
nothing of that.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..core.errors import NotFoundError
from ..core.locks import is_free
from ..objects.disk import OutputFile
from ..snapshots.cells import joined
from ..snapshots.masking import Masker, env_values, inherited_secrets
from .alive import life_file

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.project import Project
    from ..tracking.manager import TrackingManager


def rescue_file(project: Project, run_id: str) -> Path:
    """Return where the notebook of a run is as long as no snapshot has it."""
    return project.store / "executions" / "masked" / f"{run_id}.ipynb"


def rescue(path: Path, executed: bytes, masker: Masker) -> None:
    """Write an executed notebook with its secrets masked: the whole of it, or nothing.

    Raises:
        OSError: it cannot be written.
        LookupError, TypeError, ValueError: it is none.
    """
    write(path, json.loads(executed), masker)


def write(path: Path, notebook: dict[str, Any], masker: Masker, *, durable: bool = True) -> int:
    """Write a notebook with its secrets masked, and return how many bytes that are.

    Args:
        path: where; what is there already is replaced, by the whole or not at all.
        notebook: as nbformat has it.
        masker: knows what is secret, and learns what the notebook's code tells.
        durable: wait for the disk, which only matters if the machine stops.

    Raises:
        OSError, LookupError, TypeError, ValueError: as ``rescue``.
    """
    masker.learn_from(map(_source, notebook["cells"]))
    text = json.dumps(masker.notebook(notebook), ensure_ascii=False, indent=1)
    data = text.encode("utf-8", "replace")
    new = unfinished(path)
    new.unlink(missing_ok=True)
    try:
        with OutputFile(new) as file:
            file.write(data)
            if durable:
                file.sync()
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return len(data)


def unfinished(path: Path) -> Path:
    """Return what a notebook is called while it is written: each run has one process."""
    return path.with_suffix(".part")


def old_outputs(project: Project) -> list[Path]:
    """Return the executed notebooks of earlier versions whose runs have ended."""
    found = (project.store / "executions").glob("*.ipynb")
    return [path for path in found if is_free(life_file(project, path.stem))]


def settle(project: Project, tracking: TrackingManager, largest: float = math.inf) -> None:
    """Remove what a snapshot has too, and mask the rest; what cannot be masked goes.

    Args:
        project: whose store it is.
        tracking: knows which run has a snapshot.
        largest: bytes of what is masked: what is larger takes seconds, and is left as it is.
    """
    for path in old_outputs(project):
        with suppress(OSError):  # left to the next
            if not _has_snapshot(tracking, path.stem):
                if path.stat().st_size > largest:
                    continue
                _mask(project, path)
            path.unlink(missing_ok=True)


def _has_snapshot(tracking: TrackingManager, run_id: str) -> bool:
    try:
        return tracking.run(run_id).snapshot_id is not None
    except NotFoundError:
        return False


def _mask(project: Project, path: Path) -> None:
    masker = Masker()
    masker.learn(env_values(project.root, project.root))
    masker.learn(inherited_secrets())
    target = rescue_file(project, path.stem)
    target.parent.mkdir(exist_ok=True)
    with suppress(LookupError, TypeError, ValueError):
        rescue(target, path.read_bytes(), masker)


def _source(cell: dict[str, Any]) -> str:
    return joined(cell.get("source", "")) if cell.get("cell_type") == "code" else ""
