"""Asks an interpreter, without a kernel, what a kernel of it would tell of its packages."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from pydantic import ValidationError

from ..core.errors import EnvironmentUnavailableError
from .schemas import Environment

_SECONDS = 60
# as in a kernel, the inspection finds the probe, which only begins to watch when it is installed
_CODE = """
import json, sys, types
def load(name, path):
    module = types.ModuleType(name)
    sys.modules[name] = module
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), module.__dict__)
    return module
load("_jupyter_mlops_probe", sys.argv[1])
found = load("_jupyter_mlops_inspection", sys.argv[2]).environment()
print(json.dumps(found))
"""


def environment_of(executable: str) -> Environment:
    """Return the environment of an interpreter.

    Raises:
        EnvironmentUnavailableError: it is not there, or does not run.
    """
    here = Path(__file__).parent
    scripts = [str(here / "probe.py"), str(here / "inspection.py")]
    try:
        done = subprocess.run(
            [executable, "-c", _CODE, *scripts],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        return Environment.model_validate(json.loads(done.stdout))
    except FileNotFoundError as error:
        raise EnvironmentUnavailableError(
            f"The interpreter {executable} is not there any more."
        ) from error
    except (OSError, subprocess.SubprocessError, ValueError, ValidationError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise EnvironmentUnavailableError(
            f"The interpreter {executable} does not run: {said.strip()[-300:]}"
        ) from error
