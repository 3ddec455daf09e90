"""Processes that die, as by ``kill -9``, at their n-th call to the disk or the database."""

from __future__ import annotations

import os
import shutil
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DEAD = 9
STEPS = ("open", "pwrite", "ftruncate", "fsync", "rename", "replace", "mkdir", "unlink", "rmdir")


def die_at_each_step(
    work: Callable[[Path], object], template: Path, folder: Path, every: int = 1
) -> None:
    """Have copies of ``template`` worked on, the n-th by a process that dies at its n-th call.

    Or at each ``every``-th one. Go on until one comes to its end alive. This process must have no
    threads: those that die would inherit what they held.
    """
    for steps in count(step=every):
        copy = folder / f"{steps:03}"
        shutil.copytree(template, copy)
        child = os.fork()
        if child == 0:
            count_down(steps)
            work(copy)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended == 0:
            return
        assert ended == _DEAD, f"step {steps} failed instead of dying"


def count_down(steps: int) -> None:
    """Die before the given number of calls to the disk and the database is exceeded."""
    left = steps

    def counted(name: str, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                if name == "pwrite":  # half of it had reached the disk
                    real(args[0], bytes(args[1])[: len(args[1]) // 2], args[2])
                os._exit(_DEAD)
            return real(*args, **kwargs)

        return call

    for name in STEPS:
        setattr(os, name, counted(name, getattr(os, name)))
    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, counted(moment, lambda *_: None))
