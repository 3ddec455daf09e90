"""How many processors a container leaves."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core import processors

if TYPE_CHECKING:
    from pathlib import Path

_MAX = "max 100000\n"


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The control groups of a machine with eight processors; none has a quota."""
    monkeypatch.setattr(processors, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(processors, "_GROUP", tmp_path / "group")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    return tmp_path / "groups"


def group(root: Path, line: str, **quotas: str) -> None:
    """Put this process into a group; the quotas are those of files in it."""
    (root.parent / "group").write_text(f"4:memory:/elsewhere\n{line}\n")
    _, kinds, name = line.split(":")
    folder = root / kinds / name.lstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in quotas.items():
        (folder / f"cpu.{name}").write_text(content)


def test_all_where_nothing_limits_it(groups: Path) -> None:
    assert processors.usable() == 8
    group(groups, "0::/", max=_MAX)
    assert processors.usable() == 8


def test_those_of_the_affinity(groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group(groups, "0::/", max="600000 100000\n")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5})
    assert processors.usable() == 2


@pytest.mark.parametrize(
    ("quota", "expected"), [("150000", 2), ("200000", 2), ("50000", 1), ("9900000", 8)]
)
def test_those_of_a_quota(groups: Path, quota: str, expected: int) -> None:
    group(groups, "0::/pod/box", max=f"{quota} 100000\n")
    assert processors.usable() == expected
    group(groups, "0::/pod/box", max=_MAX)
    group(groups, "1:cpu,cpuacct:/box", cfs_quota_us=quota, cfs_period_us="100000")
    assert processors.usable() == expected
    group(groups, "1:cpu,cpuacct:/box", cfs_quota_us="-1", cfs_period_us="100000")
    assert processors.usable() == 8


def test_the_smallest_quota_of_the_groups_around_it(groups: Path) -> None:
    group(groups, "0::/pod", max="300000 100000\n")
    group(groups, "0::/pod/box", max="500000 100000\n")
    assert processors.usable() == 3


def test_a_containers_own_group_is_the_root(groups: Path) -> None:
    """As with Docker: the name is the one that it has outside."""
    group(groups, "0::/", max="100000 100000\n")
    (groups.parent / "group").write_text("0::/docker/0123\n")
    assert processors.usable() == 1
