"""Names, lengths and counts that MLflow allows, so that a store can move to MLflow and back.

Source: the limits of MLflow 3's REST API documentation and its server's defaults; as there, long
values of params and tags of runs are cut, other excesses are refused.
"""

from __future__ import annotations

import math
import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ..core.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEY_LENGTH = 250
PARAM_LENGTH = 6000
TAG_LENGTH = 8000
EXPERIMENT_NAME_LENGTH = 500
EXPERIMENT_TAG_LENGTH = 20_000
BATCH_METRICS = 1000
BATCH_PARAMS = 100
BATCH_TAGS = 100
BATCH_ALL = 1000
SEARCH_RESULTS = 50_000
BULK_RESULTS = 25_000

_KEY = re.compile(r"[/\w.\- :]+")
_LONG = 2**63
_LARGEST = 1.7976931348623157e308


@lru_cache(maxsize=4096)
def key(name: str, what: str) -> str:
    """Return a key of a param, metric or tag that is allowed.

    Raises:
        InvalidInputError: characters, length, or a form that would be another path as a file.
    """
    if not _KEY.fullmatch(name):
        raise InvalidInputError(
            f"{what} {name[:100]!r} is not a valid name. Names may only contain letters, digits, "
            "underscores, dashes, periods, spaces, colons and slashes."
        )
    if posixpath.normpath(name) != name or name.startswith(("/", "..")) or name == ".":
        raise InvalidInputError(
            f"{what} {name[:100]!r} is not a valid name. "
            f"As a path it would be {posixpath.normpath(name)!r}."
        )
    return length(name, KEY_LENGTH, what)


def length(text: str, limit: int, what: str) -> str:
    """Return a text of at most ``limit`` characters.

    Raises:
        InvalidInputError: it is longer.
    """
    if len(text) > limit:
        raise InvalidInputError(
            f"{what} {text[:100]!r}… has {len(text)} characters; at most {limit} are allowed."
        )
    return text


def params(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return params that are allowed, values cut to ``PARAM_LENGTH``."""
    return {key(name, "Param"): value[:PARAM_LENGTH] for name, value in pairs.items()}


def tags(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return tags of a run that are allowed, values cut to ``TAG_LENGTH``."""
    return {key(name, "Tag"): value[:TAG_LENGTH] for name, value in pairs.items()}


def experiment_tags(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return tags of an experiment that are allowed."""
    for name, value in pairs.items():
        length(value, EXPERIMENT_TAG_LENGTH, f"The value of tag {name!r}:")
    return {key(name, "Tag"): value for name, value in pairs.items()}


def experiment_name(name: str) -> str:
    """Return a name of an experiment that is allowed."""
    if not name:
        raise InvalidInputError("An experiment needs a name.")
    return length(name, EXPERIMENT_NAME_LENGTH, "The experiment name")


def number(value: float) -> float:
    """Return a metric's value as a database holds it: infinities become the largest numbers."""
    return value if math.isnan(value) else max(-_LARGEST, min(_LARGEST, value))


def moment(value: int, what: str) -> int:
    """Return a time in milliseconds that is allowed."""
    if not 0 <= value < _LONG:
        raise InvalidInputError(f"{what} is milliseconds since 1970, not {value}.")
    return value


def step(value: int) -> int:
    """Return a metric's step that is allowed."""
    if not -_LONG <= value < _LONG:
        raise InvalidInputError(f"A step is a 64-bit number, not {value}.")
    return value


def batch(metrics: int, params: int, tags: int) -> None:
    """Refuse more of a kind, or in all, than one request may log."""
    counts: Iterable[tuple[str, int, int]] = (
        ("metrics", metrics, BATCH_METRICS),
        ("params", params, BATCH_PARAMS),
        ("tags", tags, BATCH_TAGS),
        ("metrics, params, and tags", metrics + params + tags, BATCH_ALL),
    )
    for what, count, limit in counts:
        if count > limit:
            raise InvalidInputError(
                f"A batch can contain at most {limit} {what}, not {count}. Send several batches."
            )


def results(count: int, limit: int = SEARCH_RESULTS) -> int:
    """Return how many results may be asked for at once."""
    if not 1 <= count <= limit:
        raise InvalidInputError(f"max_results is a number from 1 to {limit}, not {count}.")
    return count
