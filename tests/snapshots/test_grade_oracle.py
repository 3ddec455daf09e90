"""The grade against what really comes out of a run from top to bottom."""

from __future__ import annotations

import contextlib
from collections import Counter

import pytest

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.notebook import CodeCell

from .random_notebooks import (
    Kernel,
    Played,
    UnsteadyError,
    from_top_to_bottom,
    played,
    values,
)

LOOPS = {"x", "k2"}  # variables of loops are no results


def is_honest(made: Played) -> bool:
    """Tell whether a run from top to bottom prints and leaves the same."""
    fresh = from_top_to_bottom(made.cells)
    real, ideal = values(made.namespace), values(fresh.namespace)
    printed = all(
        made.outputs[str(cell.cell_id)] == fresh.outputs.get(str(cell.cell_id))
        for cell in made.cells
    )
    return printed and all(real.get(name) == ideal[name] for name in ideal.keys() - LOOPS)


MADE = 1500
WRONGLY_STALE = 0.02  # of them


def judged(number: int) -> tuple[bool, bool]:
    """Tell of a random notebook whether it is honest, and whether its grade is good."""
    made = played(number)
    honest = is_honest(made)
    verdict, reasons = grade(made.cells, made.history)
    good = verdict in {"clean", "valid"}
    assert honest or not good, f"notebook {number} is no {verdict} one"
    assert bool(reasons) == (verdict != "clean")
    assert {reason.cell_id for reason in reasons} <= {None, *(c.cell_id for c in made.cells)}
    return honest, good


def test_a_good_grade_is_never_a_lie_and_a_bad_one_seldom() -> None:
    found: Counter[tuple[bool, bool]] = Counter()
    for number in range(MADE):
        with contextlib.suppress(UnsteadyError):
            found[judged(number)] += 1
    assert found.total() > MADE * 0.9
    assert found[True, True] > MADE / 4
    assert found[False, False] > MADE / 4
    assert found[True, False] <= WRONGLY_STALE * found.total(), found


def play(sources: list[str], order: str) -> Played:
    kernel = Kernel()
    for digit in order:
        kernel.run(f"c{digit}", sources[int(digit)])
    cells = [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(sources)]
    return Played(cells, kernel.history, kernel.outputs, kernel.namespace)


