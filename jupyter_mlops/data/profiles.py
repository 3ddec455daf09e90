"""Profiles of tables, each made once for a content, by a child process, and kept by its digest."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import ValidationError

from ..core.clock import now_ms
from ..core.database import chunked, insert
from ..core.errors import InvalidInputError, MLOpsError, NotFoundError
from ..kernels import profiler
from ..objects.erasure import gone
from ..snapshots.masking import Masker
from ..snapshots.tables import data_profiles
from . import store
from .interpreter import interpreter_of
from .schemas import DataProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import FileUse, Manifest
    from .schemas import DataVersion

_PROFILER = Path(profiler.__file__).parents[1]
_ENDINGS = {
    *(".arrow", ".csv", ".dta", ".feather", ".h5", ".hdf", ".hdf5", ".ipc", ".json", ".jsonl"),
    *(".ndjson", ".orc", ".parquet", ".pq", ".tsv", ".xls", ".xlsx", ".zip"),
}
_COMPRESSED = {".bz2", ".gz", ".xz", ".zst"}
_ROWS = 200_000
_SECONDS = 60.0
_MEMORY = 4 * 1024**3
_LARGEST = 512 * 1024 * 1024
_log = logging.getLogger(__name__)


def is_table(use: FileUse) -> bool:
    """Tell whether a profile of a piece of data can be made, by its name."""
    path = PurePosixPath(use.path.lower())
    path = path.with_suffix("") if path.suffix in _COMPRESSED else path
    return use.kind == "file" and use.digest is not None and path.suffix in _ENDINGS


class ProfileManager:
    """The profiles of one store.

    Args:
        seconds: the longest that a profile may take.
        memory: bytes that the process which makes it may take.
    """

    def __init__(
        self,
        project: Project,
        database: Database,
        objects: ObjectManager,
        snapshots: SnapshotManager,
        *,
        seconds: float = _SECONDS,
        memory: int = _MEMORY,
    ) -> None:
        self._project = project
        self._database = database
        self._objects = objects
        self._snapshots = snapshots
        self._limits = {"rows": _ROWS, "memory": memory}
        self._seconds = seconds
        self._one_at_a_time = threading.Lock()
        self._background = ThreadPoolExecutor(1, thread_name_prefix="mlops-profiles")
        self._child: subprocess.Popen[str] | None = None
        self._closed = False

    def profile(self, snapshot_id: str, index: int) -> DataProfile:
        """Return what the table number ``index`` of a snapshot's data holds.

        Raises:
            NotFoundError: there is no such data, or its content is not at hand any more.
            InvalidInputError: it cannot be read as a table; says why.
        """
        manifest = self._snapshots.snapshot(snapshot_id).manifest
        if not 0 <= index < len(manifest.files):
            raise NotFoundError(f"The snapshot has no data number {index}.")
        use = manifest.files[index]
        if not is_table(use):
            raise InvalidInputError(f"{use.path} is no table that can be read.")
        return self._profile(manifest, use)

    def of(self, path: str, digest: str) -> DataProfile | None:
        """Return what a table holds that a snapshot names, None where that cannot be told."""
        with self._database.read() as connection:
            use = store.one_use(connection, path, digest)
        with suppress(MLOpsError):
            return self.profile(*use) if use else None
        return None

    def of_content(self, path: str, version: DataVersion, named: tuple[str, str]) -> DataProfile:
        """Return what a version of a table holds.

        Args:
            path: of the table.
            version: of it.
            named: the path and digest by which snapshots name it: its own, or a folder's.

        Raises:
            NotFoundError, InvalidInputError: as ``profile`` does.
        """
        with self._database.read() as connection:
            use = store.one_use(connection, *named)
        if use is None:
            raise NotFoundError(f"No snapshot names {path} any more.", path=path)
        snapshot_id, position = use
        if named[0] == path:
            return self.profile(snapshot_id, position)
        manifest = self._snapshots.snapshot(snapshot_id).manifest
        kept = version.digest if version.kept else None
        facts = {"kind": "file", "path": path, "size": version.size, "digest": version.digest}
        inside = manifest.files[position].model_copy(update={**facts, "object_id": kept})
        if not is_table(inside):
            raise InvalidInputError(f"{path} is no table that can be read.")
        return self._profile(manifest, inside)

    def prepare(self, snapshot_id: str) -> None:
        """Make the profiles that a snapshot's tables still lack, in the background.

        Those that cannot be made now are made when somebody asks for them.
        """
        if self._is_automatic():
            with suppress(RuntimeError):  # it was closed, or the machine has no thread left
                self._background.submit(self.complete, snapshot_id)

    def lacks(self, manifest: Manifest) -> bool:
        """Tell whether profiles are to be made of a snapshot's tables that there are not yet."""
        digests = {str(use.digest) for use in manifest.files if is_table(use)}
        if not digests or not self._is_automatic():
            return False
        known = sa.select(data_profiles.c.digest)
        with self._database.read() as connection:
            for chunk in chunked(digests):
                query = known.where(data_profiles.c.digest.in_(chunk))
                digests = digests.difference(connection.execute(query).scalars())
        return bool(digests)

    def complete(self, snapshot_id: str) -> None:
        """Make the profiles that a snapshot's tables still lack, as far as they can be made."""
        try:
            manifest = self._snapshots.snapshot(snapshot_id).manifest
            for use in manifest.files:
                if is_table(use) and not self._closed:
                    self._prepare_one(manifest, use)
        except Exception:
            if not self._closed:
                _log.exception("jupyter-mlops: no profiles of snapshot %s", snapshot_id[:12])

    def forget(self, digests: Iterable[str]) -> None:
        """Remove the profiles of contents: they name values of theirs."""
        these = (data_profiles.c.digest.in_(chunk) for chunk in chunked(digests))
        self._database.erase([sa.delete(data_profiles).where(condition) for condition in these])

    def close(self) -> None:
        """Stop what is being made."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        self._background.shutdown(wait=True, cancel_futures=True)

    def _is_automatic(self) -> bool:
        return self._project.settings.profiles != "off"

    def _prepare_one(self, manifest: Manifest, use: FileUse) -> None:
        try:
            self._profile(manifest, use)
        except MLOpsError as error:
            _log.info("jupyter-mlops: no profile of %s: %s", use.path, error.message)

    def _profile(self, manifest: Manifest, use: FileUse) -> DataProfile:
        return self._stored(str(use.digest)) or self._make(manifest, use)

    def _stored(self, digest: str) -> DataProfile | None:
        query = sa.select(data_profiles.c.profile).where(data_profiles.c.digest == digest)
        with self._database.read() as connection:
            found = connection.execute(query).scalar()
        return DataProfile.model_validate(found) if found else None

    def _make(self, manifest: Manifest, use: FileUse) -> DataProfile:
        digest = str(use.digest)
        with self._one_at_a_time:
            made = self._stored(digest)
            if made is not None:
                return made
            with self._content(use) as path:
                made = _masked(digest, self._read(manifest, path, use))
        if not self._database.read_only:
            self._store(digest, made)
        return made

    def _store(self, digest: str, made: DataProfile) -> None:
        row = {
            "digest": digest,
            "created_at": now_ms(),
            "profile": made.model_dump(mode="json"),
        }
        with self._database.write() as connection:
            # an erasure that comes later removes it; one that came meanwhile found none yet
            if erased := self._objects.erased([digest]):
                raise gone(erased[digest])
            statement = insert(connection, data_profiles).values(**row)
            connection.execute(statement.on_conflict_do_nothing(index_elements=["digest"]))

    @contextmanager
    def _content(self, use: FileUse) -> Iterator[Path]:
        """Give a file that has the content which the snapshot saw."""
        if use.object_id is None or (use.size or 0) > _LARGEST:
            yield from self._in_place(use)
            return
        with self._objects.unfinished.folder(self._project.scratch()) as folder:
            path = folder / PurePosixPath(use.path).name
            self._objects.checkout_file(use.object_id, path)
            yield path

    def _in_place(self, use: FileUse) -> Iterator[Path]:
        """Give the file itself: a large one is not copied for the sake of its first rows."""
        path = self._project.root / use.path
        for attempt in range(2):
            if self._objects.known_digests([path]).get(path) != use.digest:
                raise NotFoundError(
                    f"{use.path} has changed since or is gone, and "
                    + ("is too large for a copy." if use.object_id else "was not kept.")
                )
            if attempt == 0:
                yield path

    def _read(self, manifest: Manifest, path: Path, use: FileUse) -> dict[str, Any]:
        """Read a table with the libraries of the notebook, or with the server's own, apart."""
        answer = self._run(interpreter_of(manifest, self._project.root), path, use)
        if "lacks" in answer:
            instead = self._run(sys.executable, path, use)
            answer = answer if "lacks" in instead else instead
        if "error" in answer:
            raise InvalidInputError(f"{use.path} has no profile. {answer['error']}")
        found: dict[str, Any] = answer["profile"]
        return found

    def _run(self, python: str, path: Path, use: FileUse) -> dict[str, Any]:
        request = json.dumps({"path": str(path), **self._limits})
        try:
            self._child = subprocess.Popen(
                [python, "-c", profiler.START, str(_PROFILER)],
                cwd=self._project.store,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        except OSError as error:
            return {"lacks": python, "error": f"{python} does not start: {error.strerror}."}
        with self._child as child:
            if self._closed:  # meanwhile, when there was none to kill
                child.kill()
            try:
                answered, _ = child.communicate(request, self._seconds)
                answer: dict[str, Any] = json.loads(answered)
            except subprocess.TimeoutExpired:
                child.kill()
                raise InvalidInputError(f"A profile of {use.path} takes too long.") from None
            except ValueError:
                raise InvalidInputError(
                    f"A profile of {use.path} could not be made: its process ended."
                ) from None
            finally:
                self._child = None
        return answer


def _masked(digest: str, found: dict[str, Any]) -> DataProfile:
    """Check what the child says, and mask secrets among the values."""
    masker = Masker()
    try:
        for column in found["columns"]:
            for top in column.get("top", ()):
                top["value"] = masker.value(column["name"], top["value"], "data")
        return DataProfile(digest=digest, **found)
    except (ValidationError, KeyError, TypeError) as error:
        raise InvalidInputError("A profile could not be made: it makes no sense.") from error
