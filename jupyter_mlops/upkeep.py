"""Looking after a whole store, across its rooms."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from .core.clock import DAY_MS, HOUR_MS, from_ms, now_ms
from .core.errors import NotFoundError, StoreUnavailableError
from .core.schema import Schema, Timestamp
from .objects.schemas import Compressed, Inspection, Leftover, Problem, Removed
from .restoring.schemas import UnneededEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .history.needs import Needed
    from .objects.collection import Reason
    from .services import Services

_QUICKLY_MASKED = 256 * 1024
_WITH_TABLES = ("objects", "tracking", "snapshots", "registry", "deployments", "reruns")
_ADVICE = "Restore it from a backup."


class LetGo(Schema):
    """A content of data that is no longer kept, and by which names snapshots know it."""

    object_id: str
    paths: list[str]


class Collected(Schema):
    """What was removed, or would be: objects that nothing needs, files that no row names.

    ``data`` are those objects whose time was over by the rule. ``environments`` are those that
    nobody uses; they can be built again. ``compressed`` is there where that was asked for.
    ``counted_from`` is there where ages were not counted from what the clock says.
    """

    removed: Removed
    data: list[LetGo]
    leftovers: list[Leftover]
    environments: list[UnneededEnvironment]
    compressed: Compressed | None = None
    counted_from: Timestamp | None = None


def inspect(services: Services, progress: Callable[[int], None]) -> Inspection:
    """Look at every byte and every reference of the store.

    Args:
        services: the store's.
        progress: called with the bytes that were read since the last call.

    Raises:
        StoreUnavailableError: the store is too damaged to look, or does not answer.
    """
    from .snapshots.rebuilding import differing  # noqa: PLC0415 - help waits for no database

    database = services.database
    for room in _WITH_TABLES:  # which are declared when their managers are first needed
        getattr(services, room)
    problems = [
        Problem(kind="database", name=database.name, message=f"The database: {line}.")
        for line in database.inspect()
    ]
    found = services.objects.inspect(progress)
    for name, needed in chain(services.needs.references(), _of_versions(services)):
        lost = services.objects.missing(needed)
        lost -= services.objects.erased(lost).keys()
        if lost:
            said = f"{name} needs {len(lost)} objects that the store does not have."
            ids = sorted(lost)
            problems.append(Problem(kind="reference", name=name, message=said, object_ids=ids))
    for snapshot_id, wrong in differing(database, services.objects):
        name = f"snapshot {snapshot_id[:12]}"
        said = f"The database says of {name} what its manifest does not: {', '.join(wrong)}."
        problems.append(Problem(kind="index", name=name, message=f"{said} {_ADVICE}"))
    return found.model_copy(update={"problems": [*problems, *found.problems]})


def _of_versions(services: Services) -> Iterator[tuple[str, set[str]]]:
    """Give what each version of a model needs, as far as that can be read."""
    for name, folder in services.registry.references():
        try:
            yield name, services.objects.expanded(folder, folder)
        except StoreUnavailableError:  # the folder's own document is what is wrong then
            yield name, folder


def rebuild(services: Services) -> tuple[int, int]:
    """Make rows again that are missing, from the files of the store alone.

    Returns:
        how many objects were indexed again, and how many snapshots have rows again.

    Raises:
        StoreUnavailableError: the store cannot be read or written.
    """
    from .snapshots.rebuilding import rebuild as rebuild_snapshots  # noqa: PLC0415

    return services.objects.rebuild(), rebuild_snapshots(services.objects, services.snapshots)


def collect(
    services: Services,
    before_ms: int,
    keep_data: str | None,
    *,
    author: str,
    dry_run: bool,
    trust_clock: bool = False,
) -> Collected:
    """Remove what nothing needs, as long as nobody has counted on it lately.

    Args:
        services: the store's.
        before_ms: what was written or used later stays.
        keep_data: for how long data stays, see ``Retention``; None for what the store's owner set.
        author: who removes data whose time is over.
        dry_run: only say what would be removed.
        trust_clock: count ages from now, also where the clock may have jumped ahead.

    Raises:
        InvalidInputError: there is no such rule.
        StoreUnavailableError: the store cannot be read or written.
    """
    from .history.retention import OFF, Retention  # noqa: PLC0415
    from .objects.collection import Reason  # noqa: PLC0415 - help waits for no database

    said = keep_data or services.project.settings.keep_data or OFF
    rule = Retention.parse(said)
    services.history.tiers()  # a wrong rule is told, also where nothing is removed
    clock = now_ms()
    now = clock if trust_clock else services.history.believed_now()
    before_ms -= clock - now
    if not dry_run:
        _let_go(services, before_ms, now)
    needed = services.needs.needed(rule, services.registry.sources(), now)
    if dry_run:
        found = _to_collect(services, needed, before_ms)
    else:
        reason = Reason(needed.expired, author, f"no longer kept by the rule {said}")
        found = _collect(services, needed, before_ms, reason)
    return found.model_copy(update={"counted_from": from_ms(now) if now < clock else None})


def _to_collect(services: Services, needed: Needed, before_ms: int) -> Collected:
    dead = services.objects.removable(_dead(services, needed, before_ms))
    return Collected(
        removed=Removed(objects=len(dead), size_bytes=sum(dead.values())),
        data=_let_go_of(needed.expired, dead),
        leftovers=services.objects.leftovers(before_ms),
        environments=services.environments.unneeded(before_ms),
    )


def _collect(services: Services, needed: Needed, before_ms: int, reason: Reason) -> Collected:
    dead = _dead(services, needed, before_ms)
    leftovers = services.objects.leftovers(before_ms)
    environments = services.environments.unneeded(before_ms)
    removed = services.objects.collect(dead, before_ms, reason)
    services.objects.prune(services.project.root)
    return Collected(
        removed=removed,
        data=_let_go_of(needed.expired, services.objects.missing(dead)),
        leftovers=[item for item in leftovers if services.objects.remove(item, before_ms)],
        environments=[one for one in environments if services.environments.remove(one, before_ms)],
    )


def _dead(services: Services, needed: Needed, before_ms: int) -> dict[str, int]:
    return services.objects.dead(needed.live | _of_models(services), before_ms)


def _of_models(services: Services) -> set[str]:
    """Return the objects of all versions of models."""
    folders = set().union(*(folder for _, folder in services.registry.references()))
    return services.objects.expanded((), folders)


def _let_go_of(expired: Mapping[str, list[str]], gone: Iterable[str]) -> list[LetGo]:
    """Return the data among objects that are gone, by path."""
    found = [LetGo(object_id=key, paths=expired[key]) for key in gone if key in expired]
    return sorted(found, key=lambda data: (data.paths, data.object_id))


def settle_outputs(services: Services) -> None:
    """Mask what earlier versions left of headless runs, as far as that is quickly done."""
    if any((services.project.store / "executions").glob("*.ipynb")):
        services.executions.settle_outputs(_QUICKLY_MASKED)


def _let_go(services: Services, before_ms: int, now: int) -> None:
    """Close what ended unseen, and forget snapshots that are deleted, or thinned now."""
    services.close_vanished()
    services.executions.settle_outputs()
    services.reproductions.remove_logs(before_ms)
    services.history.thin(now)
    services.history.purge(min(before_ms, now - DAY_MS))


def erase(services: Services, object_ids: Sequence[str], *, author: str, reason: str) -> Removed:
    """Remove objects from everywhere in the store, whoever needs them, and record it.

    What was erased already may be among them: of that is removed what a failure left.

    Raises:
        NotFoundError: the store has none of them, and had none.
        StoreUnavailableError: the store cannot be read or written; try again.
    """
    from .objects.collection import Reason  # noqa: PLC0415 - help waits for no database

    asked = services.objects.expanded(object_ids)
    wanted = asked - services.objects.missing(asked)
    before = services.objects.erased(asked)
    if not wanted and not before:
        raise NotFoundError("The store has no such content.")
    names = services.data.names(sorted(wanted))
    paths = {object_id: names.get(object_id, []) for object_id in wanted}
    before_ms = now_ms()
    removed = services.objects.erase(wanted, Reason(paths, author, reason))
    services.profiles.forget(wanted.union(before))
    services.comparisons.forget(wanted.union(before))
    # a crash or a failure before now may have left a file with the same bytes
    old_ms = before_ms - HOUR_MS
    for leftover in services.objects.leftovers(old_ms):
        services.objects.remove(leftover, before_ms)
    lately = any(record.erased_at > from_ms(old_ms) for record in before.values())
    if lately and services.objects.leftovers(before_ms):
        raise StoreUnavailableError(
            "The store has files that no row names yet, younger than an hour. What an erasure "
            "failed to remove may be among them: erase it again in an hour."
        )
    return removed
