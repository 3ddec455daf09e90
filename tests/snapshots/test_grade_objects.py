"""Which object a name stands for, who has it, and which cell an output comes from."""

from __future__ import annotations

import pytest

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.notebook import CodeCell

from .random_notebooks import is_honest, play

# ruff: noqa: E501
A = "class A: pass"
IMPORT = "import weakref\n" + A
HAS = "class H:\n    def __init__(self, a):\n        self.r = weakref.ref(a)\n"
# what made it is made again, and what it is compared with is not the same any more
TWO = [
    (A, "a = A()", "print(isinstance(a, A))"),
    (A, "a = [A()]", "print(isinstance(a[0], A))"),
    (A, "class B(A): pass", "print(issubclass(B, A))"),
    (A, "def f():\n    return A()\na = f()", "print(type(a) is A)"),
    (A, "a = A()", "def f(x):\n    return isinstance(x, A)\nprint(f(a))"),
    (A, "a = A()", "match a:\n    case A():\n        print(1)\n    case _:\n        print(2)"),
    (A, "d = {A: 1}", "print(d.get(A))"),
    (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1",
        "a = A()",
        "print(a == A())",
    ),
    ("from enum import Enum\nclass A(Enum):\n    x = 1", "d = {A.x: 1}", "print(d.get(A.x))"),
    ("class E(Exception): pass", "e = E()", "try:\n    raise e\nexcept E:\n    print(1)"),
    ("M = object()", "d = {'k': M}", "print(d['k'] is M)"),
    (A + "\na = A()", "p = [a]", "print(a in p)"),
    ("def f(): pass", "d = {f: 1}", "print(f in d)"),
    (A + "\na = A()", "n = id(a)", "print(n == id(a))"),
    (IMPORT + "\na = A()", "r = weakref.ref(a)", "print(r() is None)"),
    (IMPORT + "\na = A()", "p = [weakref.ref(a)]", "print(p[0]() is None)"),
    (IMPORT + "\na = A()", HAS + "r = H(a)", "print(r.r() is None)"),
    ("from weakref import WeakSet\n" + A + "\na = A()", "s = WeakSet([a])", "print(len(s))"),
    (IMPORT + "\na = A()", "f = weakref.finalize(a, int)", "print(f.alive)"),
    ("import sys\n" + A + "\na = A()", "p = [a]", "print(sys.getrefcount(a))"),
    (
        "from functools import singledispatch\n@singledispatch\ndef f(x):\n    return 0\n" + A,
        "@f.register\ndef _(x: A):\n    return 1",
        "print(f(A()))",
    ),
]


@pytest.mark.parametrize("sources", TWO)
def test_another_object_is_another_even_if_it_is_equal(sources: tuple[str, ...]) -> None:
    made = play(list(sources), "0102")
    assert not is_honest(made)
    assert grade(made.cells, made.history)[0] == "stale"
    bare = [run.model_copy(update={"values": None}) for run in made.history]
    assert grade(made.cells, bare)[0] == "stale"


@pytest.mark.parametrize("sources", [one for one in TWO[:13] if "raise" not in one[2]])
def test_all_of_it_made_again_is_the_same(sources: tuple[str, ...]) -> None:
    made = play(list(sources), "012012")
    assert is_honest(made)
    assert grade(made.cells, made.history)[0] == "valid"


@pytest.mark.parametrize(
    ("sources", "order"),
    [
        (["class A:\n    def __del__(self):\n        print('end')", "a = A()"], "011"),
        (["p = []\nclass A:\n    def __del__(self):\n        p.append(1)", "a = A()", "a = 0\nprint(p)"], "0112"),
        (["class B: pass", "class A(B): pass", "print(len(B.__subclasses__()))"], "0112"),
        (["def f(x: A): pass", A, "print(1)"], "102"),
        (["a: A = 1", A, "print(1)"], "102"),
        (["p = [1]\nd = {}", "d['k'] = iter(p)", "print(p)"], "0120"),
    ],
)  # fmt: skip
def test_what_is_there_and_what_is_gone(sources: list[str], order: str) -> None:
    made = play(sources, order)
    assert not is_honest(made)
    assert grade(made.cells, made.history)[0] == "stale"


@pytest.mark.parametrize(
    ("sources", "order"),
    [
        ([A, "def f(x: A) -> A:\n    return x", "print(f(1))"], "01202"),
        ([A, "a: A = 1", "print(a)"], "0102"),
        ([A, "a = A()", "def f(x):\n    return x", "print(f(1))"], "0123023"),
    ],
)
def test_what_is_not_asked_for_is_of_no_consequence(sources: list[str], order: str) -> None:
    made = play(sources, order)
    assert is_honest(made)
    assert grade(made.cells, made.history)[0] == "valid"


HANDLE = "h = display(1, display_id=True)"
FIRST = "display(1, display_id='x')"
SECOND = "display(2, display_id='x', update=True)"
UPDATE = "from IPython.display import update_display\nupdate_display(2, display_id='x')"


@pytest.mark.parametrize(
    ("sources", "order", "expected"),
    [
        ((HANDLE, "h.update(2)"), "01", "clean"),
        ((HANDLE, "h.update(2)"), "011", "valid"),
        ((HANDLE, "h.update(2)"), "0101", "valid"),
        ((HANDLE, "h.update(2)"), "010", "stale"),
        ((HANDLE, "h.update(2)", "h = 0"), "0120", "stale"),
        ((HANDLE, None, "h = 0"), "012", "stale"),
        (("p = [display(i, display_id=True) for i in (1, 2)]", "p[0].update(3)"), "010", "stale"),
        (("def f():\n    return display(1, display_id=True)", "h = f()", "h.update(3)"), "0121", "stale"),
        ((FIRST, SECOND), "01", "clean"),
        ((FIRST, SECOND), "011", "valid"),
        ((FIRST, SECOND), "010", "stale"),
        ((FIRST, SECOND), "10", "stale"),
        ((FIRST, UPDATE), "010", "stale"),
        ((FIRST, None), "01", "stale"),
        ((FIRST, f"def f():\n    {SECOND}", "f()"), "0120", "stale"),
        ((FIRST, SECOND, "display(3, display_id='y')"), "0122", "valid"),
        (("x = 'x'\ndisplay(1, display_id=x)", SECOND), "010", "stale"),
        (("from IPython.display import DisplayHandle\nh = DisplayHandle('x')", "h.display(1)", "h.update(2)"), "0121", "stale"),
        (("display(1, display_id=None)", "display(2)"), "010", "valid"),
    ],
)  # fmt: skip
def test_an_output_is_what_was_last_put_into_it(
    sources: tuple[str | None, ...], order: str, expected: str
) -> None:
    """The cell of a None was deleted after it ran; it updated the output."""
    update = "h.update(2)" if sources[0] == HANDLE else SECOND
    cells = [
        CodeCell(index, f"c{index}", source, (), [])
        for index, source in enumerate(sources)
        if source is not None
    ]
    history = [
        CellRun(
            execution_count=count,
            cell_id=f"c{index}",
            source=sources[int(index)] or update,
            status="ok",
        )
        for count, index in enumerate(order, 1)
    ]
    assert grade(cells, history)[0] == expected
