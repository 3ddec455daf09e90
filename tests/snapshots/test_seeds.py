from __future__ import annotations

import pytest

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.seeds import seeds


def ran(*sources: str) -> list[CellRun]:
    return [CellRun(execution_count=1, cell_id=None, source=s, status="ok") for s in sources]


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
    ],
)
def test_seeds_are_found_in_code(source: str, expected: dict[str, object]) -> None:
    assert seeds(ran(source), {"SEED": 5}) == expected


def test_several_seeds_stand_in_the_order_they_ran() -> None:
    history = ran("f(random_state=2)", "f(random_state=1)", "f(random_state=2)")
    assert seeds(history, {}) == {"random_state": [2, 1]}
