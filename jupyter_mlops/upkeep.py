"""Looking after a whole store, across its rooms."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from .objects.schemas import Inspection, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from .services import Services


def inspect(services: Services, progress: Callable[[int], None]) -> Inspection:
    """Look at every byte and every reference of the store.

    Args:
        services: the store's.
        progress: called with the bytes that were read since the last call.

    Raises:
        StoreUnavailableError: the store is too damaged to look, or does not answer.
    """
    database = services.database
    problems = [
        Problem(kind="database", name=database.name, message=f"The database: {line}.")
        for line in database.inspect()
    ]
    found = services.objects.inspect(progress)
    for name, needed in chain(services.snapshots.references(), services.registry.references()):
        if lost := services.objects.missing(needed):
            said = f"{name} needs {len(lost)} objects that the store does not have."
            ids = sorted(lost)
            problems.append(Problem(kind="reference", name=name, message=said, object_ids=ids))
    return found.model_copy(update={"problems": [*problems, *found.problems]})
