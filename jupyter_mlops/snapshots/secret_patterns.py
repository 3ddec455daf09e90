"""What secrets look like: in text, by the names of variables and by the names of files."""

from __future__ import annotations

import fnmatch
import re

_NAME = (
    r"(?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|secret_?key"
    r"|account_?key|credentials?|auth_?key)"
)
_SECRET_NAME = re.compile(rf"(?i)(?:^|_){_NAME}(?:_|$)")
_TOKEN_NAME = re.compile(r"(?i)(?:^|_)token(?:_|$)")

# the group ``secret`` is masked, or else the whole match; no match holds a quote or a backslash
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("private key", r"(?<=PRIVATE KEY-----)[^-\"']{40,}(?=-----END)"),
        ("AWS key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})"),
        ("GitLab token", r"\bgl(?:pat|ptt|rt|dt)-[A-Za-z0-9_-]{20,}"),
        ("Hugging Face token", r"\bhf_[A-Za-z0-9]{30,}\b"),
        ("package registry token", r"\b(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{40,})"),
        ("Databricks token", r"\bdapi[0-9a-f]{32}\b"),
        ("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("Slack token", r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
        ("Slack webhook", r"(?<=hooks\.slack\.com/services/)[A-Za-z0-9/]{20,}"),
        # with a digit and a capital: classes in HTML are called sk-toggleable__label-arrow
        (
            "API key",
            r"\b(?:sk|pk|rk)[-_](?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?:[A-Za-z]+[-_])*[A-Za-z0-9_-]{20,}\b",
        ),
        ("Google key", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("JSON web token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{5,}"),
        ("password in a URL", r"(?<=://)[^\s/:@\"'\\]*:[^\s/@\"'\\]+(?=@)"),
        (
            "authorization header",
            r"(?i)\b(?:bearer|basic)\s+(?P<secret>(?=\S*[0-9=])[A-Za-z0-9._~+/-]{16,}=*)",
        ),
        (
            "secret in a query",
            r"(?i)[?&](?:[a-z_-]*(?:token|key|secret|signature|sig|password|pwd))="
            r"(?P<secret>[^&#\s\"'\\<>]{6,})",
        ),
        (
            "connection string",
            r"(?i)(?<=;)\s*(?:pwd|password|accountkey|sharedaccesskey|sharedaccesssignature)\s*="
            r"\s*(?P<secret>[^;\"'\\\s]{4,})",
        ),
        (
            "environment variable",
            r"(?<![A-Za-z0-9_])[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY"
            r"|PRIVATE_?KEY|CREDENTIALS?)[A-Z0-9_]*=(?P<secret>[^\s\"'\\()\[\]{}]{6,})",
        ),
        (
            "assigned secret",
            rf"(?i)(?<![a-z])(?:[a-z0-9]+_)*{_NAME}(?:_[a-z0-9]+)*(?:\\?[\"'])?\]?"
            r"\s*(?:=|:)\s*[rbf]?\\?[\"'](?P<secret>[^\"'\\\s]{6,})",
        ),
    )
)
# without one of these in the text (lower case) a pattern cannot match: much faster to look for
_NAMED = ("password", "passwd", "passphrase", "pwd", "secret", "token", "key", "credential")
HINTS: dict[str, tuple[str, ...]] = {
    "private key": ("private key-----",),
    "AWS key": ("akia", "asia"),
    "GitHub token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "GitLab token": ("glpat-", "glptt-", "glrt-", "gldt-"),
    "Hugging Face token": ("hf_",),
    "package registry token": ("npm_", "pypi-"),
    "Databricks token": ("dapi",),
    "SendGrid key": ("sg.",),
    "Slack token": ("xox",),
    "Slack webhook": ("hooks.slack.com",),
    "API key": ("sk-", "sk_", "pk-", "pk_", "rk-", "rk_"),
    "Google key": ("aiza",),
    "JSON web token": ("eyj",),
    "password in a URL": ("://",),
    "authorization header": ("bearer", "basic"),
    "secret in a query": ("=",),
    "connection string": (";",),
    "environment variable": _NAMED,
    "assigned secret": _NAMED,
}
_SECRET_FILES = (
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    "id_rsa*",
    "id_ed25519*",
    "credentials*",
    ".netrc",
    ".pgpass",
    "*.p12",
    "*.pfx",
    "*secret*",
)
_SECRET_FILE = re.compile("|".join(map(fnmatch.translate, _SECRET_FILES)))
_SHORTEST = 6
_RANDOM_LENGTH = 16


def is_secret_name(name: str) -> bool:
    """Tell whether a variable's name says that it holds a secret."""
    return bool(_SECRET_NAME.search(name))


def is_secret_file(name: str) -> bool:
    """Tell whether a file's name says that it holds secrets, so that its bytes are not kept."""
    return _SECRET_FILE.match(name.lower()) is not None


def is_known_secret(name: str, value: str) -> bool:
    """Tell whether a value is to be masked wherever it appears, by the name that it has.

    What is called a token may be a word of a text: it has to look random too.
    """
    if not is_secret_name(name) or len(value) < _SHORTEST or value.isdigit():
        return False
    return looks_random(value) if _TOKEN_NAME.search(name) else True


def looks_random(value: str) -> bool:
    """Tell whether a value looks like a key that a machine made."""
    return (
        len(value) >= _RANDOM_LENGTH
        and not re.search(r"\s", value)
        and bool(re.search(r"\d", value))
        and bool(re.search(r"[A-Za-z]", value))
    )
