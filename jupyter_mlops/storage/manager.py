"""What goes from a store, told before it goes and done when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.clock import DAY_MS, now_ms
from ..upkeep import collect, erase
from .schemas import Erasable, Erased, ErasureList, Storage

if TYPE_CHECKING:
    from ..data.schemas import DataVersion
    from ..services import Services
    from ..upkeep import Collected

_NAMED = 20  # paths and notebooks that a question lists
_MOST_RECORDS = 1000


def would_go(services: Services, keep_data: str | None, *, author: str) -> Storage:
    """Say what would be removed now.

    Args:
        services: the store's.
        keep_data: a rule, see ``Retention``; None for the one that the store's owner set.
        author: who asks.

    Raises:
        InvalidInputError: there is no such rule.
        StoreUnavailableError: the store cannot be read.
    """
    from ..history.retention import OFF  # noqa: PLC0415 - help waits for no database

    rule = services.project.settings.keep_data or OFF
    found = collect(services, now_ms() - DAY_MS, keep_data, author=author, dry_run=True)
    return Storage(keep_data=keep_data or rule, set_rule=rule, would_go=found)


def let_go(services: Services, keep_data: str | None, *, author: str) -> Collected:
    """Remove what ``would_go`` tells; what is younger than a day stays.

    Raises:
        InvalidInputError: there is no such rule.
        StoreUnavailableError: the store cannot be read or written.
    """
    return collect(services, now_ms() - DAY_MS, keep_data, author=author, dry_run=False)


def erasable(services: Services, path: str, version: str | None) -> Erasable:
    """Say what an erasure of a version of ``path`` would take, of all versions if None.

    Raises:
        NotFoundError, ConflictError: there is no such version, or several.
    """
    return _erasable(services, path, _meant(services, path, version))


def erase_data(
    services: Services, path: str, version: str | None, *, author: str, reason: str
) -> Erased:
    """Erase a version of ``path`` from the store for good, all versions if None.

    Raises:
        NotFoundError, ConflictError: there is no such version, or several.
        StoreUnavailableError: the store cannot be read or written; try again.
    """
    found = _meant(services, path, version)
    taken = _erasable(services, path, found)
    digests = [item.digest for item in found]
    removed = erase(services, digests, author=author, reason=reason)
    return Erased(objects=removed.objects, size_bytes=removed.size_bytes, erasable=taken)


def erasures(services: Services) -> ErasureList:
    """List what was erased, the newest first."""
    found = services.objects.erasures()
    return ErasureList(items=found[:_MOST_RECORDS], count=len(found))


def _meant(services: Services, path: str, version: str | None) -> list[DataVersion]:
    data = services.data
    return data.versions(path).items if version is None else [data.version(path, version)]


def _erasable(services: Services, path: str, found: list[DataVersion]) -> Erasable:
    contents = services.objects.expanded(item.digest for item in found)
    paths = sorted({path}.union(*services.data.names(sorted(contents)).values()))
    notebooks = services.data.notebooks(path)
    kept = [item for item in found if item.kept]
    return Erasable(
        path=path,
        versions=len(kept),
        size_bytes=sum(item.size or 0 for item in kept),
        paths=paths[:_NAMED],
        path_count=len(paths),
        in_project=(services.project.root / path).exists(),
        notebooks=notebooks[:_NAMED],
        notebook_count=len(notebooks),
    )
