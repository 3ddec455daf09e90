"""The docs name every setting, route and command: what they leave out, nobody finds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.app import MLOpsApp
from jupyter_mlops.cli.main import mlops
from jupyter_mlops.routes import ROUTES

if TYPE_CHECKING:
    from jupyter_mlops.http.route import Route

DOCS = Path(__file__).parents[1] / "docs"
COMMAND_IDS = Path(__file__).parents[1] / "src" / "commands" / "ids.ts"


def page(name: str) -> str:
    return (DOCS / name / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "setting", [name for name in MLOpsApp.class_own_traits(config=True) if name != "log_level"]
)
def test_names_every_setting(setting: str) -> None:
    assert f"`{setting}`" in page("operators")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.verb} {route.path}")
def test_names_every_route(route: Route) -> None:
    assert f"`{route.verb} {route.path}`" in page("operators")


@pytest.mark.parametrize("command", mlops.list_commands(None))  # type: ignore[arg-type]
def test_names_every_command_of_the_terminal(command: str) -> None:
    assert re.search(rf"^\|.*`{command}\b", page("users"), re.MULTILINE)


@pytest.mark.parametrize(
    "command", re.findall(r"'(mlops:[\w-]+)'", COMMAND_IDS.read_text(encoding="utf-8"))
)
def test_names_every_command_of_jupyterlab(command: str) -> None:
    assert f"`{command}`" in page("users")


@pytest.mark.parametrize(
    "document",
    [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"],
    ids=lambda path: path.name + path.parent.name,
)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
