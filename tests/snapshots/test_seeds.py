from __future__ import annotations

import time
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.notebook import CodeCell
from jupyter_mlops.snapshots.seeds import by_setter, seeds

from .notebook_templates import TEMPLATES
from .random_notebooks import lines


def ran(*sources: str) -> list[CellRun]:
    return [CellRun(execution_count=1, cell_id=None, source=s, status="ok") for s in sources]


RNG = "numpy.random.default_rng"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import random\nrandom.seed(7)", {"random.seed": 7}),
        ("np.random.seed(0)", {"numpy.random.seed": 0}),
        ("rng = np.random.default_rng(42)", {"numpy.random.default_rng": 42}),
        ("torch.manual_seed(SEED)", {"torch.manual_seed": 5}),
        ("tf.random.set_seed(1)", {"tensorflow.random.set_seed": 1}),
        ("train_test_split(X, y, random_state=3)", {"random_state": 3}),
        ("%%time\nmodel = Forest(random_state=SEED)", {"random_state": 5}),
        ("f(random_state=None)\nnp.random.seed(None)\nrandom.seed()", {}),
        ("random.seed(compute())\nf(seed=rng)", {"random.seed": "unknown", "seed": "unknown"}),
        ("np.random.seed([1, 2])", {"numpy.random.seed": "unknown"}),
        ("a <- 1 ->", {}),
        ("import numpy.random as npr\nnpr.seed(2)", {"numpy.random.seed": 2}),
        ("from numpy.random import default_rng as new\nnew(seed=2)", {RNG: 2}),
        ("Generator(Philox(7))\nrandom.Random(9)", {"Philox": 7, "random.Random": 9}),
        ("g = torch.Generator().manual_seed(3)", {"torch.Generator.manual_seed": 3}),
        ("p = {'seed': 1, 'depth': 2}\nxgb.train(p, d)\np['seed'] = 4", {"seed": [1, 4]}),
        ("m.random_state = 6\nS: int = 8\nf(seed=S)", {"random_state": 6, "seed": 8}),
        ("class A:\n    def __init__(self, s):\n        self.seed = s\nr = {'seed': s()}", {}),
        # a generator stands for the seed that it was made with
        ("r = np.random.default_rng(3)\nf(random_state=r)", {RNG: 3}),
        ("r = np.random.default_rng()\nf(random_state=r)", {"random_state": "unknown"}),
    ],
)
def test_seeds_are_found_in_code(source: str, expected: dict[str, object]) -> None:
    assert by_setter(seeds(ran(source), {"SEED": 5})) == expected


def test_several_seeds_stand_in_the_order_they_ran() -> None:
    history = ran("f(random_state=2)", "f(random_state=1)", "f(random_state=2)")
    assert by_setter(seeds(history, {})) == {"random_state": [2, 1]}


NUMPY = "numpy.random.seed"
ENDLESS = ["unknown", 5, 4, 3, 2]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        # loops
        (["for s in range(5):\n    np.random.seed(s)"], {NUMPY: [0, 1, 2, 3, 4]}),
        (["for s in [7, 3]:\n    np.random.seed(s)"], {NUMPY: [7, 3]}),
        (["SEEDS = (7, 3)", "for s in SEEDS:\n    np.random.seed(s)"], {NUMPY: [7, 3]}),
        (["for s in range(3):\n    np.random.seed(10 * s + 1)"], {NUMPY: [1, 11, 21]}),
        (["[f(random_state=s) for s in range(3)]"], {"random_state": [0, 1, 2]}),
        (["N = 2\nfor s in range(N):\n    x = s + 40\n    f(seed=x)"], {"seed": [40, 41]}),
        # functions
        (["def f(s):\n    np.random.seed(s)", "for s in range(2):\n    f(s)"], {NUMPY: [0, 1]}),
        (["def f(s=9):\n    np.random.seed(s)", "f()\nf(4)"], {NUMPY: [9, 4]}),
        (["def f(a, *, seed=1):\n    g(random_state=seed)", "f(1, seed=3)"], {"random_state": 3}),
        (["def f(ss):\n    for s in ss:\n        np.random.seed(s)", "f([5, 6])"], {NUMPY: [5, 6]}),
        (["def f(s):\n    np.random.seed(s)", "def g(s):\n    f(s + 1)", "g(2)"], {NUMPY: 3}),
        (["def f():\n    np.random.seed(1)", "list(map(f, x))"], {NUMPY: 1}),
        # a name stands for what it stood for at the time
        (["S = 1", "np.random.seed(S)", "S = 2", "np.random.seed(S)"], {NUMPY: [1, 2]}),
        (["S = 1\nS += 4\nnp.random.seed(S)"], {NUMPY: 5}),
        # nobody can tell
        (["for s in seeds():\n    np.random.seed(s)"], {NUMPY: "unknown"}),
        (["s = 0\nwhile s < 3:\n    np.random.seed(s)\n    s += 1"], {NUMPY: "unknown"}),
        (["s = 0\nfor _ in x:\n    np.random.seed(s)\n    s += 1"], {NUMPY: "unknown"}),
        (["def f(s):\n    np.random.seed(s)", "pool.map(f, range(3))"], {NUMPY: "unknown"}),
        (["def f(s):\n    f(s + 1)\n    np.random.seed(s)", "f(2)"], {NUMPY: ENDLESS}),
    ],
)  # fmt: skip
def test_all_seeds_of_loops_and_functions(sources: list[str], expected: dict[str, object]) -> None:
    assert by_setter(seeds(ran(*sources), {"s": 4})) == expected


@pytest.mark.parametrize(("source", "status"), [("    if s: break", "ok"), ("    f()", "error")])
def test_a_loop_that_did_not_come_to_its_end(source: str, status: Literal["ok", "error"]) -> None:
    loop = f"for s in range(100):\n    np.random.seed(s)\n{source}"
    history = [run.model_copy(update={"status": status}) for run in ran(loop)]
    assert by_setter(seeds(history, {"s": 2})) == {NUMPY: [0, 1, 2]}
    assert by_setter(seeds(history, {})) == {NUMPY: [0, "unknown"]}


def test_many_seeds_are_the_first_and_the_last_by_cell() -> None:
    sources = ["for s in range(1000):\n    np.random.seed(s)", "np.random.seed(7)"]
    history = [
        CellRun(execution_count=1, cell_id=f"c{at}", source=source, status="ok")
        for at, source in enumerate(sources)
    ]
    cells = [CodeCell(4, "c0", sources[0], (), [])]
    uses = seeds(history, {}, cells)
    assert [(use.name, use.cell_id, use.cell_number, use.count, use.last) for use in uses] == [
        (NUMPY, "c0", 5, 1000, 999),
        (NUMPY, "c1", None, 1, 7),
    ]
    assert uses[0].values == list(range(10))
    assert by_setter(uses) == {NUMPY: "0, 1, 2 … 7 (1001 values)"}


@given(st.lists(st.sampled_from(TEMPLATES).flatmap(lines), max_size=8))
def test_any_code_is_read(sources: list[str]) -> None:
    for use in seeds(ran(*sources), {}):
        assert use.values[0] in {0, 1, 2, 3, "unknown"}


def test_code_that_calls_itself_ends() -> None:
    many = "def f(s):\n" + "    f(s + 1); np.random.seed(s)\n" * 30
    begun = time.thread_time()
    deep = f"np.random.seed({'-' * 3000}1)"
    assert by_setter(seeds(ran(many, "f(0)", deep), {}))[NUMPY][0] == "unknown"
    assert time.thread_time() - begun < 5
