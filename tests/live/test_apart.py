"""Large notebooks, whose process does not end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.notebooks import apart
from tests import notebooks
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from jupyter_mlops.services import Services


def test_one_that_hangs_is_stopped_and_said(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebooks.write(services.project.root / "a.ipynb", ["1"])
    with monkeypatch.context() as hurried:
        hurried.setattr(apart, "LIMIT_SECONDS", 0.05)  # no interpreter starts in that
        with pytest.raises(StoreUnavailableError, match=r"captured a\.ipynb had not ended"):
            apart.take_and_tell(services, path, kernel_state(), author="me")
    assert services.snapshots.snapshots().items == []
    assert apart.take_and_tell(services, path, kernel_state(), author="me")
