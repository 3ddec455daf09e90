"""Whatever the contract allows is sent to a real server, and what it does not; it never fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic.json_schema import models_json_schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from jupyter_mlops.mlflow_api.operation import Message
from jupyter_mlops.mlflow_api.routes import OPERATIONS
from tests.server.process import ROOT, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.mlflow_api.operation import Operation

_BASE = "/mlops/mlflow/api/2.0/mlflow"


def _protocol() -> dict[str, Any]:
    """Describe the operations of MLflow's protocol, which has no document of its own."""
    messages = dict.fromkeys(operation.message for operation in OPERATIONS)
    refs, schema = models_json_schema(
        [(message, "validation") for message in messages],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        known = refs[operation.message, "validation"]
        place = paths.setdefault(f"{_BASE}/{operation.path}", {})
        place[operation.verb.lower()] = _described(operation, known, schema["$defs"])
    return {
        "openapi": "3.1.0",
        "info": {"title": "MLflow", "version": "2.0"},
        "paths": paths,
        "components": {"schemas": schema["$defs"]},
    }


def _described(operation: Operation, known: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    text = {"type": "string", "minLength": 1}
    parameters = [{"name": n, "in": "path", "required": True, "schema": text} for n in names]
    described: dict[str, Any] = {
        "parameters": parameters,
        "responses": {"default": {"description": ""}},
    }
    if operation.verb == "GET":
        fields = definitions[known["$ref"].rpartition("/")[2]].get("properties", {})
        parameters += [{"name": n, "in": "query", "schema": s} for n, s in fields.items()]
    elif operation.message is not Message:
        described["requestBody"] = {"content": {"application/json": {"schema": known}}}
    return described


def _operations(document: dict[str, Any]) -> list[Any]:
    schema = schemathesis.openapi.from_dict(document)
    found = [cast("Any", item).ok() for item in schema.get_all_operations()]
    return [pytest.param(operation, id=operation.label) for operation in found]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("lab")
    with Server(root, tmp_path_factory.mktemp("runtime")) as running:
        yield running


@pytest.mark.parametrize(
    "operation",
    [*_operations(json.loads((ROOT / "openapi.json").read_text())), *_operations(_protocol())],
)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_makes_the_server_fail(
    server: Server, operation: Any, data: st.DataObject
) -> None:
    mode = data.draw(st.sampled_from(schemathesis.GenerationMode))
    case = data.draw(operation.as_strategy(generation_mode=mode))
    headers = {"Authorization": f"token {server.token}"}
    answer = case.call(base_url=server.url, headers=headers)
    case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
