"""Tells what a table holds: ``python profiler.py`` reads a request from standard input as JSON.

Standard library only; it runs in a process of its own, in the interpreter of the notebook that
used the file, and takes pandas, pyarrow or polars from there if they are there. It never loads
what could run code, pickles say. Request: ``path``, ``rows`` (the most that are looked at),
``memory`` (bytes). Answer, one line of JSON: ``{"profile": …}`` or ``{"error": …}``.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import math
import os
import re
import statistics
import sys
import time
from collections import Counter
from contextlib import suppress
from itertools import islice
from typing import Any, Callable

COLUMNS = 200
_TOP = 5
_TEXT = 80  # characters of a value that are shown
_CHUNK = 1 << 20
_COUNTING = 20.0  # seconds that counting the lines of a file may take
_COMPRESSED: dict[str, Any] = {".bz2": bz2.open, ".gz": gzip.open, ".xz": lzma.open}
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Unreadable(Exception):  # noqa: N818 - it reads as what it says
    """A file that cannot be read as a table here."""


def profile(path: str, rows: int) -> dict[str, Any]:
    """Return what the table in a file holds, judged by its first ``rows`` rows."""
    name = os.path.basename(path).lower()
    name, ending = os.path.splitext(name)
    if ending in _COMPRESSED:
        ending = os.path.splitext(name)[1]
    readers = _READERS.get(ending)
    if readers is None:
        raise Unreadable(f"{ending or 'This'} is no kind of table that can be read.")
    return _first(readers, path, rows, ())


def _first(readers: Any, path: str, rows: int, lacks: tuple[Any, ...]) -> dict[str, Any]:
    if not readers:
        raise Unreadable(f"The notebook's environment lacks {' and '.join(map(str, lacks))}.")
    try:
        found: dict[str, Any] = readers[0](path, rows)
    except ImportError as error:
        return _first(readers[1:], path, rows, (*lacks, error.name))
    return found


def _pandas_text(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    options = {"low_memory": False, "encoding": "utf-8-sig", "encoding_errors": "replace"}
    frame = pd.read_csv(path, sep=_separator(path), nrows=rows + 1, **options)
    total = len(frame) if len(frame) <= rows else _lines(path, but=1)
    return _of_frame(frame.head(rows), total)


def _pandas_lines(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    frame = pd.read_json(path, lines=True, nrows=rows + 1)
    return _of_frame(frame.head(rows), len(frame) if len(frame) <= rows else _lines(path))


def _pandas_json(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    try:
        frame = pd.read_json(path)
    except ValueError:
        return _pandas_lines(path, rows)
    return _of_frame(frame.head(rows), len(frame))


def _pandas_excel(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    frame = pd.read_excel(path, nrows=rows + 1)
    return _of_frame(frame.head(rows), len(frame) if len(frame) <= rows else None)


def _arrow_parquet(path: str, rows: int) -> dict[str, Any]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    return _of_batches(file.iter_batches(), file.schema_arrow, rows, file.metadata.num_rows)


def _arrow_orc(path: str, rows: int) -> dict[str, Any]:
    from pyarrow import orc

    file = orc.ORCFile(path)
    stripes = map(file.read_stripe, range(file.nstripes))
    return _of_batches(stripes, file.schema, rows, file.nrows)


def _arrow_ipc(path: str, rows: int) -> dict[str, Any]:
    import pyarrow as pa

    with pa.memory_map(path) as mapped:
        file = pa.ipc.open_file(mapped)
        numbers = range(file.num_record_batches)
        total = sum(file.get_batch(number).num_rows for number in numbers)
        return _of_batches(map(file.get_batch, numbers), file.schema, rows, total)


def _of_batches(batches: Any, schema: Any, rows: int, total: int) -> dict[str, Any]:
    import pyarrow as pa

    taken, count = [], 0
    for batch in batches:
        taken.append(batch)
        count += batch.num_rows
        if count >= rows:
            break
    table = pa.Table.from_batches(taken, schema).slice(0, rows)
    try:
        import pandas  # noqa: F401
    except ImportError:
        return _of_lists(table.to_pydict(), table.num_rows, total)
    return _of_frame(table.to_pandas(), total)


def _polars(path: str, rows: int) -> dict[str, Any]:
    import polars as pl

    is_parquet = path.lower().endswith((".parquet", ".pq"))
    scan = pl.scan_parquet(path) if is_parquet else pl.scan_ipc(path)
    total = scan.select(pl.len()).collect().item()
    frame = scan.head(rows).collect()
    return _of_lists(frame.to_dict(as_series=False), frame.height, total)


def _plain_text(path: str, rows: int) -> dict[str, Any]:
    with _open(path) as file:
        reader = csv.reader(file, delimiter=_separator(path))
        names = next(reader, [])
        taken = list(islice(reader, rows + 1))
    total = len(taken) if len(taken) <= rows else _lines(path, but=1)
    columns = {
        name: [
            _number(row[at]) if at < len(row) and row[at] != "" else None for row in taken[:rows]
        ]
        for at, name in enumerate(names)
    }
    return _of_lists(columns, min(len(taken), rows), total)


def _plain_lines(path: str, rows: int) -> dict[str, Any]:
    with _open(path) as file:
        lines = (line for line in file if line.strip())
        records = [json.loads(line) for line in islice(lines, rows + 1)]
    return _of_records(records, rows, len(records) if len(records) <= rows else _lines(path))


def _plain_json(path: str, rows: int) -> dict[str, Any]:
    with _open(path) as file:
        text = file.read()
    try:
        records = json.loads(text)
    except ValueError:
        return _plain_lines(path, rows)
    return _of_records(records, rows, len(records))


def _of_records(records: Any, rows: int, total: int | None) -> dict[str, Any]:
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise Unreadable("It is JSON, but no list of records.")
    part = records[:rows]
    names = dict.fromkeys(name for record in part for name in record)
    columns = {name: [record.get(name) for record in part] for name in names}
    return _of_lists(columns, len(part), total)


_READERS: dict[str, tuple[Callable[[str, int], dict[str, Any]], ...]] = {
    ".arrow": (_arrow_ipc, _polars),
    ".csv": (_pandas_text, _plain_text),
    ".feather": (_arrow_ipc, _polars),
    ".ipc": (_arrow_ipc, _polars),
    ".json": (_pandas_json, _plain_json),
    ".jsonl": (_pandas_lines, _plain_lines),
    ".ndjson": (_pandas_lines, _plain_lines),
    ".orc": (_arrow_orc,),
    ".parquet": (_arrow_parquet, _polars),
    ".pq": (_arrow_parquet, _polars),
    ".tsv": (_pandas_text, _plain_text),
    ".xls": (_pandas_excel,),
    ".xlsx": (_pandas_excel,),
}


def _opener(path: str) -> Any:
    return _COMPRESSED.get(os.path.splitext(path)[1].lower(), io.open)


def _open(path: str) -> Any:
    return _opener(path)(path, "rt", encoding="utf-8-sig", errors="replace", newline="")


def _separator(path: str) -> str:
    """Tell what separates the columns: what the first line has most of, outside of quotes."""
    if ".tsv" in os.path.basename(path).lower():
        return "\t"
    with _open(path) as file:
        line = re.sub(r'"[^"]*"', "", file.readline(_CHUNK))
    return max(",;\t|", key=line.count)


def _lines(path: str, *, but: int = 0) -> int | None:
    """Count the lines but some; None if that takes too long. Quoted line breaks count too."""
    count, last, until = -but, b"\n", time.monotonic() + _COUNTING
    with _opener(path)(path, "rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            count += chunk.count(b"\n")
            last = chunk[-1:]
            if time.monotonic() > until:
                return None
    return count + (last != b"\n")


def _of_frame(frame: Any, total: int | None) -> dict[str, Any]:
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
        return {**found, "distinct": len(counts), "top": _top(counts.head(_TOP).items())}
    found["distinct"] = int(values.nunique())
    if kinds.is_datetime64_any_dtype(series):
        extremes = [str(values.min()), str(values.max())] if len(values) else [None, None]
        return {**found, "min": extremes[0], "max": extremes[1]}
    if kinds.is_complex_dtype(series) or not len(values):
        return found
    quarters = [_finite(number) for number in values.astype(float).quantile(list(_QUARTERS))]
    return {**found, "quantiles": quarters, "mean": _finite(values.astype(float).mean())}


def _of_lists(columns: dict[str, list[Any]], count: int, total: int | None) -> dict[str, Any]:
    some = list(columns.items())[:COLUMNS]
    found = [_of_list(str(name), values) for name, values in some]
    return _document(found, count, total, len(columns))


def _of_list(name: str, column: list[Any]) -> dict[str, Any]:
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
        return {**found, "distinct": len(counts), "top": _top(counts.most_common(_TOP))}
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


def _number(text: str) -> Any:
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def _finite(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def _top(counts: Any) -> list[dict[str, Any]]:
    return [{"value": str(value), "count": int(count)} for value, count in counts]


def _document(
    columns: list[dict[str, Any]], looked_at: int, total: int | None, width: int
) -> dict[str, Any]:
    return {"rows": total, "looked_at": looked_at, "column_count": width, "columns": columns}


def main() -> None:
    """Answer the request on standard input."""
    del sys.path[0]  # this file's own folder, whose names are not meant for the user's libraries
    request = json.load(sys.stdin)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (request["memory"], request["memory"]))
    with suppress(OSError):
        os.nice(10)
    try:
        answer: dict[str, Any] = {"profile": profile(request["path"], request["rows"])}
    except MemoryError:
        answer = {"error": "It takes more memory than a profile may."}
    except Unreadable as error:
        answer = {"error": str(error)}
    except Exception as error:
        answer = {"error": f"It cannot be read as a table ({type(error).__name__}: {error})."}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
