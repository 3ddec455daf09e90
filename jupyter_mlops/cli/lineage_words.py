"""What the commands say of things in the lineage graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .common import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..lineage.schemas import Change, LineageNode, Unchecked

_MARKS = {"current": " ", "stale": "▲", "unknown": "?"}
_CHANGES = {
    "data": "{} changed",
    "missing": "{} is gone",
    "notebook": "{} was edited",
    "module": "the module {} was edited",
    "upstream": "{}, which makes an input, is stale",
}
_UNCHECKED = {
    "url": "{} is not looked at: it is on the network",
    "table": "{} is not looked at: it is in a database",
    "folder": "{} has other files now, and which of it were read is not known",
    "no digest": "{} cannot be compared: its content was not read then",
    "unreadable": "{} cannot be read",
    "large": "{} is too large to be compared",
    "gone": "{} is gone: it was moved or deleted",
}


def describe(changes: Iterable[Change], unchecked: Iterable[Unchecked] = ()) -> list[str]:
    """Return what has changed, and what cannot be told, a phrase each."""
    found = [
        f"{plain(change.path)} was moved to {plain(change.moved_to or '')}"
        if change.kind == "moved"
        else _CHANGES[change.kind].format(plain(change.path))
        for change in changes
    ]
    return [*found, *(_UNCHECKED[item.reason].format(plain(item.path)) for item in unchecked)]


def label(node: LineageNode) -> str:
    """Return a thing as a line shows it, with the mark of its state."""
    contents = f" ({node.contents} versions)" if (node.contents or 0) > 1 else ""
    return f"{_MARKS[node.state]} {name_of(node)}{contents}"


def name_of(node: LineageNode) -> str:
    """Return what a thing is, and which."""
    if node.kind == "snapshot":
        return f"snapshot {node.name[:12]}"
    if node.kind == "version":
        return f"model {node.name} version {node.version}"
    return f"{node.kind} {plain(node.name)}"
