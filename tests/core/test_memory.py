from __future__ import annotations

import asyncio
import platform

import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.core.memory import give_back_soon

_MEGABYTE = 1024 * 1024


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others give back by themselves")
def test_what_a_thread_has_freed_goes_back_to_the_system() -> None:
    def use() -> bytes:
        taken = [bytes(2000) for _ in range(50_000)]
        return taken[-1]  # what lies last keeps all before it

    async def run() -> tuple[int, int]:
        kept = await asyncio.to_thread(use)
        before = psutil.Process().memory_info().rss
        give_back_soon()
        give_back_soon()
        for _ in range(600):
            await asyncio.sleep(0.1)
            after = psutil.Process().memory_info().rss
            if after < before - 50 * _MEGABYTE:
                break
        assert len(kept) == 2000
        return before, after

    before, after = asyncio.run(run())
    assert after < before - 50 * _MEGABYTE
