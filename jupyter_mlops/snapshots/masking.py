"""Finds secrets in text that is about to be stored, and masks them.

Works on JSON text too: a match never contains a quote or a backslash, so what was valid stays so.
"""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from functools import partial

from .schemas import Masking

MASK = "«masked»"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("private key", r"(?<=PRIVATE KEY-----)[^-\"']{40,}(?=-----END)"),
        ("AWS key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})"),
        ("Slack token", r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
        ("API key", r"\b(?:sk|pk|rk)[-_](?:[A-Za-z]+[-_])?[A-Za-z0-9]{20,}\b"),
        ("Google key", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("JSON web token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{5,}"),
        ("password in a URL", r"(?<=://)[^\s/:@\"'\\]+:[^\s/@\"'\\]+(?=@)"),
        (
            "assigned secret",
            r"(?i)(?<![a-z])(?:[a-z0-9]+_)*(?:password|passwd|pwd|secret|token|api_?key|access_?key"
            r"|secret_?key|credentials?)(?:_[a-z0-9]+)*(?:\\?[\"'])?\]?\s*(?:=|:)\s*\\?[\"']"
            r"(?P<secret>[^\"'\\\s]{6,})",
        ),
    )
)
_SECRET_NAME = re.compile(
    r"(?i)(?:^|_)(?:password|passwd|pwd|secret|token|api_?key|access_?key|credentials?)(?:_|$)"
)
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


class Masker:
    """Masks texts and remembers what it found where."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()

    def text(self, text: str, where: str) -> str:
        """Return ``text`` with each secret replaced by ``MASK``."""
        for kind, pattern in _PATTERNS:
            text = pattern.sub(partial(self._mask, kind=kind, where=where), text)
        return text

    def value(self, name: str, value: object, where: str) -> object:
        """Return a parameter's value, masked where its name or text betrays a secret."""
        if isinstance(value, str):
            if _SECRET_NAME.search(name) and value:
                self._found["named secret", where] += 1
                return MASK
            return self.text(value, where)
        return value

    def report(self) -> list[Masking]:
        """Return what was masked; never the secrets themselves."""
        return [
            Masking(kind=kind, where=where, count=count)
            for (kind, where), count in sorted(self._found.items())
        ]

    def _mask(self, match: re.Match[str], *, kind: str, where: str) -> str:
        self._found[kind, where] += 1
        if "secret" not in match.re.groupindex:
            return MASK
        start, end = match.span("secret")
        return match.string[match.start() : start] + MASK + match.string[end : match.end()]


def is_secret_file(name: str) -> bool:
    """Tell whether a file's name says that it holds secrets, so that its bytes are not kept."""
    return any(fnmatch.fnmatch(name.lower(), pattern) for pattern in _SECRET_FILES)
