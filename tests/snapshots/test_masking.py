from __future__ import annotations

import html
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame
from sklearn.linear_model import LogisticRegression
from sklearn.utils import estimator_html_repr

from jupyter_mlops.snapshots.masking import MASK, Masker, env_values, is_masked_as
from jupyter_mlops.snapshots.secret_patterns import is_secret_file

if TYPE_CHECKING:
    from pathlib import Path


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
    "text",
    [
        "password: hunter22",
        "password = hunter22",
        "  - password:   hunter22  # a comment",
        "db.password=hunter22",
        "DB_PASSWORD: hunter22",
        "dbPassword: hunter22",
        "+password: hunter22",
        "user=me password=hunter22",
        "connect(user=me, password=hunter22)",
        "--password hunter22 --verbose",
        "--db-password=hunter22",
        "<pre>password: hunter22</pre>",
        "api_key = hunter22-abc",
        "clientSecret: hunter22+/abc==",
        "auth_token = hunter22-hunter22",
        "passphrase: p@hunter22!",
        "export PGPASSWORD=hunter22",
        "run(['x', '--password', 'hunter22'])",
        "x --token=hunter22 --api-key hunter22",
        "curl -s -u me:hunter22 https://host/",
        "run(['curl', '--user', 'me:hunter22'])",
        "sshpass -p hunter22 ssh host",
        'password = "correct hunter22 battery"',
        "password = 'correct \"hunter22\" battery'",
    ],
)
def test_secrets_are_masked_as_settings_have_them(text: str) -> None:
    stored = json.dumps({"source": [f"{text}\n", "end"]})
    for written in (text, f"a\n{text}\nb", stored):
        masked = Masker().text(written, "cells")
        assert MASK in masked
        assert "hunter22" not in masked
        assert "battery" not in masked
    assert json.loads(masked)["source"][1] == "end"
    assert "1234567" not in Masker().text("password: 1234567", "cells")


KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "shown",
    [
        "host=db user=me password=hunter22 dbname=x",
        "password=hunter22 host=db",
        f"[default]\naws_secret_access_key = {KEY}",
        json.dumps({"SecretAccessKey": KEY, "SessionToken": f"{KEY}hunter22"}),
        "{'X-API-Key': 'hunter22'}",
        "x-api-key: hunter22",
        "Authorization: token hunter22",
        "Cookie: session=hunter22-hunter22",
        "machine host login me password hunter22",
        "postgresql://me:p@hunter22@db/x",
        "https://hunter22hunter22:@host/simple",
        "https://conda.host/t/hunter22-hunter22/channel/linux-64",
        "//host/:_authToken=hunter22",
        '{"auths": {"host": {"auth": "hunter22hunter22=="}}}',
        "hvs.hunter22hunter22hunter22",
        "ya29.hunter22hunter22hunter22",
        "GOCSPX-hunter22hunter22hunter22",
    ],
)
def test_secrets_are_masked_where_programs_print_them(shown: str) -> None:
    masked = Masker().text(shown, "notebook")
    assert MASK in masked
    assert "hunter22" not in masked
    assert KEY not in masked


@pytest.mark.parametrize(
    "code",
    [
        "tokenizer = 'bert-base'",
        "n_tokens = 512",
        "password = getpass()",
        "import secrets",
        "a: b",
        "connect(host=host, password=password, user=user)",
        "password=os.environ['DB_PASSWORD']",
        'headers = {"Authorization": f"Bearer {api_token2}"}',
        "http://host:8080/path?mail=a@b.com",
        "def login(user: str, password: Optional[str]): ...",
        "s3://bucket/t/a-long-name-of-a-folder/x.csv",
        "password: str",
        "password: Annotated[str, Field(min_length=8)] = DEFAULT_PASSWORD1",
        "password: bytes32; key: uint8; secret: RS256; token: np.int64",
        "token: int = 3",
        "tokens: 512, token: 512, token_count: 1234567890, max_tokens=16384",
        "tokens_per_second: 1234.56789 token = 12345678901234567890",
        "key: value, primary_key: customer_id_1, sort_key = lambda x1: x1",
        "api_key=self.config.openai_key_2, api_key = settings.api_key2",
        "token = tokens2[0]; token = next(tokens2); credential = Default2()",
        "password = getpass.getpass('Password: ')",
        "if password == hashed_password1 or token != other_token_1: pass",
        "password: ${PASSWORD1} {{ vault_password_1 }} <your-password-1> ********",
        "password: $DB_PASSWORD1\npassword: {{ vault_password_1 }}",
        "password: <your-password-1>\npassword: ********\npassword: xxxxxxxx",
        "private_key: /home/me/.ssh/id_ed25519\ncredentials: ./creds1.json",
        "access_key: 2024-01-01\ntoken = 2024-01-01T00:00:00Z\nsecret: 1.2.3.4",
        "Password: incorrect, try again; password: required",
        "token_type: bearer; pad_token: <|endoftext|>; eos_token: 128009",
        ":param token: the 16 characters that name a session",
        "password (str): at least 8 characters",
        "--password-file secrets1.txt --token-count 1234567890",
        "api-key: see chapter 12",
        "parser.add_argument('--token', '--auth-token', help='it')",
        "curl -s --user-agent x1 https://host:8080/a:b",
        "key: sha256 password::text credentials: include",
    ],
)
def test_innocent_code_is_left_alone(code: str) -> None:
    masker = Masker()
    assert masker.text(code, "cells") == code
    assert masker.report() == []


