"""What tests of histories share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


@pytest.fixture
def notebook(services: Services) -> Path:
    return notebooks.write(services.project.root / "train 한글.ipynb", ["depth = 4"])
