"""The sentences that say why a grade is not better, and where it can be seen what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import life
from ..analysis.namespace import ANYTHING, CACHED, FILES, OUTPUTS, RANDOM
from ..analysis.r_flow import PACKAGES, SETTINGS
from .schemas import GradeReason

if TYPE_CHECKING:
    from ..analysis.values import Token
    from .notebook import CodeCell

# what a cell did, and how that was not as in a run from top to bottom
_WORLD = {
    RANDOM: "draws random numbers, and others were drawn before it than {ideal}: set a seed in it",
    FILES: "uses files, and other cells that write files ran before it than {ideal}",
    OUTPUTS: "uses outputs by their numbers (_ or Out), which are others {ideal}: give them names",
    ANYTHING: "may use any variable (exec, globals(), %run, import * do), and not all were as "
    "{ideal}: name the variables that it uses",
    SETTINGS: "depends on what is set for all cells, and other cells set that than {ideal}",
    PACKAGES: "depends on the packages that are attached, and others were than {ideal}",
}
_OBJECTS = {
    life.WAS: "ends what {name} was before, which has an effect that it would not have {ideal}",
    life.HAS: "depends on what else has the object {name}, and that is something else {ideal}",
    life.ID: "uses the id of {name}, and that is another object {ideal}",
    life.MADE: "depends on the subclasses of {name}, and these are others {ideal}",
    CACHED: "calls a cached function that has kept what it found earlier: define it again before",
}
_IDEAL = "in a run from top to bottom"


def reason(code: str, message: str, cell: CodeCell | None = None) -> GradeReason:
    """Return a reason, which leads to a cell if it is one's."""
    return GradeReason(code=code, message=message, cell_id=cell.cell_id if cell else None)


def called(cell: CodeCell | None) -> str:
    """Return what users call a cell: by its place, as the notebook shows no other number."""
    return f"cell {cell.index + 1}" if cell else "a cell that was deleted or edited"


def depends(cell: CodeCell, name: str) -> GradeReason | None:
    """Say on what a cell depends that no variable has; None if ``name`` is one."""
    kind, _, names = name.partition("> ")
    sentence = _WORLD.get(name) or _OBJECTS.get(f"{kind}> ")
    if sentence is None:
        return None
    message = sentence.format(name=names or "that", ideal=_IDEAL)
    return reason("order", f"Cell {cell.index + 1} {message}", cell)


def together(cell: CodeCell, real: Token | None, ideal: Token | None) -> GradeReason:
    """Say that objects had to do with each other, or had not, by the names that they have."""
    groups = [set(str(one or "").split(", ")) for one in (real, ideal)]
    names = sorted({name for group in groups[0] ^ groups[1] for name in group.split()})
    who = f"Cell {cell.index + 1}"
    if len(names) == 1:
        message = f"{who} changes {names[0]}, with which other objects change than {_IDEAL}"
    else:
        message = (
            f"{who} uses {' and '.join(names)}, which do not belong together as they would "
            f"{_IDEAL} (one was made again, another was not)"
        )
    return reason("order", f"{message}: run again the cells that make them", cell)


def used(
    cell: CodeCell, name: str, writer: CodeCell | None, *, is_known: bool, is_there: bool
) -> GradeReason:
    """Say which value a cell used that it would not be given.

    Args:
        cell: it.
        name: of the value.
        writer: the cell that left it.
        is_known: whether some run has left it, of a cell that may be gone.
        is_there: whether the name stands for anything in a run from top to bottom.
    """
    who = f"Cell {cell.index + 1}"
    if is_known and writer is None:
        message = f"{name} comes from a cell that was deleted or edited, and {called(cell)} used it"
        return reason("deleted", message, cell)
    if writer is not None and not is_there:
        message = f"{who} uses {name}, which {called(writer)} makes: {_IDEAL} it is not there yet"
    elif writer is cell:
        message = f"{who} used {name} as it had left it itself: run again what sets {name}, then it"
    elif writer is not None:
        message = f"{who} used {name} as {called(writer)} had left it: not so {_IDEAL}"
    else:
        message = f"{who} used a value of {name} that it would not be given {_IDEAL}"
    return reason("order", message, cell)


def left(name: str, writer: CodeCell | None) -> GradeReason:
    """Say that a value is another one at the end."""
    message = f"{name} is not what a run from top to bottom would leave: {called(writer)} set it"
    return reason("state", f"{message} last", writer)


def shown(writer: CodeCell | None) -> GradeReason:
    """Say that an output with a ``display_id`` is another one at the end."""
    message = (
        f"An output with a display_id is not as a run from top to bottom would leave it: there, "
        f"{called(writer)} would be the last to change it"
    )
    return reason("outputs", message, writer)
