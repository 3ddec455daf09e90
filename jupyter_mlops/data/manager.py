"""Versions of data: which contents a path had, getting one back, and what is different."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ..core import paging
from ..core.clock import from_ms
from ..core.errors import ConflictError, InvalidInputError, MLOpsError, NotFoundError
from ..objects.replacing import digest_of
from ..snapshots import rows
from . import store, tabular
from .in_place import DataInPlace
from .schemas import (
    Change,
    Data,
    DataCopy,
    DataDiff,
    DataPage,
    DataUse,
    DataUsePage,
    DataVersion,
    DataVersionList,
    FileChange,
    PresentData,
)
from .versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Row

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import Snapshot
    from .profiles import ProfileManager
    from .schemas import DataProfile, TableChange

_MOST_CHANGES = 1000
_MOST_CONTENTS = 300
_LARGEST_READ = 1024**3


class DataManager:
    """Data that the snapshots of one store name.

    Args:
        profiles: what the tables among the data hold.
        create: takes a snapshot of a notebook that also keeps other files.
    """

    def __init__(
        self,
        project: Project,
        database: Database,
        objects: ObjectManager,
        profiles: ProfileManager,
        create: Callable[..., Snapshot],
    ) -> None:
        self._project = project
        self._database = database
        self._objects = objects
        self._profiles = profiles
        self._versions = Versions(database, objects)
        self._in_place = DataInPlace(project, database, objects, create)

    def data(
        self, *, limit: int = 100, page_token: str | None = None, prefix: str | None = None
    ) -> DataPage:
        """List what notebooks read and wrote, by path."""
        after = paging.decode(page_token, str)[0] if page_token else None
        with self._database.read() as connection:
            found = store.paths(connection, limit + 1, after, prefix)
            page, token = paging.cut(found, limit, lambda row: paging.encode(row.path))
            newest = store.newest(connection, [row.path for row in page])
        items = [
            Data(
                path=row.path,
                kind=newest[row.path].kind,
                size=newest[row.path].size,
                digest=newest[row.path].digest,
                versions=row.versions,
                **store.seen(row),
            )
            for row in page
        ]
        return DataPage(items=items, next_token=token)

    def versions(self, path: str) -> DataVersionList:
        """List the contents that a path had, the newest first.

        Raises:
            NotFoundError: no snapshot names it.
        """
        return DataVersionList(path=path, items=self._versions.all(path))

    def versions_now(self, path: str) -> DataVersionList:
        """List the contents that a path had, none if no snapshot names it, and what is there."""
        found = DataVersionList(path=path, items=[])
        with suppress(NotFoundError):
            found = self.versions(path)
        kinds = {item.kind for item in found.items}
        is_place = not kinds & {"table", "url"} and "://" not in path
        present = self._present(path) if found.items and is_place else None
        return found.model_copy(update={"present": present})

    def uses(
        self, path: str, version: str | None, *, limit: int = 100, page_token: str | None = None
    ) -> DataUsePage:
        """List the snapshots that used a version, the newest first.

        Raises:
            NotFoundError: there is no such version.
        """
        contents = self._versions.places(path, self.version(path, version).digest)
        after = tuple(paging.decode(page_token, int, str)) if page_token else None
        with self._database.read() as connection:
            found = store.uses(connection, contents[:_MOST_CONTENTS], limit + 1, after)
        page, token = paging.cut(found, limit, lambda row: paging.encode(row.created_at, row.id))
        return DataUsePage(items=[_use(row) for row in page], next_token=token)

    def profile(self, path: str, version: str | None) -> DataProfile:
        """Return what a version of a table holds.

        Raises:
            NotFoundError: there is no such version, or its content is not at hand any more.
            InvalidInputError: it cannot be read as a table; says why.
        """
        found = self.version(path, version)
        for name, digest in self._versions.places(path, found.digest)[:1]:
            return self._profiles.of_content(path, found, (name, digest))
        raise NotFoundError(f"No snapshot names {path} any more.", path=path)

    def version(self, path: str, version: str | None = None) -> DataVersion:
        """Return the content of a path that ``version`` names; see ``Versions.one``."""
        return self._versions.one(path, version)

    def content(self, path: str, version: str | None) -> Iterator[bytes]:
        """Give a version of a file in chunks; an error at the end means that none can be used.

        Raises:
            InvalidInputError: it is a folder.
            NotFoundError: there is no such version, or its content is not kept.
            StoreUnavailableError: it is damaged.
        """
        found = self.version(path, version)
        self._check_kept(path, found)
        if found.kind == "folder":
            raise InvalidInputError(f"{path} is a folder. Give one of its files, or a target.")
        return self._objects.chunks(found.digest)

    def get(self, path: str, version: str | None, target: Path) -> DataCopy:
        """Write a version of a file or folder to ``target``, where nothing is yet.

        Raises:
            NotFoundError: there is no such version, or its content is not kept.
            ConflictError: something is at ``target``.
            ForbiddenPathError: ``target`` is in the store.
            StoreUnavailableError: it is damaged, or ``target`` cannot be written.
        """
        found = self.version(path, version)
        self._check_kept(path, found)
        self._project.keep_out(target)
        if target.exists() or target.is_symlink():
            raise ConflictError(f"{target} exists. Choose another target.", path=str(target))
        if found.kind == "folder":
            self._objects.checkout_tree(found.digest, target)
        else:
            self._objects.checkout_file(found.digest, target)
        return DataCopy(path=path, digest=found.digest, size=found.size, target=str(target))

    def put_in_place(self, path: str, version: str | None, *, author: str) -> DataCopy:
        """Write a version of a file where it was, after a safety snapshot of what is there.

        Raises:
            NotFoundError: there is no such version, or its content is not kept.
            InvalidInputError: it is a folder, or there is something now that is no file.
            ForbiddenPathError, InvalidStateError, ConflictError, StoreUnavailableError: see
                ``DataInPlace.write``.
        """
        versions = self.versions(path).items
        found = self.version(path, version)
        self._check_kept(path, found)
        if found.kind == "folder":
            raise InvalidInputError(f"{path} is a folder. Write it to a new path beside it.")
        kept = {item.digest for item in versions if item.kept}
        replaced = self._in_place.write(path, found.digest, kept, self.notebooks(path), author)
        return DataCopy(
            path=path,
            digest=found.digest,
            size=found.size,
            target=path,
            replaced=replaced.digest,
            safety_snapshot_id=replaced.safety_id,
        )

    def diff(self, path: str, old: str | None, new: str | None) -> DataDiff:
        """Compare two versions of a file or folder: by default the newest with that before it.

        Raises:
            NotFoundError: there is no such version, or its content is not kept.
        """
        later = self.version(path, new)
        earlier = self.version(path, old) if old is not None else self._before(path, later)
        table = None
        if "folder" in {earlier.kind, later.kind}:
            changes = _changes(self._entries(path, earlier), self._entries(path, later))
        else:
            changes = _changes(
                {path: (earlier.digest, earlier.size)}, {path: (later.digest, later.size)}
            )
            if earlier.kept and later.kept:
                table = self._table(path, earlier.digest, later.digest)
        return _diff(earlier.digest, later.digest, changes).model_copy(update={"table": table})

    def diff_snapshots(self, old: str, new: str) -> DataDiff:
        """Compare the data that two snapshots name.

        Raises:
            NotFoundError: there is no such snapshot.
        """
        with self._database.read() as connection:
            old, new = (str(rows.one(connection, snapshot_id).id) for snapshot_id in (old, new))
            before, after = (
                {
                    path: (use.digest, use.size)
                    for path, use in store.in_snapshot(connection, snapshot_id).items()
                }
                for snapshot_id in (old, new)
            )
        return _diff(old, new, _changes(before, after))

    def notebooks(self, path: str) -> list[str]:
        """Return the notebooks that used a path, or a folder that it is in, as snapshots tell."""
        with self._database.read() as connection:
            return store.notebooks(connection, [path, *map(str, PurePosixPath(path).parents)])

    def names(self, digests: Sequence[str]) -> dict[str, list[str]]:
        """Return the paths that had these contents, by content, also those in folders of them."""
        with self._database.read() as connection:
            names = store.names_of(connection, digests)
        for folder in self._objects.folders(digests):
            for entry in self._objects.tree(folder).entries:
                inside = [f"{name}/{entry.path}" for name in names.get(folder, [])]
                names[entry.object_id] = [*names.get(entry.object_id, []), *inside]
        return names

    def _table(self, path: str, old: str, new: str) -> TableChange | None:
        """Compare two contents as tables: texts row by row, others by what their profiles tell."""
        if tabular.is_table(path):
            return tabular.compare(path, self._objects.chunks(old), self._objects.chunks(new))
        before, after = self._profiles.of(path, old), self._profiles.of(path, new)
        return tabular.compare_profiles(before, after) if before and after else None

    def _present(self, path: str) -> PresentData:
        """Look what is at a path now; what was read before, or is not too large, is told."""
        place = self._project.root / path
        digest = self._objects.known_digests([place]).get(place)
        with suppress(MLOpsError, OSError):
            if digest is None and place.is_file() and place.stat().st_size <= _LARGEST_READ:
                digest = digest_of(place)
        return PresentData(exists=place.exists(), digest=digest)

    def _before(self, path: str, later: DataVersion) -> DataVersion:
        items = self.versions(path).items
        older = items[1 + [item.digest for item in items].index(later.digest) :]
        if not older:
            raise NotFoundError(f"{path} has no version before {later.digest[:12]}.", path=path)
        return older[0]

    def _entries(self, path: str, version: DataVersion) -> dict[str, tuple[str | None, int | None]]:
        if version.kind != "folder":
            return {path: (version.digest, version.size)}
        self._check_kept(path, version)
        entries = self._objects.tree(version.digest).entries
        return {entry.path: (entry.object_id, entry.size) for entry in entries}

    def _check_kept(self, path: str, version: DataVersion) -> None:
        if not version.kept:
            why = version.note or "snapshots kept only its digest"
            raise NotFoundError(
                f"The store does not have {path} {version.digest[:12]}: {why}.", path=path
            )


def _use(row: Row[Any]) -> DataUse:
    return DataUse(
        snapshot_id=row.id,
        run_id=row.run_id,
        notebook_path=row.notebook_path,
        created_at=from_ms(row.created_at),
        grade=row.grade,
        path=row.path,
        modes=sorted({row.first_mode, row.last_mode}),
    )


def _changes(
    old: Mapping[str, tuple[str | None, int | None]],
    new: Mapping[str, tuple[str | None, int | None]],
) -> list[FileChange]:
    changes = []
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if before is not None and after is not None and before[0] == after[0]:
            continue
        change: Change = "added" if before is None else "removed" if after is None else "changed"
        sizes = [content[1] if content else None for content in (before, after)]
        changes.append(FileChange(path=path, change=change, old_size=sizes[0], new_size=sizes[1]))
    return changes


def _diff(old: str, new: str, changes: list[FileChange]) -> DataDiff:
    counts = {"added": 0, "removed": 0, "changed": 0}
    for change in changes:
        counts[change.change] += 1
    return DataDiff(old=old, new=new, files=changes[:_MOST_CHANGES], **counts)
