from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import ConflictError
from jupyter_mlops.core.locks import is_free, locked, locked_within

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


def test_one_that_others_hold_all_the_time(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with (
        locked(file),
        pytest.raises(ConflictError, match="busy"),
        locked_within(file, 0.1, "It is busy."),
    ):
        pass
    with locked_within(file, 0, "It is busy."):
        assert not is_free(file)


def test_one_that_becomes_free_while_it_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with ThreadPoolExecutor() as pool:
        with locked(file):
            waiting = pool.submit(_take, file)
            with pytest.raises(TimeoutError):
                waiting.result(0.2)
        assert waiting.result(30)


def _take(file: Path) -> bool:
    with locked_within(file, 60, "It is busy."):
        return True
