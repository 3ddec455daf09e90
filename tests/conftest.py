"""Fixtures that every room's tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project((tmp_path / "my project 한글").resolve())


@pytest.fixture
def services(project: Project) -> Iterator[Services]:
    project.root.mkdir(exist_ok=True)
    made = Services(project, project.root)
    yield made
    made.close()
