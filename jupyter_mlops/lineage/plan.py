"""Which stale notebooks have to be run again, in which order, and with which parameters."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from ..core.errors import NotFoundError
from ..snapshots.masking import MASK
from ..snapshots.notebook import Notebook, literals
from .reach import reached
from .schemas import RerunStep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..snapshots.manager import SnapshotManager
    from .radar import Survey


def plan(survey: Survey, wanted: Sequence[str] = ()) -> list[RerunStep]:
    """Return the stale notebooks in an order in which they can be run.

    Of those that could be run at the same time the one comes first that was run first. Last come
    those that have none and are skipped: those that need each other in a circle, and what needs
    what these make.

    Args:
        survey: what was found.
        wanted: notebooks or folders; with what they need. All if empty.

    Raises:
        NotFoundError: a notebook is gone, or no snapshot is known of it, or of any in a folder.
    """
    stale = survey.stale
    oldest_first = [path for path in reversed(survey.heads) if path in stale]
    needs = {path: survey.needs[path] & stale for path in oldest_first}
    if wanted:
        needs = _needed(needs, _named(wanted, survey) & stale)
    order, circles = _ordered(needs)
    skipped = {path: _told(circle) for path, circle in circles.items()}
    for path in order:
        before = sorted(needs[path] & skipped.keys())
        if before:
            skipped[path] = f"{before[0]}, which makes an input, is not run"
    ready = [path for path in order if path not in skipped]
    return [
        RerunStep(
            notebook_path=path,
            state="skipped" if path in skipped else "waiting",
            changes=survey.findings[survey.heads[path].id].changes,
            after=sorted(needs[path]),
            circle=circles.get(path, []),
            message=skipped.get(path),
        )
        for path in (*ready, *skipped)
    ]


def _ordered(needs: Mapping[str, set[str]]) -> tuple[list[str], dict[str, list[str]]]:
    """Return an order of all notebooks that are in no circle; and of the others their circles.

    In a circle each needs what the one before it makes. One of several that share notebooks is
    given; what is left of the others needs it then, or is a circle still.
    """
    circles: dict[str, list[str]] = {}
    while True:
        left = {path: needs[path] - circles.keys() for path in needs if path not in circles}
        try:
            return _sorted(left), circles
        except CycleError as error:
            circle = error.args[1][1:]
            circles |= dict.fromkeys(circle, circle)


def _sorted(needs: Mapping[str, set[str]]) -> list[str]:
    """Return all notebooks, each after what it needs, else in the given order.

    Raises:
        CycleError: there is none.
    """
    at = {path: number for number, path in enumerate(needs)}
    sorter = TopologicalSorter({path: sorted(before) for path, before in needs.items()})
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=at.__getitem__)
        sorter.done(*ready)
        order += ready
    return order


def rivals(survey: Survey, steps: Sequence[RerunStep]) -> dict[str, set[str]]:
    """Return of each notebook those before it in a plan that write a file which it writes, too.

    They must not run at once, and whose file stays has to be the same as before.
    """
    found: dict[str, set[str]] = {}
    for step in steps:
        path = step.notebook_path
        found[path] = survey.makers.rivals(path) & found.keys()
    return found


def _told(circle: Sequence[str]) -> str:
    names = " → ".join([*circle, circle[0]])
    return f"in a circle, in which each needs what the one before it makes: {names}"


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
    found = reached(wanted, needs)
    return {path: before for path, before in needs.items() if path in found}
