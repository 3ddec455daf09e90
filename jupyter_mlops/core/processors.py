"""How many processors this process may use, which in a container are fewer than the machine has."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUPS = Path("/sys/fs/cgroup")
_GROUP = Path("/proc/self/cgroup")


def usable() -> int:
    """Return the number of processors, by affinity and, on Linux, by the quota of control groups.

    See cgroups(7): ``cpu.max`` of version 2, ``cpu.cfs_quota_us`` of version 1.
    """
    # macOS has no affinity
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min([count or 1, *map(math.ceil, _quotas())]))


def _quotas() -> Iterator[float]:
    """Give the quotas, in processors, of this process's groups and of those that they are in."""
    with suppress(OSError, ValueError):
        for line in _GROUP.read_text(encoding="utf-8").splitlines():
            _, kinds, name = line.split(":", 2)
            if kinds and "cpu" not in kinds.split(","):
                continue
            # in a container its own group is the root, whatever it is called outside
            group = PurePosixPath(name.lstrip("/"))
            for folder in {group, *group.parents, PurePosixPath()}:
                yield from _quota(_GROUPS / kinds / folder)


def _quota(folder: Path) -> Iterator[float]:
    with suppress(OSError, ValueError, ZeroDivisionError):  # "max": there is none
        quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
        yield int(quota) / int(period)
    with suppress(OSError, ValueError, ZeroDivisionError):
        quota, period = (
            (folder / f"cpu.cfs_{name}_us").read_text(encoding="ascii")
            for name in ("quota", "period")
        )
        if int(quota) > 0:
            yield int(quota) / int(period)
