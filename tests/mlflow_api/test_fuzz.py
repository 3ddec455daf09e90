"""Whatever is sent, the answer is MLflow's, and never that the server failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops.core.project import Project
from jupyter_mlops.mlflow_api.artifacts import SERVICE
from jupyter_mlops.mlflow_api.errors import reply
from jupyter_mlops.mlflow_api.operation import Operation, Request
from jupyter_mlops.mlflow_api.routes import OPERATIONS
from jupyter_mlops.services import Services

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = [*OPERATIONS, *SERVICE]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, list[Any]]]:
    """Give a store, and ids and names that it knows."""
    folder = tmp_path_factory.mktemp("fuzz")
    services = Services(Project(folder.resolve()), folder)
    run_id = services.runs.create("0").info.run_id
    model_id = services.logged_models.create("0").model_id
    services.catalog.create("model")
    services.registry.register_reference("model", author="me", source=_source())
    yield services, ["0", run_id, model_id, "model", 1, 2**70, "name = 'x'", "name DESC"]
    services.close()


def _source() -> Any:
    from jupyter_mlops.registry.schemas import VersionSource  # noqa: PLC0415

    return VersionSource(source="s3://bucket")


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from(["../x", "\x00", "a" * 10_000, "models:/model/1", "runs:/x/y", "file:///etc"])
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=4)


def fields_of(message: Any) -> dict[str, Any]:
    return {info.alias or name: info.annotation for name, info in message.model_fields.items()}


@pytest.mark.parametrize("operation", ALL, ids=lambda o: f"{o.verb} {o.path}")
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_sent(
    known: tuple[Services, list[Any]], operation: Operation, data: st.DataObject
) -> None:
    services, ids = known
    likely = st.sampled_from(ids)
    guesses = likely | likely | likely | values
    pair = st.fixed_dictionaries({"key": guesses, "value": guesses})
    body = data.draw(
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                fields_of(operation.message), guesses | st.lists(guesses | pair, max_size=3)
            ),
        )
    )
    names = [name for name in ("model_id", "key", "path") if f"{{{name}}}" in operation.path]
    path = {name: str(data.draw(guesses)) for name in names}
    error: Exception | None = None
    try:
        message = operation.message.model_validate(body)
        operation.run(Request(services=services, user="me", message=message, path=path))
    except Exception as raised:
        error = raised
    assert error is None or reply(error)[0].status < 500, (body, path, error)
