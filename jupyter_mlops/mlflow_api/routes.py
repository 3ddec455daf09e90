"""All operations of the protocol, and the handler table made from them."""

from __future__ import annotations

import re
from typing import Any

from . import artifacts, experiments, logged_models, metrics, registry, runs
from .operation import Operation

BASE = "/mlops/mlflow"
VERSION = "3.17.2"
"""The version of MLflow whose protocol this is."""

SERVER_INFO: dict[str, Any] = {
    "store_type": "SqlStore",
    "workspaces_enabled": False,
    "trace_archival_enabled": False,
    "multipart_uploads_enabled": True,
    "multipart_downloads_enabled": False,
}

OPERATIONS: tuple[Operation, ...] = (
    *experiments.OPERATIONS,
    *runs.OPERATIONS,
    *metrics.OPERATIONS,
    *logged_models.OPERATIONS,
    *artifacts.OPERATIONS,
    *registry.OPERATIONS,
    Operation("GET", "server-info", lambda _: SERVER_INFO),
)
_PREFIX = rf"{BASE}/(?:api|ajax-api)/[23]\.0"
_ARTIFACTS = f"{_PREFIX}/mlflow-artifacts"


def handlers(extension_name: str) -> list[tuple[str, type, dict[str, Any]]]:
    """Return the tornado handlers of all operations, one a path, and of what is not served."""
    from .handler import NotServedHandler, OperationHandler, TextHandler  # noqa: PLC0415
    from .streams import ArtifactHandler, PartHandler, RunArtifactHandler  # noqa: PLC0415

    by_path: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(f"{_PREFIX}/mlflow/{operation.pattern}", {})[operation.verb] = operation
    for operation in artifacts.SERVICE:
        pattern = operation.path.replace("{path}", "(?P<path>.*)")
        by_path.setdefault(f"{_PREFIX}/mlflow-artifacts/{pattern}", {})[operation.verb] = operation
    name = {"name": extension_name}
    return [
        *(
            (path, OperationHandler, name | {"operations": operations})
            for path, operations in by_path.items()
        ),
        (f"{_ARTIFACTS}/artifacts/(?P<path>.*)", ArtifactHandler, name),
        (
            f"{_ARTIFACTS}/parts/(?P<upload_id>[0-9a-f]+)/(?P<number>[0-9]{{1,5}})",
            PartHandler,
            name,
        ),
        (rf"(?:{_PREFIX}/mlflow|{BASE})/get-artifact", RunArtifactHandler, name),
        (f"{BASE}/version", TextHandler, name | {"text": VERSION}),
        (f"{BASE}/health", TextHandler, name | {"text": "OK"}),
        (rf"{re.escape(BASE)}(?:/(.*))?", NotServedHandler, name),
    ]
