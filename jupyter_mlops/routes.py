"""All HTTP routes, and the handler table made from them."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from .comparison.handlers import ROUTES as COMPARISON
from .core.schema import Schema
from .data.handlers import ROUTES as DATA
from .deployments.handlers import ROUTES as DEPLOYMENTS
from .executions.handlers import ROUTES as EXECUTIONS
from .history import thinning
from .history.handlers import ROUTES as HISTORY
from .http.route import Call, NoBody, NoQuery, Route
from .lineage.handlers import ROUTES as LINEAGE
from .mlflow_api.routes import handlers as mlflow_handlers
from .notebooks.handlers import ROUTES as NOTEBOOKS
from .registry.handlers import ROUTES as REGISTRY
from .restoring.handlers import ROUTES as RESTORING
from .snapshots.handlers import ROUTES as SNAPSHOTS
from .storage.handlers import ROUTES as STORAGE
from .tracking.handlers import ROUTES as TRACKING


class Status(Schema):
    """The server part and its store.

    Paths are absolute. Those of notebooks in runs and snapshots are relative to ``project``, those
    of Jupyter's to ``root``. ``keep_automatic`` is the rule by which automatic snapshots
    are thinned.
    """

    version: str
    project: str
    root: str
    store: str
    keep_automatic: str


def get_status(call: Call[NoQuery, NoBody]) -> Status:
    """Say which version runs, and where its store is."""
    project = call.services.project
    return Status(
        version=version(),
        project=str(project.root),
        root=str(call.services.root),
        store=str(project.store),
        keep_automatic=project.settings.keep_automatic or thinning.DEFAULT,
    )


ROUTES: tuple[Route, ...] = (
    Route("GET", "status", get_status, "Get the version and the store", Status),
    *TRACKING,
    *SNAPSHOTS,
    *HISTORY,
    *DATA,
    *STORAGE,
    *COMPARISON,
    *RESTORING,
    *NOTEBOOKS,
    *EXECUTIONS,
    *REGISTRY,
    *DEPLOYMENTS,
    *LINEAGE,
)


def version() -> str:
    """Return the installed version of this package."""
    return metadata.version("jupyter_mlops")


def handlers(extension_name: str) -> list[tuple[str, type, dict[str, Any]]]:
    """Return the tornado handlers of all routes, one a path."""
    from .http.handler import RouteHandler  # noqa: PLC0415 - the contract needs no tornado
    from .http.proxy import ServingProxyHandler  # noqa: PLC0415

    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(f"/api/mlops/{route.pattern}", {})[route.verb] = route
    table: list[tuple[str, type, dict[str, Any]]] = [
        (pattern, RouteHandler, {"name": extension_name, "routes": routes})
        for pattern, routes in by_path.items()
    ]
    serving = r"/mlops/serve/(?P<deployment>[^/]+)/(?P<path>.+)"
    return [
        *table,
        (serving, ServingProxyHandler, {"name": extension_name}),
        *mlflow_handlers(extension_name),
    ]


def contract() -> dict[str, Any]:
    """Return the OpenAPI document of all routes."""
    from .http.openapi import document  # noqa: PLC0415 - only builds and tests need it

    return document(ROUTES, "1")
