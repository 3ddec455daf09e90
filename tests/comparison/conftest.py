"""A notebook whose experiments are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import notebooks
from tests.snapshots.test_manager import SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


@pytest.fixture
def notebook(services: Services) -> Path:
    return notebooks.write(services.project.root / "train 한글.ipynb", SOURCES, parameters=0)
