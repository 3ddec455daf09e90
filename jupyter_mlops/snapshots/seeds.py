"""The seeds that the code sets, as it ran: what a run of the same experiment has to set too."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from ..analysis.sharing import path_of
from ..analysis.source import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..kernels.schemas import CellRun

_SETTERS = {
    "seed",
    "manual_seed",
    "manual_seed_all",
    "set_seed",
    "set_random_seed",
    "seed_everything",
    "default_rng",
    "RandomState",
    "PCG64",
    "SeedSequence",
    "PRNGKey",
}
_KEYWORDS = {"random_state", "seed", "random_seed"}
UNKNOWN = "unknown"
"""Stands for the value of a seed that was set, of which the code does not tell the number."""

_MODULES = {"np": "numpy", "tf": "tensorflow", "pl": "lightning", "L": "lightning"}


def seeds(history: Sequence[CellRun], scalars: Mapping[str, Any]) -> dict[str, Any]:
    """Return the seeds that were set, by what set them; several are a list, in the order they ran.

    Args:
        history: the cells, in the order they ran.
        scalars: numbers in the namespace, for seeds that are names: ``random.seed(SEED)``.
    """
    found: dict[str, list[Any]] = {}
    for run in history:
        tree = parse(run.source)
        for name, value in _set_in(tree) if tree else ():
            known = scalars.get(value.id, UNKNOWN) if isinstance(value, ast.Name) else _told(value)
            if known is not None and known not in found.setdefault(name, []):
                found[name].append(known)
    return {
        name: values[0] if len(values) == 1 else values for name, values in found.items() if values
    }


def _set_in(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        path = path_of(node.func)
        if path and path[-1] in _SETTERS and node.args:
            yield ".".join((_MODULES.get(path[0], path[0]), *path[1:])), node.args[0]
        for keyword in node.keywords:
            if keyword.arg in _KEYWORDS:
                yield keyword.arg, keyword.value


def _told(node: ast.expr) -> Any:
    """Return a seed as the code tells it; None is no seed to numpy and scikit-learn."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, RecursionError):
        return UNKNOWN
    return value if isinstance(value, (int, str)) or value is None else UNKNOWN
