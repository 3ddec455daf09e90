"""The lock of an environment: what an installer needs to build it again, as the field writes it.

``pylock.toml`` (PEP 751) for Python, conda's explicit list where conda made the environment,
``renv.lock`` for R. Addresses and hashes of wheels are what uv's cache knows; the network is not
asked. What nothing is known of but name and version is listed under ``tool.jupyter-mlops``, since
the standard has no place for it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from ..kernels.schemas import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..kernels.schemas import Package

LockFormat = Literal["pylock", "conda-explicit", "r"]
FILE_NAMES: Mapping[LockFormat, str] = {
    "pylock": "pylock.toml",
    "conda-explicit": "conda-explicit.txt",
    "r": "renv.lock",
}
_SECONDS = 5
_ROUNDS = 8  # each drops the packages that uv's cache does not know
_OF_R = """
    base compiler datasets graphics grDevices grid methods parallel splines stats stats4 tcltk tools
    translations utils
"""
_UNKNOWN = re.compile(
    r"ecause (?:there is no version of )?([A-Za-z0-9._-]+?)(?:==\S+)? (?:was|and)"
)


@dataclass(frozen=True)
class LockText:
    """A lock in the form that its installer reads."""

    format: LockFormat
    text: str


def lock(environment: Environment) -> LockText:
    """Return the lock of an environment. The same environment is looked at only once."""
    history = Path(environment.prefix, "conda-meta", "history")
    changed = history.stat().st_mtime_ns if environment.conda and history.exists() else None
    return _lock(environment.model_dump_json(exclude={"hardware"}), changed)


@lru_cache(maxsize=8)
def _lock(document: str, _changed: int | None) -> LockText:
    facts = json.loads(document) | {
        "hardware": {"machine": "", "cpu_count": None, "memory_bytes": None}
    }
    environment = Environment.model_validate(facts)
    if environment.language.lower() == "r":
        return LockText("r", _renv(environment))
    if environment.conda:
        return LockText("conda-explicit", _conda(environment))
    return LockText("pylock", _pylock(environment))


def _pylock(environment: Environment) -> str:
    by_name = [package for package in environment.packages if package.source is None]
    blocks = _from_cache(by_name, environment.language_version)
    for package in environment.packages:
        if package.source is not None and (block := _direct(package)):
            blocks[package.name] = block
    lost = [package for package in environment.packages if package.name not in blocks]
    text = (
        'lock-version = "1.0"\ncreated-by = "jupyter-mlops"\n'
        f'requires-python = "=={environment.language_version}"\n'
        + ("" if blocks else "packages = []\n")
        + "".join(f"\n[[packages]]\n{blocks[name]}" for name in sorted(blocks))
    )
    if lost:
        pins = "".join(f"    {json.dumps(_pin(package))},\n" for package in lost)
        text += (
            "\n# of these no address or hash was known on this machine\n"
            f"[tool.jupyter-mlops]\nunlocked = [\n{pins}]\n"
        )
    return text


def _pin(package: Package) -> str:
    return f"{package.name}=={package.version}" + (
        f" @ {package.source}" if package.source is not None else ""
    )


def _from_cache(packages: Iterable[Package], python: str) -> dict[str, str]:
    """Return what uv's cache knows of the packages: name → its part of a ``pylock.toml``."""
    uv = installed_uv()
    wanted = {package.name: f"{package.name}=={package.version}" for package in packages}
    for _ in range(_ROUNDS if uv else 0):
        try:
            done = subprocess.run(
                [
                    *(str(uv), "pip", "compile", "--offline", "--no-deps", "--no-header"),
                    *("--quiet", "--format", "pylock.toml", "--python-version", python, "-"),
                ],
                input="\n".join(wanted.values()),
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return {}
        if done.returncode == 0:
            return _blocks(done.stdout)
        unknown = {_normal(name) for name in _UNKNOWN.findall(done.stderr)} & wanted.keys()
        if not unknown:
            return {}
        for name in unknown:
            del wanted[name]
    return {}


def _blocks(text: str) -> dict[str, str]:
    """Cut a lock that uv wrote into packages; logins in addresses are left out."""
    text = re.sub(r"(?<=://)[^/@\s\"]*@", "", text)
    found = {}
    for part in text.split("[[packages]]\n")[1:]:
        block = part.rstrip() + "\n"
        found[_normal(tomllib.loads(block)["name"])] = block
    return found


def _direct(package: Package) -> str | None:
    """Return the entry of a package that came from an address of its own (PEP 610)."""
    source = package.source or ""
    head = f"name = {json.dumps(package.name)}\nversion = {json.dumps(package.version)}\n"
    url = urlsplit(source)
    if package.commit is not None:
        return (
            f'{head}vcs = {{ type = "git", url = {json.dumps(source)}, '
            f"commit-id = {json.dumps(package.commit)} }}\n"
        )
    if package.sha256 is not None:
        place = f"url = {json.dumps(source)}"
        return f'{head}archive = {{ {place}, hashes = {{ sha256 = "{package.sha256}" }} }}\n'
    if url.scheme == "file" and not re.search(r"\.(whl|zip|tar\.\w+)$", url.path):
        path = json.dumps(unquote(url.path))
        editable = "true" if package.editable else "false"
        return f"{head}directory = {{ path = {path}, editable = {editable} }}\n"
    return None


def _conda(environment: Environment) -> str:
    """Return conda's explicit list; what pip added stands in comments, as conda-lock has it."""
    owned: set[str] = set()
    lines = []
    for path in sorted(Path(environment.prefix, "conda-meta").glob("*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        owned |= _dist_names(record.get("files", ()))
        address = re.sub(r"(?<=://)[^/@]*@", "", re.sub(r"/t/[^/]+/", "/", record.get("url", "")))
        digest = record.get("md5")
        lines.append(f"{address}#{digest}" if digest else address)
    added = [package for package in environment.packages if package.name not in owned]
    return "\n".join(["@EXPLICIT", *lines, *(f"# pip {_pin(one)}" for one in added)]) + "\n"


def _dist_names(files: Sequence[str]) -> set[str]:
    folders = {match[1] for file in files if (match := re.search(r"([^/]+)\.dist-info/", file))}
    return {_normal(folder.partition("-")[0]) for folder in folders}


def _renv(environment: Environment) -> str:
    """Return renv's lock; what belongs to R itself is not in one."""
    packages = {
        package.name: {
            "Package": package.name,
            "Version": package.version,
            **(_remote(package) or {"Source": "Repository"}),
        }
        for package in environment.packages
        if package.name not in _OF_R.split()
    }
    document = {"R": {"Version": environment.language_version}, "Packages": packages}
    return json.dumps(document, indent=2) + "\n"


def _remote(package: Package) -> dict[str, str] | None:
    """Return how renv names a commit on GitHub; None of a package that came from elsewhere."""
    url = urlsplit(package.source or "")
    owner, _, repository = url.path.strip("/").partition("/")
    if package.commit is None or not repository:
        return None
    return {
        "Source": "GitHub",
        "RemoteType": "github",
        "RemoteHost": f"api.{url.hostname}",
        "RemoteUsername": owner,
        "RemoteRepo": repository,
        "RemoteSha": package.commit,
    }


def installed_uv() -> str | None:
    """Return where uv is: beside this interpreter, or on the path."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
