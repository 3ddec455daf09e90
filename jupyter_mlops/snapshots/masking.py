"""Finds secrets in what is about to be stored, and masks them."""

from __future__ import annotations

import base64
import html
import json
import os
import re
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .cells import storable
from .schemas import Masking
from .secret_patterns import HINTS, PATTERNS, is_known_secret, is_secret, is_secret_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MASK = "«masked»"

# kinds of patterns that say what a secret is called
_NAMING = {"assigned secret", "environment variable", "unquoted secret"}
_ENV_FILES = (".env", ".env.local", ".env.development", ".env.production")
_ENV_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_MOST_ENV = 64 * 1024
_SHORTEST_ENV = 8
_BINARY = re.compile(r"^(image/(?!svg)|application/(pdf|octet-stream|zip)|audio/|video/)")


class Masker:
    """Masks texts and remembers what it found where.

    Besides what looks like a secret it masks values that it was taught, wherever they stand:
    plain, or as JSON, HTML, URLs and base64 write them.
    """

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, values: Iterable[str]) -> None:
        """Mask these values from now on."""
        for value in values:
            self._known |= set(_spellings(value))
        longest_first = sorted(self._known, key=len, reverse=True)
        self._pattern = (
            re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        )

    def learn_from(self, texts: Iterable[str]) -> None:
        """Mask what these texts assign to names of secrets, where other texts show it."""
        found: set[str] = set()
        for text in texts:
            for kind, pattern in PATTERNS:
                if kind in _NAMING:
                    for match in pattern.finditer(text):
                        known = is_known_secret(_name_in(match[0]), match["secret"])
                        if known and is_secret(kind, match):
                            found.add(match["secret"])
                elif kind == "password in a URL":
                    logins = (match[0] for match in pattern.finditer(text))
                    found |= {p for login in logins if len(p := login.partition(":")[2]) >= 6}  # noqa: PLR2004
        self.learn(found)

    def text(self, text: str, where: str) -> str:
        """Return ``text`` with each secret replaced by ``MASK``."""
        if self._pattern is not None:
            text = self._pattern.sub(partial(self._mask, kind="known secret", where=where), text)
        if "\x1b[" in text:  # as IPython shows code in a trace: a quote has another colour
            text = self._coloured(text, where)
        for kind, pattern in _fitting(text):
            text = pattern.sub(partial(self._mask, kind=kind, where=where), text)
        return text

    def value(self, name: str, value: Any, where: str) -> Any:
        """Return a value, masked where its name or its text betrays a secret."""
        if isinstance(value, str):
            if is_secret_name(name) and value:
                self._found["named secret", where] += 1
                return MASK
            return self.text(value, where)
        if isinstance(value, dict):
            return {key: self.value(str(key), part, where) for key, part in value.items()}
        if isinstance(value, list):
            if value and all(isinstance(part, str) for part in value):
                return self._lines(value, where)
            return [self.value(name, part, where) for part in value]
        return value

    def notebook(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return a notebook with its secrets masked: in sources, in outputs and in metadata."""
        return {key: self._notebook_part(key, part) for key, part in content.items()}

    def report(self) -> list[Masking]:
        """Return what was masked; never the secrets themselves."""
        return [
            Masking(kind=kind, where=where, count=count)
            for (kind, where), count in sorted(self._found.items())
        ]

    def _notebook_part(self, key: str, part: Any) -> Any:
        if _BINARY.match(key):
            return part
        if isinstance(part, dict):
            if part.get("model_name") == "PasswordModel":
                part = self._widget(part)
            return {name: self._notebook_part(name, one) for name, one in part.items()}
        if isinstance(part, list) and part and not isinstance(part[0], str):
            return [self._notebook_part(key, one) for one in part]
        return self.value(key, part, "notebook")

    def _widget(self, model: dict[str, Any]) -> dict[str, Any]:
        """Mask what was typed into a widget for passwords."""
        state = model.get("state")
        if not isinstance(state, dict) or "value" not in state:
            return model
        return {
            **model,
            "state": {**state, "value": self.value("password", state["value"], "notebook")},
        }

    def _coloured(self, text: str, where: str) -> str:
        """Mask what is a secret where the text is read without its colours."""
        plain = _COLOURS.sub("", text)
        for kind, pattern in _fitting(plain):
            for match in pattern.finditer(plain):
                secret = match["secret"] if "secret" in pattern.groupindex else match[0]
                if is_secret(kind, match) and MASK not in secret and secret in text:
                    self._found[kind, where] += 1
                    text = text.replace(secret, MASK)
        return text

    def _lines(self, lines: list[str], where: str) -> list[str]:
        """Mask what goes over several lines too; a list where nothing was found stays as it is."""
        if not all(line.endswith("\n") for line in lines[:-1]):
            return [self.text(line, where) for line in lines]
        text = "".join(lines)
        masked = self.text(text, where)
        return lines if masked == text else masked.splitlines(keepends=True)

    def _mask(self, match: re.Match[str], *, kind: str, where: str) -> str:
        if MASK in match[0] and "secret" not in match.re.groupindex:
            return match[0]
        if not is_secret(kind, match):
            return match[0]
        self._found[kind, where] += 1
        if "secret" not in match.re.groupindex:
            return MASK
        start, end = match.span("secret")
        return match.string[match.start() : start] + MASK + match.string[end : match.end()]


def _fitting(text: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Give the patterns that may find something in a text."""
    lowered = text.lower()
    for kind, pattern in PATTERNS:
        if any(hint in lowered for hint in HINTS[kind]):
            yield kind, pattern


def is_masked_as(text: str, masked: str) -> bool:
    """Tell whether a text is what was masked, whatever was a secret in it."""
    first, *others = masked.split(MASK)
    if not others:
        return text == masked
    *middle, last = others
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end and text.startswith(first) and text.endswith(last)


def env_values(folder: Path, root: Path) -> Iterator[str]:
    """Give the values of the ``.env`` files in ``folder`` and above it, up to ``root``."""
    for place in (folder, *folder.parents):
        for name in _ENV_FILES:
            try:
                text = (place / name).read_bytes()[:_MOST_ENV].decode("utf-8", "replace")
            except OSError:
                continue
            for line in text.splitlines():
                match = _ENV_LINE.match(line)
                if match is None:
                    continue
                value = match[2].strip("\"'")
                if _is_worth_hiding(match[1], value):
                    yield value
        if place == root:
            return


def inherited_secrets() -> list[str]:
    """Return the secrets among this process's variables, which a kernel that it starts inherits."""
    return [
        value
        for name, value in os.environ.items()
        if name not in {"PWD", "OLDPWD"} and is_known_secret(name, value) and not _is_place(value)
    ]


def _is_place(value: str) -> bool:
    return os.path.isabs(value) and os.path.exists(value)


def _is_worth_hiding(name: str, value: str) -> bool:
    """Tell a secret of a ``.env`` file from a setting such as ``MODE=development``."""
    if is_secret_name(name):
        return len(value) >= 4  # noqa: PLR2004 - a short password is one too
    return len(value) >= _SHORTEST_ENV and bool(re.search(r"[\d\W_]", value))


def _name_in(text: str) -> str:
    found = re.match(r"[A-Za-z0-9_]+", text)
    return found[0] if found else ""


def _spellings(value: str) -> Iterator[str]:
    yield value
    yield storable(value)
    yield html.escape(value)
    yield html.escape(value, quote=False)
    with suppress(UnicodeEncodeError):  # half a character
        data = value.encode("utf-8", "surrogateescape")
        yield quote(data, safe="")
        yield base64.b64encode(data).decode()
    for ascii_only in (True, False):
        once = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield once
        yield json.dumps(once)[1:-1]
    yield repr(value)[1:-1]
