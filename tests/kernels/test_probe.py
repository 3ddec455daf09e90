"""What a kernel tells about itself."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Started


async def test_history_in_the_order_it_ran_with_the_source_as_it_ran(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("a = 1", "first")
        await kernel.run("b = 1/0", "second")
        await kernel.run("a = 2", "first")
        cells = (await kernel.state()).cells
    assert [(c.execution_count, c.cell_id, c.source, c.status) for c in cells] == [
        (1, "first", "a = 1", "ok"),
        (2, "second", "b = 1/0", "error"),
        (3, "first", "a = 2", "ok"),
    ]
    assert all(cell.started_at and cell.duration_seconds is not None for cell in cells)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a = 1\n1 / 0\nb = 2", 2),
        ("\n\n  \na = [\n    1,\n    1 / 0,\n]", 6),  # blank lines are cut off before it runs
        ("%time a = 1\n!true\n1 / 0", 3),
        ("def f():\n    return 1 / 0\n\nf()", 4),  # the cell's own line, not the function's
        ("import asyncio\nawait asyncio.sleep(0)\n1 / 0", 3),
        ("raise kept", 1),  # which has a traceback of an earlier cell
        ("raise KeyboardInterrupt", None),
        ("a = (", None),
        ("a = 1", None),
    ],
)
async def test_the_line_at_which_a_cell_failed(
    start: Started, source: str, line: int | None
) -> None:
    async with start() as kernel:
        await kernel.run("try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    kept = error")
        await kernel.run(source)
        assert (await kernel.state()).cells[-1].failed_line == line


async def test_numbers_left_in_the_namespace(start: Started) -> None:
    async with start() as kernel:
        await kernel.run(
            "import numpy as np\n"
            "f1 = np.float64(0.5); n = np.int32(3); loss = 0.25; count = 7\n"
            "_hidden = 1; flag = True; name = 'x'; nan = float('nan'); table = np.zeros((2, 3))"
        )
        state = await kernel.state()
    assert state.scalars == {"f1": 0.5, "n": 3, "loss": 0.25, "count": 7}
    assert state.variables["table"] == "ndarray (2, 3)"
    assert "np" not in state.variables


async def test_files_that_user_code_opens_with_the_cell(start: Started, folder: Path) -> None:
    (folder / "in 데이터.csv").write_text("a,b\n1,2\n")
    async with start() as kernel:
        await kernel.run("import pandas as pd, sklearn.ensemble, matplotlib.pyplot", "imports")
        await kernel.run("table = pd.read_csv('in 데이터.csv')", "read")
        await kernel.run("open('out.txt', 'w').write('x'); open('out.txt').read()", "write")
        files = (await kernel.state()).files
    assert {(Path(f.path).name, f.mode, *f.cell_ids) for f in files} == {
        ("in 데이터.csv", "read", "read"),
        ("out.txt", "write", "write"),
        ("out.txt", "read", "write"),
    }
    assert {Path(f.path).parent for f in files} == {folder}


async def test_the_environment(start: Started) -> None:
    async with start() as kernel:
        environment = (await kernel.state()).environment
    versions = {package.name: package.version for package in environment.packages}
    assert {"ipykernel", "scikit-learn"} <= versions.keys()
    assert environment.language == "python"
    assert environment.hardware.cpu_count


async def test_local_modules(start: Started, folder: Path) -> None:
    (folder / "helper.py").write_text("x = 1\n")
    beside = folder.parent / "shared 공유" / "tools"
    beside.mkdir(parents=True)
    (beside / "__init__.py").write_text("from . import deep\n")
    (beside / "deep.py").write_text("")
    async with start() as kernel:
        await kernel.run(
            "import sys; sys.path.append('../shared 공유'); import helper, json, tools"
        )
        modules = (await kernel.state()).modules
    assert [(m.name, Path(m.path).resolve()) for m in modules] == [
        ("helper", folder / "helper.py"),
        ("tools", beside / "__init__.py"),
        ("tools.deep", beside / "deep.py"),
    ]
    assert not any(module.changed for module in modules)


async def test_objects_that_stand_for_modules(start: Started, folder: Path) -> None:
    """As torch.classes and torch.ops do: whatever is asked of them, they have it."""
    (folder / "helper.py").write_text("x = 1\n")
    code = (
        "import sys, types, helper\n"
        "helper.__cached__ = helper\n"
        "class Namespace(types.ModuleType):\n"
        "    __file__ = '_classes.py'\n"
        "    def __getattr__(self, name): return self\n"
        "sys.modules['torch.classes'] = Namespace('torch.classes')"
    )
    async with start() as kernel:
        await kernel.run(code)
        modules = (await kernel.state()).modules
    assert [(module.name, module.changed) for module in modules] == [("helper", False)]


async def test_a_module_that_was_changed_after_it_was_loaded(start: Started, folder: Path) -> None:
    helper = folder / "helper.py"
    helper.write_text("x = 1\n")
    async with start() as kernel:
        await kernel.run("import sys; sys.dont_write_bytecode = False; import helper")
        helper.write_text("x = 2\n")
        os.utime(helper, (1, 1))
        (module,) = (await kernel.state()).modules
    assert module.changed


async def test_seeds_and_hardware(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("import os; os.environ['PYTHONHASHSEED'] = '0'")
        state = await kernel.state()
    assert state.seeds == {"PYTHONHASHSEED": "0"}
    assert state.environment.hardware.cpu_model != ""


async def test_a_seed_that_cannot_be_read_is_said_to_be_unknown(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("import sys, types; sys.modules['torch'] = types.ModuleType('torch')")
        assert (await kernel.state()).seeds == {"torch.initial_seed": "unknown"}


async def test_secrets_are_told_to_be_masked_and_never_dumped(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("import os; os.environ['MY_API_KEY'] = 'of-the-environment'")
        await kernel.run("password = 'of-a-' + 'variable'; token = 'running'; n_tokens = 'x' * 20")
        state = await kernel.state()
    assert {"of-the-environment", "of-a-variable"} <= set(state.secrets)
    assert "running" not in state.secrets
    assert "of-a-variable" not in state.model_dump_json() + repr(state)


async def test_folders_are_no_secrets(start: Started, folder: Path) -> None:
    """A shell calls its folder PWD, which is no password."""
    places = {"PWD": str(folder), "OLDPWD": "/gone/before", "CLOUD_CREDENTIALS": str(folder)}
    async with start(env=places) as kernel:
        secrets = (await kernel.state()).secrets
    assert not set(places.values()) & set(secrets)


async def test_the_users_session_is_left_alone(start: Started) -> None:
    async with start() as kernel:
        first = await kernel.run("names = lambda: {n for n in globals() if n[:2] != '_i'}")
        await kernel.run("before = names()")
        await kernel.state()
        second = await kernel.run("assert names() == {*before, 'before'}, names() - before")
    assert (first["execution_count"], second["execution_count"]) == (1, 3)
    assert second["status"] == "ok", second


async def test_a_kernel_that_started_without_the_probe(start: Started) -> None:
    async with start(probe=False) as kernel:
        await kernel.run("a = 1", "early")
        state = await kernel.state()
        assert not state.complete
        assert [(c.source, c.cell_id, c.status) for c in state.cells] == [
            ("a = 1", None, "unknown")
        ]
        await kernel.run("b = 2", "late")
        later = (await kernel.state()).cells
    assert [(c.source, c.cell_id, c.status) for c in later][1:] == [("b = 2", "late", "ok")]


async def test_a_cell_that_could_not_be_watched_leaves_no_complete_history(start: Started) -> None:
    spoil = "import sys; sys.modules['_jupyter_mlops_probe'].BEFORE_CELL.append(lambda cell: 1 / 0)"
    async with start() as kernel:
        await kernel.run(spoil)
        assert (await kernel.state()).complete
        reply = await kernel.run("b = 2")
        state = await kernel.state()
    assert reply["status"] == "ok"
    assert not state.complete
    assert [cell.source for cell in state.cells] == [spoil, "b = 2"]


async def test_many_ask_at_once(start: Started) -> None:
    async with start(probe=False) as kernel:
        states = await asyncio.gather(*(kernel.state() for _ in range(8)))
        await kernel.run("with open('f', 'w') as file: pass", "a")
        state = await kernel.state()
        names = await kernel.run("", user_expressions={"names": "sorted(vars())"})
    assert len(states) == 8
    assert [(file.path.rpartition("/")[2], file.mode) for file in state.files] == [("f", "write")]
    assert "mlops" not in names["user_expressions"]["names"]["data"]["text/plain"]


async def test_a_long_history_is_not_cut(start: Started) -> None:
    source = "x = '" + "é" * 3_000_000 + "'"
    async with start() as kernel:
        await kernel.run(source)
        assert (await kernel.state()).cells[0].source == source


async def test_trouble_in_the_probe_is_not_the_users(start: Started) -> None:
    odd = (
        "class Odd:\n"
        "    fit = predict = get_params = None.__eq__\n"
        "    @property\n"
        "    def shape(self): raise ValueError('no')\n"
        "    def __sklearn_is_fitted__(self): raise ValueError('no')\n"
        "odd = Odd()\n"
        "class Lazy(int):\n"
        "    def __bool__(self): raise TypeError('compute it')\n"
        "    __abs__ = __len__ = __ne__ = __bool__\n"
        "class Table: shape, columns = (Lazy(), 3), 'abc'\n"
        "class Fitted: n_features_in_, fit = 3, print; predict = get_params = fit\n"
        "lazy, table, fitted = Lazy(), Table(), Fitted()\n"
        "class Words(list):\n"
        "    __len__ = Lazy.__bool__\n"
        "words = Words()\n"
        "sys = __import__('sys'); sys.modules['odd module'] = odd; sys.modules[2] = odd\n"
        "huge, nan, infinite = 10**400, float('nan'), float('inf')\n"
        "globals()[1] = 'a name that is no text'"
    )
    async with start() as kernel:
        assert (await kernel.run(odd))["status"] == "ok"
        state = await kernel.state()
    assert {state.variables[name] for name in ("odd", "lazy", "words")} == {"Odd", "Lazy", "Words"}
    fitted = {model.variable: (model.fitted, model.example_variable) for model in state.models}
    assert fitted == {"odd": (None, None), "fitted": (False, None)}
    assert state.scalars == {}
