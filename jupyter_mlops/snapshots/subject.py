"""What a snapshot is taken of, and how the run that it shows has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import notebook as notebooks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..kernels.schemas import KernelState, SavedModel
    from ..tracking.schemas import RunError, RunStatus

    Kept = Mapping[str, tuple[SavedModel, Path]]


@dataclass(frozen=True)
class Executed:
    """What a headless run tells of itself.

    Args:
        content: the notebook as it was executed.
        outcome: how the run ended.
        kept: models that were saved before the kernel ended: variable → (facts, folder).
        notes: what the snapshot lacks, and why.
        secrets: to be masked, where no kernel was left to tell them.
    """

    content: bytes
    outcome: tuple[RunStatus, RunError | None]
    kept: Kept = field(default_factory=dict)
    notes: Sequence[str] = ()
    secrets: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True)
class Subject:
    """A notebook file, its kernel's answer if there was a kernel, and what a headless run tells.

    ``also`` are data files to keep whoever opened them, ``saved_at`` is when the file was written
    if that is what was read.
    """

    path: Path
    notebook: notebooks.Notebook
    data: bytes
    state: KernelState | None
    executed: Executed | None = None
    also: Sequence[Path] = ()
    saved_at: float | None = None

    @classmethod
    def read(
        cls, path: Path, state: KernelState | None, executed: Executed | None, also: Sequence[Path]
    ) -> Subject:
        """Read the notebook, as it was executed if that is told.

        Raises:
            NotFoundError, InvalidInputError: it cannot be read as one.
        """
        saved_at = None
        if executed is None:
            saved_at = notebooks.saved_at(path)  # before, as it may be saved again
            notebook, data = notebooks.read(path)
        else:
            data = executed.content
            notebook = notebooks.parse(data, path.name)
        return cls(path, notebook, data, state, executed, also, saved_at)

    @property
    def kept(self) -> Kept:
        """The models that were saved before the kernel ended."""
        return self.executed.kept if self.executed else {}

    @property
    def notes(self) -> Sequence[str]:
        """What the run itself says that it could not keep."""
        return self.executed.notes if self.executed else ()

    @property
    def secrets(self) -> Sequence[str]:
        """What to mask, as the kernel tells, or who ran the notebook."""
        told = self.executed.secrets if self.executed else ()
        return [*told, *(self.state.secrets if self.state else ())]

    @property
    def outcome(self) -> tuple[RunStatus, RunError | None]:
        """How the run ended.

        A kernel whose last cell failed makes a failed one; a file alone is taken at its word.
        """
        if self.executed:
            return self.executed.outcome
        if self.state and self.state.cells and self.state.cells[-1].status == "error":
            return "FAILED", self.notebook.error()
        return "FINISHED", None
