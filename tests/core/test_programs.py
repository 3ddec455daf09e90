from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.core.errors import InvalidStateError
from jupyter_mlops.core.programs import Programs
from tests.processes import running

if TYPE_CHECKING:
    from pathlib import Path

HANGS = "sleep 600 & echo $! > {file}.part; mv {file}.part {file}; wait"


def hanging(file: Path) -> list[str]:
    """Return a program that hangs, as does another that it starts; ``file`` names that one."""
    return ["sh", "-c", HANGS.format(file=file)]


def started(file: Path) -> psutil.Process:
    """Wait for what a hanging program has started."""
    while not file.exists():
        time.sleep(0.01)
    return psutil.Process(int(file.read_text()))


def ends(process: psutil.Process) -> bool:
    """Tell whether a process ends; what nobody waits for any more is a zombie."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.01)
    return False


def test_what_is_said_comes_back() -> None:
    code = "import sys; sys.stderr.write('no'); print(sys.stdin.read()); sys.exit(3)"
    done = Programs().run([sys.executable, "-c", code], 60, request=b"x" * 100_000)
    assert (done.returncode, done.stderr) == (3, b"no")
    assert done.stdout == b"x" * 100_000 + b"\n"


def test_what_hangs_is_killed_with_all_that_it_has_started(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        Programs().run(hanging(tmp_path / "pid"), 1)
    if (tmp_path / "pid").exists():  # the machine was fast enough
        assert ends(started(tmp_path / "pid"))


def test_with_the_server_ends_what_runs(tmp_path: Path) -> None:
    programs, codes = Programs(), []
    waiting = threading.Thread(
        target=lambda: codes.append(programs.run(hanging(tmp_path / "pid"), 600).returncode)
    )
    waiting.start()
    below = started(tmp_path / "pid")
    programs.close()
    waiting.join(30)
    assert codes == [-signal.SIGKILL]
    assert ends(below)
    with pytest.raises(InvalidStateError, match="about to end"):
        programs.run(["true"], 60)


def test_who_interrupts_it_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from jupyter_mlops.core.programs import Programs; "
        "Programs().run(sys.argv[1:], 600)"
    )
    command = [sys.executable, "-c", code, *hanging(tmp_path / "pid")]
    with running(command, stderr=subprocess.PIPE) as process:
        below = started(tmp_path / "pid")
        process.send_signal(signal.SIGINT)
        assert process.wait(30)
        assert ends(below)
