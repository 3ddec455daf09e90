"""Asks an interpreter, without a kernel, what a kernel of it would tell of its packages."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from ..core.errors import EnvironmentUnavailableError
from . import r
from .schemas import Environment

_SECONDS = 60
_CODE = """
import json, runpy, sys
print(json.dumps(runpy.run_path(sys.argv[1])["environment"]()))
"""


def kernel_command(interpreter: str, language: str) -> list[str]:
    """Return the command of a kernel that an interpreter of Python or R runs."""
    if language.lower() == "r":
        return [interpreter, "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
    return [interpreter, "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def environment_of(executable: str, language: str = "python") -> Environment:
    """Return the environment of an interpreter of Python or R.

    Raises:
        EnvironmentUnavailableError: it is not there, or does not run.
    """
    try:
        return _of_r(executable) if language.lower() == "r" else _of_python(executable)
    except FileNotFoundError as error:
        raise EnvironmentUnavailableError(
            f"The interpreter {executable} is not there any more."
        ) from error
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise EnvironmentUnavailableError(
            f"The interpreter {executable} does not run: {said.strip()[-300:]}"
        ) from error


def _of_python(executable: str) -> Environment:
    script = str(Path(__file__).with_name("environment.py"))
    return Environment.model_validate(json.loads(_output([executable, "-c", _CODE, script])))


def _of_r(executable: str) -> Environment:
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        script, place = Path(folder) / "question.R", Path(folder) / "state.json"
        script.write_text(r.question(place), encoding="utf-8")
        # with its profiles, which say where packages are, as a kernel has them
        _output([executable, "--no-echo", "--no-restore", "--no-save", "-f", str(script)])
        if not place.is_file():
            raise ValueError("it did not tell about itself")
        return r.state(place.read_text(encoding="utf-8")).environment


def _output(command: list[str]) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    return done.stdout
