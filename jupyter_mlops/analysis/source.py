"""From a cell's text to a syntax tree; what IPython adds to Python is put into Python's words."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

SHELL = "__shell__"
"""Stands for a command of the system, called with the variables that its text names."""
LOOKS = "__looks__"
"""Stands for one that writes nothing, or the same however often it is done."""
OPAQUE = "__opaque__"
"""Stands for a magic that may do anything to the namespace."""
QUIET = "__quiet__"
"""Stands for what changes nothing that code can see."""

_TIMED = {"time", "timeit", "prun", "memit", "mprun", "lprun"}
_HARMLESS = frozenset(
    """
    matplotlib config load_ext reload_ext autoreload precision lsmagic quickref xmode colors
    doctest_mode html HTML javascript js latex markdown svg SVG pinfo pdoc psource
    """.split()  # noqa: SIM905 - to be read
)
_SYSTEM = frozenset(
    """
    bash sh script system sx cmd perl ruby cd mkdir rm cp mv sc writefile file
    """.split()  # noqa: SIM905 - to be read
)
_NAMES = {"who": "dir()", "whos": "dir()", "who_ls": "dir()", "history": "In", "hist": "In"}
# what writes nothing, or the same however often it is done
_LOOKS = re.compile(
    r"^\s*(pip3?|conda|mamba|uv|python3?\s+-m\s+pip|ls|ll|cat|head|tail|wc|pwd|which|du|df|free"
    r"|grep|nvidia-smi|lscpu|uname|whoami|echo|git\s+(log|status|diff|show))\b[^>|;&`]*$"
)
_OPTIONS = re.compile(r"^(-[a-zA-Z]\s*\d*\s+)*")
_CELL = re.compile(r"\s*%%(\w+)([^\n]*)\n?(.*)", re.DOTALL)
_LINE = re.compile(r"^(?P<indent>\s*)(?P<target>[\w., ]+=\s*)?(?P<mark>[%!])(?P<text>.*)$")
_HELP = re.compile(r"^\s*(\?.*|[\w.]+\?{1,2})\s*$")
_NAMED = re.compile(r"\$\{?([A-Za-z_]\w*)|\{([A-Za-z_]\w*)")


@lru_cache(maxsize=4096)
def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, or None where it is not Python."""
    try:
        return _tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    try:
        return _tree(_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_empty(source: str) -> bool:
    """Tell whether a cell does nothing: blank, or comments only."""
    tree = parse(source)
    return not source.strip() if tree is None else not tree.body


def keeps_lines(source: str) -> bool:
    """Tell whether the lines of a cell are those that run: magics may join or replace some."""
    return "%%" not in source and "\\\n" not in source


def is_same(left: str, right: str) -> bool:
    """Tell whether two sources are the same code, whatever their comments and blanks."""
    if left.strip() == right.strip():
        return True
    trees = parse(left), parse(right)
    if trees[0] is None or trees[1] is None or "%" in left + right or "!" in left + right:
        return False
    try:
        return ast.dump(trees[0]) == ast.dump(trees[1])
    except RecursionError:
        return False


def _tree(text: str) -> ast.Module:
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(text, "<cell>", "exec", flags, dont_inherit=True)
    assert isinstance(tree, ast.Module)  # noqa: S101 - what the flag promises
    return tree


def _python(source: str) -> str:
    magic = _CELL.match(source)
    if magic is None:
        return "\n".join(_line(line) for line in source.split("\n"))
    name, rest, body = magic.groups()
    if name == "timeit":  # binds names of its own only
        return f"if {QUIET}():\n" + _indented(_python(f"{body}\n0"))
    if name in _TIMED:
        return _python(body)
    if name == "capture":
        target = next((word for word in rest.split() if word.isidentifier()), None)
        return f"{target} = {QUIET}()\n{_python(body)}" if target else _python(body)
    return _magic(name, rest + body)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _line(line: str) -> str:
    if _HELP.match(line):
        return f"{QUIET}()"
    found = _LINE.match(line)
    if found is None:
        return line
    indent, target, text = found["indent"], found["target"] or "", found["text"]
    if found["mark"] == "!":
        return f"{indent}{target}{_command(text)}"
    name, _, rest = text.lstrip("%").partition(" ")
    if name in _TIMED and rest.strip():
        return f"{indent}{target}{_OPTIONS.sub('', rest.lstrip())}"
    return f"{indent}{target}{_magic(name, rest)}"


def _magic(name: str, text: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    if name in _HARMLESS or (name == "env" and not text.strip()):
        return f"{QUIET}()"
    if _LOOKS.match(name):
        return _command(f"{name} {text}")
    return _called(SHELL if name in _SYSTEM else OPAQUE, text)


def _command(text: str) -> str:
    return _called(LOOKS if _LOOKS.match(text) else SHELL, text)


def _called(function: str, text: str) -> str:
    names = dict.fromkeys(first or second for first, second in _NAMED.findall(text))
    return f"{function}({', '.join(names)})"
