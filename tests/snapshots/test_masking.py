from __future__ import annotations

import json

import pytest

from jupyter_mlops.snapshots.masking import MASK, Masker, is_secret_file

SECRETS = {
    "AWS key": "AKIA" + "ABCDEFGHIJKLMNOP",
    "GitHub token": "ghp_" + "a1B2" * 9,
    "Slack token": "xoxb-" + "1234567890-abc",
    "API key": "sk-proj-" + "a1B2c3D4e5F6g7H8i9J0k1",
    "JSON web token": "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeK",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_known_tokens_are_masked(kind: str) -> None:
    masker = Masker()
    masked = masker.text(f"x = call('{SECRETS[kind]}')", "cells")
    assert SECRETS[kind] not in masked
    assert [(m.kind, m.where, m.count) for m in masker.report()] == [(kind, "cells", 1)]


@pytest.mark.parametrize(
    "code",
    [
        'password = "hunter22"',
        "db_password='hunter22'",
        'os.environ["API_KEY"] = "hunter22"',
        '{"secret_key": "hunter22"}',
        "postgresql://me:hunter22@db/x",
    ],
)
def test_assigned_secrets_are_masked_in_code_and_in_json(code: str) -> None:
    assert "hunter22" not in Masker().text(code, "cells")
    stored = Masker().text(json.dumps({"source": code}), "notebook")
    assert "hunter22" not in stored
    assert MASK in json.loads(stored)["source"]


@pytest.mark.parametrize(
    "code",
    ["tokenizer = 'bert-base'", "n_tokens = 512", "password = getpass()", "import secrets", "a: b"],
)
def test_innocent_code_is_left_alone(code: str) -> None:
    masker = Masker()
    assert masker.text(code, "cells") == code
    assert masker.report() == []


def test_a_private_key_is_masked() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "Ab1/" * 20 + "\n-----END PRIVATE KEY-----"
    assert "Ab1/" not in Masker().text(key, "cells")


def test_parameters_are_masked_by_name() -> None:
    masker = Masker()
    assert masker.value("api_token", "abc", "parameters") == MASK
    assert masker.value("max_tokens", 512, "parameters") == 512


@pytest.mark.parametrize(
    ("name", "secret"), [(".env", True), ("id_rsa", True), ("server.pem", True), ("a.csv", False)]
)
def test_files_of_secrets(name: str, secret: bool) -> None:
    assert is_secret_file(name) is secret
