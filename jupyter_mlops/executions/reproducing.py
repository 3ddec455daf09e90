"""The process of one reproduction: ``python -m … PROJECT RECEIPT_ID LOCK TELLING [KERNEL…]``.

It is detached: neither the end of the server nor of the browser ends it. Of the two descriptors
that it is given, the lock shows that it lives, and the other is closed when its verdict is there.
Where it is plain which kernel will be needed, that is on its way before all that is heavy is
imported; a stop is heard from the first moment.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .lean import lean_imports

if TYPE_CHECKING:
    from .ahead import KernelAhead


def main() -> None:
    """Reproduce what the receipt asks for, and write down how it went."""
    signal.signal(signal.SIGTERM, _stop)
    root, receipt_id, lock, telling, *wanted = sys.argv[1:]
    for descriptor in (lock, telling):
        os.set_inheritable(int(descriptor), False)  # not the kernel's
    kernel = None
    try:
        kernel = _kernel(*wanted) if wanted else None
        with lean_imports():
            from .reproducer import reproduce  # noqa: PLC0415
    except SystemExit:
        from .reproducer import stopped  # noqa: PLC0415

        stopped(Path(root), receipt_id, kernel)
        return
    reproduce(Path(root), receipt_id, int(telling), kernel)


def _kernel(python: str, name: str, scratch: str, notebook: str) -> KernelAhead | None:
    from jupyter_client.kernelspec import NoSuchKernel  # noqa: PLC0415

    from .kernel_choice import KernelChoice  # noqa: PLC0415

    try:
        return KernelChoice(python or None, name or None).start(Path(scratch), notebook)
    except (NoSuchKernel, OSError):
        return None  # what is wrong is said when it is needed


def _stop(number: int, _: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
