"""What is known of the libraries that notebooks call: what their calls leave unchanged.

Everything that is not listed is taken to change what it is given.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Volatile(IntEnum):
    """Whether reading a value changes it: it is used up, or keeps what it was asked for."""

    NOT = 0
    USED_UP = 1
    GROWS = 2


SCALARS = frozenset(
    """
    abs all any ascii bin bool bytes callable chr complex divmod float format hash hex id
    int isinstance issubclass len oct ord pow print range repr round str type display
    """.split()  # noqa: SIM905 - to be read
)
"""Builtins whose results share nothing with their arguments, and that change none of them."""

COPIES = frozenset(
    """
    list tuple set frozenset dict sorted sum bytearray deepcopy copy
    """.split()  # noqa: SIM905 - to be read
)
"""Calls that make a new container of the same elements."""

PASSING = frozenset(
    """
    enumerate filter getattr hasattr iter map max min next reversed slice super zip vars dir
    object property staticmethod classmethod
    """.split()  # noqa: SIM905 - to be read
)
"""Builtins that hand on what they are given, or parts of it."""

OPAQUE = frozenset(
    """
    exec eval globals compile __import__ breakpoint delattr setattr get_ipython
    """.split()  # noqa: SIM905 - to be read
)
"""Builtins after which anything may be bound to anything."""

NAMESPACES = frozenset({"locals", "vars"})
"""Builtins that give a cell all its names, if they are given nothing."""

_GROW = re.compile(r"^(defaultdict|\w*Queue)$")
_ITERATORS = r"iter\w*|open|i?glob|rglob|scandir|walk|finditer|urlopen"
_METHODS = re.compile(f"^({_ITERATORS})$")
_NAMES = re.compile(
    rf"^({_ITERATORS}|zip|map|filter|enumerate|reversed|count|cycle|chain|tee|islice|repeat|product"
    r"|batched|pairwise|starmap|accumulate|compress|takewhile|dropwhile|filterfalse|zip_longest"
    r"|permutations|combinations\w*|reader|DictReader|StringIO|BytesIO)$"
)

CACHES = re.compile(r"cache|memo", re.IGNORECASE)
"""In the names of decorators: their functions return what they have returned before."""

_VOLATILE_MODULES = frozenset({"csv", "io", "itertools", "queue", "weakref"})

_PURE_MODULES = frozenset(
    """
    altair bokeh collections copy cv2 dataclasses datetime decimal duckdb enum fractions
    functools itertools json lightgbm math matplotlib networkx numpy operator pandas pathlib
    PIL plotly polars pyarrow re scipy seaborn skimage sklearn statistics statsmodels string
    sympy textwrap types typing xgboost
    """.split()  # noqa: SIM905 - to be read
)
_CONFIGURES = re.compile(
    r"^(set\w*|reset\w*|\w*options?|use|register\w*|filterwarnings|simplefilter|seed|manual_seed)$"
)
_MUTATORS = re.compile(
    r"^(shuffle|heap\w+|insort\w*|copyto|put\w*|fill_diagonal|place|fill|update|dump|\w+_"
    r"|setitem|delitem|i(add|sub|mul|matmul|truediv|floordiv|mod|pow|concat|and|or|xor|[lr]shift))$"
)
_ONE = """
    abs absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conj conjugate cos cosh
    deg2rad degrees exp exp2 expm1 fabs floor invert isfinite isinf isnan log log10 log1p log2
    logical_not negative positive rad2deg radians reciprocal rint sign sin sinh spacing sqrt square
    tan tanh trunc
"""
_TWO = """
    add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide dot equal float_power
    floor_divide fmax fmin fmod greater greater_equal heaviside hypot left_shift less less_equal
    logaddexp logical_and logical_or logical_xor matmul maximum minimum mod multiply nextafter
    not_equal power remainder right_shift subtract true_divide
"""
_OPERANDS = dict.fromkeys(_ONE.split(), 1) | dict.fromkeys(_TWO.split(), 2) | {"clip": 3}

_UNSTEADY = re.compile(
    r"^(now|today|utcnow|read_\w+|load\w*|open|fetch_\w+|from_file|imread|urlopen|scan_\w+|sql"
    r"|connect|glob|iglob|rglob|exists|is_file|is_dir|stat|listdir|read|read_text|read_bytes"
    r"|getcwd|cwd|abspath|resolve|absolute)$"
)
RANDOM = re.compile(
    r"^(rand\w*|random\w*|normal|uniform|choices?|shuffle|permutation|sample|getrandbits|seed"
    r"|manual_seed|train_test_split|\w*KFold|\w*Shuffle\w*|\w*Forest\w*|\w*Boost\w*|\w*SGD\w*"
    r"|MLP\w*|\w*KMeans\w*|\w*Tree\w*|make_\w+|TSNE|set_seed|seed_everything|permutation_importance"
    r"|gauss|triangular|betavariate|expovariate|bernoulli|dropout|kaiming\w*|xavier\w*)$"
)
"""Calls that draw from, or set, a library's own random numbers, unless they are given a state."""

