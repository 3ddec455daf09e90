"""By which names seeds are set, whatever a notebook calls the modules that have them."""

from __future__ import annotations

import ast

from .sharing import path_of

_SETTERS = {
    "seed",
    "manual_seed",
    "manual_seed_all",
    "set_seed",
    "set_random_seed",
    "seed_everything",
    "default_rng",
    "RandomState",
    "Random",
    "MT19937",
    "PCG64",
    "PCG64DXSM",
    "Philox",
    "SFC64",
    "SeedSequence",
    "PRNGKey",
}
SEEDS = {"random_state", "seed", "random_seed"}
"""Keywords, attributes and keys that are given a seed."""

_MODULES = {"np": "numpy", "tf": "tensorflow", "pl": "lightning", "L": "lightning"}


class Setters:
    """Knows functions that set a seed by their whole names, from the imports it has been told."""

    def __init__(self) -> None:
        self._modules = dict(_MODULES)

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take note of what names stand for."""
        module = None if isinstance(node, ast.Import) else node.module
        if isinstance(node, ast.ImportFrom) and (module is None or node.level):
            return  # of the notebook's own
        for one in node.names:
            if module or one.asname:
                whole = f"{module}.{one.name}" if module else one.name
                self._modules[one.asname or one.name] = whole

    def name(self, node: ast.Call) -> str | None:
        """Return the whole name of what a call sets a seed with, None if it sets none."""
        first, *rest = _called(node) or ("",)
        path = [*self._modules.get(first, first).split("."), *rest]
        return ".".join(path) if path[-1] in _SETTERS else None


def _called(node: ast.Call) -> tuple[str, ...]:
    """Return the path of what is called, also of a method of what a call returned."""
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
        path = _called(function.value)
        return (*path, function.attr) if path else ()
    return path_of(function)
