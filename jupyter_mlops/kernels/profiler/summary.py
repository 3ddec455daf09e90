"""What is told of a table: types, what is missing, quantiles, the most frequent values."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from typing import Any

COLUMNS = 200
_TOP = 5
_TEXT = 80  # characters of a value that are shown
_MANY = 50  # values, of which none comes twice: they name things, and are no categories
_PERSONAL = re.compile(
    r"[^@\s]+@[^@\s]+\.\w{2,}|\+\d[\d ()/-]{6,}"
)  # addresses of mail, telephones
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def of_frame(frame: Any, total: int | None) -> dict[str, Any]:
    """Return what is told of a data frame, which is the beginning of ``total`` rows."""
    named = [(str(name), frame.iloc[:, at]) for at, name in enumerate(frame.columns[:COLUMNS])]
    return _document(
        [_of_series(name, series) for name, series in named], len(frame), total, len(frame.columns)
    )


def _of_series(name: str, series: Any) -> dict[str, Any]:
    import pandas as pd

    found: dict[str, Any] = {
        "name": name,
        "type": str(series.dtype),
        "missing": int(series.isna().sum()),
    }
    values = series.dropna()
    kinds = pd.api.types
    if kinds.is_bool_dtype(series) or not (
        kinds.is_numeric_dtype(series) or kinds.is_datetime64_any_dtype(series)
    ):
        counts = values.map(_text).value_counts()
        return {
            **found,
            "distinct": len(counts),
            "top": _top(counts.head(_TOP).items(), len(values)),
        }
    found["distinct"] = int(values.nunique())
    if kinds.is_datetime64_any_dtype(series):
        extremes = [str(values.min()), str(values.max())] if len(values) else [None, None]
        return {**found, "min": extremes[0], "max": extremes[1]}
    if kinds.is_complex_dtype(series) or not len(values):
        return found
    quarters = [_finite(number) for number in values.astype(float).quantile(list(_QUARTERS))]
    return {**found, "quantiles": quarters, "mean": _finite(values.astype(float).mean())}


def of_lists(columns: dict[str, list[Any]], count: int, total: int | None) -> dict[str, Any]:
    """Return what is told of columns by their names, without pandas."""
    some = list(columns.items())[:COLUMNS]
    found = [of_list(str(name), values) for name, values in some]
    return _document(found, count, total, len(columns))


def of_list(name: str, column: list[Any]) -> dict[str, Any]:
    """Return what is told of one column."""
    values = [value for value in column if value is not None and value == value]  # noqa: PLR0124
    kinds = {type(value) for value in values}
    kind = next(iter(kinds)).__name__ if len(kinds) == 1 else "float"
    numeric = bool(kinds) and kinds <= {int, float}
    found: dict[str, Any] = {
        "name": name,
        "type": kind if numeric or len(kinds) == 1 else "object",
        "missing": len(column) - len(values),
    }
    if not numeric:
        counts = Counter(map(_text, values))
        return {
            **found,
            "distinct": len(counts),
            "top": _top(counts.most_common(_TOP), len(values)),
        }
    ordered = sorted(map(float, values))
    quarters = [_finite(_quantile(ordered, share)) for share in _QUARTERS]
    mean = _finite(statistics.fmean(ordered))
    return {**found, "distinct": len(set(values)), "quantiles": quarters, "mean": mean}


def _quantile(ordered: list[float], share: float) -> float:
    """Interpolate between neighbours, as numpy and pandas do."""
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _finite(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def _top(counts: Any, values: int) -> list[dict[str, Any]]:
    """Return the most frequent values, but none that would name a person."""
    found = [{"value": str(value), "count": int(count)} for value, count in counts]
    if values >= _MANY and all(one["count"] == 1 for one in found):
        return []
    return [one for one in found if not _PERSONAL.fullmatch(str(one["value"]).strip())]


def _document(
    columns: list[dict[str, Any]], looked_at: int, total: int | None, width: int
) -> dict[str, Any]:
    return {"rows": total, "looked_at": looked_at, "column_count": width, "columns": columns}
