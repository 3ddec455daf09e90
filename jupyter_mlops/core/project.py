"""The project folder and its ``.mlops`` store, found as git finds ``.git``."""

from __future__ import annotations

import errno
import os
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from .errors import ForbiddenPathError, InvalidInputError, StoreUnavailableError, read_only
from .locks import locked
from .remote import RemoteFolder
from .settings import StoreSettings, read_settings

STORE_NAME = ".mlops"
_SHOWN = 200


@dataclass(frozen=True)
class Project:
    """A folder that holds a store; ``root`` is absolute and free of symbolic links."""

    root: Path

    @classmethod
    def find(cls, start: Path, default: Path | None = None) -> Project:
        """Return the nearest project at or above ``start``, else one at ``default`` or ``start``.

        Nothing is created; ``prepare`` does that.
        """
        start = start.resolve()
        folder = start if start.is_dir() else start.parent
        for candidate in (folder, *folder.parents):
            if (candidate / STORE_NAME).is_dir():
                return cls(candidate)
        return cls((default or folder).resolve())

    @property
    def store(self) -> Path:
        """The ``.mlops`` folder."""
        return self.root / STORE_NAME

    @property
    def settings(self) -> StoreSettings:
        """What the store's owner has set.

        Raises:
            StoreUnavailableError: it cannot be read.
        """
        return read_settings(self.store)

    @property
    def database(self) -> Path | str:
        """Where the rows are: a SQLite file in the store, or a URL if its owner has set one.

        Raises:
            StoreUnavailableError: the store's settings cannot be read.
        """
        return self.settings.database_url or self.store / "mlops.db"

    def remote(self) -> RemoteFolder | None:
        """Return where the files are if they are not in the store.

        Raises:
            InvalidInputError: its URL is none of S3.
            StoreUnavailableError: the store's settings cannot be read, or a package is missing.
        """
        url = self.settings.storage_url
        return RemoteFolder(url) if url else None

    @property
    def staging(self) -> Path:
        """Where unfinished things wait; safe to empty when nothing runs."""
        return self.store / "staging"

    @property
    def is_read_only(self) -> bool:
        """Tell whether the store is there, and nothing can be added to it."""
        return self.store.is_dir() and not os.access(self.store, os.W_OK)

    def scratch(self) -> Path:
        """Return the folder for what is needed for a moment; the store's, if that is writable.

        Raises:
            StoreUnavailableError: the store cannot be created.
        """
        if self.is_read_only:
            return Path(tempfile.gettempdir())
        self.prepare()
        return self.staging

    def prepare(self) -> None:
        """Create the store folder, private to its owner and ignored by git.

        Raises:
            StoreUnavailableError: the folder cannot be created or written.
        """
        if self.is_read_only:
            raise read_only(f"store {self.store}")
        try:
            self.store.mkdir(mode=0o700, exist_ok=True)
            self.staging.mkdir(mode=0o700, exist_ok=True)
            ignore = self.store / ".gitignore"
            # an empty one is what a full disk left
            if not ignore.exists() or not ignore.stat().st_size:
                ignore.write_text("*\n", encoding="utf-8")
        except OSError as error:
            is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
            advice = "Free some space" if is_full else "Make the project folder writable"
            raise StoreUnavailableError(
                f"The store {self.store} cannot be created: {error.strerror}. "
                f"{advice}, or set MLOpsApp.store_root to a folder that can hold it.",
                path=str(self.store),
            ) from error

    def store_id(self) -> str:
        """Return an id of the store, the same for as long as it exists."""
        file = self.store / "id"
        if self.is_read_only and file.exists():
            return file.read_text(encoding="utf-8", errors="replace")
        self.prepare()
        with locked(file):  # of several processes that come first the others wait until it is there
            if not file.stat().st_size:
                file.write_text(uuid.uuid4().hex, encoding="utf-8")
            # a damaged one is another store's
            return file.read_text(encoding="utf-8", errors="replace")

    def resolve(self, path: str | Path) -> Path:
        """Return the absolute path of ``path``, which must lie in the project.

        Raises:
            ForbiddenPathError: ``path`` leads out of the project, links included.
            InvalidInputError: no file can have such a path.
        """
        try:
            absolute = (self.root / path).resolve()
            absolute.exists()
        # too long; half a character, or a zero in it; a link that leads to itself
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            name = ascii(str(path)[:_SHOWN])
            raise InvalidInputError(f"{name} cannot be the path of a file: {reason}.") from error
        if not absolute.is_relative_to(self.root):
            raise ForbiddenPathError(f"{path} lies outside the project folder.", path=str(path))
        return absolute

    def new_place(self, path: str) -> Path:
        """Return the absolute path of what a browser wants to be made in the project.

        Raises:
            ForbiddenPathError: it leads out, or is hidden: what is there may be the settings of
                programs, and start what these say.
            InvalidInputError: no file can have such a path.
        """
        place = self.resolve(path)
        if any(name.startswith(".") for name in place.relative_to(self.root).parts):
            raise ForbiddenPathError(f"{path} is hidden. Choose another place.", path=path)
        return place

    def keep_out(self, path: Path) -> None:
        """Refuse to write to a path in the store, whose files are nobody else's.

        Raises:
            ForbiddenPathError: it is one.
        """
        if path.resolve().is_relative_to(self.store.resolve()):
            raise ForbiddenPathError(f"{path} is part of the store.", path=str(path))

    def relative(self, path: Path) -> str:
        """Return ``path`` relative to the project with ``/``, or absolute if it lies outside."""
        absolute = Path(os.path.realpath(path))  # which, unlike resolve, bears links in a circle
        if absolute.is_relative_to(self.root):
            return absolute.relative_to(self.root).as_posix()
        return absolute.as_posix()
