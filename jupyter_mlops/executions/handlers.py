"""Routes of reproductions."""

from __future__ import annotations

from ..http.route import Call, Emit, NoBody, NoQuery, Route
from .receipt_schemas import Receipt, ReceiptList, ReproductionRequest

_CHANGED = (Emit("snapshots", "changed", "snapshot_id"),)


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