@given(
    name=st.sampled_from(["password", "token", "api_key", "secret", "credentials"]),
    sign=st.sampled_from([": ", "=", " = "]),
    value=st.one_of(
        st.text("abcdefgxyz", min_size=1, max_size=40),
        st.integers(min_value=-99_999, max_value=99_999).map(str),
        st.floats(width=32).map(str),
        st.dates().map(str),
        st.datetimes().map(lambda moment: moment.isoformat()),
        st.from_regex(r"\A[a-z]{1,9}(_[a-z]{1,9}){1,3}[0-9]?\Z"),
        st.from_regex(r"\A[a-z]\w{0,9}(\.[a-z]\w{0,9}){1,3}\Z"),
        st.from_regex(r"\A[a-z]{1,9}\w{0,5}[\[(][a-z0-9]{0,9}[\])]\Z"),
        st.from_regex(r"\A(\./|/|~/)[a-z0-9/]{1,20}\Z"),
    ),
)
def test_words_numbers_paths_and_code_are_left_alone(name: str, sign: str, value: str) -> None:
    text = f"a\n{name}{sign}{value}\nb"
    assert Masker().text(text, "cells") == text


@given(
    name=st.sampled_from(["password", "db_password", "API_KEY", "apiKey", "access-key", "token"]),
    sign=st.sampled_from([": ", "=", " = ", ":\t"]),
    value=st.from_regex(r"\A[g-z][A-Z][0-9][g-z][A-Z0-9]{12,40}[a-z0-9]\Z", fullmatch=True),
)
def test_what_looks_made_by_a_machine_is_masked(name: str, sign: str, value: str) -> None:
    assert Masker().text(f"a\n{name}{sign}{value}\nb", "cells") == f"a\n{name}{sign}{MASK}\nb"


@pytest.mark.parametrize("piece", ["0a1b2c3d", "a-", "A_", "sk-aA-", "key_a_", "host=a b=c ", " "])
def test_long_lines_take_no_time(piece: str) -> None:
    """What is tried anew from each letter would take hours, and the test's own limit ends it."""
    text = f"password {piece * 200_000} key://"
    assert Masker().text(text, "notebook") == text


def test_what_libraries_show_is_left_alone() -> None:
    frame = DataFrame({"basic_understanding": [0.5], "token_count": [3]})
    shown = [estimator_html_repr(LogisticRegression()), frame.to_html(), frame.to_json()]
    shown.append("Basic introduction/to-regression of the bearer understandings-of-it")
    masker = Masker()
    assert [masker.text(text, "notebook") for text in shown] == shown
    assert masker.text(json.dumps(shown), "notebook") == json.dumps(shown)


LINES = ["Ab1/" * 16] * 3


