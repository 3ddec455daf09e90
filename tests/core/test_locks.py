from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.locks import is_free, locked

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_is_free_until_someone_holds_it(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    assert is_free(file)
    with locked(file):
        assert not is_free(file)
        with pytest.raises(BlockingIOError), locked(file, wait=False):
            pass
    assert is_free(file)
    assert is_free(file / "below a file")


def test_who_looks_is_not_taken_for_a_holder(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with locked(file):
        pass
    with file.open("r+") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)  # as another process does in is_free
        assert is_free(file)
