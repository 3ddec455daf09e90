from __future__ import annotations

from typing import Any

import pytest

from ..mlflow_models import FRAME
from .gateway_process import TOKEN, GatewayProcess

ROW = {"width": 6.0, "height": 1, "kind": 1}


def column(name: str, datatype: str, data: list[Any]) -> dict[str, Any]:
    return {"name": name, "datatype": datatype, "shape": [len(data), 1], "data": data}


def matrix(data: list[list[float]], name: str = "x") -> dict[str, Any]:
    shape = [len(data), len(data[0])]
    return {"name": name, "datatype": "FP64", "shape": shape, "data": data}


COLUMNS = [
    column("kind", "INT32", [1]),
    column("width", "FP32", [6.0]),
    column("height", "INT64", [1]),
]


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_split": {"columns": ["kind", "height", "width"], "data": [[1, 1, 6.0]]}},
        {"dataframe_split": {"data": [[6.0, 1, 1]]}},
        {"dataframe_records": [{**ROW, "more": "dropped"}]},
        {"instances": [ROW]},
        {"inputs": {name: [value] for name, value in ROW.items()}},
        {"instances": [[6, 1, 1]]},
    ],
)
def test_invocations_in_every_form(serving: GatewayProcess, body: Any) -> None:
    answer = serving.post("/serve/frames/invocations", body)
    assert (answer.status_code, answer.json()) == (200, {"predictions": [1]})


def test_csv(serving: GatewayProcess) -> None:
    body = FRAME.to_csv(index=False)
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    path = "/serve/frames/invocations"
    answer = serving.request("POST", path, TOKEN, content=body, headers=headers)
    assert answer.json() == {"predictions": [0, 0, 0, 1, 1, 1]}
    headers = {"Content-Type": "image/png"}
    answer = serving.request("POST", path, TOKEN, content=body, headers=headers)
    assert answer.status_code == 415
    assert set(answer.json()) == {"error_code", "message"}


@pytest.mark.parametrize("prefix", ["", "/serve/frames"])
@pytest.mark.parametrize("inputs", [COLUMNS, [matrix([[6, 1, 1]])]])
def test_inference_by_columns_and_by_matrix(
    serving: GatewayProcess, prefix: str, inputs: Any
) -> None:
    body = {"id": "a", "inputs": inputs, "outputs": [{"name": "predict_proba"}]}
    answer = serving.post(f"{prefix}/v2/models/frames/versions/1/infer", body).json()
    (proba,) = answer.pop("outputs")
    assert answer == {"model_name": "frames", "model_version": "1", "id": "a"}
    assert (proba["name"], proba["datatype"], proba["shape"]) == ("predict_proba", "FP64", [1, 2])
    assert sum(proba["data"]) == pytest.approx(1)
    assert proba["data"][1] > 0.5


def test_the_method_parameter_adds_an_output_and_the_id_is_optional(
    serving: GatewayProcess,
) -> None:
    body = {"inputs": COLUMNS, "parameters": {"method": "predict_proba"}}
    answer = serving.post("/v2/models/frames/infer", body).json()
    assert [output["name"] for output in answer["outputs"]] == ["predict", "predict_proba"]
    assert answer["outputs"][0] == {
        "name": "predict",
        "datatype": "INT64",
        "shape": [1],
        "data": [1],
    }
    assert "id" not in answer


