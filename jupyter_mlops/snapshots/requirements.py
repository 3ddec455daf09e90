"""What a recorded environment asks an installer for, and what no installer can bring back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..kernels.schemas import Package

_ARCHIVES = (".whl", ".tar.gz", ".zip")


@dataclass(frozen=True)
class Requirements:
    """Lines for an installer; folders whose modules are to be found; what is not as it was."""

    lines: tuple[str, ...]
    folders: tuple[str, ...]
    notes: tuple[str, ...]


def requirements(packages: Sequence[Package]) -> Requirements:
    """Pin every package, but for those that came from a folder or a repository."""
    lines: list[str] = []
    folders: list[str] = []
    notes: list[str] = []
    for package in packages:
        if package.source is None:
            lines.append(f"{package.name}=={package.version}")
        elif (path := _local(package.source)) is not None and path.is_dir():
            folders.append(str(path / "src" if (path / "src").is_dir() else path))
            notes.append(f"{package.name} is taken from {path}, as it is now.")
        elif path.is_file() if path else urlsplit(package.source).path.endswith(_ARCHIVES):
            lines.append(f"{package.name} @ {package.source}")
        else:
            what = f"{path}, which is not there any more" if path else package.source
            notes.append(
                f"{package.name} {package.version} is not in the environment: it came from {what}."
            )
    return Requirements(tuple(lines), tuple(folders), tuple(notes))


def _local(source: str) -> Path | None:
    url = urlsplit(source)
    return Path(unquote(url.path)) if url.scheme == "file" else None
