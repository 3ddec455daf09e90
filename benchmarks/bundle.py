"""What JupyterLab loads of us before anything of ours is opened."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from .harness import Result

_BUILT = Path(__file__).parents[1] / "jupyter_mlops" / "labextension"


def run() -> list[Result]:
    """Measure kilobytes, gzipped: eager chunks, and all chunks."""
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 9)) / 1000
        for path in (_BUILT / "static").glob("*.js")
    }
    eager = sum(size for name, size in sizes.items() if name in eager_chunks())
    return [
        Result("JupyterLab bundle, eager", "kB gz", [eager], limit=60),
        Result("JupyterLab bundle, all chunks", "kB gz", [sum(sizes.values())]),
    ]


def eager_chunks() -> set[str]:
    """Return the files that the entry and the plugin modules need, lazy imports left out."""
    package = json.loads((_BUILT / "package.json").read_text(encoding="utf-8"))
    entry = Path(package["jupyterlab"]["_build"]["load"]).name
    text = (_BUILT / "static" / entry).read_text(encoding="utf-8")
    # the container's module map: what each of our two modules waits for
    modules = re.findall(r'"\./(?:extension|style)":\(\)=>(.*?)\.then\(', text)
    ids = {
        chunk.strip('"') for module in modules for chunk in re.findall(r"\.e\(([^)]+)\)", module)
    }
    chunks = (_BUILT / "static").glob("*.js")
    return {entry, "style.js"} | {path.name for path in chunks if path.name.split(".")[0] in ids}
