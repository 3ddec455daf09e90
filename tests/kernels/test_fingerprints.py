"""What a kernel tells of the values that a cell has changed."""

from __future__ import annotations

import gc
import time
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.kernels.fingerprints import SECONDS, changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Started


class Space:
    """A namespace in which code runs; ``run`` returns what has changed."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self.known: dict[str, str] = {}

    def run(self, source: str, *holders: Any, seconds: float = 60) -> dict[str, str | None]:
        exec(source, self.names)  # noqa: S102 - our own code
        return changes(self.names, {"__builtins__"}, holders, seconds, self.known)

    def is_alone(self, name: str) -> bool:
        return "/" in self.known[name]


@pytest.fixture
def space() -> Iterator[Space]:
    """Give one; what is let go must be gone at once, and not when it is collected."""
    gc.disable()
    try:
        yield Space()
    finally:
        gc.enable()


EQUAL = [
    ("a = 3", "a = 1 + 2"),
    ("a = 'x' * 3", "a = 'xxx'"),
    ("a = [1, 'x', None, 2.5]", "a = list((1, 'x', None, 2.5))"),
    ("a = {'k': [1, (2, 3)]}", "a = {}; a['k'] = [1]; a['k'].append((2, 3))"),
    ("import numpy as np\na = np.zeros(3)", "a = np.ones(3) - 1"),
    ("import numpy as np\na = np.float64(0.5)", "a = np.float64(1) / 2"),
    ("a = [[1], [1]]", "b = [1]\na = [b, list(b)]\ndel b"),
]
DIFFERENT = [
    ("a = 1", "a = True"),
    ("a = 1", "a = 1.0"),
    ("a = 0.0", "a = -0.0"),
    ("a = 'x'", "a = b'x'"),
    ("a = [1]", "a = (1,)"),
    ("a = {'k': 1, 'l': 2}", "a = {'l': 2, 'k': 1}"),
    ("a = [12, 3]", "a = [1, 23]"),
    ("a = ['1', '2']", "a = [1, 2]"),
    ("a = [[1], [1]]", "b = [1]\na = [b, b]\ndel b"),
    ("import numpy as np\na = np.zeros(4)", "a = np.zeros((2, 2))"),
    ("import numpy as np\na = np.zeros(2)", "a = np.zeros(2, int)"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_values_have_equal_digests(space: Space, one: str, other: str) -> None:
    assert space.run(one)["a"]
    assert "a" not in space.run(other)
    assert space.is_alone("a")


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_others_have_others(space: Space, one: str, other: str) -> None:
    assert space.run(one)["a"] != space.run(other)["a"]


def test_who_shares_a_value_is_part_of_it(space: Space) -> None:
    space.run("p = [1]; q = [1]; t = ((1,), 2)")
    alone = dict(space.known)
    space.run("q = p; u = t")
    assert space.known["p"] != alone["p"]
    assert space.known["p"] != space.known["q"]
    assert space.known["t"] == alone["t"] == space.known["u"]  # nobody can change it
    space.run("q = list(p)")
    assert space.known["p"] == alone["p"] == space.known["q"]


@pytest.mark.parametrize(
    "holder",
    [
        "class K: pass\nk = K(); k.p = p",
        "k = iter(p)",
        "def k(x=p): pass",
        "k = lambda q: lambda: q\nk = k(p)",
        "k = [object(), p]",
        "k = [p]; k.append(k)",
        "from functools import partial\nk = partial(print, p)",
    ],
)
def test_nothing_is_said_of_sharing_where_others_may_have_it(space: Space, holder: str) -> None:
    space.run("p = [1]")
    assert space.is_alone("p")
    space.run(holder)
    assert not space.is_alone("p")
    space.run("del k, K" if "class" in holder else "k = None", seconds=60)
    assert space.is_alone("p") == ("append(k)" not in holder)


def test_views_of_an_array_are_seen(space: Space) -> None:
    space.run("import numpy as np\na = np.arange(4)")
    assert space.is_alone("a")
    assert "v" not in space.run("v = a[:2]")
    assert not space.is_alone("a")
    assert "a" in space.run("v[0] = 9")


def test_what_cells_displayed_is_accounted_for(space: Space) -> None:
    space.run("p = [1]")
    shown = [{"result": space.names["p"]}, {1: space.names["p"]}]
    space.names["_"] = space.names["_1"] = space.names["p"]
    space.run("", *shown)
    assert space.is_alone("p")
    assert space.known.keys() == {"p"}


def test_names_that_are_gone_or_no_longer_known(space: Space) -> None:
    space.run("a = 1; b = 2")
    assert space.run("del a; b = object()") == {"a": "", "b": None}
    assert space.run("") == {}


def test_nothing_is_called_and_nothing_is_kept(space: Space) -> None:
    source = """
class Trap(Exception):
    def trap(self, *_): calls.append(1); raise self
    __eq__ = __hash__ = __repr__ = __str__ = __len__ = __iter__ = __getattr__ = trap
    __sizeof__ = __bool__ = __index__ = __float__ = __class_getitem__ = trap
class MyInt(int):
    __repr__ = __sizeof__ = __index__ = bit_length = Trap.trap
class MyList(list):
    __iter__ = __len__ = Trap.trap
calls = []
a, b, c, d = Trap(), MyInt(3), MyList([1]), [MyInt(3)]
e = {'k': MyList([1])}
"""
    space.run(source)
    assert space.known.keys() == {"calls"}
    assert space.names["calls"] == []
    space.run("class K: pass\nk = K(); a = b = c = d = e = None")
    gone = weakref.ref(space.names["k"])
    space.run("s = [k, [1], {}]\nr = [[1]]; t = [r, r]")
    del space.names["k"], space.names["s"]
    assert gone() is None


def test_what_is_large_is_left_out(space: Space) -> None:
    space.run(
        "import numpy as np\n"
        "a = list(range(10**6)); b = 'x' * 10**7; c = np.zeros(10**6); d = 10**10**6; e = 1\n"
        "f = []\nfor _ in range(100): f = [f]\n"
        "g = [['x' * 1000] * 1000] * 1000"
    )
    assert space.known.keys() == {"e"}


def test_the_time_is_kept(space: Space) -> None:
    space.names |= {f"l{n}": [[i, str(i)] for i in range(20)] for n in range(5000)}
    started = time.thread_time()
    changes(space.names, (), (), SECONDS, space.known)
    took = time.thread_time() - started
    assert len(space.known) < 4000
    assert took < 50 * SECONDS  # of an idle machine, twice as long as it may take


async def test_a_kernel_tells_what_its_cells_have_changed(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("a = 1; p = [1]")
        await kernel.run("p")
        await kernel.run("b = a; p.append(2); 1 / 0")
        await kernel.run("p = [1]\nq = p")
        await kernel.run("del a")
        cells = (await kernel.state()).cells
    first, shown, failed, shared, gone = (cell.values for cell in cells)
    assert first.keys() == {"a", "p"}
    assert first["a"]
    assert first["p"]
    assert first["p"].endswith("/")
    assert shown == {}
    assert failed.keys() == {"b", "p"}
    assert failed["b"] == first["a"]
    assert shared["p"] != first["p"]
    assert shared["p"].partition("/")[0] == first["p"].partition("/")[0]
    assert gone == {"a": ""}
    assert "values" not in cells[0].model_dump()
