"""What is imported is declared; a wheel, in an environment without Node.js, has both extensions."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[1]


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """Run a command and return all that it printed, without colours."""
    done = subprocess.run(
        command, check=True, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def imported(paths: Iterable[Path]) -> Iterator[str]:
    """Give the distributions of which the files import something, or the module's own name."""
    known = packages_distributions()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_bytes())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names:
                yield canonicalize_name(known.get(top, [top])[0])


def test_what_is_imported_is_a_declared_dependency() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project, extras = declared["project"], declared["project"]["optional-dependencies"]

    def named(*lists: list[str]) -> set[str]:
        return {canonicalize_name(Requirement(text).name) for texts in lists for text in texts}

    elsewhere = declared["tool"]["ruff"]["per-file-target-version"]  # in kernels, and with models
    package = [
        path
        for path in ROOT.glob("jupyter_mlops/**/*.py")
        if not any(path.relative_to(ROOT).match(pattern) for pattern in elsewhere)
    ]
    needed = named(project["dependencies"], extras["postgresql"], extras["s3"])
    found = set(imported(package)) - {"jupyter-mlops"}
    assert {"sqlalchemy", "tornado", "pyyaml"} <= found
    assert found <= needed, f"not declared: {found - needed}"
    development = [
        path for room in ("tests", "benchmarks") for path in ROOT.glob(f"{room}/**/*.py")
    ]
    needed |= named(extras["examples"], extras["test"], extras["dev"])
    found = set(imported(development)) - {"jupyter-mlops", "tests", "benchmarks"}
    assert found <= needed, f"not declared: {found - needed}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    run(*build, "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_package_and_the_front_end(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "jupyter_mlops/kernels/probe.py" in names
    assert "jupyter_mlops/serving/worker/__main__.py" in names
    assert any(name.endswith("labextensions/jupyter-mlops/package.json") for name in names)
    assert not any(name.startswith(("tests/", "src/", "ui-tests/")) for name in names)


def test_both_extensions_are_enabled_without_node(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    python = home / "bin" / "python"
    run(sys.executable, "-m", "uv", "venv", "--python", sys.executable, str(home))
    run(sys.executable, "-m", "uv", "pip", "install", "--python", str(python), str(wheel))
    clean = {
        "PATH": f"{home / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "HOME": str(tmp_path),
    }
    server, lab = (
        run(str(python), "-m", "jupyter", *words, "list", env=clean)
        for words in (["server", "extension"], ["labextension"])
    )
    assert re.search(r"jupyter_mlops enabled", server)
    assert re.search(r"jupyter-mlops v\S+ enabled OK", lab)
