from __future__ import annotations

import math
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core import paging
from jupyter_mlops.core.errors import InvalidInputError
from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services
from jupyter_mlops.tracking import search
from jupyter_mlops.tracking.entities import DatasetInput, Point, RunRecord
from jupyter_mlops.tracking.search import Search, _page, parse
from tests.databases import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NUMBERS = (0.0, 0.25, 0.5, 0.5, 1.0, math.nan, math.inf, -3.0)
TEXTS = ("rf", "RF", "gbm", "it's", "100%", "1000", "C:\\a", "한글")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give a store with 300 runs in three experiments, with gaps, ties and NaN; read only."""
    folder = tmp_path_factory.mktemp("archive")
    services = Services(Project(folder), folder)
    fill(services)
    yield services
    services.close()


@pytest.fixture(scope="module")
def runs(archive: Services) -> list[RunRecord]:
    return archive.runs.search(None, view_type="ALL", max_results=1000)[0]


def fill(services: Services) -> None:
    chance = random.Random(7)  # noqa: S311 - the same runs each time
    experiments = ["0", services.experiments.create("a"), services.experiments.create("b")]
    for number in range(300):
        record = services.runs.create(
            chance.choice(experiments),
            user_id=chance.choice(["ann", "bob"]),
            start_time=chance.randint(1, 40),
            run_name=f"run {number % 7}",
        )
        metrics = [
            Point(key, chance.choice(NUMBERS), 1) for key in ("m", "n") if chance.random() < 0.7
        ]
        texts = [
            [(key, chance.choice(TEXTS)) for key in ("p", "q r") if chance.random() < 0.7]
            for _ in range(2)
        ]
        run_id = record.info.run_id
        services.run_logger.log(run_id, metrics=metrics, run_params=texts[0], run_tags=texts[1])
        if chance.random() < 0.3:
            data = DatasetInput("data", f"d{number % 3}", "local", "{}")
            data.tags["mlflow.data.context"] = chance.choice(["train", "test"])
            services.run_logger.log_inputs(run_id, [data])
        if chance.random() < 0.5:
            services.runs.update(run_id, status="FINISHED", end_time=chance.randint(40, 60))
        if chance.random() < 0.1:
            services.runs.delete(run_id)


def metric(run: RunRecord, key: str) -> float | None:
    return {point.key: point.value for point in run.metrics}.get(key)


def like(text: str | None, pattern: str, *, case: bool = True) -> bool:
    regex = re.escape(pattern).replace("%", ".*").replace("_", ".")
    return text is not None and bool(re.fullmatch(regex, text, 0 if case else re.IGNORECASE))


FILTERS: list[tuple[str, Callable[[RunRecord], Any]]] = [
    ("metrics.m >= 0.5", lambda r: (metric(r, "m") or -1) >= 0.5),
    ("metrics.m < 0.5", lambda r: (metric(r, "m") is not None) and metric(r, "m") < 0.5),  # type: ignore[operator]
    ("metrics.m = 0.25", lambda r: metric(r, "m") == 0.25),
    ("metrics.m != 0.25", lambda r: metric(r, "m") not in {0.25, None}),
    ("params.p = 'rf'", lambda r: r.params.get("p") == "rf"),
    ("params.p != 'rf'", lambda r: r.params.get("p") not in {"rf", None}),
    ("params.`q r` = \"it's\"", lambda r: r.params.get("q r") == "it's"),
    ("params.p LIKE 'r%'", lambda r: like(r.params.get("p"), "r%")),
    ("params.p ILIKE 'r_'", lambda r: like(r.params.get("p"), "r_", case=False)),
    (r"params.p LIKE '%0\%' ESCAPE '\'", lambda r: r.params.get("p") == "100%"),
    (r"params.p ilike 'c:!\!a' escape '!'", lambda r: r.params.get("p") == "C:\\a"),
    (r"params.p LIKE '%:\a'", lambda r: r.params.get("p") == "C:\\a"),
    ("params.p IS NULL", lambda r: "p" not in r.params),
    ("tags.`q r` IS NOT NULL", lambda r: "q r" in r.tags),
    ("tags.p = '한글' AND metrics.n > 0", lambda r: r.tags.get("p") == "한글" and (metric(r, "n") or 0) > 0),  # noqa: E501
    ("tags.mlflow.runName = 'run 3'", lambda r: r.info.run_name == "run 3"),
    ("run_name LIKE '%3'", lambda r: r.info.run_name == "run 3"),
    ("status = 'FINISHED'", lambda r: r.info.status == "FINISHED"),
    ("user_id != 'ann'", lambda r: r.info.user_id == "bob"),
    ("start_time > 20 and end_time < 50", lambda r: r.info.start_time > 20 and (r.info.end_time or 99) < 50),  # noqa: E501
    ("artifact_uri LIKE '%/2/%'", lambda r: r.info.experiment_id == "2"),
    ("dataset.digest = 'd1'", lambda r: any(d.digest == "d1" for d in r.datasets)),
    ("dataset.digest != 'd1'", lambda r: any(d.digest != "d1" for d in r.datasets)),
    ("dataset.context != 'train'", lambda r: any(d.tags.get("mlflow.data.context", "train") != "train" for d in r.datasets)),  # noqa: E501
    ("params.p != 'rf' AND dataset.digest NOT IN ('d1')", lambda r: r.params.get("p") not in {"rf", None} and any(d.digest != "d1" for d in r.datasets)),  # noqa: E501
    ("datasets.name IN ('data')", lambda r: bool(r.datasets)),
    ("dataset.context = 'train'", lambda r: any(d.tags.get("mlflow.data.context") == "train" for d in r.datasets)),  # noqa: E501
]  # fmt: skip


@pytest.fixture(params=[1000, -1], ids=["looked up", "walked"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have runs for which a condition holds be few, or more than that."""
    monkeypatch.setattr(search, "_FEW", request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("text", "holds"), FILTERS)
