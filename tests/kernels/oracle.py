"""The independent oracle: a shim that sees every open of a kernel and of what it starts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .reading import Case

# what SQLite and DuckDB write beside a database and remove
BESIDE = ("-journal", "-wal", "-shm", ".wal")


class Oracle:
    """Sees what is opened below a folder, by whatever library.

    Args:
        place: for its own files.
        folder: the one that counts.
    """

    def __init__(self, place: Path, folder: Path) -> None:
        compiler = shutil.which("cc")
        if sys.platform != "linux" or compiler is None:
            pytest.skip("the oracle is built with cc, for Linux")
        shim, source = place / "opens.so", Path(__file__).with_name("opens.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
        self._folder = folder
        self._log = place / "opens.log"
        self._log.touch()
        self._read = 0
        self.variables = {
            "LD_PRELOAD": str(shim),
            "OPENS_LOG": str(self._log),
            "OPENS_BELOW": f"{folder}/",
        }

    def opened(self) -> set[str]:
        """Return the files that were opened since this was asked the last time."""
        text = self._log.read_bytes()
        new, self._read = text[self._read :].decode(), len(text)
        paths = {line.split(" ", 1)[1] for line in new.splitlines()}
        return {
            str(Path(path).relative_to(self._folder)) for path in paths if not path.endswith(BESIDE)
        }


def top(path: str, case: Case) -> str:
    """Name the folder of the case that a file lies in, else the file."""
    named = case.reads + case.writes
    return next((name for name in named if path.startswith(f"{name}/")), path)


def uses(files: list[Any], cell_id: str, folder: Path) -> set[tuple[str, str]]:
    """Name the files and folders of a cell; what lies in one of these folders belongs to it."""
    own = [use for use in files if cell_id in use.cell_ids and use.kind in {"file", "folder"}]
    folders = {(use.mode, use.path) for use in own if use.kind == "folder"}
    return {
        (use.mode, str(Path(use.path).relative_to(folder)))
        for use in own
        if not any((use.mode, str(above)) in folders for above in Path(use.path).parents)
    }


def covered(files: list[Any], cell_id: str, folder: Path) -> set[str]:
    paths = {path for _, path in uses(files, cell_id, folder)}
    inside = {
        str(file.relative_to(folder))
        for path in paths
        if (folder / path).is_dir()
        for file in (folder / path).rglob("*")
    }
    return paths | inside
