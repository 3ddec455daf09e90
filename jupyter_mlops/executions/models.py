"""Keeps the models of a headless run, which are gone with its kernel."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ..core.errors import MLOpsError, sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..kernels.manager import KernelProbe
    from ..kernels.schemas import LiveModel, SavedModel


class ModelKeeper:
    """What is kept of the models of one run: ``kept`` has each with its folder, by variable.

    Args:
        limit: bytes; models of one run that together take more are left out.
        note: is told in a sentence what was not kept, and why.
    """

    def __init__(self, limit: int, note: Callable[[str], None]) -> None:
        self.kept: dict[str, tuple[SavedModel, Path]] = {}
        self._left = limit
        self._note = note

    async def keep(self, probe: KernelProbe, models: list[LiveModel], folder: Path) -> None:
        """Have a kernel write its fitted models into a folder, as many as there is room for."""
        if self._left <= 0:
            return
        for model in (found for found in models if found.fitted is not False):
            try:
                await self._keep(probe, model, folder / model.variable)
            except (MLOpsError, OSError) as error:
                self._note(f"The model {model.variable} was not kept: {sentence(error)}")

    async def _keep(self, probe: KernelProbe, model: LiveModel, folder: Path) -> None:
        if not model.supported:
            self._note(f"The model {model.variable} was not kept: {model.reason}")
            return
        saved = None
        if (model.size_bytes or 0) <= self._left:
            saved = await probe.save_model(model.variable, folder)
        size = _size(folder)
        if saved is None or size > self._left:
            shutil.rmtree(folder, ignore_errors=True)
            self._note(f"The model {model.variable} was not kept: the run's models are too large.")
            return
        self._left -= size
        self.kept[model.variable] = (saved, folder)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
