"""Opening files of text, compressed or not."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import time
import zipfile
from typing import Any, Callable

_CHUNK = 1 << 20
_COUNTING = 20.0  # seconds that counting the lines of a file may take


class Unreadable(Exception):  # noqa: N818 - it reads as what it says
    """A file that cannot be read as a table here."""


def ending(path: str) -> str:
    """Return what kind of file it is, by its name, or that of the only one in an archive."""
    name, found = os.path.splitext(os.path.basename(path).lower())
    if found == ".zip":
        with zipfile.ZipFile(path) as archive:
            return os.path.splitext(_member(archive).filename.lower())[1]
    return os.path.splitext(name)[1] if found in _OPENERS else found


def open_bytes(path: str) -> Any:
    """Open a file; what is read is no longer compressed."""
    opener: Callable[[str], Any] = _OPENERS.get(os.path.splitext(path)[1].lower(), _plain)
    return opener(path)


def open_text(path: str) -> Any:
    """Open a file as text; what is no UTF-8 in it becomes question marks."""
    file = open_bytes(path)
    return io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")


def separator(path: str) -> str:
    """Tell what separates the columns: what the first line has most of, outside of quotes."""
    if ending(path) == ".tsv":
        return "\t"
    with open_text(path) as file:
        line = re.sub(r'"[^"]*"', "", file.readline(_CHUNK))
    return max(",;\t|", key=line.count)


def lines(path: str, *, but: int = 0) -> int | None:
    """Count the lines but some; None if that takes too long. Quoted line breaks count too."""
    count, last, until = -but, b"\n", time.monotonic() + _COUNTING
    with open_bytes(path) as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            count += chunk.count(b"\n")
            last = chunk[-1:]
            if time.monotonic() > until:
                return None
    return count + (last != b"\n")


def _plain(path: str) -> Any:
    return open(path, "rb")


def _zipped(path: str) -> Any:
    archive = zipfile.ZipFile(path)
    return archive.open(_member(archive))


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    # macOS adds a folder of its own
    files = [one for one in archive.infolist() if not one.is_dir()]
    files = [one for one in files if not one.filename.startswith("__MACOSX/")]
    if len(files) != 1:
        raise Unreadable(f"It holds {len(files)} files; a table is told of an archive with one.")
    return files[0]


def _zstandard(path: str) -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found]  # from Python 3.14 on
    except ImportError:
        import zstandard

        reader = zstandard.ZstdDecompressor().stream_reader(
            open(path, "rb"),  # noqa: SIM115
            read_across_frames=True,
            closefd=True,
        )
        return io.BufferedReader(reader)
    return zstd.open(path)


_OPENERS: dict[str, Callable[[str], Any]] = {
    ".bz2": bz2.open,
    ".gz": gzip.open,
    ".xz": lzma.open,
    ".zip": _zipped,
    ".zst": _zstandard,
}
