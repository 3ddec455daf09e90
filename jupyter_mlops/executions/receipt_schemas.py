"""Wire types of reproductions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.schema import Schema, Timestamp
from ..restoring.schemas import LeftOut

ReceiptState = Literal["pending", "running", "completed", "failed", "stopped"]
Verdict = Literal["reproduced", "within tolerance", "differs"]
CellVerdict = Literal[
    "same", "within tolerance", "random", "shows the time", "differs", "not run then"
]
MetricVerdict = Literal["same", "within tolerance", "volatile", "shows the time", "differs", "new"]
EnvironmentChoice = Literal["same", "rebuild"]
Phase = Literal["preparing", "environment", "running", "comparing"]


class Tolerance(Schema):
    """How far a metric may be off: by a part of its value, or by an amount; the larger counts."""

    relative: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    absolute: float = Field(default=0.0, ge=0, allow_inf_nan=False)


class ReproductionRequest(Schema):
    """How a snapshot is to be run again.

    ``same`` is the interpreter that is recorded, if its packages are still the recorded ones.
    ``tolerances`` are by metric, ``*`` for all others; what is not named has to be equal.
    """

    environment: EnvironmentChoice = "same"
    downloads: bool = False
    tolerances: dict[str, Tolerance] = Field(default_factory=dict)
    twice: bool = False
    timeout: int | None = Field(default=None, ge=1, description="seconds a cell may take")


class CellResult(Schema):
    """What became of a code cell; ``index`` counts all cells of the snapshot's notebook from 0."""

    index: int
    cell_id: str | None
    verdict: CellVerdict
    difference: str | None = None


class MetricResult(Schema):
    """What became of a metric; ``cell_id`` is the last cell that sets it."""

    name: str
    recorded: float | None
    found: float | None
    verdict: MetricVerdict
    cell_id: str | None = None


class PackageDifference(Schema):
    """A package whose version is not the recorded one; None where it is missing."""

    name: str
    recorded: str | None
    found: str | None


class UsedEnvironment(Schema):
    """What a snapshot was run in: ``installed`` is a kernel that could not be verified."""

    kind: Literal["same", "rebuilt", "installed"]
    python: str | None
    differences: list[PackageDifference]
    notes: list[str]


class Progress(Schema):
    """Where a reproduction is: ``run`` is 1 or 2, ``cell`` counts from 1."""

    phase: Phase
    run: int = 1
    cell: int = 0
    cells: int = 0


class Receipt(Schema):
    """That a snapshot was run again, how, and what came of it.

    ``verdict`` is only there when ``state`` is ``completed``; ``summary`` says in one sentence
    what came out, or why nothing did. ``missing`` is data that could not be had.
    """

    receipt_id: str
    snapshot_id: str
    notebook_path: str
    created_at: Timestamp
    ended_at: Timestamp | None = None
    author: str
    request: ReproductionRequest
    state: ReceiptState = "pending"
    verdict: Verdict | None = None
    summary: str | None = None
    progress: Progress | None = None
    environment: UsedEnvironment | None = None
    cells: list[CellResult]
    metrics: list[MetricResult]
    missing: list[LeftOut]
    notes: list[str]
    run_ids: list[str]
    run_seconds: float | None = None
    duration_seconds: float | None = None


class ReceiptList(Schema):
    """The receipts of a snapshot, newest first."""

    items: list[Receipt]
