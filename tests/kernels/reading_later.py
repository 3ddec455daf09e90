"""Cells that name data, and those that read it; in the order in which they run."""

from __future__ import annotations

from .reading import Case

LATER = {
    "polars only scans": Case(
        "lazy = pl.scan_csv('in.csv').filter(pl.col('a') > 3); lazies = [pl.scan_parquet("
        "'part/*.parquet'), pl.scan_ndjson('in.json')]; held = pl.DataFrame({'a': [1]})"
    ),
    "polars collects later": Case("lazy.collect()", ("in.csv",)),
    "polars streams later": Case("lazy.collect(engine='streaming')", ("in.csv",)),
    "polars sinks later": Case("lazy.sink_ndjson('later.json')", ("in.csv",), ("later.json",)),
    "polars collects all": Case("pl.collect_all(lazies)", ("part", "in.json")),
    "polars reads nothing": Case("held.lazy().select('a').collect(); held.select('a')"),
    "polars scans two": Case(
        "one, two = pl.scan_csv('in.csv'), pl.scan_ndjson('in.json'); one.collect()", ("in.csv",)
    ),
    "polars collects in a module": Case("import polars_tools; polars_tools.rows(one)", ("in.csv",)),
    "polars looks at columns": Case("two.collect_schema()", ("in.json",)),
    "polars queries": Case("query = pl.sql(\"select * from read_csv('in.csv')\")"),
    "polars answers later": Case("query.collect()", ("in.csv",)),
    "duckdb only names": Case("relation = duckdb.read_csv('in.csv').filter('a > 3')", ("in.csv",)),
    "duckdb fetches later": Case("relation.fetchall()", ("in.csv",)),
    "duckdb makes a view": Case(
        'duckdb.execute("create or replace view \\"v 1\\" as from \'in.csv\'")', ("in.csv",)
    ),
    "duckdb makes a view of a relation": Case(
        "duckdb.read_parquet('in.parquet').create_view('v2')", ("in.parquet",)
    ),
    "duckdb reads views later": Case(
        "duckdb.sql('select count(*) from \"v 1\", v2').fetchall()", ("in.csv", "in.parquet")
    ),
    "pyarrow names a dataset": Case(
        "dataset = pa.dataset.dataset('part'); whole = pq.ParquetDataset('in.parquet')",
        ("part", "in.parquet"),
    ),
    "pyarrow reads it later": Case("dataset.to_table()", ("part",)),
    "pyarrow filters it later": Case(
        "next(dataset.filter(pa.compute.field('a') > 3).to_batches())", ("part",)
    ),
    "pyarrow reads a part later": Case(
        "next(dataset.get_fragments()).to_table()", ("part/0.parquet",)
    ),
    "pyarrow counts later": Case(
        "dataset.count_rows(), dataset.head(1), dataset.scanner(columns=['a']).to_table()",
        ("part",),
    ),
    "pyarrow reads the other later": Case("whole.read()", ("in.parquet",)),
    "pyarrow says its columns": Case("dataset.schema, dataset.files, whole.schema"),
    "polars of a dataset": Case("pl.scan_pyarrow_dataset(dataset).collect()", ("part",)),
    "duckdb of a dataset": Case("duckdb.sql('select count(*) from dataset').fetchall()", ("part",)),
    "pyarrow of several": Case(
        "both = pa.dataset.dataset([dataset, pa.dataset.dataset('in.parquet')])", ("in.parquet",)
    ),
    "pyarrow reads both later": Case("both.to_table()", ("part", "in.parquet")),
}
