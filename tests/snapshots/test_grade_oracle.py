"""The grade against what really comes out of a run from top to bottom."""

from __future__ import annotations

import contextlib
from collections import Counter

import pytest

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.notebook import CodeCell

from .random_notebooks import UnsteadyError, is_honest, play, played

MADE = 1500
WRONGLY_STALE = 0.035  # of them


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
