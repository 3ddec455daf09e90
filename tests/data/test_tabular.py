"""Two tables are compared row by row, in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.data import tabular

if TYPE_CHECKING:
    import pytest


def test_tables_are_compared_in_little_memory() -> None:
    def rows(text: str) -> object:
        return iter([text[:7].encode(), text[7:].encode()])

    def compare(old: str, new: str, most: int = 100) -> tuple[int | None, ...]:
        found = tabular.compare("x.CSV", rows(old), rows(new), most)  # type: ignore[arg-type]
        assert found is not None
        return found.old_rows, found.new_rows, found.rows_added, found.rows_removed

    assert tabular.is_table("a/b.TSV")
    assert not tabular.is_table("a/b.parquet")
    assert compare("a\n1\n1\n2\n", "a\n2\n1\n3\n") == (3, 3, 1, 1)
    assert compare('a\n"x\ny"\n', 'a\n"x\ny"\n') == (1, 1, 0, 0)
    assert compare("", "a\n1\n") == (0, 1, 1, 0)
    assert compare("a\n1\n2\n3\n", "a\n1\n", most=2) == (3, 1, None, None)
    assert compare("a;b\n1;2\n\n", "a;b\n\n1;2\n3;4\n") == (1, 2, 1, 0)
    found = tabular.compare("x.csv", rows("a;b\n1;2\n"), rows("a;c\n1;2\n"))  # type: ignore[arg-type]
    assert found is not None
    assert (found.columns_added, found.columns_removed) == (["c"], ["b"])
    long_field = "a\n" + "x" * 200_000 + "\n"
    assert tabular.compare("x.csv", rows(long_field), rows("a\n")) is None  # type: ignore[arg-type]


def test_many_rows_are_never_sorted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def noting(values: Any) -> list[int]:
        sizes.append(len(values))
        return sorted(values)

    monkeypatch.setattr(tabular, "sorted", noting, raising=False)
    old = "a\n" + "".join(f"{number}\n" for number in range(50_000))
    new = "a\n" + "".join(f"{number}\n" for number in range(10, 50_030))
    found = tabular.compare("x.csv", iter([old.encode()]), iter([new.encode()]))
    assert found is not None
    assert (found.rows_removed, found.rows_added) == (10, 30)
    assert max(sizes) <= 20_000
