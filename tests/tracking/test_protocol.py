"""Experiments, runs and logging as MLflow's protocol has them."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.errors import (
    ConflictError,
    InvalidInputError,
    InvalidStateError,
    NotFoundError,
)
from jupyter_mlops.tracking.entities import DatasetInput, ModelLink, ModelPoint, Point

if TYPE_CHECKING:
    from jupyter_mlops.services import Services


@pytest.fixture
def run_id(services: Services) -> str:
    return services.runs.create("0", run_name="a").info.run_id


def test_experiment_0_is_always_there(services: Services) -> None:
    experiment = services.experiments.get("0")
    assert (experiment.name, experiment.artifact_location) == ("Default", "mlflow-artifacts:/0")
    assert services.experiments.get_by_name("Default") == experiment
    assert services.tracking.start_run("x", author="me").experiment_id == "0"


def test_an_experiment_from_start_to_end(services: Services) -> None:
    experiments = services.experiments
    number = experiments.create("churn", "s3://bucket/churn/", {"team": "a"})
    run = services.runs.create(number)
    assert run.info.artifact_uri == f"s3://bucket/churn/{run.info.run_id}/artifacts"
    experiments.rename(number, "churn 2")
    experiments.set_tag(number, "stage", "late")
    experiments.delete_tag(number, "team")
    found = experiments.get(number)
    assert (found.name, found.tags, found.lifecycle_stage) == (
        "churn 2",
        {"stage": "late"},
        "active",
    )
    experiments.delete(number)
    assert experiments.get(number).lifecycle_stage == "deleted"
    assert services.runs.get(run.info.run_id).info.lifecycle_stage == "deleted"
    with pytest.raises(InvalidStateError):
        services.runs.create(number)
    with pytest.raises(InvalidStateError):
        experiments.set_tag(number, "a", "b")
    with pytest.raises(ConflictError, match="It is deleted"):
        experiments.create("churn 2")
    with pytest.raises(NotFoundError):
        experiments.delete(number)
    experiments.restore(number)
    assert services.runs.get(run.info.run_id).info.lifecycle_stage == "active"


def test_experiments_are_found(services: Services) -> None:
    experiments = services.experiments
    for name, tags in (("a", {"k": "1"}), ("b", {"k": "2"}), ("B", {})):
        experiments.create(name, tags=tags)

    def names(*args: Any, **kwargs: Any) -> list[str]:
        return [found.name for found in experiments.search(*args, **kwargs)[0]]

    assert names(order_by=["name"]) == ["B", "Default", "a", "b"]
    assert names(filter_string="name LIKE 'b'") == ["b"]
    assert set(names(filter_string="name ILIKE 'b'")) == {"b", "B"}
    assert names(filter_string="tags.k = '2'") == ["b"]
    assert set(names(filter_string="tag.k IS NULL")) == {"B", "Default"}
    assert set(names(filter_string="experiment_id NOT IN ('0', '1')")) == {"b", "B"}
    assert names("DELETED_ONLY") == []
    found, token = [], None
    while True:
        page, token = experiments.search(max_results=3, page_token=token)
        found += [item.name for item in page]
        if token is None:
            break
    assert sorted(found) == ["B", "Default", "a", "b"]
    for bad in ({"filter_string": "experiment_id = 'x'"}, {"order_by": ["tags.k"]}):
        with pytest.raises(InvalidInputError):
            names(**bad)


@pytest.mark.parametrize("name", ["", "x" * 501])
def test_names_that_no_experiment_can_have(services: Services, name: str) -> None:
    with pytest.raises(InvalidInputError):
        services.experiments.create(name)


@pytest.mark.parametrize("experiment_id", ["x", "-1", "1.0", "", "9" * 30, "\u0661"])
def test_ids_that_no_experiment_can_have(services: Services, experiment_id: str) -> None:
    with pytest.raises(InvalidInputError):
        services.experiments.get(experiment_id)


def test_a_run_has_one_name(services: Services) -> None:
    made = services.runs.create("0", run_tags={"mlflow.runName": "x", "k": "v"})
    assert (made.info.run_name, made.tags) == ("x", {"mlflow.runName": "x", "k": "v"})
    run_id = made.info.run_id
    services.run_logger.log(run_id, run_tags=[("mlflow.runName", "y")])
    assert services.runs.get(run_id).info.run_name == "y"
    services.runs.update(run_id, run_name="z")
    assert services.runs.get(run_id).tags["mlflow.runName"] == "z"
    with pytest.raises(InvalidInputError):
        services.runs.create("0", run_name="a", run_tags={"mlflow.runName": "b"})
    assert services.runs.create("0").info.run_name


def test_a_deleted_run_is_not_logged_to(services: Services, run_id: str) -> None:
    services.runs.delete(run_id)
    with pytest.raises(InvalidStateError):
        services.run_logger.log(run_id, metrics=[Point("m", 1.0, 1)])
    with pytest.raises(InvalidStateError):
        services.runs.update(run_id, status="FINISHED")
    services.runs.restore(run_id)
    services.run_logger.log(run_id, metrics=[Point("m", 1.0, 1)])
    with pytest.raises(InvalidInputError):
        services.runs.update(run_id, status="DONE")
    with pytest.raises(NotFoundError):
        services.run_logger.log("0" * 32)


def test_the_latest_point_is_the_one_of_the_greatest_step(services: Services, run_id: str) -> None:
    log = services.run_logger.log
    log(run_id, metrics=[Point("m", 1.0, 10, 5), Point("m", 9.0, 99, 2), Point("n", math.nan, 1)])
    log(run_id, metrics=[Point("m", 2.0, 10, 5), Point("m", 0.5, 10, 5), Point("n", -1.0, 1)])
    metrics = {point.key: point for point in services.runs.get(run_id).metrics}
    assert metrics["m"] == Point("m", 2.0, 10, 5)
    assert math.isnan(metrics["n"].value)  # counts as 0, which is more than -1


def test_a_history_holds_each_point_once(services: Services, run_id: str) -> None:
    points = [Point("m", value, 5, 0) for value in (1.0, 1.0, math.nan, math.nan, math.inf)]
    services.run_logger.log(run_id, metrics=points)
    services.run_logger.log(run_id, metrics=[*points, Point("m", 0.0, 1, 7)])
    whole = list(services.metrics.page(run_id, "m")[0])
    assert [point.timestamp for point in whole] == [1, 5, 5, 5]
    assert [str(point.value) for point in whole] == ["0.0", "nan", "1.0", "1.7976931348623157e+308"]
    paged: list[Point] = []
    token = None
    while True:
        page, token = services.metrics.page(run_id, "m", 1, token)
        paged += page
        if token is None:
            break
    assert list(map(str, paged)) == list(map(str, whole))
    none, token = services.metrics.page(run_id, "other")
    assert (list(none), token) == ([], None)
    other = services.runs.create("0").info.run_id
    services.run_logger.log(other, metrics=[Point("m", 3.0, 1)])
    both = services.metrics.bulk([run_id, other], "m")
    assert {found for found, _ in both} == {run_id, other}
    assert len(services.metrics.bulk([run_id, other], "m", 2)) == 2


def test_a_sample_keeps_ends_and_extremes(services: Services, run_id: str) -> None:
    points = [Point("m", math.sin(step / 9), step + 1, step) for step in range(900)]
    points[450] = points[450]._replace(value=77.0)
    points[600] = points[600]._replace(value=-77.0)
    points[300] = points[300]._replace(value=math.nan)
    services.run_logger.log(run_id, metrics=points)
    series = services.metrics.series(run_id, "m", 100)
    assert series.total == 900
    assert 60 <= len(series.points) <= 100
    steps = [point.step for point in series.points]
    assert steps == sorted(steps)
    assert {0, 450, 600, 899} <= set(steps)
    zoomed = services.metrics.series(run_id, "m", 100, 290, 310)
    assert [point.step for point in zoomed.points] == list(range(290, 311))
    assert zoomed.points[10].value is None


def test_params_do_not_change(services: Services, run_id: str) -> None:
    log = services.run_logger.log
    log(run_id, run_params=[("a", "1")])
    log(run_id, run_params=[("a", "1"), ("b", "2")])
    with pytest.raises(InvalidInputError, match=r"'a' of run .* is '1' and cannot become '2'"):
        log(run_id, metrics=[Point("m", 1.0, 1)], run_params=[("c", "3"), ("a", "2")])
    with pytest.raises(InvalidInputError, match="twice are: d"):
        log(run_id, run_params=[("d", "1"), ("d", "1")])
    found = services.runs.get(run_id)
    assert (found.params, found.metrics) == ({"a": "1", "b": "2"}, [])


def test_tags_change_and_go(services: Services, run_id: str) -> None:
    services.run_logger.log(run_id, run_tags=[("t", "1"), ("t", "2")])
    assert services.runs.get(run_id).tags["t"] == "2"
    services.run_logger.delete_tag(run_id, "t")
    with pytest.raises(NotFoundError):
        services.run_logger.delete_tag(run_id, "t")


@pytest.mark.parametrize("name", ["", "a//b", "../a", "/a", ".", "a\n", "a;b", "x" * 251])
def test_names_that_nothing_can_have(services: Services, run_id: str, name: str) -> None:
    for kind in (
        {"metrics": [Point(name, 1.0, 1)]},
        {"run_params": [(name, "1")]},
        {"run_tags": [(name, "1")]},
    ):
        with pytest.raises(InvalidInputError):
            services.run_logger.log(run_id, **kind)


def test_limits_of_a_batch(services: Services, run_id: str) -> None:
    log = services.run_logger.log
    for kind in (
        {"metrics": [Point("m", 1.0, 1)] * 1001},
        {"run_params": [(str(n), "") for n in range(101)]},
        {"run_tags": [(str(n), "") for n in range(101)]},
        {"metrics": [Point("m", 1.0, 1)] * 1000, "run_tags": [("a", "")]},
        {"metrics": [Point("m", 1.0, -1)]},
        {"metrics": [Point("m", 1.0, 1, 2**63)]},
    ):
        with pytest.raises(InvalidInputError):
            log(run_id, **kind)
    log(run_id, run_params=[("long", "x" * 7000)], run_tags=[("long", "y" * 9000)])
    found = services.runs.get(run_id)
    assert (len(found.params["long"]), len(found.tags["long"])) == (6000, 8000)


def test_what_a_run_used_and_made(services: Services, run_id: str) -> None:
    data = DatasetInput("train", "d1", "local", '{"uri": "a.csv"}', "{}", None, {"role": "train"})
    services.run_logger.log_inputs(run_id, [data, data], [ModelLink("m-1")])
    services.run_logger.log_inputs(run_id, [data])
    services.run_logger.log_outputs(run_id, [ModelLink("m-2", 3)])
    found = services.runs.get(run_id)
    assert found.datasets == [data]
    assert (found.model_inputs, found.model_outputs) == ([ModelLink("m-1")], [ModelLink("m-2", 3)])
    with pytest.raises(InvalidInputError):
        services.run_logger.log_inputs(run_id, [DatasetInput("", "d", "local", "x")])


def test_writers_at_once_lose_nothing(services: Services, run_id: str) -> None:
    def write(number: int) -> None:
        for step in range(50):
            services.run_logger.log(run_id, metrics=[Point("m", float(number), step + 1, step)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(services.metrics.page(run_id, "m")[0])) == 400
    assert services.runs.get(run_id).metrics == [Point("m", 7.0, 50, 49)]


def test_columns_are_the_names_that_runs_use(services: Services, run_id: str) -> None:
    services.run_logger.log(
        run_id,
        metrics=[Point("m", 1.0, 1)],
        run_params=[("p", "1")],
        run_tags=[("mlflow.user", "me"), ("mine", "1")],
    )
    columns = services.tracking.columns()
    assert (columns.params, columns.metrics, columns.tags) == (["p"], ["m"], ["mine"])
    other = services.experiments.create("other")
    assert services.tracking.columns(other).params == []


def test_a_curve_has_more_than_one_point(services: Services, run_id: str) -> None:
    points = [Point("loss", 0.5, 1, 1), Point("loss", 0.4, 2, 2), Point("f1", 0.9, 1)]
    services.run_logger.log(run_id, metrics=points)
    assert services.metrics.curves([run_id, "unknown"]) == ["loss"]
    assert services.metrics.curves(["unknown"]) == []


def test_metrics_of_models_need_the_model(services: Services, run_id: str) -> None:
    point = Point("m", 1.0, 1)
    with pytest.raises(NotFoundError):
        services.run_logger.log(
            run_id, metrics=[point], model_metrics=[ModelPoint("m-none", point)]
        )
    assert services.runs.get(run_id).metrics == []