def test_arrays(serving: GatewayProcess) -> None:
    body = {"inputs": [matrix([[1, 2], [3, 4]])]}
    (output,) = serving.post("/v2/models/arrays/infer", body).json()["outputs"]
    assert output["data"] == pytest.approx([6, 14])
    answer = serving.post("/serve/arrays/invocations", {"inputs": [[1, 2]]}).json()
    assert answer["predictions"] == pytest.approx([6])


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ([matrix([[1, 2]])], "rows of 3 values"),
        (COLUMNS[:2], "lacks the columns height"),
        ([*COLUMNS[:2], column("height", "FP64", [1.5])], "Column height takes int64"),
        ([*COLUMNS[:2], column("height", "BYTES", ["tall"])], "Column height takes int64"),
        ([*COLUMNS[:2], column("height", "FP63", [1.5])], "unknown datatype"),
        ([*COLUMNS[:2], column("height", "INT64", [1, 2])], "does not fit"),
        ([{**COLUMNS[0], "shape": [4]}], "its shape is"),
        ([column("width", "FP64", [])], "lacks the columns"),
        ([], "list named inputs"),
        (None, "list named inputs"),
        ([{"name": "x"}], "does not fit"),
    ],
)
def test_inference_that_does_not_fit(serving: GatewayProcess, inputs: Any, reason: str) -> None:
    answer = serving.post("/v2/models/frames/infer", {"inputs": inputs})
    assert answer.status_code == 400
    assert reason in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"something": [1]}, "exactly one of"),
        ([1], "exactly one of"),
        ({"inputs": [[1]], "instances": [[1]]}, "exactly one of"),
        ({"dataframe_records": [{"width": 1}]}, "lacks the columns height, kind"),
        ({"dataframe_records": []}, "no rows"),
        ({"dataframe_records": [{**ROW, "width": "wide"}]}, "Column width takes float64"),
        ({"dataframe_records": [{**ROW, "kind": None}]}, "Column kind takes int64"),
        ({"dataframe_split": {"columns": ["width"], "data": [[1, 2]]}}, "takes 1 values"),
        ({"instances": "no list"}, "takes a list"),
    ],
)
def test_invocations_that_do_not_fit(serving: GatewayProcess, body: Any, reason: str) -> None:
    answer = serving.post("/serve/frames/invocations", body)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "BAD_REQUEST"
    assert reason in answer.json()["message"]


def test_a_body_that_is_no_json(serving: GatewayProcess) -> None:
    for path in ("/serve/frames/invocations", "/v2/models/frames/infer"):
        assert serving.request("POST", path, TOKEN, content="{").status_code == 400


def test_a_body_that_is_too_large(serving: GatewayProcess) -> None:
    for content in ("x" * 100_001, iter([b"x" * 60_000, b"x" * 60_000])):
        answer = serving.request("POST", "/serve/frames/invocations", TOKEN, content=content)
        assert answer.status_code == 413


def test_metadata(serving: GatewayProcess) -> None:
    assert serving.request("GET", "/v2", TOKEN).json()["name"] == "jupyter-mlops"
    answer = serving.request("GET", "/v2/models/frames", TOKEN).json()
    assert answer["name"] == "frames"
    assert answer["versions"] == ["1"]
    assert answer["platform"] == "mlflow_sklearn"
    assert answer["inputs"] == [
        {"name": "width", "datatype": "FP64", "shape": [-1, 1]},
        {"name": "height", "datatype": "INT64", "shape": [-1, 1]},
        {"name": "kind", "datatype": "INT64", "shape": [-1, 1]},
    ]
    assert [output["name"] for output in answer["outputs"]] == ["predict", "predict_proba"]
    answer = serving.request("GET", "/serve/arrays/v2/models/arrays", TOKEN).json()
    assert answer["inputs"] == [{"name": "input-0", "datatype": "FP64", "shape": [-1, 2]}]


@pytest.mark.parametrize("path", ["/serve/frames/ping", "/serve/frames/health"])
def test_mlflow_health(serving: GatewayProcess, path: str) -> None:
    assert serving.request("GET", path, TOKEN).status_code == 200


def test_readiness(serving: GatewayProcess) -> None:
    answer = serving.request("GET", "/v2/models/frames/ready", TOKEN)
    assert (answer.status_code, answer.json()) == (200, {"name": "frames", "ready": True})


def test_requests_and_errors_are_counted(serving: GatewayProcess) -> None:
    before = serving.status("arrays")
    serving.post("/v2/models/arrays/infer", {"inputs": [matrix([[1, 2]])]})
    serving.post("/v2/models/arrays/infer", {"inputs": []})
    after = serving.status("arrays")
    assert after["requests"] - before["requests"] == 2
    assert after["errors"] - before["errors"] == 1
