"""Knows programs by their commands; lives in a kernel as ``_jupyter_mlops_programs``.

Standard library only. What most programs open besides what their commands name nobody can say from
here, so that they were started is told to the user. Of those listed here it is known, and nobody
has to be told of ``ls``.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

# ruff: noqa: SIM905 - lists of words, to be read
# stand before a command and say how or when it is run
_BEFORE = frozenset(
    """
    ! { command do elif else env exec if ionice nice nohup setsid stdbuf sudo then time timeout
    until while
    """.split()
)
_VARIABLE = re.compile(r"\w+=")
_NUMBER = re.compile(r"[\d.]+[smhd]?$")

# open no file that they name
_OPEN_NOTHING = frozenset(
    """
    : [ [[ alias basename bg break case cd chmod chown clear continue date declare df dirname disown
    done du echo esac exit export false fc-list fg fi find free function getconf groups hash
    hostname htop id ifconfig ip jobs kill killall ldconfig let local locale ls lsb_release lscpu
    lsof lspci man mkdir mktemp mount nproc nvidia-smi pgrep pkill printenv printf ps pwd read
    readlink realpath return rm rmdir rocm-smi set shift sleep ss stat sysctl test top tput trap
    tree true tty type ulimit umask unalias uname unset uptime vmstat wait watch whereis which who
    whoami yes }
    """.split()
)
# open the files that they name, and no others
_OPEN_NAMED = frozenset(
    """
    awk bunzip2 bzip2 c++ cat cc clang cmp column comm cp csvcut csvgrep csvlook csvsort csvstat
    curl cut diff egrep expand fgrep file fold for g++ gawk gcc grep gunzip gzip head hexdump iconv
    install join jq ld less ln lz4 mawk md5sum more mv nl nm objdump od paste pr rev sed sha1sum
    sha256sum sha512sum shuf sort strings tac tail tee touch tr truncate tsort uniq unlink unxz
    unzstd wc wget xxd xz xzcat yq zcat zgrep zstd zstdcat
    """.split()
)
# change the environment or the repository, which a snapshot tells by itself
_TOOLS = frozenset("apt apt-get brew dpkg mamba micromamba npm pip pip3".split())
_TOOLS_AS = {
    "conda": "activate clean config create env info init install list remove search update".split(),
    "git": "add blame branch commit config describe diff fetch init log ls-files push remote "
    "rev-parse shortlog show status tag".split(),
    "jupyter": "kernelspec labextension".split(),
    "uv": "add cache init lock pip python remove sync tree venv version".split(),
}
_MODULES = {"ensurepip", "pip", "venv"}

_TEXT_FIRST = {"awk", "egrep", "fgrep", "gawk", "grep", "jq", "mawk", "sed", "tr", "yq", "zgrep"}
_RECURSIVE = {"cp", "diff", "egrep", "fgrep", "grep", "wget", "zgrep"}  # if they are told so
_RECURSIVELY = re.compile(r"-\w*[rR]|-a$|--recursive|--archive|--mirror")
_INTO_FOLDERS = {"cp", "install", "ln", "mv"}  # what they name last may be one
_KEEPS_NAME = re.compile(r"-\w*O|--remote-name")  # curl, of a URL

_INTERPRETER = re.compile(r"(python|pypy)[\d.]*|(ba|da|k|z)?sh|R|Rscript|julia|node|perl|ruby")
_PROGRAM = re.compile(r"[\w.+-]*[A-Za-z_][\w.+-]*")
_SCRIPT = re.compile(r"[^$`]+\.\w+")
_ABOUT = {"--help", "--version", "-V", "-h", "-version"}


def command(words: Sequence[str]) -> Sequence[str]:
    """Return a command without what only says how it is run."""
    at = 0
    while at < len(words):
        option = at and (words[at].startswith("-") or _NUMBER.fullmatch(words[at]))
        if not (option or words[at] in _BEFORE or _VARIABLE.match(words[at])):
            break
        at += 1
    return words[at:]


def opens_named(words: Sequence[str]) -> bool:
    """Tell whether a program opens the files that its command names."""
    program = os.path.basename(words[0])
    return program not in _OPEN_NOTHING or (program == "find" and "-exec" in words)


def is_tool(words: Sequence[str]) -> bool:
    """Tell whether a command only changes the environment or the repository, or tells of itself."""
    program, others = os.path.basename(words[0]), _others(words)
    if program.startswith("python") and words[1:2] == ["-m"]:
        return {*words[2:3]} <= _MODULES
    if program in _TOOLS or (len(words) > 1 and {*words[1:]} <= _ABOUT):
        return True
    return program in _TOOLS_AS and {*others[:1]} <= {*_TOOLS_AS[program]}


def unseen(words: Sequence[str], folder: str) -> str | None:
    """Name a program that may open more than its command names; None where it does not.

    Args:
        words: the command.
        folder: where it is run.
    """
    program = os.path.basename(words[0])
    if is_tool(words) or not opens_named(words) or not _PROGRAM.fullmatch(program):
        return None
    if program in _OPEN_NAMED:
        return program if _means_more(program, words, folder) else None
    if not _INTERPRETER.fullmatch(program):
        return program
    # no other of its words, which may hold a password
    if words[1:2] == ["-m"]:
        return " ".join([program, *words[1:3]])
    script = next((one for one in _others(words)[:1] if _SCRIPT.fullmatch(one)), None)
    return f"{program} {os.path.basename(script)}" if script else program


def _others(words: Sequence[str]) -> list[str]:
    """Return the words of a command that are no options."""
    return [word for word in words[1:] if not word.startswith("-")]


def _means_more(program: str, words: Sequence[str], folder: str) -> bool:
    """Tell whether a command means files that it does not name: those in a folder, say."""
    others = _others(words)[program in _TEXT_FIRST :]
    if any("$" in word or "`" in word for word in others):
        return True
    if program in _RECURSIVE and any(_RECURSIVELY.match(word) for word in words[1:]):
        return True
    sources = others[:-1] if program in _INTO_FOLDERS else others
    return any(os.path.isdir(os.path.join(folder, os.path.expanduser(one))) for one in sources)


def also_written(words: Sequence[str], folder: str) -> list[str]:
    """Return the files that a command writes under a name that it takes from another's."""
    program, others = os.path.basename(words[0]), _others(words)
    target = os.path.join(folder, os.path.expanduser(others[-1])) if others else folder
    if program in _INTO_FOLDERS and os.path.isdir(target):
        return [os.path.join(target, os.path.basename(one)) for one in others[:-1]]
    if program == "wget" or (program == "curl" and any(_KEEPS_NAME.match(one) for one in words)):
        names = [urlsplit(one).path.rpartition("/")[2] for one in others if "://" in one]
        return [os.path.join(folder, name) for name in names if name]
    return []
