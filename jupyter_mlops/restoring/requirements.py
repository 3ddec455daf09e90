"""What a recorded environment asks an installer for, and what no installer can bring back."""

from __future__ import annotations

import tomllib
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


def requirements(packages: Sequence[Package], lock: str = "") -> Requirements:
    """Pin every package, but for those that cannot be had again.

    Args:
        packages: what was installed.
        lock: a ``pylock.toml``; its hashes are asked for.
    """
    hashes = _hashes(lock)
    lines: list[str] = []
    folders: list[str] = []
    notes: list[str] = []
    for package in packages:
        path = _local(package.source) if package.source else None
        if package.source is None:
            known = "".join(f" --hash=sha256:{one}" for one in hashes.get(package.name, ()))
            lines.append(f"{package.name}=={package.version}{known}")
        elif package.commit is not None:
            lines.append(f"{package.name} @ git+{package.source}@{package.commit}")
        elif path is not None and path.is_dir():
            folders.append(str(path / "src" if (path / "src").is_dir() else path))
            notes.append(f"{package.name} is taken from {path}, as it is now.")
        elif path.is_file() if path else urlsplit(package.source).path.endswith(_ARCHIVES):
            known = f"#sha256={package.sha256}" if package.sha256 else ""
            lines.append(f"{package.name} @ {package.source}{known}")
        else:
            what = f"{path}, which is not there any more" if path else package.source
            notes.append(
                f"{package.name} {package.version} is not in the environment: it came from {what}."
            )
    return Requirements(tuple(lines), tuple(folders), tuple(notes))


def _local(source: str) -> Path | None:
    url = urlsplit(source)
    return Path(unquote(url.path)) if url.scheme == "file" else None


def _hashes(lock: str) -> dict[str, list[str]]:
    """Return the hashes that a lock knows, by package; none of one that cannot be read."""
    try:
        packages = tomllib.loads(lock).get("packages", [])
        return {
            package["name"]: [
                archive["hashes"]["sha256"]
                for archive in [*package.get("wheels", []), package.get("sdist")]
                if archive
            ]
            for package in packages
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
