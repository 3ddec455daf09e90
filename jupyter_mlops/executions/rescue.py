"""Executed notebooks that no snapshot could take: in the store, with their secrets masked.

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
from ..objects.disk import OutputFile, unused_name
from ..snapshots.cells import joined
from ..snapshots.masking import Masker, env_values, inherited_secrets
from .alive import life_file

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.project import Project
    from ..tracking.manager import TrackingManager


def rescue_file(project: Project, run_id: str) -> Path:
    """Return where the notebook of a run goes that no snapshot could take."""
    return project.store / "executions" / "masked" / f"{run_id}.ipynb"


def rescue(path: Path, executed: bytes, masker: Masker) -> None:
    """Write an executed notebook with its secrets masked: the whole of it, or nothing.

    Raises:
        OSError: it cannot be written.
        LookupError, TypeError, ValueError: it is none.
    """
    content = json.loads(executed)
    masker.learn_from(map(_source, content["cells"]))
    text = json.dumps(masker.notebook(content), ensure_ascii=False, indent=1)
    new = unused_name(path.parent)
    try:
        with OutputFile(new) as file:
            file.write(text.encode("utf-8", "replace"))
            file.sync()
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


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