@pytest.mark.parametrize(
    "written",
    [
        "\n".join(LINES),
        "\n-".join(["", *LINES, ""]),
        "\n+".join(["", *LINES, ""]),
        '\\n"\n    "'.join(["", *LINES, ""]),
    ],
)
@pytest.mark.parametrize("kind", ["PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
def test_a_private_key_is_masked(written: str, kind: str) -> None:
    begin, end = f"-----BEGIN {kind}-----", f"-----END {kind}-----"
    assert Masker().text(f"a {begin}{written}{end} b", "cells") == f"a {begin}{MASK}{end} b"
    assert Masker().text(f"{begin}{written}", "diff") == f"{begin}{MASK}"  # it was cut


def test_a_secret_is_masked_where_a_trace_has_it_in_colours() -> None:
    shown = "password \x1b[38;5;241m=\x1b[39m '\x1b[39m\x1b[38;5;124m{}\x1b[39m'\x1b[0m, {}"
    masked = Masker().text(shown.format("hunter22", "hunter22"), "notebook")
    assert masked == shown.format(MASK, MASK)


def test_what_is_typed_into_a_widget_for_passwords_is_masked() -> None:
    states = {
        "0": {"model_name": "PasswordModel", "state": {"value": "geheim", "description": "value"}},
        "1": {"model_name": "TextModel", "state": {"value": "geheim"}},
        "2": {"model_name": "PasswordModel", "state": {}},
    }
    masked = Masker().notebook({"cells": [], "metadata": {"widgets": {"state": states}}})
    found = masked["metadata"]["widgets"]["state"]
    assert found["0"]["state"] == {"value": MASK, "description": "value"}
    assert (found["1"], found["2"]) == (states["1"], states["2"])


def test_parameters_are_masked_by_name() -> None:
    masker = Masker()
    assert masker.value("api_token", "abc", "parameters") == MASK
    assert masker.value("max_tokens", 512, "parameters") == 512


@pytest.mark.parametrize(
    ("name", "secret"), [(".env", True), ("id_rsa", True), ("server.pem", True), ("a.csv", False)]
)
def test_files_of_secrets(name: str, secret: bool) -> None:
    assert is_secret_file(name) is secret


@given(value=st.text(st.characters(codec="utf-8"), min_size=8), around=st.text(max_size=5))
def test_a_known_value_is_masked_however_it_is_written(value: str, around: str) -> None:
    masker = Masker()
    masker.learn([value])
    for written in (value, json.dumps({"a": [value]}), html.escape(value), quote(value, safe="")):
        masked = masker.text(f"{around}{written}{around}", "x")
        assert value not in masked.replace(MASK, "") or value in around
        assert MASK in masked


@given(parts=st.lists(st.text("ab", max_size=4), min_size=1, max_size=4), secret=st.text("abc"))
def test_a_masked_text_is_known_again(parts: list[str], secret: str) -> None:
    text, masked = f"<{secret.join(parts)}>", f"<{MASK.join(parts)}>"
    assert is_masked_as(text, masked)
    assert not is_masked_as(f"x{text}", masked)
    assert not is_masked_as(f"{text}x", masked)


def test_words_are_no_secrets_because_a_variable_is_called_token() -> None:
    masker = Masker()
    masker.learn_from(["token = 'running'", "api_key = 'qwertz-1'"])
    assert masker.text("he was running with qwertz-1", "x") == f"he was running with {MASK}"


def test_values_of_env_files_up_to_the_project(tmp_path: Path) -> None:
    folder = tmp_path / "project" / "deep"
    folder.mkdir(parents=True)
    (tmp_path / ".env").write_text("OUTSIDE_PASSWORD=not-ours-1")
    (tmp_path / "project" / ".env").write_text('A_TOKEN = "abcd"\nMODE=production\nPORT=12345678\n')
    (folder / ".env.local").write_bytes(b"X=\xff\nDSN=https://host/x?y=1\n")
    found = set(env_values(folder, tmp_path / "project"))
    assert {"abcd", "https://host/x?y=1"} <= found
    assert not {"not-ours-1", "production"} & found


def test_a_large_notebook_is_masked_quickly() -> None:
    line = "epoch 12: loss 0.123, accuracy 0.98, 3.2 s\n"
    outputs = [{"output_type": "stream", "name": "stdout", "text": [line] * 120_000}]
    image = {"output_type": "display_data", "data": {"image/png": "iVBORw0K" * 600_000}}
    content = {"cells": [{"cell_type": "code", "source": "", "outputs": [*outputs, image]}]}
    masker = Masker()
    masker.learn(["never-there-1"])
    started = time.thread_time()
    assert masker.notebook(content) == content
    assert time.thread_time() - started < 5
