"""What IPython adds to Python, and what the process has beside the namespace, in a grade."""

from __future__ import annotations

import pytest

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.notebook import CodeCell


def verdict(sources: list[str], order: str) -> str:
    """Grade cells that were run in an order by a kernel that tells no values."""
    history = [
        CellRun(execution_count=n, cell_id=f"c{d}", source=sources[int(d)], status="ok")
        for n, d in enumerate(order, 1)
    ]
    cells = [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(sources)]
    return grade(cells, history, {"helpers"})[0]


PRINTS = "import helpers\nprint(helpers.y)"
STARTS = "t = threading.Thread(target=f)\nt.start()"
# real kernels show something else than in a run from top to bottom, the thread if it lasts
OTHERWISE = [
    (["from helpers import *", "print(up())"], "011"),
    (["y = 0", "%run -i other.py", "print(y)"], "0112"),
    ([f"%load_ext autoreload\n%autoreload 2\n{PRINTS}", "open('helpers.py', 'w')"], "010"),
    (["p = []", "%timeit -n1 -r1 -q p.append(1)", "print(len(p))"], "0112"),
    (["p = []", "%%timeit -n1 -r1 -q\np.append(1)", "print(len(p))"], "01122"),
    (["%%bash\necho a >> f", "!cat f"], "0011"),
    (["import os", "print(os.environ.get('Q'))", "%env Q=1"], "0121"),
    (["import os", "print(os.getcwd())", "%cd -q sub"], "0121"),
    (["import os", "print(os.getcwd())", "os.chdir('sub')"], "0121"),
    (["5", "print(len(In))"], "001"),
    (["a = 1", "%who", "b = 2"], "0121"),
    (["a = 1", "%history", "b = 2"], "0121"),
    (["a = 1", "%xdel a", "print('a' in globals())"], "0102"),
    (["y = 0", "get_ipython().run_cell('y += 1')", "print(y)"], "0112"),
    (["y = 0", "ip = get_ipython()", "ip.user_ns['y'] += 1", "print(y)"], "01223"),
    (["y = 0", "import __main__\n__main__.y += 1", "print(y)"], "0112"),
    (["import logging", "logging.getLogger('x').addHandler(h)", "logging.error('m')"], "0112"),
    (["import sys", "sys.path.append('z')", "print(sys.path.count('z'))"], "01122"),
    (["import warnings", "warnings.warn('x')", "warnings.filterwarnings('ignore')"], "0121"),
    (["class A:\n    v = 1", "a = A()", "print(a.v)", "A.v = 2"], "01232"),
    (["import threading\nn = [0]\ndef f():\n    n[0] += 1", STARTS, "print(n)"], "0122"),
]


@pytest.mark.parametrize(("sources", "order"), OTHERWISE)
def test_what_a_run_from_top_to_bottom_would_show_otherwise_is_stale(
    sources: list[str], order: str
) -> None:
    assert verdict(sources, order) == "stale"


@pytest.mark.parametrize(
    ("sources", "order"),
    [
        (["!pip install x", "a = 1", "print(a)"], "00122"),
        (["ls = !ls", "%pip install x", "print(1)"], "01012"),
        (["is_colab = 'google.colab' in str(get_ipython())", "print(is_colab)"], "0011"),
        (["a = 1", "%timeit -n1 a + 1\nb = a", "print(b)"], "01122"),
        (["async def f(x):\n    return x", "print(await f(1))"], "011"),
        (["class A:\n    v = 1", "a = A()", "print(a.v)", "class A:\n    v = 2"], "01232"),
    ],
)
def test_what_changes_nothing_costs_no_grade(sources: list[str], order: str) -> None:
    assert verdict(sources, order) == "valid"
