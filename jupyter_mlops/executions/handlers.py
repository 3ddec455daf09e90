"""Routes of headless runs and reproductions."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from .receipt_schemas import Receipt, ReceiptList, ReproductionRequest
from .schemas import HeadlessRun, HeadlessRunCreate, HeadlessRunList, NotebookParameters

_CHANGED = (Emit("snapshots", "changed", "snapshot_id"),)
_STOPPED = (Emit("tracking", "changed", "run_id"),)


class ParametersQuery(Schema):
    """Names a notebook, relative to the Jupyter root."""

    notebook_path: str = Field(min_length=1)


def get_notebook_parameters(call: Call[ParametersQuery, NoBody]) -> NotebookParameters:
    """Get what a headless run of a notebook can be given."""
    services = call.services
    return services.headless.parameters(services.notebook(call.query.notebook_path))


def create_headless_run(call: Call[NoQuery, HeadlessRunCreate]) -> HeadlessRun:
    """Begin to run a notebook headless."""
    notebook = call.services.notebook(call.body.notebook_path)
    return call.services.headless.start(notebook, call.body, author=call.user)


def list_headless_runs(call: Call[NoQuery, NoBody]) -> HeadlessRunList:
    """List the headless runs that the server began, newest first."""
    return call.services.headless.runs()


def get_headless_run(call: Call[NoQuery, NoBody]) -> HeadlessRun:
    """Get how far a headless run is."""
    return call.services.headless.run(call.path["run_id"])


def stop_headless_run(call: Call[NoQuery, NoBody]) -> HeadlessRun:
    """Stop a headless run."""
    return call.services.headless.stop(call.path["run_id"])


def reproduce_snapshot(call: Call[NoQuery, ReproductionRequest]) -> Receipt:
    """Begin to run a snapshot again; the receipt tells how it goes."""
    return call.services.reproductions.start(call.path["snapshot_id"], call.body, author=call.user)


def list_receipts(call: Call[NoQuery, NoBody]) -> ReceiptList:
    """List the receipts of a snapshot, newest first."""
    return call.services.reproductions.receipts(call.path["snapshot_id"])


def get_receipt(call: Call[NoQuery, NoBody]) -> Receipt:
    """Get a receipt."""
    return call.services.reproductions.receipt(call.path["receipt_id"])


def stop_reproduction(call: Call[NoQuery, NoBody]) -> Receipt:
    """Stop a reproduction."""
    return call.services.reproductions.stop(call.path["receipt_id"])


ROUTES = (
    Route(
        "GET",
        "notebook-parameters",
        get_notebook_parameters,
        "Get the parameters of a notebook",
        NotebookParameters,
        query=ParametersQuery,
    ),
    Route("GET", "headless-runs", list_headless_runs, "List headless runs", HeadlessRunList),
    Route(
        "POST",
        "headless-runs",
        create_headless_run,
        "Run a notebook headless",
        HeadlessRun,
        body=HeadlessRunCreate,
        status=202,
        action="execute",
        emits=(Emit("tracking", "created", "run_id"),),
    ),
    Route("GET", "headless-runs/{run_id}", get_headless_run, "Get a headless run", HeadlessRun),
    Route(
        "POST",
        "headless-runs/{run_id}/stop",
        stop_headless_run,
        "Stop a headless run",
        HeadlessRun,
        action="execute",
        emits=_STOPPED,
    ),
    Route(
        "POST",
        "snapshots/{snapshot_id}/reproduce",
        reproduce_snapshot,
        "Run a snapshot again",
        Receipt,
        body=ReproductionRequest,
        status=202,
        action="execute",
        emits=_CHANGED,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/receipts",
        list_receipts,
        "List the receipts of a snapshot",
        ReceiptList,
    ),
    Route("GET", "receipts/{receipt_id}", get_receipt, "Get a receipt", Receipt),
    Route(
        "POST",
        "receipts/{receipt_id}/stop",
        stop_reproduction,
        "Stop a reproduction",
        Receipt,
        action="execute",
        emits=_CHANGED,
    ),
)
