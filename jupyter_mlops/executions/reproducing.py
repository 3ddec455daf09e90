"""The process of one reproduction: ``python -m … PROJECT RECEIPT_ID LOCK``.

It is detached: neither the end of the server nor of the browser ends it. Its lock, a descriptor
that it is given, shows that it lives. What is heavy is imported when a stop is already heard.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from types import ModuleType


def main() -> None:
    """Reproduce what the receipt asks for, and write down how it went."""
    signal.signal(signal.SIGTERM, _stop)
    root, receipt_id, lock = sys.argv[1:]
    os.set_inheritable(int(lock), False)  # not the kernel's
    # jsonschema, which nbformat brings, parses a grammar of web addresses if it finds one: more
    # than all else that is imported here, for a check that no notebook asks for
    sys.modules.setdefault("rfc3987_syntax", cast("ModuleType", None))
    try:
        from .reproducer import reproduce  # noqa: PLC0415
    except SystemExit:
        from .reproducer import stopped  # noqa: PLC0415

        stopped(Path(root), receipt_id)
        return
    reproduce(Path(root), receipt_id)


def _stop(number: int, _: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