PURE_METHODS = frozenset(
    """
    agg aggregate all any apply argmax argmin argsort as_posix assign astype between boxplot
    capitalize casefold clip combine_first compare copy corr count cov cpu cummax cummin
    fromhex fromkeys from_bytes maketrans
    cumprod cumsum decision_function decode describe detach diff dot drop drop_duplicates
    dropna dtypes encode endswith eq explode ffill bfill fillna filter find first flatten
    format ge get get_dummies get_params groupby gt head hist idxmax idxmin index info
    interpolate intersection isalnum isalpha isdigit isin islower isna isnull isspace
    issubset isupper item items iterrows itertuples join keys kurt last le line lower lstrip
    lt map max mean median melt merge min mode most_common mul nbytes ne nlargest notna
    notnull nsmallest nunique numpy partition pct_change pipe pivot pivot_table plot predict
    predict_log_proba predict_proba prod quantile query rank ravel reindex removeprefix
    removesuffix rename replace resample reset_index reshape rfind rolling round rsplit
    rstrip scatter score select select_dtypes set_index shape shift show skew sort_index
    sort_values split splitlines squeeze stack startswith std strip strftime sub sum
    swapaxes tail title to_dict to_frame to_list to_numpy to_records to_string tobytes
    tolist trace transform transpose union unique unstack upper value_counts values var view
    where with_columns zfill
    """.split()  # noqa: SIM905 - to be read
)
"""Methods that leave their object unchanged, unless ``inplace`` is among the arguments."""

STEADY = frozenset(
    """
    append appendleft extend insert pop popleft popitem remove clear sort reverse add
    discard update setdefault set_params rotate send cumcount
    """.split()  # noqa: SIM905 - to be read
)
"""Methods that change their object, to the same each time."""

GIVE_NOTHING = frozenset(
    """
    append appendleft extend insert remove clear sort reverse discard update rotate
    """.split()  # noqa: SIM905 - to be read
)
"""Those of them that return None, of which a notebook shows nothing."""

LEAVES_RUNNING = frozenset(
    """
    start submit create_task ensure_future run_in_executor apply_async map_async call_later
    """.split()  # noqa: SIM905 - to be read
)
"""Methods and functions after which something goes on while the next cells run."""

ADDS = re.compile(r"^(add|append|extend|insert|remove|pop|clear|set|update|register)[A-Z_]?\w*$")
"""Methods that change what a module has, as ``sys.path.append`` and ``logger.addHandler`` do."""

SHOWS = frozenset({"boxplot", "display", "hist", "info", "plot", "print", "scatter", "show"})
"""Functions and methods that show something."""

_SHOWING = frozenset({"altair", "bokeh", "matplotlib", "plotly", "seaborn"})

RESETS = frozenset({"fit", "fit_transform", "fit_predict"})
"""Methods that make of their object what they would make of it unfitted (scikit-learn's rule)."""

_CONTINUE = frozenset({"keras", "tensorflow", "torch", "lightning", "pytorch_lightning"})
_WRITES = re.compile(
    r"^(to_(csv|parquet|pickle|json|excel|feather|hdf|sql|stata|orc|xml)|write_\w+|writelines|write"
    r"|savefig|save\w*|dump|imsave|imwrite|remove|unlink|rename|replace|makedirs|mkdir|rmtree|rmdir"
    r"|move|copyfile|copytree|copy2|chdir|system|run|Popen|check_\w+|call|touch|symlink_to|extractall)$"
)


def returned_by(path: Sequence[str]) -> Volatile:
    """Return what is known of the results of a function by the names that lead to it."""
    if not path or "Image" in path:
        return Volatile.NOT
    if _GROW.match(path[-1]):
        return Volatile.GROWS
    names = _NAMES if len(path) == 1 else _METHODS
    return Volatile.USED_UP if names.match(path[-1]) else Volatile.NOT


def returned_from(module: str) -> Volatile:
    """Return what is known of the results of a module's functions."""
    name, _, function = module.partition(":")
    if _GROW.match(function):
        return Volatile.GROWS
    return Volatile.USED_UP if name in _VOLATILE_MODULES else Volatile.NOT


def is_pure_module(module: str) -> bool:
    """Tell whether calls into a module change neither their arguments nor the module."""
    return module.partition(".")[0] in _PURE_MODULES


def is_silent_module(module: str) -> bool:
    """Tell whether calls into a module show nothing."""
    top = module.partition(".")[0]
    return top == "random" or (is_pure_module(module) and top not in _SHOWING)


def continues(module: str) -> bool:
    """Tell whether a library's ``fit`` goes on from what was fitted before."""
    return module.partition(".")[0] in _CONTINUE


def changes_module(function: str) -> bool:
    """Tell whether a function of a library sets something for the whole process."""
    return bool(_CONFIGURES.match(function))


def changes_arguments(function: str) -> bool:
    """Tell whether a function of a library works on its arguments in place."""
    return bool(_MUTATORS.match(function))


def has_output(module: str, function: str, count: int) -> bool:
    """Tell whether the last of ``count`` arguments is where a function of numpy puts its result."""
    return module.partition(".")[0] == "numpy" and count > _OPERANDS.get(function, count)


def is_unsteady(function: str) -> bool:
    """Tell whether a function may give another result for the same arguments."""
    return bool(_UNSTEADY.match(function))


def writes_files(function: str) -> bool:
    """Tell whether a function or method writes a file or starts a program."""
    return bool(_WRITES.match(function))
