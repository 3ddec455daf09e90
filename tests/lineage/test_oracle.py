"""What is stale, its order and the graph, whatever happened before: as the model has it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops.core.errors import ConflictError
from jupyter_mlops.core.project import Project
from jupyter_mlops.lineage.schemas import RerunCreate
from jupyter_mlops.services import Services

from .oracle import FILES, FOLDER, MODULE, Model, Notebook, World

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(world: World) -> None:
    model = Model(world)
    lineage = world.workshop.services.lineage
    listed = lineage.stale()
    found = {
        one.id: {("missing" if kind == "moved" else kind, path) for kind, path in _pairs(one)}
        for one in listed.items
    }
    assert found == model.found()
    assert (listed.unknown, set(listed.gone)) == ([], model.gone)
    if model.has_circle():
        with pytest.raises(ConflictError):
            world.workshop.services.reruns.plan(RerunCreate())
    else:
        _check_order(world, model)
    known = {path for one in world.all() for path in (*one.reads, *one.writes)}
    for path in known:
        graph = lineage.lineage(f"data:{path}", depth=50, limit=2000, fan=500)
        assert not graph.cut
        assert model.below(path) <= {node.id for node in graph.nodes}
        linked = {(e.source, e.target) for e in graph.edges if e.kind not in {"copies", "part"}}
        assert linked <= set(model.edges())
        for node in graph.nodes:
            if node.kind in {"notebook", "version", "deployment"} and node.id in model.found():
                assert node.state == "stale", node.id


def _check_order(world: World, model: Model) -> None:
    steps = world.workshop.services.reruns.plan(RerunCreate())
    order = [step.notebook_path for step in steps]
    assert sorted(order) == sorted(model.stale)
    for step in steps:
        assert set(step.after) == model.needs[step.notebook_path] & model.stale
        assert all(order.index(path) < order.index(step.notebook_path) for path in step.after)


def _pairs(node: Any) -> Iterator[tuple[str, str]]:
    return ((change.kind, change.path) for change in node.changes)


@st.composite
def notebooks(draw: st.DrawFn) -> list[Notebook]:
    # of a folder that is read as a whole no file is an input of its own
    some = st.lists(st.sampled_from([*FILES, FOLDER]), max_size=2, unique=True).filter(
        lambda paths: FOLDER not in paths or not any("/" in path for path in paths)
    )
    written = st.lists(st.sampled_from(FILES[1:-1]), max_size=2, unique=True)
    return [
        Notebook(f"{number} 노트.ipynb", draw(some), draw(written), draw(st.booleans()))
        for number in range(draw(st.integers(2, 4)))
    ]


NUMBER = st.integers(0, 3)
ACTIONS = st.one_of(
    st.tuples(st.just("run"), NUMBER),
    st.tuples(st.just("run"), NUMBER),
    st.tuples(st.sampled_from(["rename", "remove", "forget", "register", "deploy"]), NUMBER),
    st.tuples(st.just("edit"), NUMBER, st.integers(0, 1)),
    st.tuples(st.just("write"), st.sampled_from([*FILES, MODULE]), st.integers(0, 1)),
    st.tuples(st.sampled_from(["touch", "delete", "move"]), st.sampled_from(FILES[:-1])),
)


@given(notebooks(), st.lists(ACTIONS, min_size=6, max_size=20))
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_all_is_found_as_the_model_has_it(
    made: list[Notebook], actions: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "my project 한글"
        root.mkdir()
        services = Services(Project(root), root)
        try:
            world = World(services, made)
            for notebook in made:
                world.run(notebook)
            for name, *args in actions:
                if isinstance(args[0], int):
                    args[0] = made[args[0] % len(made)]
                getattr(world, name)(*args)
            check(world)
        finally:
            services.close()
