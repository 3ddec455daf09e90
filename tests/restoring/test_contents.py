"""What is there is compared with what a snapshot holds."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import InvalidInputError, NotFoundError
from jupyter_mlops.objects.replacing import digest_of

if TYPE_CHECKING:
    from pathlib import Path

# a hole of the disk, which takes seconds to read and no room
CUT_SHORT = """
import os, sys, threading
from pathlib import Path
from jupyter_mlops.objects.files import FileChangedError
from jupyter_mlops.objects.replacing import digest_of
path = Path(sys.argv[1])
os.truncate(path, 64 << 30)
threading.Timer(0.2, os.truncate, (path, 0)).start()
try:
    digest_of(path)
except FileChangedError:
    print("changed")
"""


def test_a_file_that_is_cut_short_while_it_is_read_ends_no_process(tmp_path: Path) -> None:
    """A mapped one would: the system kills who reads beyond its end."""
    path = tmp_path / "data.bin"
    path.touch()
    command = [sys.executable, "-c", CUT_SHORT, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "changed\n"), done.stderr


def test_a_digest_is_that_of_a_regular_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    assert digest_of(path) == "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
    with pytest.raises(NotFoundError):
        digest_of(tmp_path / "none")
    with pytest.raises(InvalidInputError):
        digest_of(tmp_path)
