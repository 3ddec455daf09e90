"""Tells the interpreter, the machine and the packages of a process.

Standard library only, and nothing of ours; lives in a kernel as ``_jupyter_mlops_environment``,
and is run by ``interpreter.py`` without one.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from typing import Any


def environment() -> dict[str, Any]:
    """Tell the interpreter, the machine and the packages."""
    return {
        "language": "python",
        "language_version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "platform": platform.platform(),
        "conda": os.path.isdir(os.path.join(sys.prefix, "conda-meta")),
        "packages": packages(),
        "hardware": {
            "machine": platform.machine(),
            "cpu_count": os.cpu_count(),
            "memory_bytes": _memory(),
            "cpu_model": _cpu_model(),
            "gpus": _gpus(),
        },
    }


def _cpu_model() -> str | None:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                name, _, value = line.partition(":")
                if name.strip() in {"model name", "Model", "cpu model"}:
                    return value.strip() or None
    except OSError:
        pass
    return platform.processor() or None


@lru_cache(maxsize=1)
def _gpus() -> tuple[str, ...]:
    """Name the graphics cards with memory and driver, where NVIDIA's tool answers in time."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    command = [tool, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=2, check=True)
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in done.stdout.splitlines() if line.strip())


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def packages() -> list[dict[str, Any]]:
    """List the installed distributions by name, read off their folders' names: fast."""
    found: dict[str, dict[str, Any]] = {}
    for folder in sys.path:
        try:
            entries = list(os.scandir(folder or "."))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(".dist-info"):
                name, _, version = entry.name[: -len(".dist-info")].partition("-")
                key = re.sub(r"[-_.]+", "-", name).lower()
                found.setdefault(key, {"name": key, "version": version, **_origin(entry)})
    return [found[key] for key in sorted(found)]


def _origin(entry: os.DirEntry[str]) -> dict[str, Any]:
    """Tell where a distribution came from, if from no index (PEP 610)."""
    try:
        with open(os.path.join(entry.path, "direct_url.json"), encoding="utf-8") as file:
            record = json.load(file)
        url = record.get("url")
        archive = record.get("archive_info", {})
        return {
            "source": re.sub(r"(?<=://)[^/@]*@", "", url) if url else None,
            "commit": record.get("vcs_info", {}).get("commit_id"),
            "editable": bool(record.get("dir_info", {}).get("editable")),
            "sha256": archive.get("hashes", {}).get("sha256"),
        }
    except (OSError, ValueError, AttributeError):
        return {}
