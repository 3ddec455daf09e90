"""Readers of tables, the first of those that the interpreter has the libraries for.

None of them loads what could run code, pickles say.
"""

from __future__ import annotations

import csv
import json
from contextlib import suppress
from itertools import islice
from typing import Any, Callable

from .files import Unreadable, lines, open_bytes, open_text, separator
from .hdf5 import profile as _hdf5
from .summary import of_frame, of_lists


def _pandas_text(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    options = {"low_memory": False, "encoding": "utf-8-sig", "encoding_errors": "replace"}
    with open_bytes(path) as file:
        frame = pd.read_csv(file, sep=separator(path), nrows=rows + 1, **options)
    total = len(frame) if len(frame) <= rows else lines(path, but=1)
    return of_frame(frame.head(rows), total)


def _pandas_lines(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    with open_bytes(path) as file:
        frame = pd.read_json(file, lines=True, nrows=rows + 1)
    return of_frame(frame.head(rows), len(frame) if len(frame) <= rows else lines(path))


def _pandas_json(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    try:
        with open_bytes(path) as file:
            frame = pd.read_json(file)
    except ValueError:
        return _pandas_lines(path, rows)
    return of_frame(frame.head(rows), len(frame))


def _pandas_excel(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    frame = pd.read_excel(path, nrows=rows + 1)
    return of_frame(frame.head(rows), len(frame) if len(frame) <= rows else None)


def _pandas_stata(path: str, rows: int) -> dict[str, Any]:
    import pandas as pd

    with pd.read_stata(path, iterator=True) as reader:
        frame = reader.read(rows + 1)
        total = len(frame) if len(frame) <= rows else getattr(reader, "_nobs", None)
    return of_frame(frame.head(rows), total)


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
        return of_lists(table.to_pydict(), table.num_rows, total)
    return of_frame(table.to_pandas(), total)


def _polars(path: str, rows: int) -> dict[str, Any]:
    import polars as pl

    is_parquet = path.lower().endswith((".parquet", ".pq"))
    scan = pl.scan_parquet(path) if is_parquet else pl.scan_ipc(path)
    total = scan.select(pl.len()).collect().item()
    frame = scan.head(rows).collect()
    return of_lists(frame.to_dict(as_series=False), frame.height, total)


def _plain_text(path: str, rows: int) -> dict[str, Any]:
    with open_text(path) as file:
        reader = csv.reader(file, delimiter=separator(path))
        names = next(reader, [])
        taken = list(islice(reader, rows + 1))
    total = len(taken) if len(taken) <= rows else lines(path, but=1)
    columns = {
        name: [
            _number(row[at]) if at < len(row) and row[at] != "" else None for row in taken[:rows]
        ]
        for at, name in enumerate(names)
    }
    return of_lists(columns, min(len(taken), rows), total)


def _plain_lines(path: str, rows: int) -> dict[str, Any]:
    with open_text(path) as file:
        filled = (line for line in file if line.strip())
        records = [json.loads(line) for line in islice(filled, rows + 1)]
    return _of_records(records, rows, len(records) if len(records) <= rows else lines(path))


def _plain_json(path: str, rows: int) -> dict[str, Any]:
    with open_text(path) as file:
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
    return of_lists(columns, len(part), total)


def _number(text: str) -> Any:
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


READERS: dict[str, tuple[Callable[[str, int], dict[str, Any]], ...]] = {
    ".arrow": (_arrow_ipc, _polars),
    ".csv": (_pandas_text, _plain_text),
    ".dta": (_pandas_stata,),
    ".feather": (_arrow_ipc, _polars),
    ".h5": (_hdf5,),
    ".hdf": (_hdf5,),
    ".hdf5": (_hdf5,),
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
