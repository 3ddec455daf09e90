"""Starts the worker: ``python <this folder> --socket S --model DIR``, by any interpreter.

It becomes a package of a name that no model's module has, and the folder leaves ``sys.path``.
"""

from __future__ import annotations

import importlib
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location

NAME = "_mlops_worker"


def start() -> None:
    """Import the package, wherever this folder lies, and run it."""
    folder = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0]) == folder:
        del sys.path[0]
    spec = spec_from_file_location(NAME, os.path.join(folder, "__init__.py"))
    assert spec is not None  # noqa: S101 - for the type checker
    assert spec.loader is not None  # noqa: S101
    sys.modules[NAME] = package = module_from_spec(spec)
    spec.loader.exec_module(package)
    importlib.import_module(f"{NAME}.main").main()


if __name__ == "__main__":
    start()
