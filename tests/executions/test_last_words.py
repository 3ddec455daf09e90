"""What a kernel's process says by itself: in no terminal, and in the error if it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.executions.last_words import LastWords, obituary
from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks
from tests.processes import running

from .conftest import add_kernel
from .test_engine import only_run

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services

    from .conftest import Papermill

# where a kernel's own logger writes to, past the notebook
SAY = (
    "import os, sys\nraw = getattr(sys.stderr, '_original_stdstream_copy', 2)\n"
    "os.write(raw, b'{}\\n')\n"
)


def said(*command: str) -> str:
    words = LastWords()
    with words.starting() as streams, running(command, **streams) as process:
        process.wait()
    return words.text()


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        (None, "", "The kernel died. It may have run out of memory, or the cell ended it."),
        (1, "a\nb", "or the cell ended it. Its last words: a\nb"),
        (-signal.SIGKILL, "", "The kernel was killed (SIGKILL), as the system does where memory"),
        (-signal.SIGSEGV, "", "The kernel died of SIGSEGV, as a rule in a compiled library."),
        (-signal.SIGRTMIN - 1, "", "The kernel died of signal "),
    ],
)
def test_of_what_a_kernel_died(code: int | None, words: str, told: str) -> None:
    assert told in obituary(code, words)


def test_the_end_of_what_is_said_is_kept() -> None:
    assert said("/bin/true") == ""
    assert said("/bin/sh", "-c", "echo one; echo two >&2; printf '\\377'") == "one\ntwo\n\ufffd"
    flood = "import sys\nfor n in range(200_000): print(n, 'x' * 40)\nprint('the end')"
    lines = said(sys.executable, "-c", flood).splitlines()
    assert len(lines) == 10
    assert lines[-2:] == [f"199999 {'x' * 40}", "the end"]


def test_nobody_waits_for_a_child_that_goes_on() -> None:
    words = LastWords()
    with words.starting() as streams:
        command = ["/bin/sh", "-c", "sleep 600 >&2 & echo $!"]
        first = subprocess.Popen(command, stdout=streams["stdout"], stderr=streams["stderr"])
    first.wait()
    os.kill(int(words.text()), signal.SIGKILL)


def test_a_kernel_that_cannot_be_started_leaves_nothing_open() -> None:
    words = LastWords()
    with pytest.raises(OSError, match="no such"), words.starting() as streams:
        raise OSError("no such kernel")
    assert words.text() == ""
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(streams["stderr"])


def test_a_crash_is_told_with_its_last_words(papermill: Papermill, services: Services) -> None:
    papermill.environment |= {"DB_PASSWORD": "k3rnel-own-value"}
    words = "free(): invalid pointer, k3rnel-own-value"
    crash = f"{SAY.format(words)}import signal\nos.kill(os.getpid(), signal.SIGSEGV)"
    show = "print(os.environ['DB_PASSWORD'])"
    notebooks.write(papermill.folder / "in.ipynb", [SAY.format("noise"), show, crash])
    code, heard = papermill.run("in.ipynb", "out.ipynb")
    assert code not in {0, None}
    assert "noise" not in heard
    assert "free()" not in heard
    run, snapshot = only_run(services)
    assert run.error is not None
    assert run.error == snapshot.manifest.error
    shown = services.snapshots.notebook(snapshot.id).content["cells"][1]["outputs"][0]["text"]
    assert "".join(shown) == f"{MASK}\n"
    told, words = run.error.message.split(" Its last words: ")
    assert told == "The kernel died of SIGSEGV, as a rule in a compiled library."
    assert words.splitlines()[-2:] == ["noise", f"free(): invalid pointer, {MASK}"]


def test_what_cells_and_their_programs_print_is_in_the_notebook(
    papermill: Papermill, services: Services
) -> None:
    del papermill.environment["PYTEST_CURRENT_TEST"]  # with it ipykernel does not look at programs
    # a program's output goes through a pipe, to whose end nothing tells that it has come
    see = "import sys, time\nwhile 'program' not in sys.stdout.seen:\n    time.sleep(0.01)"
    watch = (
        "import sys\nwrite = sys.stdout.write\nsys.stdout.seen = ''\n"
        "def noted(text):\n    sys.stdout.seen += text\n    return write(text)\n"
        "sys.stdout.write = noted"
    )
    program = "print('by a cell')\nimport os\nos.system('echo by a program')"
    notebooks.write(papermill.folder / "in.ipynb", [f"{watch}\n{program}\n{see}"])
    code, heard = papermill.run("in.ipynb", "out.ipynb", "--execution-timeout", "60")
    assert (code, "by a program" in heard) == (0, False), heard
    _, snapshot = only_run(services)
    *_, cell = services.snapshots.notebook(snapshot.id).content["cells"]
    shown = "".join("".join(output["text"]) for output in cell["outputs"])
    assert sorted(shown.splitlines()) == ["by a cell", "by a program"]


def test_why_a_kernel_did_not_come_up(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so by itself, before there is anyone to ask."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'No module named ipykernel' >&2\nexit 1\n")
    program.chmod(0o700)
    add_kernel(tmp_path / "data", "broken", program)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    result = services.executions.run(path, author="me", kernel_name="broken")
    assert result.error is not None
    assert result.error.message.endswith(" Its last words: No module named ipykernel")
