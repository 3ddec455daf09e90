"""One notebook cell for each way of reading or writing files without a library of data."""

from __future__ import annotations

from .reading import Case

PLAIN = {
    "open": Case("open('in.csv').read()", ("in.csv",)),
    "open write": Case("print('x', file=open('out.txt', 'w'))", (), ("out.txt",)),
    "open update": Case("open('in.csv', 'r+').close()", ("in.csv",), ("in.csv",)),
    "os.open": Case("os.close(os.open('in.csv', os.O_RDONLY))", ("in.csv",)),
    "pathlib": Case("pathlib.Path('in.csv').read_bytes()", ("in.csv",)),
    "moved into place": Case(
        "open('new.tmp', 'w').close(); os.replace('new.tmp', 'new.txt')", (), ("new.txt",)
    ),
    "moved from elsewhere": Case(
        "import shutil, tempfile\n"
        "with tempfile.TemporaryDirectory() as place:\n"
        "    open(f'{place}/a', 'w').close(); shutil.move(f'{place}/a', 'moved.txt')",
        (),
        ("moved.txt",),
    ),
    "local module": Case("import module; module.read()", ("in.csv",)),
    "subprocess": Case("subprocess.run(['cat', 'in.csv'], capture_output=True)", ("in.csv",)),
    "shell": Case(
        "get_ipython().system('sort < in.csv > sorted.csv')", ("in.csv",), ("sorted.csv",)
    ),
    "cell of a shell": Case(
        "%%bash\n# by lines\nsort in.csv \\\n  > bash.csv\ncat part/*.parquet > all.bin",
        ("in.csv", "part"),
        ("bash.csv", "all.bin"),
    ),
    "copied by a program": Case("!cp in.csv copied.csv", ("in.csv",), ("copied.csv",)),
    "copied by shutil": Case(
        "import shutil; shutil.copy('in.csv', 'copy.csv')", ("in.csv",), ("copy.csv",)
    ),
    "compressed": Case(
        "import gzip, zipfile\n"
        "with gzip.open('out.gz', 'wb') as file: file.write(b'x')\n"
        "with zipfile.ZipFile('out.zip', 'w') as file: file.write('in.csv')",
        ("in.csv",),
        ("out.gz", "out.zip"),
    ),
    "%run": Case("%run other.py", ("other.py", "in.csv")),
    "exec of a file": Case("exec(open('other.py').read())", ("other.py", "in.csv")),
    "runpy": Case("import runpy; _ = runpy.run_path('other.py')", ("other.py", "in.csv")),
    "%%writefile": Case("%%writefile written.txt\nx", (), ("written.txt",)),
    "another working folder": Case(
        "os.chdir('part'); open('0.parquet', 'rb').read(1); os.chdir('..')", ("part/0.parquet",)
    ),
    "%cd": Case("%cd part\nopen('1.parquet', 'rb').read(1)\n%cd ..", ("part/1.parquet",)),
    "made again": Case(
        "open('again.txt', 'w').close(); os.remove('again.txt'); open('again.txt', 'w').close()",
        (),
        ("again.txt",),
    ),
    "asynchronous": Case(
        "import asyncio\n"
        "async def read(name):\n"
        "    await asyncio.sleep(0)\n"
        "    return open(name).read()\n"
        "await asyncio.gather(read('in.csv'), asyncio.to_thread(open, 'in.json'))",
        ("in.csv", "in.json"),
    ),
    "folder for a sync": Case("f = os.open('part', os.O_RDONLY); os.fsync(f); os.close(f)"),
    "os.system": Case("os.system('wc in.csv > count.txt')", ("in.csv",), ("count.txt",)),
    "forked processes": Case(
        "def work(n):\n"
        "    return len(open('in.csv').read()), open(f'fork{n}.txt', 'w').close()\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: pool.map(work, range(2))",
        ("in.csv",),
        ("fork0.txt", "fork1.txt"),
    ),
    "threads": Case(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as threads:\n"
        "    list(threads.map(lambda name: open(name).read(), ['in.csv', 'in.json']))",
        ("in.csv", "in.json"),
    ),
    "io and mmap": Case(
        "import io, mmap\n"
        "with io.open('in.csv', 'r+b') as file: mmap.mmap(file.fileno(), 0)\n"
        "io.FileIO('in.json').read(1)",
        ("in.csv", "in.json"),
        ("in.csv",),
    ),
    "csv": Case("import csv; list(csv.reader(open('in.csv')))", ("in.csv",)),
    "archives": Case(
        "import tarfile\n"
        "with tarfile.open('out.tar', 'w') as archive: archive.add('in.csv')\n"
        "with tarfile.open('out.tar') as archive: archive.extractall('from tar', filter='data')\n"
        "with zipfile.ZipFile('out.zip') as archive: archive.extractall('from zip')",
        ("in.csv", "out.tar", "out.zip"),
        ("out.tar", "from tar/in.csv", "from zip/in.csv"),
    ),
    "whole folders": Case(
        "shutil.copytree('texts', 'texts 2'); shutil.make_archive('made', 'zip', 'texts')",
        ("texts/one/0.txt", "texts/one/1.txt"),
        ("texts 2/one/0.txt", "texts 2/one/1.txt", "made.zip"),
    ),
    "temporary, then moved": Case(
        "with tempfile.NamedTemporaryFile('w', dir='.', delete=False) as file: file.write('x')\n"
        "os.replace(file.name, 'final.txt')",
        (),
        ("final.txt",),
    ),
    "package": Case("import package.inner; package.inner.read()", ("in.csv",)),
    "reloaded": Case(
        "import importlib; importlib.reload(package.late); package.late.rows()", ("in.csv",)
    ),
    "pipeline": Case(
        "x = !cat in.csv | sort -r | head -3 | tee teed.csv\n!tail -1 in.csv >> appended.csv",
        ("in.csv",),
        ("teed.csv", "appended.csv"),
    ),
    "asynchronous shell": Case(
        "p = await asyncio.create_subprocess_shell('cat in.csv > async.csv'); await p.wait()",
        ("in.csv",),
        ("async.csv",),
    ),
    "given files": Case(
        "subprocess.run(['sort'], stdin=open('in.csv'), stdout=open('given.csv', 'w'))",
        ("in.csv",),
        ("given.csv",),
    ),
    "a cache": Case("joblib.Memory('memory', verbose=0).cache(len)('abc')"),
    "filesystems in others": Case(
        "with fsspec.open('zip://in.csv::out.zip') as file: file.read(1)\n"
        "fsspec.filesystem('memory').open('/x', 'wb').close()\n"
        "fsspec.open('simplecache::file://' + os.path.abspath('in.csv')).open().read()",
        ("in.csv", "out.zip"),
    ),
    "sqlite3 attach": Case(
        "c = sqlite3.connect(':memory:')\n"
        "c.execute(\"attach 'in.sqlite' as old\")\n"
        "c.execute(\"attach 'made.sqlite' as made\")\n"
        "with c: c.execute('create table made.t as select a from old.customers')\n"
        "c.close()",
        ("in.sqlite",),
        ("made.sqlite",),
    ),
    "sqlite3 write": Case(
        "with sqlite3.connect('s.sqlite') as c: c.execute('create table t (a)')",
        (),
        ("s.sqlite",),
    ),
    "sqlite3": Case(
        "sqlite3.connect('in.sqlite').execute('select * from customers').fetchall()", ("in.sqlite",)
    ),
    "sqlite3 by a URI": Case(
        "c = sqlite3.connect('file:in.sqlite?mode=ro', uri=True)\n"
        "c.execute('select * from customers').fetchall()",
        ("in.sqlite",),
    ),
    "sqlite3 in memory": Case(
        "c = sqlite3.connect('file:x?mode=memory&cache=shared', uri=True)\n"
        "c.execute(\"attach 'file:in.sqlite?mode=ro' as old\"); c.execute('create table z (a)')\n"
        "c.execute('select * from old.customers').fetchall(); c.close()",
        ("in.sqlite",),
    ),
    "sqlite3 backup": Case(
        "a, b = sqlite3.connect('in.sqlite'), sqlite3.connect('back.sqlite')\n"
        "a.backup(b); a.execute(\"vacuum into 'vacuum.sqlite'\"); a.close(); b.close()",
        ("in.sqlite",),
        ("back.sqlite", "vacuum.sqlite"),
    ),
    "sqlite3 index": Case(
        "with sqlite3.connect('back.sqlite') as c: c.execute('create index i on customers (a)')",
        ("back.sqlite",),
        ("back.sqlite",),
    ),
}