APPENDS = "def add(x):\n    x.append(1)"
# ruff: noqa: E501
# what the code hides from a glance at its names; the order it ran in; the first reason's cell
HIDDEN = [
    (["p = [1]", "q = p", "q.append(2)", "print(p)"], "01232", "c2"),
    (["p = [1]", "t = [p]", "t[0].append(2)", "print(p)"], "01232", "c2"),
    (["p = [[1]]", "q = list(p)", "q[0].append(2)", "print(p)"], "012323", "c2"),
    (["p = [[1]]", "q = p + [2]", "q[0].append(2)", "print(p)"], "012323", "c2"),
    (["p = [1]", "d = {'k': p}", "d['k'] += [2]", "print(p)"], "012323", "c2"),
    (["p = []", "def f():\n    p.append(1)", "f()", "print(p)"], "012323", "c2"),
    (["p = []", "def f(x):\n    p.append(x)", "list(map(f, [1]))", "print(p)"], "012323", "c2"),
    (["p = []", "f = lambda: p.append(1)", "f()", "print(p)"], "012323", "c2"),
    (["p = []", "def f():\n    def g():\n        p.append(1)\n    g()", "f()"], "0122", "c2"),
    (["n = 0", "def f():\n    global n\n    n = n + 1", "f()", "print(n)"], "012323", "c2"),
    (["p = []", APPENDS, "add(p)", "print(p)"], "012323", "c2"),
    (["p = []", APPENDS, "g = add\ng(p)", "print(p)"], "012323", "c2"),
    (["p = []", "def f(*a):\n    a[0].append(1)", "f(p)", "print(p)"], "012323", "c2"),
    (["p = []", "def get():\n    return p", "q = get()\nq.append(1)", "print(p)"], "012323", "c2"),
    (["p = [[1]]", "list(map(lambda v: v.append(1), p))", "print(p)"], "01212", "c1"),
    (["p = [[1]]", "for v in p:\n    v.append(1)", "print(p)"], "01212", "c1"),
    (["p = [[1]]", "_ = [v.append(1) for v in p]", "print(p)"], "01212", "c1"),
    (["def f(x, acc=[]):\n    acc.append(x)\n    return acc", "print(f(1))"], "011", "c1"),
    (["it = iter([1, 2, 3])", "print(next(it))"], "011", "c1"),
    (["it = (x for x in [1, 2])", "print(sum(it))"], "011", "c1"),
    (["it = (x for x in [1, 2])", "for x in it:\n    print(x)\n    break"], "011", "c1"),
    (["def f():\n    yield 1\n    yield 2", "it = f()", "print(next(it))"], "0122", "c2"),
    (["exec('a = 1')", "print(a)", "exec('a = 2')"], "0121", "c1"),
    (["import random", "random.seed(1)", "a = random.randint(0, 10**9)", "print(a)"], "012323", "c2"),
    (["import random\nrandom.seed(1)", "p = list(range(50))", "random.shuffle(p)\nprint(p)"], "0122", "c2"),
    (["class K:\n    all = []", "K.all.append(1)", "print(K.all)"], "01212", "c1"),
    (["class K:\n    all = []\n    def add(self):\n        self.all.append(1)", "k = K()", "k.add()", "print(K.all)"], "012323", "c2"),
    (["class K:\n    def __init__(self, p):\n        self.p = p", "p = []\nk = K(p)", "k.p.append(1)", "print(p)"], "012323", "c2"),
    (["class K:\n    v = 0\n    def up(self):\n        self.v += 1\n        return self.v", "k = K()", "print(k.up())"], "0122", "c2"),
    (["a = 1", "if (b := a + 1) > 1:\n    a = b", "print(a)"], "01212", "c1"),
    (["a = 1", "match a:\n    case 1:\n        b = a\n    case _:\n        a = 2", "a += 1"], "01212", "c1"),
    (["a = 1", "try:\n    b = a\nfinally:\n    a = 5", "print(b)"], "01212", "c1"),
    (["a = 1", "del a", "print(1)"], "0102012", None),
    (["a = 1", "a = a + 1", "print(a)"], "01212", "c1"),
    (["a = True", "print(a)", "a = 1"], "0121", "c1"),
    (["p = []", "a = 1\nif p:\n    a = 2", "p.append(0)", "print(a)"], "01213", "c1"),
    (["a = 1", "for a in range(3):\n    pass", "print(a)", "a = 1"], "013022", "c2"),
    (["a = 1", "b = 1", "if a > 1:\n    b = 2", "print(b)", "a = 2\nb = 2"], "012342", None),
    (["a = 1", "def f():\n    return a", "print(f())", "a = 2"], "01232", "c2"),
    (["from functools import partial", "p = []", "def f(x):\n    x.append(1)", "g = partial(f, p)\ng()", "print(p)"], "0123434", "c3"),
    (["p = []", "def deco(fn):\n    p.append(1)\n    return fn", "@deco\ndef f():\n    pass", "print(p)"], "012323", "c2"),
    (["p = [1]", "q = p", "p.append(1)\nn = len(q)\nq = 0", "print(n)"], "01023", "c2"),
    (["p = [1]\nq = [2]", "exec('q = p')", "q.append(1)", "print(p)"], "01232", "c2"),
    (["p = [1]\nq = [2]", "exec('q' + ' = p')", "q.append(1)", "print(p)"], "01232", "c2"),
    (["def f():\n    return g()", "def g():\n    return 1", "print(f())", "def g():\n    return 2"], "01232", "c2"),
    (["a = 1", "a += 1", "print(a)"], "01122", "c1"),
    (["class A:\n    n = 0\n    @classmethod\n    def up(cls):\n        cls.n += 1\n        return cls.n", "print(A.up())"], "011", "c1"),
    (["class A:\n    @staticmethod\n    def up(p):\n        p.append(1)", "p = []", "A.up(p)", "print(p)"], "01232", "c2"),
    *(
        (["class A:\n    n = 0\n" + method, "a = A()", f"b = {use}\nprint(b)"], "0122", "c2")
        for method, use in [
            ("    @property\n    def v(self):\n        self.n += 1\n        return self.n", "a.v"),
            ("    def __add__(self, x):\n        self.n += x\n        return self.n", "a + 1"),
            ("    def __getitem__(self, x):\n        self.n += x\n        return self.n", "a[1]"),
            ("    def __str__(self):\n        self.n += 1\n        return str(self.n)", "f'{a}'"),
            ("    def __eq__(self, x):\n        self.n += 1\n        return self.n == x", "a == 1"),
            ("    def __bool__(self):\n        self.n += 1\n        return self.n == 1", "1 if a else 2"),
            ("    def __call__(self):\n        self.n += 1\n        return self.n", "a()"),
            ("    def __getattr__(self, x):\n        self.n += 1\n        return self.n", "a.any"),
        ]
    ),
    (["def deco(fn):\n    def again():\n        again.n += 1\n        return again.n\n    again.n = 0\n    return again", "@deco\ndef f():\n    pass", "print(f())"], "0122", "c2"),
    (["def f():\n    f.n = getattr(f, 'n', 0) + 1\n    return f.n", "print(f())"], "011", "c1"),
    (["p = [[1], [2]]", "a, *b = p", "b[0].append(9)", "print(p)"], "01232", "c2"),
    (["p = {'k': [1]}", "match p:\n    case {'k': v}:\n        v.append(2)", "print(p)"], "01212", "c1"),
    (["a = 1", "b = [(c := x) for x in range(a)]", "print(c)", "c = 5"], "01232", "c2"),
    (["g = globals()", "g['a'] = 1", "print(a)", "g['a'] = 2"], "01232", "c2"),
    (["from types import SimpleNamespace\ns = SimpleNamespace(a=1)", "s.a += 1", "print(s.a)"], "01212", "c1"),
    (["a = [1]\nb = [1]", "print(a is b)", "b = a"], "0121", "c1"),
]  # fmt: skip


