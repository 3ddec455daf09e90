"""Wire types of restoring a snapshot."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from ..core.schema import Schema

PartKind = Literal["notebook", "module", "input", "output", "lock"]


class RestoreRequest(Schema):
    """Where a snapshot's files go, and which of them.

    ``downloads`` allows packages of the environment that are not on this machine to be fetched;
    ``kernel`` makes it a kernel, in the user's own Jupyter folder, that the notebook opens with.
    """

    folder: str | None = Field(
        default=None,
        min_length=1,
        description="relative to the Jupyter root; new, or empty. None: in place.",
    )
    in_place: bool = False
    data: bool = True
    outputs: bool = False
    environment: bool = False
    downloads: bool = False
    kernel: bool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.folder is not None) == self.in_place:
            raise ValueError("give a folder, or say that it is to be in place")
        if self.kernel and not self.environment:
            raise ValueError("a kernel needs the environment")
        return self


class RestoredFile(Schema):
    """A file or folder that was written; ``path`` is relative to the folder.

    ``origin`` is where it lay at the snapshot, as the manifest has it.
    """

    path: str
    origin: str
    kind: PartKind


class LeftOut(Schema):
    """Something of the snapshot that was not restored: why, and what can be done.

    ``erased``: it was removed from the store at someone's request.
    """

    path: str
    reason: str
    advice: str
    erased: bool = False


class BuiltEnvironment(Schema):
    """An environment made from a snapshot's record of its packages.

    ``folder`` and ``python`` are absolute; for R ``python`` is what starts R with these packages.
    ``notes`` tell what is not as it was.
    """

    language: str = "python"
    folder: str
    python: str
    reused: bool
    notes: list[str]


class OfferedKernel(Schema):
    """A kernel that runs in a built environment, as Jupyter lists it."""

    name: str
    display_name: str
    language: str = "python"


class UnneededEnvironment(Schema):
    """A built environment that can be removed, and why; it can be built again."""

    folder: str
    size_bytes: int
    reason: str


class Restored(Schema):
    """What a restore did; ``folder`` is absolute.

    ``notebook_path`` is relative to the project, or absolute outside it. ``masked`` names where
    secrets are missing in what was written.
    """

    snapshot_id: str
    folder: str
    notebook_path: str
    files: list[RestoredFile]
    left_out: list[LeftOut]
    masked: list[str]
    safety_snapshot_id: str | None
    environment: BuiltEnvironment | None
    kernel: OfferedKernel | None
