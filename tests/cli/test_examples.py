"""The examples below the help of each command are calls that it takes."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from jupyter_mlops.cli.examples import EXAMPLES
from jupyter_mlops.cli.main import mlops

CALLS = [call for calls in EXAMPLES.values() for call in calls]


def test_each_command_has_some() -> None:
    assert list(EXAMPLES) == mlops.list_commands(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("call", CALLS)
def test_they_are_understood(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.ipynb").write_text("{}")
    Path("request.json").write_text("{}")
    Path("model").mkdir()
    name, *words = shlex.split(call)
    command = mlops.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    shown = command.get_help(click.Context(command, info_name=name))
    assert f"\n    jupyter mlops {call}\n" in f"{shown}\n"
    if isinstance(command, click.Group):
        name, *words = words
        command = command.commands[name]
    with command.make_context(name, words) as context:
        assert not context.args
