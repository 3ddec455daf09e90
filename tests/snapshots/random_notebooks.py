"""Small random notebooks, and what comes of them when they are really run."""

from __future__ import annotations

import builtins
import contextlib
import io
import random
import re
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from jupyter_mlops.kernels.fingerprints import changes
from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.notebook import CodeCell

if TYPE_CHECKING:
    from collections.abc import Sequence

# ruff: noqa: E501
# n, m: numbers; p, q: lists; the rest stands for itself
TEMPLATES = tuple(
    """
{n} = {i}
{n} = {m} + {i}
{n} += {i}
{n} = {m}
{n}, {m} = {m}, {n}
print({n})
print({p}, {q})
print(f"{{{n}}} {{{p}}}")
{p} = [{i}, {i}]
{p} = [{q}, {i}]
{p} = {q}
{p} = {q} + [{i}]
{p} = {q} * 2
{p} = list({q})
{p} = {q}.copy()
{p} = {q}[:1]
{p} = sorted({q}, key=str)
{p} = [x for x in {q}]
{p} = [[x, {n}] for x in {q}]
{p}, {n} = [{n}], {i}
[{n}, *{p}] = {q}
{p}.append({n})
{p}.append({q})
{p}.extend({q})
{p}.clear()
{p}[0] = {i}
{p}[0].append({i})
{p} += [{n}]
{n} = len({p})
{n} = sum(x for x in {p} if isinstance(x, int))
for x in {p}:|    {n} += 1
for x in {p}:|    if isinstance(x, list):|        x.append({i})
for k2 in range(3):|    {n} = k2
if {n} > 2:|    {m} = {i}
if {n} > 2:|    {m} = {i}|else:|    {m} = {i}
while {n} < 5:|    {n} += 1
try:|    {n} = {p}[{i}]|except Exception:|    {m} = {i}
try:|    {n} = {p}[1]|except Exception as error:|    {n} = 0|finally:|    {m} = {n}
def f(x={i}):|    return x + {n}
def f(x=1):|    global {n}|    {n} = {n} + 1|    return {n}
def f(x=1, acc=[]):|    acc.append(x)|    return len(acc)
def f(x=1):|    {p}.append(x)|    return {n}
def make():|    n = 0|    def step(x=1):|        nonlocal n|        n += x|        return n|    return step
f = make()
f = lambda x=1: x * {n}
def g(x):|    x.append({n})|    return x
def g(x):|    y = x|    y.append(1)|    return {p}
def g(x):|    return x + [{n}]
def g(x):|    for y in x:|        if isinstance(y, list):|            y.append({n})|    return x
def g(x):|    yield from x|    {n}
{n} = f({m})
{p} = g({q})
{p} = list(g({q}))
print(f())
print(f({n}))
def twice(fn):|    return fn(fn({p}))
{p} = twice(g)
h = g
{p} = h({q})
def deco(fn):|    {p}.append(1)|    return fn
@deco|def f(x=1):|    return x
class K:|    shared = []|    def __init__(self, v={i}):|        self.v = v|    def add(self, x):|        self.shared.append(x)|        self.v += 1|        return self.v
class K:|    limit = {n}|    def __init__(self, v={i}):|        self.v = v|        self.shared = {p}|    def add(self, x):|        self.v += x|        return self.v + self.limit
class K:|    def __init__(self, v=1):|        self.v, self.shared = v, []|    def add(self, x):|        global {n}|        {n} = x|        return f(x)
k = K({n})
print(k.add({m}))
k.add({i})
print(k.v, k.shared)
k.v = {i}
j = k
print(j.v)
{n} = j.add(1)
it = iter({p})
it = ({n} * x for x in {p})
it = map(f, {p})
it = zip({p}, {q})
print(next(it, None))
{q} = list(it)
{n} = sum(1 for x in it)
for x in it:|    print(x)|    break
del {n}
if ({n} := {m} * 2) > 4:|    print({n})
{m} = {n} and ({n} + 1)
match {n}:|    case 1:|        {m} = 10|    case _:|        {m} = 3
match {p}:|    case [y, *z]:|        {m} = len(z)
import math|{n} = math.floor({m} / 2)
from math import floor|{n} = floor({m} / 2)
import copy|{p} = copy.deepcopy({q})
import copy|{p} = copy.copy({q})
d = {{"k": {p}}}
d["k"].append({i})
d["n"] = {n}
d.setdefault("z", []).append({n})
{p} = d.setdefault("k", [])
print(d)
import random|random.seed({i})
{n} = random.randint(0, 9)
random.shuffle({p})
rng = random.Random({i})
print(rng.randint(0, 9))
exec("{n} = {i}")
globals()["{n}"] = {i}
list(map(lambda v: v.append(1) if isinstance(v, list) else None, {p}))
{p} = list(map(lambda v: v, {q}))
from functools import lru_cache|@lru_cache|def f(x=1):|    return x + {n}
from functools import partial|f = partial(g, {p})
t = ({p}, {n})
t[0].append({i})
print(t)
{n} = {i}; {m} = {p}[{i}]; {p} = [{n}]
{p}.append({n})|{n} = {p}[{i}]|{p} = [{q}]
{n} = {m} = {p}[{i}]
{p}[{i}], {n} = {m}, {i}
if {n} > 1:|    {p} = [{n}]|{p}.append({m})
for x in {q}:|    {p} = [x]|    {p}.append({n})
for k2 in range(2):|    {n} = {m} + k2|    {p} = [{n}]
for k2 in range({i}):|    {m} = {q}[k2]
class D:|    n = {i}|    def __get__(self, owner, kind=None):|        self.n += 1|        return self.n
class D:|    def __get__(self, owner, kind=None):|        {p}.append({n})|        return len({p})
class K(metaclass=M):|    v = D()|    def __init__(self, v=1):|        self.shared = {p}|    def add(self, x):|        return x
class M(type):|    made = []|    def __call__(cls, *rest):|        cls.made.append(1)|        return super().__call__(*rest)
class K:|    {n} = {i}|    limit = {n}|    shared = {q}|    v = property(lambda self: {p}.append(1) or len({p}))|    def __init__(self, v=1):|        pass|    def add(self, x):|        return {n}
class K:|    global {n}|    {n} = {m} + 1
print(K.n, K.limit)
K.v = {p}
setattr(K, "v", {p})
k = type("K", (), {{"v": D(), "shared": {p}}})()
from collections import defaultdict|e = defaultdict(list)
from collections import defaultdict|e = defaultdict(object, k={p})
from collections import defaultdict|e = {{"k": defaultdict(list)}}["k"]
print(len(e), e[{n}])
e[{n}].append({m})
{n} = len(e["k"])
print(sorted(map(str, e)))
print("".join(str(x) for x in it))
print({n} in it)
{n}, *{p} = it
{p} += it
yt = it|it = iter(yt)
e = [iter({p}), {n}]
e = [it]
print(next(e[0], 0))
del {p}[0]
del {p}[{i}:]
[{p}[0] for {p}[0] in [{n}]]
print([{n} := x for x in {p}], {n})
print(f"{{f'{{{n}}}' + str({p})!r:>4}}")
for name in [k2 for k2 in globals() if k2 == "{n}"]:|    globals()[name] = {i}
print("{n}" in globals(), "k" in dir())
print(eval("{n} + {m}"))
{p} = eval("{q}")
exec("{p} = {q}")
list.append({p}, {n})
def make():|    {p} = []|    return lambda x=1: {p}.append(x) or len({p})
def make():|    z = []|    return z.append, lambda x=1: len(z)
g, f = make()
def deco(fn):|    z = []|    def inner(*rest):|        z.append(1)|        return len(z)|    return inner
from functools import lru_cache|@lru_cache|def f(x=1):|    return {p}[0]
match {p}:|    case [int(y), *_] if y > {n}:|        {m} = y|    case [] | [_]:|        {m} = 0
try:|    {p}.remove({n})|except* ValueError as error:|    {m} = {i}
with open("/dev/null") as it:|    {n} = len(it.read()) + {i}
from queue import SimpleQueue|e = SimpleQueue()|e.put({n})
e.put({m})
print(e.get(False))
import pandas as pd|t = pd.DataFrame({{"k": [{n}, {m}]}})
import pandas as pd|t = pd.DataFrame({{"k": [{i}, {n}], "w": ["x", "y"]}})
t["k"] = t["k"] + {n}
t["z"] = t["k"] * {i}
e = t["k"]
e[0] = {i}
e = t
t.loc[0, "k"] = {n}
print(t.to_string())
{n} = int(t["k"].sum())
t = t.assign(z={i})
t = t.drop(columns="z", errors="ignore")
t.drop(columns="z", inplace=True, errors="ignore")
t.insert(len(t.columns), len(t.columns), {n})
for k2 in t.columns:|    {p}.append(str(k2))
async def f2(x=1):|    {p}.append(x)|try:|    f2().send(None)|except StopIteration:|    pass
@deco|def h(x={p}[{i}]):|    return [x, {n}]
del {n}, {m}
import math, nowhere
from math import floor, nowhere
""".strip().split("\n")
)
SETUP = "a = 1\nb = 2\np = [1, 2]\nq = [3]\nd = {}\nimport random\nrandom.seed(0)"