def test_filters_find_what_a_plain_reading_finds(
    archive: Services, runs: list[RunRecord], text: str, holds: Callable[[RunRecord], Any]
) -> None:
    found, _ = archive.runs.search(["0", "1", "2"], text, "ALL", 1000)
    expected = {run.info.run_id for run in runs if holds(run)}
    assert 0 < len(expected) < len(runs)
    assert {run.info.run_id for run in found} == expected


@pytest.mark.usefixtures("way")
def test_each_run_has_a_name(archive: Services, runs: list[RunRecord]) -> None:
    for text, count in (("IS NULL", 0), ("IS NOT NULL", len(runs))):
        found, _ = archive.runs.search(["0", "1", "2"], f"tags.mlflow.runName {text}", "ALL", 1000)
        assert len(found) == count


def age(run: RunRecord) -> tuple[int, str]:
    return -run.info.start_time, run.info.run_id


def by_metric(run: RunRecord, sign: int) -> tuple[Any, ...]:
    value = metric(run, "m")
    if value is None or math.isnan(value):
        return (2 if value is None else 1, 0, *age(run))
    return 0, sign * value, *age(run)


ORDERS: list[tuple[list[str], Callable[[RunRecord], Any]]] = [
    ([], age),
    (["metrics.m DESC"], lambda r: by_metric(r, -1)),
    (["metrics.m"], lambda r: by_metric(r, 1)),
    (["params.p ASC"], lambda r: ("p" not in r.params, r.params.get("p", ""), *age(r))),
    (["start_time ASC"], lambda r: (r.info.start_time, r.info.run_id)),
    (
        ["attributes.end_time", "metrics.m DESC"],
        lambda r: (r.info.end_time is None, r.info.end_time or 0, *by_metric(r, -1)),
    ),
    (
        ["metrics.m ASC", "user_id"],
        lambda r: (*by_metric(r, 1)[:2], r.info.user_id, *age(r)),
    ),
]


@pytest.mark.parametrize("experiments", [["0", "1", "2"], ["1"]])
@pytest.mark.parametrize("view", ["ACTIVE_ONLY", "ALL"])
@pytest.mark.parametrize(("clauses", "key"), ORDERS)
def test_pages_hold_every_run_once_and_in_order(
    archive: Services,
    runs: list[RunRecord],
    clauses: list[str],
    key: Callable[[RunRecord], Any],
    view: Any,
    experiments: list[str],
) -> None:
    found: list[RunRecord] = []
    token = None
    while True:
        page, token = archive.runs.search(experiments, None, view, 17, clauses, token)
        found += page
        if token is None:
            break
        assert len(page) == 17
    stages = {"active"} if view == "ACTIVE_ONLY" else {"active", "deleted"}
    wanted = [
        run
        for run in runs
        if run.info.experiment_id in experiments and run.info.lifecycle_stage in stages
    ]
    assert [run.info.run_id for run in found] == [
        run.info.run_id for run in sorted(wanted, key=key)
    ]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("clauses", "key"), ORDERS)
