"""The process of one headless run: its own working folder, its own end.

Reads an ``ExecutionRequest`` as one line of standard input and writes lines of JSON to standard
output: ``{"cell": 3, "cells": 9}`` when a cell begins, ``{"result": …}`` or ``{"error": …}`` at the
end. All else goes to standard error. When standard input ends, its parent is gone, and so the run
is stopped, and killed if it does not end.

Its kernel is on its way before all that is heavy is imported.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from .ahead import KernelAhead
from .lean import lean_imports

_ENDING_SECONDS = 300
_LARGE = 8 * 1024**2


def main() -> None:
    """Run the notebook that standard input asks for."""
    signal.signal(signal.SIGTERM, _stop)  # from now on there is a kernel to end
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    line = sys.stdin.readline()
    threading.Thread(target=_watch_parent, daemon=True).start()
    kernel = _kernel(json.loads(line))
    try:
        with lean_imports():
            from .headless_run import answer  # noqa: PLC0415

        def tell(what: dict[str, Any]) -> None:
            answers.write(json.dumps(what) + "\n")
            answers.flush()

        tell(answer(line, kernel, tell))
    finally:
        if kernel is not None:
            kernel.close()
    answers.close()


def _watch_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_ENDING_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _stop(number: int, _: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _kernel(request: dict[str, Any]) -> KernelAhead | None:
    """Start the kernel that a request means, if that is plain to see."""
    path = Path(request["notebook_path"])
    try:
        name = request["kernel_name"] or _named_by(path)
        return KernelAhead(name, KernelSpecManager().get_kernel_spec(name), path.parent)
    except (NoSuchKernel, OSError, ValueError, KeyError, TypeError):
        return None  # what is wrong is said when the notebook is read in earnest


def _named_by(path: Path) -> str:
    if path.stat().st_size > _LARGE:  # reading it twice would take longer than a kernel
        raise ValueError
    return str(json.loads(path.read_bytes())["metadata"]["kernelspec"]["name"])


if __name__ == "__main__":
    main()
