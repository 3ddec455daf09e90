"""A folder in S3, or in what speaks its protocol: whole files in, streams and ranges out.

Credentials, region and endpoint are found as every AWS tool finds them (``AWS_ENDPOINT_URL``,
``~/.aws``); none of them is a setting of ours.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from .errors import InvalidInputError, NotFoundError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_URL = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.\-/]*)?")
_BLOCK = 4 * 1024 * 1024


def check_url(url: str) -> str:
    """Return the URL of a folder in S3 as it is written everywhere.

    Raises:
        InvalidInputError: it is another; it is not quoted, because it may hold a secret.
    """
    if _URL.fullmatch(url) is None:
        raise InvalidInputError("The storage URL is none of S3: s3://bucket/prefix, without keys.")
    return url.rstrip("/")


class RemoteEntry(NamedTuple):
    """A file, or a folder of files; ``size`` in bytes, None for a folder."""

    name: str
    size: int | None


class RemoteFolder:
    """What lies below a prefix of a bucket; safe to use from several threads.

    Args:
        url: ``s3://bucket/prefix``.

    Raises:
        InvalidInputError: the URL is another.
        StoreUnavailableError: the client is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = check_url(url)
        try:
            from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
            from s3fs import S3FileSystem  # noqa: PLC0415 - a second, where it is used
        except ModuleNotFoundError as error:
            raise StoreUnavailableError(
                f"The storage {self.url} needs a client: pip install 'jupyter-mlops[s3]'."
            ) from error
        self._root = self.url.removeprefix("s3://")
        self._errors = (OSError, BotoCoreError, ClientError)
        # others write here too: nothing listed once is true for long
        self._files: Any = S3FileSystem(use_listings_cache=False, default_block_size=_BLOCK)

    def put(self, source: Path, name: str) -> None:
        """Copy a local file to ``name``, whole and durable, or not at all.

        Raises:
            StoreUnavailableError: the storage does not take it.
        """
        with self._translated():
            self._files.put_file(str(source), self._path(name))

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading from its begin to its end.

        Raises:
            NotFoundError: there is no such file.
            StoreUnavailableError: the storage does not answer.
        """
        with self._translated(), self._required(name):
            file = self._files.open(self._path(name), "rb", cache_type="readahead")
        return cast("BinaryIO", io.BufferedReader(_Raw(self, file), _BLOCK))

    def read(self, name: str, offset: int, size: int) -> bytes:
        """Return ``size`` bytes of a file.

        Raises:
            NotFoundError: there is no such file.
            StoreUnavailableError: the storage does not answer.
        """
        if not size:  # no range says that
            return b""
        with self._translated(), self._required(name):
            return bytes(self._files.cat_file(self._path(name), start=offset, end=offset + size))

    def size(self, name: str) -> int | None:
        """Return the size of a file in bytes, None if there is none."""
        with self._translated():
            try:
                found = self._files.info(self._path(name))
            except FileNotFoundError:
                return None
        return int(found["size"]) if found["type"] == "file" else None

    def list(self, name: str = "") -> list[RemoteEntry]:
        """Return what is directly in a folder, sorted; nothing if there is no such folder."""
        path = self._path(name)
        with self._translated():
            try:
                entries = self._files.ls(path, detail=True)
            except FileNotFoundError:
                return []
        return sorted(
            RemoteEntry(
                entry["name"].removeprefix(f"{path}/"),
                None if entry["type"] == "directory" else int(entry["size"]),
            )
            for entry in entries
            if entry["name"].rstrip("/") != path
        )

    def walk(self, name: str) -> Iterator[tuple[str, int, int]]:
        """Give all files below a folder: path in it, size in bytes, when written in ms."""
        path = self._path(name)
        with self._translated():
            found = self._files.find(path, detail=True)
        for key, entry in found.items():
            yield key.removeprefix(f"{path}/"), int(entry["size"]), _modified_ms(entry)

    def download(self, name: str, folder: Path) -> None:
        """Copy all files below ``name`` into a local folder."""
        with self._translated():
            self._files.get(f"{self._path(name)}/", f"{folder}/", recursive=True)

    def modified_ms(self, name: str) -> int | None:
        """Return when a file was last written, None if there is none."""
        with self._translated():
            try:
                found = self._files.info(self._path(name))
            except FileNotFoundError:
                return None
        return _modified_ms(found)

    def delete(self, name: str) -> None:
        """Remove a file, or a folder with all in it; nothing to remove is no error."""
        with self._translated():
            try:
                self._files.rm(self._path(name), recursive=True)
            except FileNotFoundError:
                return

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}".rstrip("/")

    @contextmanager
    def _required(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise NotFoundError(f"The storage {self.url} has no file {name!r}.") from error

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            problem = str(error).partition("\n")[0].rstrip(".")
            raise StoreUnavailableError(
                f"The storage {self.url} does not work: {problem}. "
                "Look at the bucket, the credentials and AWS_ENDPOINT_URL, and try again.",
                storage=self.url,
            ) from error


def _modified_ms(entry: dict[str, Any]) -> int:
    return int(entry["LastModified"].timestamp() * 1000)


class _Raw(io.RawIOBase):
    """A file of fsspec's, whose errors say what to do."""

    def __init__(self, folder: RemoteFolder, file: Any) -> None:
        self._folder = folder
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self._folder._translated():
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
