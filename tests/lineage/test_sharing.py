"""A survey is shared by those who ask at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from jupyter_mlops.lineage.sharing import Shared

from .conftest import wait_for

WAITING = 5


class Work:
    """Counts how often it is done; the first time takes until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = threading.Event()

    def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        if number == 1:
            assert self.go.wait(180)
        return number


def test_who_asks_while_it_is_done_shares_one_that_begins_later() -> None:
    work = Work()
    shared = Shared(work)
    with ThreadPoolExecutor(WAITING + 1) as threads:
        first = threads.submit(shared)
        wait_for(lambda: work.begun == 1)
        others = [threads.submit(shared) for _ in range(WAITING)]
        wait_for(lambda: shared._waiting == WAITING + 1)
        work.go.set()
        assert first.result(180) == 1
        assert {one.result(180) for one in others} == {2}
    assert shared() == 3  # nothing of before is given to who asks later


def test_after_a_failure_the_next_tries_anew() -> None:
    attempts = iter(range(2))

    def work() -> int:
        if not (attempt := next(attempts)):
            raise ValueError("no")
        return attempt

    shared = Shared(work)
    with pytest.raises(ValueError, match="no"):
        shared()
    assert shared() == 1
