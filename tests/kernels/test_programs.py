"""What is said of programs that cells start: which data, and whether there may be more."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.kernels import programs

if TYPE_CHECKING:
    from .conftest import Kernel, Started

HARMLESS = """
ls -la data
pip --version
pip install -r requirements.txt
python -m pip install pandas
python3 --version
git status
git commit -m 'x $y'
nvidia-smi
cat a.csv
head -n 5 a.csv
sort -r a.csv
sed -r 's/a$/b/' a.csv
awk '{print $1}' a.csv
find data -name '*.csv'
cp a.csv data
X=1 nice -n 5 wc -l a.csv
then echo done
mkdir -p out
uv pip list
wget https://example.org/a.csv
""".strip().splitlines()
MORE = {
    "python prepare.py a.csv": "python prepare.py",
    "sudo -E python3.11 -u dir/prepare.py": "python3.11 prepare.py",
    "python -m tool --password=x": "python -m tool",
    "python -c 'open(\"a.csv\")'": "python",
    "timeout 5s make": "make",
    "bash run.sh": "bash run.sh",
    "Rscript fit.R": "Rscript fit.R",
    "git clone https://example.org/data.git": "git",
    "uv run prepare.py": "uv",
    "cat $FILE": "cat",
    "cp -r data copy": "cp",
    "grep -r x .": "grep",
    "wc -l data": "wc",
    "find data -exec cat {} ;": "find",
    "xargs cat": "xargs",
    "tar xf a.tar": "tar",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path


@pytest.mark.parametrize("line", HARMLESS)
def test_nobody_is_told_of_what_can_open_no_more(line: str, data: Path) -> None:
    assert programs.unseen(programs.command(shlex.split(line)), str(data)) is None


@pytest.mark.parametrize("line", MORE)
def test_what_may_open_more_is_named_without_what_may_be_secret(line: str, data: Path) -> None:
    assert programs.unseen(programs.command(shlex.split(line)), str(data)) == MORE[line]


async def run(kernel: Kernel, code: str, cell_id: str) -> None:
    reply = await kernel.run(code, cell_id)
    assert reply["status"] == "ok", reply


async def test_programs_are_told_by_cell(start: Started, folder: Path) -> None:
    (folder / "prepare.py").write_text("open('seen.csv').read()")
    (folder / "seen.csv").write_text("a\n1\n")
    async with start() as kernel:
        await run(kernel, "!ls; pip --version; git status\n!cat seen.csv", "harmless")
        await run(kernel, "import sys, subprocess", "imports")
        await run(kernel, "subprocess.run([sys.executable, 'prepare.py'], check=True)", "one")
        await run(kernel, "!{sys.executable} prepare.py", "two")
        await run(kernel, "%%bash\nfor f in *.csv; do\n  tar cf - $f | wc -c\ndone", "three")
        state = await kernel.state()
    python = next(one.name for one in state.unseen if one.cell_ids == ["one", "two"])
    assert python.endswith(" prepare.py")
    told = {one.name: (one.reason, one.cell_ids) for one in state.unseen}
    assert told == {python: ("program", ["one", "two"]), "tar": ("program", ["three"])}
    assert state.notes == []


SCRIPT = """%%bash
cat > made.yml <<EOF
make: it's no command
EOF
python - <<-'END'
import os
END
awk '{
  print $1
}' in.csv
xs=(1 2)
tar cf out.tar "
many" # don't
"""


async def test_texts_in_a_script_are_no_commands(start: Started, folder: Path) -> None:
    (folder / "in.csv").write_text("a\n1\n")
    (folder / "many").mkdir()
    async with start() as kernel:
        await kernel.run(SCRIPT, "a")
        state = await kernel.state()
    assert [one.name for one in state.unseen] == ["python", "tar"]
    seen = {(use.mode, Path(use.path).name) for use in state.files}
    assert {("write", "made.yml"), ("read", "in.csv")} <= seen


async def uses(kernel: Kernel) -> dict[tuple[str, str], Any]:
    files = (await kernel.state()).files
    return {(use.mode, Path(use.path).name): use.cell_ids for use in files}


async def test_a_cell_that_copies_again_still_writes(start: Started, folder: Path) -> None:
    """The second time the target is there, as an input would be."""
    (folder / "a.csv").write_text("a\n1\n")
    (folder / "sub").mkdir()
    copy = "!cp a.csv b.csv; cp a.csv sub"
    async with start() as kernel:
        await run(kernel, copy, "copy")
        await run(kernel, copy, "again")
        await run(kernel, "!wc -l < a.csv; ls -l b.csv", "look")
        await run(kernel, "open('a.csv', 'a').write('2')", "later")
        seen = await uses(kernel)
    assert seen == {
        ("read", "a.csv"): ["copy", "again", "look"],
        ("write", "a.csv"): ["later"],
        ("write", "b.csv"): ["copy", "again"],
    }


async def test_a_program_that_still_runs(start: Started, folder: Path) -> None:
    (folder / "a.csv").write_text("a\n1\n")
    (folder / "b.csv").write_text("")
    async with start() as kernel:
        await kernel.send(
            "!touch begun; while [ ! -e go ]; do sleep 0.1; done; cp a.csv b.csv", "copy"
        )
        while not (folder / "begun").exists():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
        assert not {("read", "b.csv"), ("write", "b.csv")} & (await uses(kernel)).keys()
        (folder / "go").touch()
        await run(kernel, "1", "next")
        seen = await uses(kernel)
    assert {key for key in seen if key[1] == "b.csv"} == {("write", "b.csv")}


async def test_what_programs_download(start: Started, folder: Path) -> None:
    """They are not there, so nothing is; but the command has named it."""
    (folder / "wget").write_text("#!/bin/sh\necho x > d.csv")
    (folder / "wget").chmod(0o755)
    url = "https://example.org/d.csv"
    async with start() as kernel:
        await run(kernel, f"!./wget '{url}?token=geheim'", "get")
        await run(kernel, f"!pip --version --proxy {url}", "tool")
        seen = await uses(kernel)
    assert seen == {("write", "d.csv"): ["get"], ("read", "d.csv?token=***"): ["get"]}
