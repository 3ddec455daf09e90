"""What clients log as texts is masked, and is what they logged where it is no secret."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.mlflow_api.operation import Pair
from jupyter_mlops.mlflow_api.runs import LogBatch, LogModel, LogParam, log_batch, log_param
from jupyter_mlops.snapshots.masking import MASK


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("api_key", "hunter22", MASK),
        ("db.password", "geheim", "geheim"),
        ("db_password", "geheim", MASK),
        ("auth_token", "hunter22-hunter22", MASK),
        ("source", "https://me:hunter22@host/x.git", f"https://{MASK}@host/x.git"),
        ("pad_token", "<|endoftext|>", "<|endoftext|>"),
        ("bos_token", "[BOS]", "[BOS]"),
        ("eos_token_id", "128009", "128009"),
        ("max_tokens", "4096", "4096"),
        ("password", "None", "None"),
        ("mlflow.source.git.commit", "0" * 39 + "a", "0" * 39 + "a"),
    ],
)
def test_a_param_or_a_tag(key: str, value: str, kept: str) -> None:
    pair = {"key": key, "value": value}
    assert Pair.model_validate(pair).value == kept
    assert log_param(LogParam.model_validate({"run_id": "a", **pair})).params == [(key, kept)]
    entry = log_batch(LogBatch.model_validate({"run_id": "a", "params": [pair], "tags": [pair]}))
    assert [*entry.params, *entry.tags] == [(key, kept)] * 2


def test_what_is_json_stays_json() -> None:
    said = {"artifact_path": "m", "flavors": {"url": "https://me:hunter22@host/"}}
    kept = LogModel(run_id="a", model_json=json.dumps(said)).model_json
    assert json.loads(kept) == {"artifact_path": "m", "flavors": {"url": f"https://{MASK}@host/"}}


@given(key=st.text("abcxyz_.", max_size=9), value=st.text("abcXYZ 0189.-_/", max_size=60))
def test_other_texts_are_kept(key: str, value: str) -> None:
    assert Pair(key=key, value=value).value == value
