from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_mlops.objects import files


def age(path: Path, seconds: int = 60) -> None:
    """Have a file be written earlier than it was."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - seconds * 10**9))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The user's files that were opened, in order."""
    paths: list[Path] = []
    real = files._open_at_once

    def spy(path: str, flags: int) -> int:
        paths.append(Path(path))
        return real(path, flags)

    monkeypatch.setattr(files, "_open_at_once", spy)
    return paths