@pytest.mark.parametrize(("sources", "order", "cell_id"), HIDDEN)
def test_what_changes_in_hiding_is_found(
    sources: list[str], order: str, cell_id: str | None
) -> None:
    made = play(sources, order)
    verdict, reasons = grade(made.cells, made.history)
    assert is_honest(made) == (cell_id is None)
    if cell_id is not None:
        assert verdict == "stale"
        assert reasons[0].cell_id == cell_id


# run again, or out of order, and yet the same
HARMLESS = [
    (["a = 1", "b = a", "print(b)"], "01020122"),
    (["a = -1\nb = 'x'", "a = -1\nb = 'x'", "print(a, b)"], "102"),
    (["a = 2", "b = a * 2", "a = 2", "print(b)"], "01213"),
    (["import math", "a = math.floor(1.5)", "print(a)"], "010212"),
    (["def f(x):\n    return x + 1", "a = f(1)", "print(a)"], "010212"),
    (["p = [1, 2]", "n = 0\nfor x in p:\n    n += x", "print(n)"], "01212"),
    (["p = [3, 1]", "q = sorted(p)", "print(q, p)"], "0121212"),
    (["a = 1", "if a > 0:\n    b = 1\nelse:\n    b = 2", "print(b)"], "0121212"),
    (["a = 2", "b = [x * a for x in range(3)]", "print(b)"], "0102122"),
    (["p = [1]", "q = p.copy()", "q.append(2)\nprint(q)", "print(p)"], "0123123"),
    (["a = 1", "b = 2", "print(a)", "print(b)"], "10322"),
    (["class K:\n    def __init__(self):\n        self.v = 1", "k = K()", "print(k.v)"], "01212"),
    (["import random", "random.seed(3)", "print(random.randint(0, 10**9))"], "01212"),
    (["a = 1", "for x in range(3):\n    b = x + a", "print(b)"], "012121"),
    (["a = 1", "if a:\n    b = [a]\n    b.append(2)", "print(b)"], "012121"),
    (
        ["try:\n    import json\nexcept ImportError:\n    json = None", "print(json.dumps(1))"],
        "0101",
    ),
    (["text = 'a b'", "words = text.split()", "print(words)"], "0121212"),
    # what only the values tell
    (["p = [1]", "p = p.copy()", "print(p)"], "0112"),
    (["d = {}", "d['n'] = 1", "print(d)"], "01121"),
    (["a = 1", "b = a", "print(b)", "a = 1 + 0"], "01231"),
    (["a = 3", "b = a // 2", "print(b)", "a = 3"], "01323"),
    (["p = [1]", "q = sorted(p)", "print(q)", "p = list(p)"], "01231"),
    (["n = 0", "for n in range(3):\n    m = n", "print(m)"], "01012"),
    (
        ["a = 1", "match a:\n    case 1:\n        b = 10\n    case _:\n        b = 3", "print(b)"],
        "01212",
    ),
    (["import numpy as np\na = np.zeros(3)", "a = a + 1 - 1", "print(a.sum())"], "01121"),
    (["exec('a = 1')", "print(a)"], "0101"),
    (["globals()['a'] = 1", "print(a)"], "0101"),
    (["a = 1", "f = lambda x: x + a", "print(f(1))"], "10212"),
    (["print(1)", "def f():\n    return 1", "def f():\n    return 2"], "0121"),
]


@pytest.mark.parametrize(("sources", "order"), HARMLESS)
def test_what_is_the_same_is_valid(sources: list[str], order: str) -> None:
    made = play(sources, order)
    assert is_honest(made)
    assert grade(made.cells, made.history)[0] == "valid"


LEARNING = [
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    "df = pd.read_csv('a.csv')",
    "X, y = df.drop(columns=['y']), df['y']",
    "model = LogisticRegression(C=0.5)",
    "model.fit(X, y)",
    "print(model.score(X, y))",
    "df.describe()",
]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("0123456", "clean"),
        ("01234566", "valid"),  # looked at the table again
        ("01234545645", "valid"),  # fitted and scored again
        ("0012345600", "valid"),  # imports again
        ("01234564", "stale"),  # fitted again, but not scored
        ("01234561", "stale"),  # read again, which may be another file now
        ("1203456", "stale"),  # failed where it came before the import
    ],
)
def test_how_people_work(order: str, expected: str) -> None:
    cells = [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(LEARNING)]
    history = [
        CellRun(execution_count=n, cell_id=f"c{d}", source=LEARNING[int(d)], status="ok")
        for n, d in enumerate(order, 1)
    ]
    assert grade(cells, history)[0] == expected