class UnsteadyError(Exception):
    """Random numbers were drawn without a seed: nothing can be compared."""


@dataclass
class Played:
    """A notebook after someone worked with it, and its kernel's history."""

    cells: list[CodeCell]
    history: list[CellRun]
    outputs: dict[str, str]
    namespace: dict[str, Any]


def lines(template: str) -> st.SearchStrategy[str]:
    """Fill a template as hypothesis likes."""
    return st.randoms(use_true_random=False).map(lambda chosen: line(chosen, [template]))


def line(chosen: random.Random, kinds: Sequence[str]) -> str:
    """Fill one of some templates with names and numbers."""
    names = {"n": "ab", "m": "ab", "p": "pq", "q": "pq"}
    filled = {name: chosen.choice(which) for name, which in names.items()}
    return chosen.choice(kinds).format(**filled, i=chosen.randint(0, 3)).replace("|", "\n")


def played(number: int) -> Played:
    """Write a few cells, run them, then run, edit, delete and move some of them again.

    Raises:
        UnsteadyError: it draws random numbers without a seed.
    """
    chosen = random.Random(number)  # noqa: S311 - not for secrets
    # few kinds of lines in one notebook, so that they meet
    kinds = chosen.choices(TEMPLATES, k=chosen.randint(1, 5))

    def source() -> str:
        return "\n".join(line(chosen, kinds) for _ in range(chosen.randint(1, 2)))

    texts = [SETUP, *(source() for _ in range(chosen.randint(1, 5)))]
    cells = [[f"c{index}", text] for index, text in enumerate(texts)]
    kernel = Kernel()
    if chosen.randint(0, 3):
        for cell in cells:
            kernel.run(*cell)
    for _ in range(chosen.randint(0, 4)):
        cell = chosen.choice(cells)
        action = chosen.choice(["run"] * 9 + ["edit", "delete", "swap"])
        if action == "edit":
            cell[1] = source()
        elif action == "delete" and len(cells) > 2:
            cells.remove(cell)
            continue
        elif action == "swap":
            other = chosen.choice(cells)
            cell[:], other[:] = list(other), list(cell)
            continue
        kernel.run(*cell)
    for cell in cells:
        if kernel.sources.get(cell[0]) != cell[1]:
            kernel.run(*cell)
    code = [CodeCell(index, cell[0], cell[1], (), []) for index, cell in enumerate(cells)]
    return Played(code, kernel.history, kernel.outputs, kernel.namespace)


