"""One notebook cell for each way of reading or writing data that notebooks use."""

from __future__ import annotations

from typing import NamedTuple

# runs first: makes what the others read, and imports what they use
PREPARE = """
import os, pickle, pathlib, sqlite3, subprocess, sys, multiprocessing
import numpy as np, pandas as pd, h5py, joblib, PIL.Image, sqlalchemy
import pyarrow as pa, pyarrow.csv, pyarrow.dataset, pyarrow.feather, pyarrow.json, pyarrow.orc
import pyarrow.parquet as pq
import duckdb, fsspec
import polars as pl
table = pd.DataFrame({"a": range(100), "b": np.linspace(0, 1, 100), "c": ["x"] * 100})
table.to_csv("in.csv", index=False)
table.to_parquet("in.parquet")
table.to_feather("in.feather")
table.to_json("in.json", orient="records", lines=True)
table.to_pickle("in.pkl")
table.to_excel("in.xlsx", index=False)
table.to_hdf("in.hdf", key="k")
pl.from_pandas(table).write_ipc("in.arrow")
pa.orc.write_table(pa.table(table), "in.orc")
np.save("in.npy", table.b.values)
np.savez("in.npz", b=table.b.values)
joblib.dump(table, "in.joblib")
PIL.Image.new("RGB", (2, 2)).save("in.png")
with h5py.File("in.h5", "w") as file: file["b"] = table.b.values
connection = sqlite3.connect("in.sqlite")
table.to_sql("customers", connection, index=False)
connection.close()
with duckdb.connect("in.duckdb") as database: database.execute("create table t as select 1 as a")
os.makedirs("part")
for number in range(3): table.to_parquet(f"part/{number}.parquet")
import sklearn.datasets
sklearn.datasets.dump_svmlight_file(table[["a", "b"]].values, table.a.values, "in.svm")
os.makedirs("texts/one")
for number in range(2): pathlib.Path(f"texts/one/{number}.txt").write_text("x")
pathlib.Path("module.py").write_text("def read(): return open('in.csv').read()")
pathlib.Path("polars_tools.py").write_text("def rows(lazy): return lazy.collect()")
pathlib.Path("other.py").write_text("rows = open('in.csv').read()")
os.makedirs("package")
pathlib.Path("package/__init__.py").write_text("")
pathlib.Path("package/inner.py").write_text(
    "def read():\\n    from . import late\\n    late.rows()"
)
pathlib.Path("package/late.py").write_text("def rows(): return open('in.csv').read()")
"""


class Case(NamedTuple):
    """A cell, and what it opens: files, or a folder with its files."""

    code: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


