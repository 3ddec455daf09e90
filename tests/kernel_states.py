"""What kernels would say of themselves, where a test or a benchmark starts none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.kernels.schemas import CellRun, Environment, Hardware, KernelState

if TYPE_CHECKING:
    from collections.abc import Sequence


def environment(**changes: Any) -> Environment:
    """Return the environment of a Python on Linux, without packages unless they are given."""
    facts: dict[str, Any] = {
        "language": "python",
        "language_version": "3.12",
        "implementation": "CPython",
        "executable": "/usr/bin/python",
        "prefix": "/usr",
        "platform": "Linux",
        "conda": False,
        "packages": [],
        "hardware": Hardware(machine="x86_64", cpu_count=2, memory_bytes=None),
    }
    return Environment(**(facts | changes))


def kernel_state(sources: Sequence[str] = ("pass",), **changes: Any) -> KernelState:
    """Return the state of a kernel in which cells ``cell0``… ran once, in order and well."""
    facts: dict[str, Any] = {
        "complete": True,
        "cells": [
            CellRun(execution_count=at + 1, cell_id=f"cell{at}", source=source, status="ok")
            for at, source in enumerate(sources)
        ],
        "scalars": {},
        "variables": {},
        "models": [],
        "files": [],
        "environment": environment(),
        "modules": [],
        "working_directory": "/",
        "seeds": {},
    }
    return KernelState(**(facts | changes))
