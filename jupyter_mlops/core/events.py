"""Events to the browser over Jupyter's own event bus: hints that something changed."""

from __future__ import annotations

from typing import Any

from .schema import Change

ROOMS = ("tracking", "snapshots", "registry", "deployments")


def schema_id(room: str) -> str:
    """Return the fixed id of a room's event schema."""
    return f"https://events.jupyter.org/jupyter_mlops/{room}/v1"


def register_schemas(event_logger: Any) -> None:
    """Declare the events of all rooms to a ``jupyter_events.EventLogger``."""
    for room in ROOMS:
        if schema_id(room) not in event_logger.schemas:
            event_logger.register_event_schema(
                {
                    "$id": schema_id(room),
                    "version": "1",
                    "title": f"Changes in {room}",
                    "description": "A hint that something changed; a GET tells the truth.",
                    "personal-data": False,
                    "type": "object",
                    "required": ["action", "id"],
                    "properties": {
                        "action": {"enum": ["created", "changed", "deleted"]},
                        "id": {
                            "type": "string",
                            "description": "What changed; * where another process changed it.",
                        },
                    },
                }
            )


def emit(event_logger: Any, room: str, action: str, identifier: str) -> None:
    """Send one event; nobody has to listen."""
    change = Change.model_validate({"action": action, "id": identifier})
    event_logger.emit(schema_id=schema_id(room), data=change.model_dump())