CASES = {
    "pandas csv": Case("pd.read_csv('in.csv')", ("in.csv",)),
    "pandas csv, pyarrow": Case("pd.read_csv('in.csv', engine='pyarrow')", ("in.csv",)),
    "pandas csv, python": Case("pd.read_csv('in.csv', engine='python')", ("in.csv",)),
    "pandas csv, mapped": Case("pd.read_csv('in.csv', memory_map=True)", ("in.csv",)),
    "pandas csv, in chunks": Case(
        "for part in pd.read_csv('in.csv', chunksize=10): pass", ("in.csv",)
    ),
    "pandas csv, zipped": Case(
        "table.to_csv('out.csv.gz'); pd.read_csv('out.csv.gz')", ("out.csv.gz",), ("out.csv.gz",)
    ),
    "pandas to_json": Case("table.to_json('out.json')", (), ("out.json",)),
    "pandas to_feather": Case("table.to_feather('out.feather')", (), ("out.feather",)),
    "pandas to_pickle": Case("table.to_pickle('out.pkl')", (), ("out.pkl",)),
    "pandas to_orc": Case("table.to_orc('out.orc')", (), ("out.orc",)),
    "pandas to_sql": Case(
        "with sqlite3.connect('out.sqlite') as c: table.to_sql('t', c)", (), ("out.sqlite",)
    ),
    "pandas parquet, another engine's path": Case(
        "pd.read_parquet(pathlib.Path('in.parquet'), engine='pyarrow', columns=['a'])",
        ("in.parquet",),
    ),
    "pandas to_csv": Case("table.to_csv('out.csv')", (), ("out.csv",)),
    "pandas parquet": Case("pd.read_parquet('in.parquet')", ("in.parquet",)),
    "pandas parquet, folder": Case("pd.read_parquet('part')", ("part",)),
    "pandas to_parquet": Case("table.to_parquet('out.parquet')", (), ("out.parquet",)),
    "pandas to_parquet, parts": Case(
        "table.assign(p=table.a % 2).to_parquet('out parts', partition_cols=['p'])",
        (),
        ("out parts",),
    ),
    "pandas feather": Case("pd.read_feather('in.feather')", ("in.feather",)),
    "pandas json": Case("pd.read_json('in.json', lines=True)", ("in.json",)),
    "pandas excel": Case("pd.read_excel('in.xlsx')", ("in.xlsx",)),
    "pandas to_excel": Case("table.to_excel('out.xlsx')", (), ("out.xlsx",)),
    "pandas pickle": Case("pd.read_pickle('in.pkl')", ("in.pkl",)),
    "pandas hdf": Case("pd.read_hdf('in.hdf')", ("in.hdf",)),
    "pandas to_hdf": Case("table.to_hdf('out.hdf', key='k')", (), ("out.hdf",)),
    "pandas orc": Case("pd.read_orc('in.orc')", ("in.orc",)),
    "pandas sql": Case(
        "pd.read_sql('select * from customers', sqlite3.connect('in.sqlite'))", ("in.sqlite",)
    ),
    "pyarrow parquet": Case("pq.read_table('in.parquet')", ("in.parquet",)),
    "pyarrow ParquetFile": Case("pq.ParquetFile('in.parquet').read()", ("in.parquet",)),
    "pyarrow write_table": Case(
        "pq.write_table(pa.table(table), 'pa.parquet')", (), ("pa.parquet",)
    ),
    "pyarrow csv": Case("pa.csv.read_csv('in.csv')", ("in.csv",)),
    "pyarrow write_csv": Case("pa.csv.write_csv(pa.table(table), 'pa.csv')", (), ("pa.csv",)),
    "pyarrow json": Case("pa.json.read_json('in.json')", ("in.json",)),
    "pyarrow feather": Case("pa.feather.read_table('in.feather')", ("in.feather",)),
    "pyarrow orc": Case("pa.orc.ORCFile('in.orc').read()", ("in.orc",)),
    "pyarrow dataset": Case("pa.dataset.dataset('part').to_table()", ("part",)),
    "pyarrow dataset of a path": Case(
        "pa.dataset.dataset(pathlib.Path('part')).to_table()", ("part",)
    ),
    "pyarrow dataset of files": Case(
        "pa.dataset.dataset(['part/0.parquet', 'part/1.parquet']).to_table()",
        ("part/0.parquet", "part/1.parquet"),
    ),
    "pyarrow dataset, by a filter": Case(
        "pa.dataset.dataset('part').to_table(filter=pa.compute.field('a') > 3)", ("part",)
    ),
    "pyarrow ParquetWriter": Case(
        "with pq.ParquetWriter('pw.parquet', pa.table(table).schema) as writer:\n"
        "    writer.write_table(pa.table(table))",
        (),
        ("pw.parquet",),
    ),
    "pyarrow write_feather": Case(
        "pa.feather.write_feather(table, 'pa.feather')", (), ("pa.feather",)
    ),
    "pyarrow write_dataset": Case(
        "pa.dataset.write_dataset(pa.table(table), 'pa set', format='parquet')", (), ("pa set",)
    ),
    "pyarrow memory_map": Case("pa.memory_map('in.arrow').read()", ("in.arrow",)),
    "pyarrow OSFile": Case("pa.OSFile('in.arrow').read()", ("in.arrow",)),
    "polars csv": Case("pl.read_csv('in.csv')", ("in.csv",)),
    "polars scan_csv": Case("pl.scan_csv('in.csv').collect()", ("in.csv",)),
    "polars parquet": Case("pl.read_parquet('in.parquet')", ("in.parquet",)),
    "polars scan_parquet": Case("pl.scan_parquet('in.parquet').collect()", ("in.parquet",)),
    "polars pattern": Case("pl.scan_parquet('part/*.parquet').collect()", ("part",)),
    "polars ipc": Case("pl.read_ipc('in.arrow')", ("in.arrow",)),
    "polars ndjson": Case("pl.read_ndjson('in.json')", ("in.json",)),
    "polars scan_ipc": Case("pl.scan_ipc('in.arrow').collect()", ("in.arrow",)),
    "polars scan_ndjson": Case("pl.scan_ndjson('in.json').collect()", ("in.json",)),
    "polars write_csv": Case("pl.DataFrame({'a': [1]}).write_csv('pl.csv')", (), ("pl.csv",)),
    "polars write_ndjson": Case(
        "pl.DataFrame({'a': [1]}).write_ndjson('pl.json')", (), ("pl.json",)
    ),
    "polars write_ipc": Case("pl.DataFrame({'a': [1]}).write_ipc('pl.ipc')", (), ("pl.ipc",)),
    "polars sink_csv": Case("pl.scan_csv('in.csv').sink_csv('s.csv')", ("in.csv",), ("s.csv",)),
    "polars write": Case(
        "pl.DataFrame({'a': [1]}).write_parquet('pl.parquet')", (), ("pl.parquet",)
    ),
    "polars sink": Case(
        "pl.scan_csv('in.csv').sink_parquet('s.parquet')", ("in.csv",), ("s.parquet",)
    ),
    "duckdb csv": Case("duckdb.sql(\"select count(*) from 'in.csv'\").fetchall()", ("in.csv",)),
    "duckdb parquet": Case(
        "duckdb.connect().execute('select * from read_parquet(?)', ['in.parquet']).fetchall()",
        ("in.parquet",),
    ),
    "duckdb relation": Case("duckdb.read_csv('in.csv').fetchall()", ("in.csv",)),
    "duckdb pattern": Case("duckdb.sql(\"from 'part/*.parquet'\").fetchall()", ("part",)),
    "duckdb copy": Case("duckdb.sql(\"copy (select 1) to 'duck.csv'\")", (), ("duck.csv",)),
    "duckdb json": Case("duckdb.read_json('in.json').fetchall()", ("in.json",)),
    "duckdb to_parquet": Case(
        "duckdb.sql('select 1 as a').write_parquet('duck.parquet')", (), ("duck.parquet",)
    ),
    "duckdb writes a database": Case(
        "with duckdb.connect('new.duckdb') as c: c.execute('create table t as select 1 as a')",
        (),
        ("new.duckdb",),
    ),
    "duckdb database": Case(
        "duckdb.connect('in.duckdb', read_only=True).execute('from t').fetchall()", ("in.duckdb",)
    ),
    "numpy npy": Case("np.load('in.npy')", ("in.npy",)),
    "numpy mapped": Case("np.load('in.npy', mmap_mode='r')[:3].sum()", ("in.npy",)),
    "numpy npz": Case("np.load('in.npz')['b']", ("in.npz",)),
    "numpy text": Case("np.genfromtxt('in.csv', delimiter=',')", ("in.csv",)),
    "numpy fromfile": Case("np.fromfile('in.npy')", ("in.npy",)),
    "numpy loadtxt": Case(
        "np.loadtxt('in.csv', delimiter=',', skiprows=1, usecols=0)", ("in.csv",)
    ),
    "numpy memmap": Case("np.memmap('in.npy', mode='r')[:3].sum()", ("in.npy",)),
    "numpy save": Case("np.save('out.npy', np.zeros(3))", (), ("out.npy",)),
    "numpy savez": Case("np.savez_compressed('out.npz', b=np.zeros(3))", (), ("out.npz",)),
    "numpy savetxt": Case("np.savetxt('out.dat', np.zeros(3))", (), ("out.dat",)),
    "numpy tofile": Case("np.zeros(3).tofile('out.bin')", (), ("out.bin",)),
    "h5py": Case("h5py.File('in.h5')['b'][:]", ("in.h5",)),
    "h5py write": Case("h5py.File('out.h5', mode='w').close()", (), ("out.h5",)),
    "h5py update": Case(
        "with h5py.File('in.h5', 'a') as file: file.attrs['x'] = 1", ("in.h5",), ("in.h5",)
    ),
    "joblib": Case("joblib.load('in.joblib')", ("in.joblib",)),
    "joblib dump": Case("joblib.dump(table, 'out.joblib')", (), ("out.joblib",)),
    "pickle": Case("pickle.load(open('in.pkl', 'rb'))", ("in.pkl",)),
    "pickle dump": Case("pickle.dump(1, open('p.pkl', 'wb'))", (), ("p.pkl",)),
    "PIL": Case("PIL.Image.open('in.png').load()", ("in.png",)),
    "PIL save": Case("PIL.Image.new('L', (1, 1)).save('out.png')", (), ("out.png",)),
    "SQLAlchemy": Case(
        "with sqlalchemy.create_engine('sqlite:///in.sqlite').connect() as c:\n"
        "    c.execute(sqlalchemy.text('select a from customers')).all()",
        ("in.sqlite",),
    ),
    "SQLAlchemy write": Case(
        "with sqlalchemy.create_engine('sqlite:///alchemy.sqlite').begin() as c:\n"
        "    c.execute(sqlalchemy.text('create table t (a)'))",
        (),
        ("alchemy.sqlite",),
    ),
    "sklearn svmlight": Case("sklearn.datasets.load_svmlight_file('in.svm')", ("in.svm",)),
    "sklearn files": Case("sklearn.datasets.load_files('texts')", ("texts",)),
    "scipy": Case(
        "import scipy.io; scipy.io.mmwrite('m', np.eye(2)); scipy.io.mmread('m.mtx')",
        ("m.mtx",),
        ("m.mtx",),
    ),
    "sklearn dump": Case(
        "sklearn.datasets.dump_svmlight_file(np.zeros((2, 2)), [0, 1], 'out.svm')",
        (),
        ("out.svm",),
    ),
    "pandas ExcelWriter": Case(
        "with pd.ExcelWriter('writer.xlsx') as writer: table.to_excel(writer)", (), ("writer.xlsx",)
    ),
    "pandas HDFStore": Case(
        "with pd.HDFStore('store.hdf') as s: s['k'] = table", (), ("store.hdf",)
    ),
    "pandas sql, by a URL": Case("pd.read_sql('customers', 'sqlite:///in.sqlite')", ("in.sqlite",)),
    "pandas to_sql, by a URL": Case(
        "table.to_sql('t', 'sqlite:///url.sqlite')", (), ("url.sqlite",)
    ),
    "pyarrow files": Case(
        "pq.read_table(['part/0.parquet', 'part/1.parquet'])", ("part/0.parquet", "part/1.parquet")
    ),
    "pyarrow ipc": Case("pa.ipc.open_file('in.arrow').read_all()", ("in.arrow",)),
    "pyarrow ipc stream": Case(
        "with pa.ipc.new_stream('new.arrows', pa.table(table).schema) as writer:\n"
        "    writer.write_table(pa.table(table))\n"
        "pa.ipc.open_stream('new.arrows').read_all()",
        ("new.arrows",),
        ("new.arrows",),
    ),
    "polars files": Case(
        "pl.read_parquet(['part/0.parquet', 'part/1.parquet'])",
        ("part/0.parquet", "part/1.parquet"),
    ),
    "polars folder": Case("pl.read_parquet('part/')", ("part",)),
    "polars parts": Case(
        "pl.DataFrame({'a': [1, 2]}).write_parquet('pl parts', partition_by='a')",
        (),
        ("pl parts",),
    ),
    "polars database": Case(
        "pl.read_database('select * from customers', sqlite3.connect('in.sqlite'))",
        ("in.sqlite",),
    ),
    "polars SQL": Case("pl.sql(\"select * from read_csv('in.csv')\").collect()", ("in.csv",)),
    "duckdb attached": Case(
        "c = duckdb.connect(); c.execute(\"attach 'in.duckdb' as d (read_only)\")\n"
        "c.sql('from d.t').fetchall(); c.close()",
        ("in.duckdb",),
    ),
    "duckdb attaches a new one": Case(
        "c = duckdb.connect(); c.execute(\"attach 'new2.duckdb' as d\")\n"
        "c.execute('create table d.t as select 1 as a'); c.close()",
        (),
        ("new2.duckdb",),
    ),
    "duckdb named parameters": Case(
        "duckdb.execute('from read_csv($file)', {'file': 'in.csv'}).fetchall()", ("in.csv",)
    ),
    "duckdb files": Case(
        "duckdb.read_parquet(['part/0.parquet', 'part/1.parquet']).fetchall()",
        ("part/0.parquet", "part/1.parquet"),
    ),
    "duckdb exports": Case(
        "c = duckdb.connect()\n"
        "c.execute(\"create table t as select 1 as a; export database 'exported'\")",
        (),
        ("exported",),
    ),
    "duckdb imports": Case("duckdb.execute(\"import database 'exported'\")", ("exported",)),
    "duckdb parts": Case(
        "duckdb.sql(\"copy (select 1 as a, 2 as b) to 'duck parts' (partition_by (a))\")",
        (),
        ("duck parts",),
    ),
    "duckdb copies from": Case(
        "c = duckdb.connect(); c.execute('create table x (a int, b double, c text)')\n"
        "c.execute(\"copy x from 'in.csv'\")",
        ("in.csv",),
    ),
    "h5py of an open file": Case("h5py.File(open('in.h5', 'rb'), 'r').close()", ("in.h5",)),
    "fsspec write": Case(
        "with fsspec.open('out.fs', 'w') as file: file.write('x')", (), ("out.fs",)
    ),
    "fsspec, whole files": Case(
        "fs = fsspec.filesystem('file'); fs.cat('in.csv'); fs.pipe('piped.fs', b'x')",
        ("in.csv",),
        ("piped.fs",),
    ),
    "fsspec": Case("fsspec.open('in.csv').open().read()", ("in.csv",)),
    "fsspec file URL": Case(
        "fsspec.open('file://' + os.path.abspath('in.csv')).open().read()", ("in.csv",)
    ),
}
