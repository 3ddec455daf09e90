"""What a deployment's revisions say: which one runs, which one a roll back returns to.

Revisions are an append-only history: deploying adds one, and so does rolling back, so that it
always tells what ran when and by whom. A roll back returns to the model version that ran before
the one that runs now was first deployed. Deploying an older version again counts as returning to
it. So after versions 1, 2, 3, rolling back twice gives 2, then 1, never 3 again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

Model = tuple[str, int]


def model_of(revision: Mapping[str, Any]) -> Model:
    """Return the name and the version of a revision's model."""
    return revision["model_name"], revision["model_version"]


def previous_model(revisions: Iterable[Mapping[str, Any]]) -> Model | None:
    """Return what a roll back returns to; None where nothing ran before.

    Args:
        revisions: rows, oldest first.
    """
    stack: list[Model] = []
    for revision in revisions:
        model = model_of(revision)
        if model in stack:
            del stack[stack.index(model) + 1 :]
        else:
            stack.append(model)
    return stack[-2] if len(stack) > 1 else None


def first_revision_of(revisions: Iterable[Mapping[str, Any]], model: Model) -> int:
    """Return the number of the revision that deployed a model version first."""
    return next(int(row["revision"]) for row in revisions if model_of(row) == model)
