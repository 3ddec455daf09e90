from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from jupyter_mlops.core import errors
from jupyter_mlops.executions.schemas import HeadlessRunCreate
from jupyter_mlops.http.errors import STATUS, reply
from jupyter_mlops.mlflow_api.runs import CreateRun
from jupyter_mlops.notebooks.schemas import SnapshotCreate
from jupyter_mlops.routes import contract

ROOT = Path(__file__).parents[2]


def test_the_committed_contract_is_up_to_date() -> None:
    assert json.loads((ROOT / "openapi.json").read_text()) == contract()


def every_error() -> set[type[errors.MLOpsError]]:
    found, waiting = set(), [errors.MLOpsError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return {kind for kind in found if kind.__module__ == errors.__name__}


def test_every_error_has_a_status_and_a_code_of_its_own() -> None:
    assert every_error() == set(STATUS)
    assert len({kind.code for kind in STATUS}) == len(STATUS)


@pytest.mark.parametrize("kind", STATUS)
def test_an_error_answers_its_sentence(kind: type[errors.MLOpsError]) -> None:
    status, body = reply(kind("Do this.", limit=3))
    assert (status, body.message, body.code, body.details) == (
        STATUS[kind],
        "Do this.",
        kind.code,
        {"limit": 3},
    )


def test_a_surprise_tells_nothing() -> None:
    status, body = reply(RuntimeError("password=1"))
    assert status == 500
    assert "password" not in body.model_dump_json()


def test_bad_input_names_the_field() -> None:
    with pytest.raises(ValidationError) as caught:
        SnapshotCreate.model_validate({"notebook_path": "", "other": 1})
    status, body = reply(caught.value)
    assert status == 422
    assert [field["path"] for field in body.details["fields"]] == [["notebook_path"], ["other"]]


def test_what_was_sent_stays_out_of_the_log() -> None:
    """What is refused is logged, and a parameter may be a password."""
    sent = {"notebook_path": "a.ipynb", "parameters": {"password": ["hunter22hunter22"]}}
    for kind in (HeadlessRunCreate, CreateRun):
        with pytest.raises(ValidationError) as caught:
            kind.model_validate_json(json.dumps({**sent, "tags": "hunter22hunter22"}))
        assert "hunter22" not in str(caught.value)
