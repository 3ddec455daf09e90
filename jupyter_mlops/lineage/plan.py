"""Which stale notebooks have to be run again, in which order, and with which parameters."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from ..core.errors import ConflictError, NotFoundError
from ..snapshots.masking import MASK
from ..snapshots.notebook import Notebook, literals
from .schemas import RerunStep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..snapshots.manager import SnapshotManager
    from .radar import Survey


def plan(survey: Survey, wanted: Sequence[str] = ()) -> list[RerunStep]:
    """Return the stale notebooks in an order in which they can be run.

    Args:
        survey: what was found.
        wanted: notebooks or folders; with what they need. All if empty.

    Raises:
        ConflictError: notebooks need each other, in a circle.
        NotFoundError: a notebook is gone, or no snapshot is known of it, or of any in a folder.
    """
    stale = survey.stale
    needs = {path: survey.needs[path] & stale for path in stale}
    if wanted:
        needs = _needed(needs, _named(wanted, survey) & stale)
    try:
        order = list(TopologicalSorter({p: sorted(needs[p]) for p in sorted(needs)}).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise ConflictError(
            f"There is no order to run these in, each needs what the one before it makes: {circle}."
        ) from error
    return [
        RerunStep(
            notebook_path=path,
            state="waiting",
            changes=survey.findings[survey.heads[path].id].changes,
            after=sorted(needs[path]),
        )
        for path in order
    ]


def overrides(snapshots: SnapshotManager, snapshot_id: str) -> dict[str, Any]:
    """Return the parameters that a snapshot was run with, where they are not the notebook's own.

    So an edit of the notebook's values counts, and what was given for a run is given again. What
    was masked is not known any more.
    """
    recorded = snapshots.snapshot(snapshot_id).manifest.parameters
    defaults: dict[str, Any] = {}
    for cell in Notebook(snapshots.notebook(snapshot_id, outputs=False).content).code_cells:
        if "parameters" in cell.tags:
            defaults |= literals(cell.source)
    return {
        name: value
        for name, value in recorded.items()
        if MASK not in str(value) and (name not in defaults or defaults[name] != value)
    }


def _named(wanted: Sequence[str], survey: Survey) -> set[str]:
    found: set[str] = set()
    for name in wanted:
        below = "" if name in {"", "."} else f"{name}/"
        named = {path for path in survey.heads if path == name or path.startswith(below)}
        if not named:
            raise NotFoundError(f"No finished snapshot of {name} is known.", path=name)
        if named <= survey.gone:
            raise NotFoundError(
                f"{name} is gone. If it was moved, run it once where it is now; "
                "if it was deleted, restore a snapshot of it.",
                path=name,
            )
        found |= named
    return found


def _needed(needs: Mapping[str, set[str]], wanted: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    waiting = list(wanted)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = needs[path]
            waiting += needs[path]
    return found
