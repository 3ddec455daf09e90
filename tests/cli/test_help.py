"""The installed commands, and that help comes at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from jupyter_mlops.cli.main import mlops

COMMANDS = mlops.list_commands(None)  # type: ignore[arg-type]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize("words", [["jupyter", "mlops"], ["jupyter-mlops"]])
def test_the_installed_command(words: list[str], tmp_path: Path) -> None:
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}

    def call(option: str) -> str:
        command = [str(BIN / words[0]), *words[1:], option]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    assert call("--version") == f"jupyter mlops, version {version('jupyter_mlops')}\n"
    usage, _, commands = call("--help").partition("Commands:\n")
    assert usage.startswith("Usage: jupyter mlops ")
    assert [line.split()[0] for line in commands.splitlines()] == COMMANDS
    assert list(tmp_path.iterdir()) == []


def test_help_waits_for_no_database_and_no_notebook() -> None:
    code = (
        "import json, sys\n"
        "from jupyter_mlops.cli.main import mlops\n"
        "for words in json.loads(sys.argv[1]):\n"
        "    try:\n"
        "        mlops([*words, '--help'])\n"
        "    except SystemExit as end:\n"
        "        assert end.code == 0\n"
        "heavy = {'sqlalchemy', 'papermill', 'nbformat', 'jupyter_client', 'tornado', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    calls = json.dumps([[], *([name] for name in COMMANDS)])
    done = subprocess.run(
        [sys.executable, "-c", code, calls], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("Usage:") == 1 + len(COMMANDS)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", [["snapshot"], ["data", "erase", "--reason", "x"], ["fsck"]])
def test_a_word_that_is_no_text_is_refused(words: list[str]) -> None:
    result = CliRunner().invoke(mlops, [*words, os.fsdecode(b"od\xffd.ipynb")])
    assert result.exit_code == 2
    assert result.stderr.endswith(
        "Error: od\\udcffd.ipynb is no UTF-8, which names and words have to be.\n"
    )