class Kernel:
    """Runs cells as a kernel does, and keeps what each printed last."""

    def __init__(self) -> None:
        self.history: list[CellRun] = []
        self.outputs: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._random = _random_module()
        self.namespace: dict[str, Any] = {
            "__builtins__": {**vars(builtins), "__import__": self._import}
        }

    def _import(self, name: str, *rest: Any) -> Any:
        return self._random if name == "random" else builtins.__import__(name, *rest)

    def run(self, cell_id: str, source: str) -> bool:
        printed = io.StringIO()
        line = None
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(source, "<cell>", "exec"), self.namespace)  # noqa: S102 - our own code
            failure = ""
        except UnsteadyError:
            raise
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
            trace = error.__traceback__
            line = trace.tb_next.tb_lineno if trace and trace.tb_next else None
        # addresses of objects differ from run to run
        self.outputs[cell_id] = re.sub("0x[0-9a-f]+", "0x", printed.getvalue() + failure)
        self.sources[cell_id] = source
        self.history.append(
            CellRun(
                execution_count=len(self.history) + 1,
                cell_id=cell_id,
                source=source,
                status="error" if failure else "ok",
                failed_line=line,
                values=changes(self.namespace, {"__builtins__"}, (), 60, self._digests, 60),
            )
        )
        return not failure


def from_top_to_bottom(cells: Sequence[CodeCell]) -> Kernel:
    """Run the cells in a fresh kernel, up to the first that fails."""
    kernel = Kernel()
    for cell in cells:
        if not kernel.run(str(cell.cell_id), cell.source):
            break
    return kernel


def _random_module() -> types.ModuleType:
    """Random numbers that know whether they were seeded."""
    module = types.ModuleType("random")
    own = random.Random()  # noqa: S311 - not for secrets
    seeded = False

    def seed(value: int) -> None:
        nonlocal seeded
        seeded = True
        own.seed(value)

    def steady(function: Any) -> Any:
        def call(*args: Any) -> Any:
            if not seeded:
                raise UnsteadyError
            return function(*args)

        return call

    vars(module).update(
        seed=seed, randint=steady(own.randint), shuffle=steady(own.shuffle), Random=random.Random
    )
    return module


def values(namespace: dict[str, Any]) -> dict[str, str]:
    """Return the plain values of a namespace, as text."""
    plain = (int, str, list, dict, tuple)
    return {
        name: re.sub("0x[0-9a-f]+", "0x", repr(value))
        for name, value in namespace.items()
        if isinstance(value, plain) and not name.startswith("_")
    }


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


def play(sources: list[str], order: str) -> Played:
    kernel = Kernel()
    for digit in order:
        kernel.run(f"c{digit}", sources[int(digit)])
    cells = [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(sources)]
    return Played(cells, kernel.history, kernel.outputs, kernel.namespace)
