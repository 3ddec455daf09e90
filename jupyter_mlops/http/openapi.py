"""An OpenAPI 3.1 document made from declared routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from ..core.schema import ErrorBody, Schema
from .errors import STATUS
from .route import NoBody, Route

if TYPE_CHECKING:
    from collections.abc import Iterable

_REF = "#/components/schemas/{model}"
_TOKEN = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`token …`, one of Jupyter's; a browser that is logged in to Jupyter needs none",
}


def document(routes: Iterable[Route], version: str) -> dict[str, Any]:
    """Return the OpenAPI document of ``routes``, keys in a fixed order."""
    routes = list(routes)
    refs, definitions = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operations = paths.setdefault(f"/api/mlops/{route.path}", {})
        operations[route.verb.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "jupyter-mlops", "version": version},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(definitions.items())),
            "responses": {"Error": _error(refs)},
            "securitySchemes": {"token": _TOKEN},
        },
        "security": [{"token": []}],
    }


Refs = dict[tuple[type[Schema], JsonSchemaMode], dict[str, Any]]


def _schemas(routes: list[Route]) -> tuple[Refs, dict[str, Any]]:
    wanted: list[tuple[type[Schema], JsonSchemaMode]] = [(ErrorBody, "serialization")]
    for route in routes:
        if route.response:
            wanted.append((route.response, "serialization"))
        if route.body is not NoBody:
            wanted.append((route.body, "validation"))
    refs, schema = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REF)
    return {key: refs[key] for key in wanted}, schema.get("$defs", {})


def _error(refs: Refs) -> dict[str, Any]:
    codes = sorted({(status, kind.code) for kind, status in STATUS.items()})
    listed = ", ".join(f"{status} `{code}`" for status, code in codes)
    return {
        "description": f"What went wrong, by its `code`: {listed}; 403 `http_403` for whoever is "
        "not logged in, or not allowed to",
        "content": _json(refs[ErrorBody, "serialization"]),
    }


def _operation(route: Route, refs: Refs) -> dict[str, Any]:
    responses: dict[str, Any] = {"default": {"$ref": "#/components/responses/Error"}}
    if route.response:
        content = _json(refs[route.response, "serialization"])
        responses[str(route.status)] = {"description": "OK", "content": content}
    else:
        responses["204"] = {"description": "Done"}
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": responses,
    }
    if route.body is not NoBody:
        operation["requestBody"] = {
            "required": True,
            "content": _json(refs[route.body, "validation"]),
        }
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in route.parameters
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    schema = route.query.model_json_schema()
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": value}
        for name, value in schema.get("properties", {}).items()
    ]


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
