from __future__ import annotations

import pytest

from jupyter_mlops.core import paging
from jupyter_mlops.core.errors import InvalidInputError


def test_a_token_gives_its_key_back() -> None:
    assert paging.decode(paging.encode(5, "a"), int, str) == [5, "a"]


@pytest.mark.parametrize(
    "token",
    ["", "%%%", "bm9wZQ==", paging.encode("5", "a"), "é", paging.encode(1 << 63, "a")],
)
def test_a_strange_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidInputError):
        paging.decode(token, int, str)


def test_the_last_page_has_no_token() -> None:
    assert paging.cut([1, 2], 2, str) == ([1, 2], None)
    assert paging.cut([1, 2, 3], 2, str) == ([1, 2], "2")
