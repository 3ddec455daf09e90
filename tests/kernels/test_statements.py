"""Which tables and files SQL names; SQLite says of its own statements which these are."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.kernels.statements import files, tables

SCHEMA = """
create table a (x int, y text); create table b (x int, y text);
create table "c d" (x int, y text); create table e (x int, y text);
create unique index i on a (x);
"""
QUERIES = """
select * from a, b as other, "c d" where a.x in (select x from e)
select * from (a join b on a.x = b.x) left join e using (x)
select a.x, e.x from a cross join (select x from b order by x, y) o, e
with n as (select * from a), o (z) as (select x from e) select * from n join o on true
with recursive e as (select 1 as x union all select x + 1 from e where x < 3) select b.x from e, b
with o as not materialized (select x from a) insert into b (x) select x from o
insert into a values (1, 'from e; drop table b'), (2, '--') -- from e
insert into a (x, y) select x, y from b where true on conflict (x) do update set y = excluded.y
replace into a (x) select b.x from b
update a set x = b.x from b where a.y is distinct from b.y
delete from a where exists (select x from `c d`)
delete from [c d]
select count(*) as n, trim(y) /* from e */ from a group by x, y having n > 1 limit 1, 2
select 1 union select x from b except select x from e order by 1
select x from a where (x, y) in (values (1, 'a'), (2, 'b'))
select j.value, a.x, b.x from a, json_each('[1]') j, b
select sum(x) over w from a window w as (partition by y)
create table f as select * from a; drop table f
alter table e add column z int
create temp table t as select x from a; insert into b (x) select x from t
""".strip().splitlines()


def used(script: str) -> set[tuple[str, str]]:
    """Return what SQLite says: what is read, and what is written."""
    found = set()
    reads, writes = (
        {sqlite3.SQLITE_READ},
        {
            *(sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE),
            *(sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_DROP_TABLE),
        },
    )

    def see(
        operation: int, table: str | None, other: str | None, schema: str | None, _: str | None
    ) -> int:
        if operation == sqlite3.SQLITE_ALTER_TABLE:
            found.add((str(other), "w"))
        elif schema == "main" and table and not table.startswith(("sqlite_", "json_")):
            if operation in reads:
                found.add((table, "r"))
            elif operation in writes:
                found.add((table, "w"))
        return sqlite3.SQLITE_OK

    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    connection.set_authorizer(see)
    connection.executescript(script)
    connection.close()
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_tables_as_sqlite_finds_them(query: str) -> None:
    said, found = set(tables(query)), used(query)
    temporary = {name for name, mode in said if mode == "t"}
    said = {(name, mode) for name, mode in said if name not in temporary}
    written = {name for name, mode in said if mode == "w"}
    # SQLite looks also at what it changes
    assert said == {one for one in found if one in said or one[1] == "w" or one[0] not in written}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select a from public.orders for update skip locked", {("public.orders", "r")}),
        ("select [x] from [dbo].[my orders] with (nolock)", {("dbo.my orders", "r")}),
        ("select * from generate_series(1, 3) g, lateral (select * from u) v", {("u", "r")}),
        ("select extract(year from day) from t", {("t", "r")}),
        ("insert into a values (1) on duplicate key update x = 2", {("a", "w")}),
        ("delete from a using b where a.x = b.x", {("a", "w"), ("b", "r")}),
        ("with t as (select * from t) select * from t", {("t", "r")}),
        (
            "merge into t using s on t.a = s.a when matched then update set b = 1",
            {("t", "w"), ("s", "r")},
        ),
        ("truncate table only t", {("t", "w")}),
        ("create temporary table t as select * from b", {("t", "t"), ("b", "r")}),
        ("select $$from x$$ from information_schema.tables, y", {("y", "r")}),
        ("select 1 into made from t", {("made", "w"), ("t", "r")}),
    ],
)
def test_tables_of_other_dialects(query: str, expected: set[tuple[str, str]]) -> None:
    assert set(tables(query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("attach 'a.db' as d (read_only)", [("a.db", "r")]),
        ("attach if not exists 'a.db'; from 'b.csv'", [("a.db", "a"), ("b.csv", "r")]),
        ("attach 'host=127.0.0.1 password=geheim' as p (type postgres)", []),
        ("attach 'postgres://kim:geheim@db/shop'", []),
        ("attach ':memory:' as m", []),
        ("copy (select 'it''s') to 'out' (format parquet)", [("out", "w")]),
        ("copy t from 'in.csv'", [("in.csv", "r")]),
        ("export database 'out'; import database 'in'", [("out", "w"), ("in", "d")]),
        ("select 'a word', \"a column\" from 'it''s.csv'", [("it's.csv", "r")]),
    ],
)
def test_files(query: str, expected: list[tuple[str, str]]) -> None:
    assert list(files(query)) == expected


WORDS = [
    *(
        "select",
        "from",
        "a",
        ",",
        "(",
        ")",
        ";",
        "with",
        "as",
        "'x'",
        '"',
        "'",
        "[",
        "]",
        "`",
        "--",
    ),
    *("/*", "*/", "into", "update", "join", "$$", "1", "values", "é"),
]


@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), st.text()))
def test_anything_else(text: str) -> None:
    assert all(name for name, _ in tables(text))
    assert all(name for name, _ in files(text))


def test_the_rows_of_a_long_insert_are_not_read() -> None:
    rows = ", ".join(["(1, 'from x')"] * 100_000)
    assert tables(f"insert into t (a, b) values {rows}") == [("t", "w")]  # noqa: S608
    numbers = "1," * 500_000
    assert tables(f"select * from t where a in ({numbers}1)") == [("t", "r")]  # noqa: S608
