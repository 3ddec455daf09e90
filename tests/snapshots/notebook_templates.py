"""Cells of which random notebooks are made, with names and numbers to be filled in."""

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
print(isinstance(k, K))
print(type(k) is K, k is j)
print([one is k for one in e])
e = [k, {n}]
class K(K):|    pass
o = object()
e = [o, {n}]
print(o in e)
d[f] = {i}
print(f in d, f is h)
import weakref|r = weakref.ref(k)
import weakref|e = [weakref.ref(o) if o is None else weakref.ref(k)]
print(r() is None)
print(e[0]() is None)
import sys|print(sys.getrefcount(k) > 2)
class K:|    def __init__(self, v=1):|        self.v, self.shared = v, []|    def add(self, x):|        return x|    def __del__(self):|        {p}.append(self.v)
class K:|    def __init__(self, v=1):|        self.v, self.shared = v, []|    def __del__(self):|        print("end")
from dataclasses import dataclass|@dataclass|class K:|    v: int = {i}|    shared: list = None
print(k == K({n}))
from enum import Enum|class C(Enum):|    A = {i}|    B = 5
e = [C.A, {n}]
print(e[0] is C.A)
def f(x: K = 1) -> C:|    return x
class E(Exception):|    n = {n}
def f(x=1):|    raise E(x)
try:|    f()|except E as error:|    {n} = error.n|except Exception:|    {n} = {i}
from functools import singledispatch|@singledispatch|def f(x=1):|    return {i}
@f.register|def _(x: K):|    return {n}
print(f(k))
import math, nowhere
from math import floor, nowhere
""".strip().split("\n")
)
