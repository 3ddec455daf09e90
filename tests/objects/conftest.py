from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.database import Database
from jupyter_mlops.objects.manager import ObjectManager
from tests.databases import where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(where(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def objects(tmp_path: Path, database: Database) -> ObjectManager:
    return ObjectManager(tmp_path / "objects", database)
