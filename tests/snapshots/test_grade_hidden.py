"""What the code hides from a glance at its names is found all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.notebooks import apart
from jupyter_mlops.snapshots.grade import grade
from tests import notebooks
from tests.kernel_states import kernel_state

from .random_notebooks import is_honest, play

if TYPE_CHECKING:
    from jupyter_mlops.services import Services

COUNTS = """
class D:
    n = 0
    def __get__(self, owner, kind=None):
        self.n += 1
        return self.n
"""
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
    # what reading changes, what closures keep, what classes are made of, which names there are
    ([COUNTS, "class A:\n    v = D()", "a = A()", "print(a.v)"], "01233", "c3"),
    ([COUNTS, "class A:\n    v = D()", "print(A.v)"], "0122", "c2"),
    ([COUNTS, "class A:\n    v: int = D()", "a = A()", "b = a.v", "print(b)"], "0123343", "c3"),
    ([COUNTS, "d = D()", "class A:\n    v = d", "a = A()", "print(a.v)"], "012344", "c4"),
    ([COUNTS, "class A: pass", "setattr(A, 'v', D())", "a = A()", "print(a.v)"], "012344", "c4"),
    ([COUNTS, "class B:\n    v = D()\nclass A(B): pass", "a = A()", "print(a.v)"], "01233", "c3"),
    ([COUNTS, "A = type('A', (), {'v': D()})", "a = A()", "print(a.v)"], "01233", "c3"),
    (["from collections import defaultdict\nd = defaultdict(list)", "print(len(d))\nd['a']"], "011", "c1"),
    (["import collections\nd = collections.defaultdict(int)", "print(len(d), d['a'])"], "011", "c1"),
    (["import collections as c\nD = c.defaultdict", "d = D(int)", "print(len(d), d['a'])"], "0122", "c2"),
    (["from collections import defaultdict\ndef make():\n    return defaultdict(int)", "d = make()", "print(len(d), d['a'])"], "0122", "c2"),
    (["from collections import defaultdict\nt = {'k': defaultdict(int)}", "print(len(t['k']), t['k']['a'])"], "011", "c1"),
    (["from collections import defaultdict\nt = [defaultdict(int) for _ in range(2)]", "print(len(t[0]), t[0]['a'])"], "011", "c1"),
    (["from collections import defaultdict\nclass M(defaultdict): pass", "k = M(int)", "print(len(k), k['a'])"], "0122", "c2"),
    (["from collections import defaultdict\nd = defaultdict(object)", "print(len(d))\nd['a']"], "011", "c1"),
    (["from collections import defaultdict\nd = defaultdict(object)\ndef f(k):\n    return d[k]", "print(len(d))\nf('a')"], "011", "c1"),
    (["import queue\nq = queue.Queue()", "q.put(1); q.put(2)", "print(q.get())"], "0122", "c2"),
    (["from queue import SimpleQueue\nq = SimpleQueue()", "q.put(1); q.put(2)", "b = q.get()", "print(b)"], "0123323", "c2"),
    (["t = [iter([1, 2, 3])]", "print(next(t[0]))"], "011", "c1"),
    (["t = {'k': iter([1, 2, 3])}", "print(next(t['k']))"], "011", "c1"),
    (["class M(type):\n    n = 0\n    def __call__(cls):\n        M.n += 1\n        return M.n", "class A(metaclass=M): pass", "print(A())"], "0122", "c2"),
    (["class M(type):\n    n = 0\n    def __getattr__(cls, x):\n        M.n += 1\n        return M.n", "class A(metaclass=M): pass", "print(A.foo)"], "0122", "c2"),
    (["class M(type):\n    n = 0\n    @property\n    def v(cls):\n        cls.n += 1\n        return cls.n", "class A(metaclass=M): pass", "print(A.v)"], "0122", "c2"),
    (["import itertools as i\nt = i.count(), 1", "print(next(t[0]))"], "011", "c1"),
    (["from operator import attrgetter\nclass D:\n    n = 0\n    def __get__(self, o, t=None):\n        self.n += 1\n        return self.n\nclass A:\n    v = D()\na = A()", "print(attrgetter('v')(a))"], "011", "c1"),
    (["a = 1", "print('a' in dir())", "del a"], "0121", "c1"),
    (["a = 1", "print('b' in vars())", "b = a"], "0121", "c1"),
    (["a = 1", "class K:\n    global a\n    a = 5", "print(a)"], "0102", "c2"),
    (["a = 1", "class K:\n    global a\n    a = a + 1", "print(a)"], "01212", "c1"),
    (["p = [0]", "[p[0] for p[0] in [p[0]+1]]", "print(p)"], "01212", "c1"),
    (["p = [0,1]", "del p[0]", "print(p)"], "01212", "c1"),
    (["p = [0,1,2]", "del p[:1]", "print(p)"], "01212", "c1"),
    (["p = [[0,1,2]]", "del p[0][0]", "print(p)"], "01212", "c1"),
    (["p = [1]", "list.append(p, 1)", "print(p)"], "01212", "c1"),
    (["import operator\np = [1]", "operator.iadd(p, [1])", "print(p)"], "01212", "c1"),
    (["import operator\np = [1]", "operator.methodcaller('append', 2)(p)", "print(p)"], "01212", "c1"),
    (["import weakref\nclass K: pass\nk = K()\nr = weakref.ref(k)", "print(r() is None)", "k = 0"], "0121", "c1"),
    (["class K:\n    n = 0", "type.__setattr__(K, 'n', K.n + 1)", "print(K.n)"], "01212", "c1"),
    (["class K:\n    __slots__ = ('n',)\nk = K(); k.n = 0", "object.__setattr__(k, 'n', k.n + 1)", "print(k.n)"], "01212", "c1"),
    (["def mk():\n    p = []\n    return p.append, lambda: len(p)", "add, size = mk()", "add(1)", "print(size())"], "012323", "c2"),
    (["import io\nf = io.StringIO('a\\nb\\nc')", "print(next(f))"], "011", "c1"),
    (["import io\nf = io.StringIO('a\\nb\\nc')", "for l in f:\n    print(l)"], "011", "c1"),
    (["import io\nf = io.StringIO('a\\nb\\nc')", "print([l for l in f])"], "011", "c1"),
    (["import io\nf = io.StringIO('a\\nb\\nc')", "print(list(f))"], "011", "c1"),
    (["import io\nf = io.StringIO('a\\nb\\nc')", "a, *b = f\nprint(b)"], "011", "c1"),
    (["it = iter([1,2,3])", "print(2 in it)"], "011", "c1"),
    (["it = iter([1,2,3])", "a, *b = it\nprint(a)"], "011", "c1"),
    (["it = iter(['1','2','3'])", "print(''.join(it))"], "011", "c1"),
    (["it = iter([1,2,3])", "print({**dict.fromkeys(it)})"], "011", "c1"),
    (["it = iter([1,2,3])", "print(bytes(it))"], "011", "c1"),
    (["it = iter([1,2,3])", "def f(): yield from it", "print(list(f()))"], "0122", "c2"),
    (["it = iter([1,2,3])", "from collections import Counter, deque", "print(Counter(it))"], "0122", "c2"),
    (["it = iter([1,2,3])", "import statistics", "print(statistics.mean(it))"], "0122", "c2"),
    (["import math\nit = iter([1,2,3])", "print(math.prod(it))"], "011", "c1"),
    (["import math\nit = iter([1,2,3])", "print(math.fsum(it))"], "011", "c1"),
    (["import numpy as np\nit = iter([1,2,3])", "print(np.fromiter(it, int))"], "011", "c1"),
    (["it = iter([1,2,3])", "p = []\np += it", "print(p)"], "01212", "c1"),
    (["it = iter([1,2,3])", "p = []\np[:] = it", "print(p)"], "01212", "c1"),
    (["a = 1\nfrom functools import cache\n@cache\ndef f(x):\n    return x + a", "a = 2", "print(f(1))"], "0212", "c2"),
    (["from itertools import tee\na, b = tee([1,2,3])", "print(next(a))"], "011", "c1"),
    (["for it in [iter([1,2,3])]:\n    pass", "print(next(it))"], "011", "c1"),
    (["a = []\nclass K:\n    a = 5\n    def add(self): a.append(1)", "k = K()", "k.add()", "print(a)"], "012323", "c2"),
    (["p = []\nclass K:\n    v = property(lambda self: p.append(1) or len(p))", "k = K()", "print(k.v)"], "0122", "c2"),
    (["class K:\n    class D:\n        n = 0\n        def __get__(self, o, t=None):\n            self.n += 1\n            return self.n\n    v = D()", "k = K()", "print(k.v)"], "0122", "c2"),
    (["class D:\n    n = 0\n    def __init__(self, f): pass\n    def __get__(self, o, t=None):\n        self.n += 1\n        return self.n", "class K:\n    @D\n    def v(self): pass", "k = K()", "print(k.v)"], "01233", "c3"),
    (["def deco(cls):\n    class W(cls):\n        n = 0\n        def __call__(self):\n            W.n += 1\n            return W.n\n    return W", "@deco\nclass K: pass", "k = K()", "print(k())"], "01233", "c3"),
    (["def counted(fn):\n    box = {'n': 0}\n    def inner(*a):\n        box['n'] += 1\n        return box['n']\n    return inner", "@counted\ndef f(): pass", "print(f())"], "0122", "c2"),
    (["def counted(fn):\n    box = [0]\n    def inner(*a):\n        box.append(0)\n        return len(box)\n    return inner", "f = counted(print)", "print(f())"], "0122", "c2"),
    (["import numpy as np\na = np.zeros(3)", "np.add(a, 1, a)", "print(a)"], "01212", "c1"),
    (["import numpy as np\na = np.full(3, 16.0)", "np.sqrt(a, a)", "print(a)"], "01212", "c1"),
    (["import numpy as np\na = np.zeros(3)", "b = np.add(a, 1)", "print(a)"], "01212", None),
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


@pytest.mark.parametrize(("sources", "order", "cell_id"), HIDDEN)
def test_it_is_found_in_values_that_the_kernel_cannot_read(
    sources: list[str], order: str, cell_id: str | None
) -> None:
    made = play(sources, order)
    bare = [run.model_copy(update={"values": None}) for run in made.history]
    assert cell_id is None or grade(made.cells, bare)[0] == "stale"


def test_a_large_notebook_is_judged_by_what_the_kernel_told(services: Services) -> None:
    """Its snapshot is taken in another process; what ran there by a library only values tell."""
    sources = ["import json\np = [1]", "json.hidden(p)", "print(p)"]
    path = notebooks.write(services.project.root / "large.ipynb", sources)
    state = kernel_state([*sources, sources[1]])
    told = [{"p": "1/"}, {"p": "2/"}, {}, {"p": "3/"}]
    ids = ["cell0", "cell1", "cell2", "cell1"]
    cells = [
        run.model_copy(update={"values": values, "cell_id": cell_id})
        for run, values, cell_id in zip(state.cells, told, ids, strict=True)
    ]
    state = state.model_copy(update={"cells": cells})
    made = apart.take_and_tell(services, path, state, author="me")
    assert made is not None
    assert (made.grade, services.snapshots.create(path, state, author="me").grade) == (
        "stale",
        "stale",
    )
    bare = state.model_copy(
        update={"cells": [run.model_copy(update={"values": None}) for run in cells]}
    )
    assert services.snapshots.create(path, bare, author="me").grade == "valid"
