"""What cells show that other cells can change: outputs with a ``display_id``."""

from __future__ import annotations

import ast
from typing import NamedTuple

from .sharing import path_of

_MAKES = "DisplayHandle"
_UPDATES = "update_display"
HANDLED = frozenset({"update", "display"})
"""Methods of what ``display(…, display_id=…)`` returns, which change what is shown, not itself."""


class Shown(NamedTuple):
    """A call that shows something others can change, or changes what was shown.

    ``display_id`` is the code of the id, empty where the call makes a new one; ``call`` is the code
    of the call, by which two outputs are told apart.
    """

    display_id: str
    call: str
    updates: bool

    def concerns(self, other: Shown) -> bool:
        """Tell whether an update may be one of what another call has shown."""
        ids = {self.display_id, other.display_id}
        return len(ids) == 1 or any(one[:1] not in {"", "'", '"'} for one in ids)


def shown_by(node: ast.Call) -> Shown | None:
    """Return what a call shows with an id; None where it does not."""
    path = path_of(node.func)
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    found = given.get("display_id")
    if found is None and path[-1:] != (_MAKES,):
        return None
    if found is None:
        found = node.args[0] if node.args else ast.Constant(True)
    if isinstance(found, ast.Constant) and not found.value:
        return None
    is_new = isinstance(found, ast.Constant) and found.value is True
    updates = path[-1:] == (_UPDATES,) or _is_true(given.get("update"))
    return Shown("" if is_new else ast.unparse(found), ast.dump(node), updates)


def handles(node: ast.AST | None) -> frozenset[Shown]:
    """Return what can be changed through the value of an expression."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)] if node else []
    return frozenset(shown for one in calls if (shown := shown_by(one)) and not shown.updates)


def _is_true(node: ast.expr | None) -> bool:
    return node is not None and not (isinstance(node, ast.Constant) and not node.value)