@pytest.mark.parametrize(("text", "holds"), [FILTERS[0], FILTERS[4]])
def test_pages_hold_what_a_filter_leaves_in_order(
    archive: Services,
    runs: list[RunRecord],
    text: str,
    holds: Callable[[RunRecord], Any],
    clauses: list[str],
    key: Callable[[RunRecord], Any],
) -> None:
    found: list[str] = []
    token = None
    while True:
        page, token = archive.runs.search(["0", "1", "2"], text, "ALL", 23, clauses, token)
        found += [run.info.run_id for run in page]
        if token is None:
            break
    assert found == [run.info.run_id for run in sorted(filter(holds, runs), key=key)]


def steps(services: Services, filter_string: str, order_by: list[str]) -> list[str]:
    """Return SQLite's plan for the first page of a search."""
    conditions, orders = parse(filter_string, order_by)
    statement = _page(Search((0,), ("active",), conditions, orders), bool(order_by), 100, None)
    with services.database.read() as connection:
        text = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text.replace('%', '%%')}")
        return [row[3] for row in plan]


@pytest.mark.skipif(SHARED, reason="reads SQLite's own plan")
def test_the_best_runs_are_a_walk_over_the_index(services: Services) -> None:
    plan = steps(services, "params.p = 'rf'", ["metrics.m DESC"])
    assert "USING INDEX ix_latest_metrics_top" in plan[0]
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.skipif(SHARED, reason="reads SQLite's own plan")
def test_a_walk_along_a_metric_ends_where_the_filter_says(services: Services) -> None:
    plan = steps(services, "metrics.m < 0.5", ["metrics.m"])
    assert "AND value<?" in plan[0]


@pytest.mark.skipif(SHARED, reason="reads SQLite's own plan")
@pytest.mark.parametrize("table", ["params", "tags"])
@pytest.mark.parametrize("comparison", ["= 'yes'", "LIKE '%yes%'", "ILIKE '%yes%'", "IS NOT NULL"])
def test_params_and_tags_are_found_by_an_index(
    services: Services, table: str, comparison: str
) -> None:
    plan = steps(services, f"{table}.paper {comparison}", [])
    assert any(f"USING COVERING INDEX ix_{table}_value (key=?" in step for step in plan)


@pytest.mark.parametrize("kind", ["params", "tags"])
def test_a_long_text_is_found_whole(services: Services, kind: str) -> None:
    for end in "ab":
        texts: Any = {kind: {"long": "x" * 5000 + end}}
        services.tracking.start_run(end, author="me", **texts)
    found = services.tracking.runs(filter_string=f"{kind}.long = '{'x' * 5000}b'")
    assert [run.name for run in found.items] == ["b"]


@pytest.mark.parametrize(
    "token",
    [
        "x",
        paging.encode(),
        paging.encode(1),
        paging.encode(0, "text", 0, "id"),
        paging.encode(0, 2**70, 0, "id"),
        paging.encode(0, None, 0, "id"),
    ],
)
def test_tokens_that_are_not_ours_are_refused(services: Services, token: str) -> None:
    with pytest.raises(InvalidInputError, match="page token"):
        services.runs.search(["0"], page_token=token)


def test_orders_that_make_no_sense_are_refused(services: Services) -> None:
    for clauses in (["metrics.a", "metric.a desc"], ["dataset.name"]):
        with pytest.raises(InvalidInputError):
            services.runs.search(["0"], order_by=clauses)
    with pytest.raises(InvalidInputError, match="max_results"):
        services.runs.search(["0"], max_results=0)
    with pytest.raises(InvalidInputError, match="A dataset has"):
        services.runs.search(["0"], "dataset.colour = 'red'")
    assert services.runs.search([])[0] == []


@pytest.mark.parametrize(
    ("filter_string", "experiment_id"),
    [
        (None, None),
        (None, "0"),
        ("metrics.m > 0.3", None),
        ("params.p = 'rf' AND metrics.n < 1", "0"),
        ("attributes.run_name = 'nothing'", None),
    ],
)
def test_counts_what_it_finds(
    archive: Services, filter_string: str | None, experiment_id: str | None
) -> None:
    given: dict[str, Any] = {"filter_string": filter_string, "experiment_id": experiment_id}
    found = archive.tracking.runs(limit=1000, **given)
    assert archive.tracking.count(**given).count == len(found.items)
    assert found.next_token is None
