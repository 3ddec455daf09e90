"""The ends of logs."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.serving.files import tail

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one", ["one"]),
        ("1\n2\n3\n", ["2", "3"]),
        ("1\r\n2\r\n\n", ["2", ""]),
        ("한\u2028글\n끝", ["한\u2028글", "끝"]),
    ],
)
def test_the_last_lines(tmp_path: Path, text: str, lines: list[str]) -> None:
    path = tmp_path / "log"
    assert tail(path, 2) == []
    path.write_bytes(text.encode())
    assert tail(path, 2) == lines
    assert tail(path, 0) == []


def test_of_a_large_log_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"line %d \xff\n" % number for number in range(1_000_000)))
    tracemalloc.start()
    found = tail(path, 10_000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(found), found[-1]) == (10_000, "line 999999 \ufffd")
    assert most < 12 * 2**20
    path.write_bytes(b"x" * 16 * 2**20)
    (line,) = tail(path, 10_000)
    assert line == "x" * 2**20
