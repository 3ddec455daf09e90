"""What a kernel tells of models and generators that a cell has changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.kernels.fingerprints import SECONDS, SECONDS_IN_BULK, changes

from .spaces import Space

if TYPE_CHECKING:
    from .conftest import Started

# ruff: noqa: E501
IMPORTS = """
import numpy as np, pandas as pd, random
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
X, y = make_classification(60, 4, random_state=0)
T = pd.DataFrame(X, columns=list("abcd"))
"""


@pytest.fixture(scope="module")
def used() -> Space:
    return Space(IMPORTS)


@pytest.fixture
def space(used: Space) -> Space:
    """A namespace with nothing in it but what is imported, which takes a second."""
    used.run("m = n = a = b = None")
    return used


READ = [
    "LogisticRegression(C=0.5)",
    "LogisticRegression().fit(X, y)",
    "LinearRegression().fit(T, y)",
    "SGDClassifier(random_state=0).fit(X, y)",
    "SVC(probability=False).fit(X, y)",
    "GaussianNB().fit(X, y)",
    "DecisionTreeClassifier(random_state=0).fit(X, y)",
    "RandomForestClassifier(3, random_state=0).fit(X, y)",
    "KMeans(2, n_init=1, random_state=0).fit(X)",
    "PCA(2).fit(X)",
    "MLPClassifier(3, max_iter=1, random_state=0).fit(X, y)",
    "make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()).fit(T, y)",
    "ColumnTransformer([('a', StandardScaler(), ['a'])]).fit(T)",
    "OneHotEncoder().fit([['x'], ['y']])",
    "GridSearchCV(GaussianNB(), {'var_smoothing': [0.1, 0.2]})",
    "{'m': GaussianNB().fit(X, y)}",
    "np.random.default_rng(3)",
    "np.random.RandomState(3)",
    "random.Random(3)",
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("source", READ)
def test_the_same_model_has_the_same_digest(space: Space, source: str) -> None:
    assert "/" in str(space.run(f"m = {source}")["m"])
    assert "m" not in space.run(f"m = {source}")


FITTED = "m = LogisticRegression().fit(X, y)"
CHANGED = [
    ("m = LogisticRegression()", "m.set_params(C=2)"),
    ("m = LogisticRegression()", "m.fit(X, y)"),
    (FITTED, "m.coef_[0, 0] = 9"),
    (FITTED, "m.classes_ = m.classes_.astype(float)"),
    (FITTED, "m.note = 1"),
    ("m = LogisticRegression()", "m = LinearRegression()"),
    ("m = make_pipeline(StandardScaler(), GaussianNB()).fit(X, y)", "m.steps[0][1].mean_[0] = 5"),
    ("m = make_pipeline(StandardScaler(), GaussianNB()).fit(X, y)", "m[-1].set_params(priors=None, var_smoothing=1)"),
    ("m = DecisionTreeClassifier(random_state=0).fit(X, y)", "m.tree_.value[0] = 7"),
    ("m = RandomForestClassifier(3, random_state=0).fit(X, y)", "m.estimators_[2].tree_.threshold[0] = 7"),
    ("m = SGDClassifier(random_state=0).fit(X, y)", "m.partial_fit(X, y)"),
    ("m = np.random.default_rng(3)", "m.random()"),
    ("m = np.random.default_rng(3)", "m.spawn(1)"),
    ("m = np.random.default_rng(3)", "m.bit_generator.random_raw()"),
    ("m = np.random.RandomState(3)", "m.rand()"),
    ("m = random.Random(3)", "m.random()"),
    ("m = random.Random(3)", "m.gauss(0, 1); m.gauss(0, 1); m.seed(3); m.gauss(0, 1)"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("one", "other"), CHANGED)
def test_another_one_has_another(space: Space, one: str, other: str) -> None:
    space.run(one)
    before = space.known["m"].partition("/")[0]
    assert space.run(other)["m"]
    assert space.known["m"].partition("/")[0] != before


HELD = [
    (FITTED, "a = m.coef_"),
    (FITTED, "a = m.coef_[0]"),
    (FITTED, "a = vars(m)"),
    (FITTED, "a = m"),
    (FITTED, "a = [m]"),
    (FITTED, "a = m.predict"),
    ("m = make_pipeline(StandardScaler())", "a = m.steps"),
    ("m = make_pipeline(StandardScaler())", "a = m[0]"),
    ("m = DecisionTreeClassifier(random_state=0).fit(X, y)", "a = m.tree_.value"),
    ("m = np.random.default_rng(3)", "a = m.bit_generator"),
    ("m = np.random.default_rng(3)", "a = np.random.Generator(m.bit_generator)"),
    ("m = SVC(random_state=np.random.RandomState(1))", "a = m.random_state"),
]


@pytest.mark.parametrize(("source", "holder"), HELD)
def test_who_has_a_part_of_a_model_too_is_told(space: Space, source: str, holder: str) -> None:
    space.run(source)
    alone = space.known["m"]
    assert "/" in alone
    space.run(holder)
    assert space.known.get("m") != alone
    space.run("a = None")
    assert space.known["m"] == alone


def test_ways_into_a_model_are_told_apart(space: Space) -> None:
    """The same names lead to the same models, but not by the same ways."""
    space.run("a, b = StandardScaler(), StandardScaler(); m = make_pipeline(a, b)")
    before = dict(space.known)
    space.run("a, b = b, a")
    assert any(space.known[name] != before[name] for name in "abm")


UNKNOWN = [
    "class K(LogisticRegression): pass\nm = K()",
    "m = GaussianNB(); m.other = object()",
    "m = SVC(kernel=lambda a, b: a @ b.T)",
    "K = type('GaussianNB', (), {'__module__': 'sklearn.naive_bayes'}); m = K()",
    "class R(random.Random): pass\nm = R(1)",
    "m = random.Random(1); m.other = 1",
    "from sklearn.utils import Bunch\nm = Bunch(a=1)",
]


@pytest.mark.parametrize("source", UNKNOWN)
def test_of_others_nothing_is_said(space: Space, source: str) -> None:
    assert "m" not in {name for name, digest in space.run(source).items() if digest}


def test_nothing_of_the_users_is_called(space: Space) -> None:
    space.run(
        "calls = []\n"
        "class Meta(type):\n"
        "    def __getattribute__(cls, name): calls.append(name); return type.__getattribute__(cls, name)\n"
        "class K(GaussianNB, metaclass=type('M', (Meta, type(GaussianNB)), {})):\n"
        "    def __getattribute__(self, name): calls.append(name); return 'sklearn.naive_bayes'\n"
        "    __dict__ = property(lambda self: calls.append('dict'))\n"
        "class Trap:\n"
        "    __class__ = property(lambda self: calls.append('class') or GaussianNB)\n"
        "    def __eq__(self, other): calls.append('eq')\n"
        "    __hash__ = None\n"
        "m, n, a = K(), Trap(), GaussianNB()\n"
        "a.other = Trap(); b = GaussianNB(var_smoothing=Trap())\n"
        "calls.clear()"
    )
    assert space.names["calls"] == []
    assert "calls" in space.known
    assert not {"m", "n", "a", "b"} & space.known.keys()


def test_large_models_cost_no_more_than_their_time(space: Space) -> None:
    space.run(
        "m = RandomForestClassifier(60, random_state=0).fit(X, y); n = GaussianNB().fit(X, y)"
    )
    assert "m" in space.known
    took = []
    for _ in range(20):
        started = time.thread_time()
        changes(space.names, {"__builtins__"}, (), SECONDS, space.known, SECONDS_IN_BULK)
        took.append(time.thread_time() - started)
    assert "m" not in space.known
    assert "n" in space.known
    assert min(took) < 10 * SECONDS_IN_BULK


async def test_a_kernel_tells_of_models(start: Started) -> None:
    async with start() as kernel:
        await kernel.run(
            "from sklearn.linear_model import LinearRegression\nm = LinearRegression()"
        )
        await kernel.run("m.fit([[1], [2]], [1, 2])")
        await kernel.run("m.fit([[1], [2]], [1, 2])")
        await kernel.run("m.coef_ *= 2")
        cells = (await kernel.state()).cells
    made, fitted, again, changed = (cell.values for cell in cells)
    assert made["m"].endswith("/")
    assert "/" in fitted["m"]
    assert again == {}
    assert "/" in changed["m"]
