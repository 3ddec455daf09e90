"""The docs name every setting, route and command that there is, and none that is not."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from jupyter_mlops.app import MLOpsApp
from jupyter_mlops.cli.main import mlops
from jupyter_mlops.core.settings import StoreSettings, variable
from jupyter_mlops.routes import ROUTES

if TYPE_CHECKING:
    from dataclasses import Field

    from jupyter_mlops.http.route import Route

DOCS = Path(__file__).parents[1] / "docs"
COMMAND_IDS = Path(__file__).parents[1] / "src" / "commands" / "ids.ts"


def page(name: str) -> str:
    return (DOCS / name / "index.md").read_text(encoding="utf-8")


def rows(name: str, heading: str) -> list[str]:
    """Return the first columns of the tables below a heading."""
    section = page(name).split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (`.*?)(?<!\\) *\| ", section, re.MULTILINE)


def terminal_commands() -> list[str]:
    """Return the commands that the table names, with their arguments."""
    return [
        span for row in rows("users", "Without a browser") for span in re.findall("`(.*?)`", row)
    ]


def command_of(line: str) -> click.Command:
    words = re.findall(r"[\w-]+", line)
    command: Any = mlops.get_command(click.Context(mlops), words[0])
    found: click.Command = (
        command.commands[words[1]] if isinstance(command, click.Group) else command
    )
    return found


@pytest.mark.parametrize(
    "setting", [name for name in MLOpsApp.class_own_traits(config=True) if name != "log_level"]
)
def test_names_every_setting(setting: str) -> None:
    assert f"`{setting}`" in page("operators")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.verb} {route.path}")
def test_names_every_route(route: Route) -> None:
    assert f"`{route.verb} {route.path}`" in page("operators")


@pytest.mark.parametrize("field", fields(StoreSettings), ids=lambda field: field.name)
def test_names_every_setting_of_a_store(field: Field[Any]) -> None:
    assert f"`{field.name}`" in page("operators")
    assert f"`{variable(field.name)}`" in page("operators")


def test_names_no_route_that_is_not_there() -> None:
    named = re.findall(r"`([A-Z]+ [^`]+)`", "\n".join(rows("operators", "REST")))
    assert sorted(named) == sorted(f"{route.verb} {route.path}" for route in ROUTES)


@pytest.mark.parametrize("line", terminal_commands())
def test_options_say_what_they_do(line: str) -> None:
    options = [p for p in command_of(line).params if isinstance(p, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("line", terminal_commands())
def test_names_no_option_that_is_not_there(line: str) -> None:
    known = {word for p in command_of(line).params for word in (*p.opts, *p.secondary_opts)}
    assert set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", line)) <= known


@pytest.mark.parametrize("command", mlops.list_commands(None))  # type: ignore[arg-type]
def test_names_every_command_of_the_terminal(command: str) -> None:
    assert re.search(rf"^\|.*`{command}\b", page("users"), re.MULTILINE)


def test_names_the_commands_of_jupyterlab() -> None:
    named = re.findall(r"`(mlops:[\w-]+)`", "\n".join(rows("users", "Commands in JupyterLab")))
    ids = COMMAND_IDS.read_text(encoding="utf-8")
    assert sorted(named) == sorted(re.findall(r"'(mlops:[\w-]+)'", ids))


@pytest.mark.parametrize(
    "document",
    [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"],
    ids=lambda path: path.name + path.parent.name,
)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
