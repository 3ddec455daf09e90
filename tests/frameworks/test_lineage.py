"""Data of frameworks too large for every test run: what was used is named, nothing is missed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.environments import READERS, environment
from tests.kernels.conftest import folder, start  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from tests.kernels.conftest import Started

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("MLOPS_TEST_FRAMEWORKS"), reason="takes gigabytes: make test-frameworks"
    ),
    pytest.mark.timeout(3600),
]

_PREPARE = """
import torch, torch.jit, datasets, safetensors.torch, safetensors.numpy
import numpy as np
datasets.disable_progress_bars()
with open("in.csv", "w") as file: file.write("a,b\\n1,2\\n3,4\\n")
"""
_CELLS = {
    "torch save": "torch.save({'a': torch.zeros(3)}, 'in.pt')",
    "torch load": "torch.load('in.pt')",
    "torch mapped": "torch.load('in.pt', mmap=True)",
    "jit save": "torch.jit.save(torch.jit.script(torch.nn.Linear(2, 1)), 'in.jit')",
    "jit load": "torch.jit.load('in.jit')",
    "safetensors save": "safetensors.torch.save_file({'a': torch.zeros(3)}, 'in.safetensors')",
    "safetensors load": "safetensors.torch.load_file('in.safetensors')",
    "safetensors numpy": "safetensors.numpy.load_file('in.safetensors')",
    "datasets csv": "table = datasets.load_dataset('csv', data_files='in.csv')",
    "datasets again": "datasets.load_dataset('csv', data_files={'train': 'in.csv'})",
    "datasets save": "table['train'].save_to_disk('in set')",
    "datasets load": "datasets.load_from_disk('in set')",
}
_EXPECTED = {
    "torch save": {("write", "in.pt")},
    "torch load": {("read", "in.pt")},
    "torch mapped": {("read", "in.pt")},
    "jit save": {("write", "in.jit")},
    "jit load": {("read", "in.jit")},
    "safetensors save": {("write", "in.safetensors")},
    "safetensors load": {("read", "in.safetensors")},
    "safetensors numpy": {("read", "in.safetensors")},
    "datasets csv": {("read", "in.csv")},
    "datasets again": {("read", "in.csv")},
    "datasets load": {("read", "in set")},
}


async def test_torch_safetensors_and_datasets(start: Started, folder: Path) -> None:  # noqa: F811
    python = await asyncio.to_thread(environment, "readers", READERS)
    async with start(python, env={"HF_HOME": str(folder / ".cache"), "HF_HUB_OFFLINE": "1"}) as k:
        for name, code in {"prepare": _PREPARE, **_CELLS}.items():
            reply = await k.run(code, name)
            assert reply["status"] == "ok", (name, reply)
        state = await k.state()
    found = {
        name: {
            (use.mode, str(Path(use.path).relative_to(folder)))
            for use in state.files
            if name in use.cell_ids and use.kind in {"file", "folder"}
        }
        for name in _CELLS
    }
    for name, expected in _EXPECTED.items():
        # what lies below a folder is a part of it
        assert {(mode, path.partition("/")[0]) for mode, path in found[name]} == expected, name
    assert {path.partition("/")[0] for _, path in found["datasets save"]} == {"in set"}
    assert not [note for note in state.notes if "could not be watched" in note], state.notes
