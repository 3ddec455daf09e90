"""Child processes of tests, which end with the test however that ends."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextlib.contextmanager
def running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a command without input in the block; kill it with its children if it is left."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, text=True, encoding="utf-8", **options
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                watched = psutil.Process(process.pid)
                for each in [*watched.children(recursive=True), watched]:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        each.kill()
