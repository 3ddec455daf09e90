"""Registering, resolving and aliasing on a real store."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, inspect

from jupyter_mlops.core.database import Database, metadata
from jupyter_mlops.core.errors import (
    ConflictError,
    InvalidInputError,
    MLOpsError,
    NotFoundError,
)
from jupyter_mlops.objects.manager import ObjectManager
from jupyter_mlops.registry.manager import RegistryManager
from jupyter_mlops.registry.schemas import ModelVersion, VersionSource
from tests.databases import where

MakeModel = Callable[..., Path]
Register = Callable[..., ModelVersion]


@pytest.fixture
def register(registry: RegistryManager, make_model: MakeModel) -> Register:
    folder = make_model()

    def call(name: str = "iris") -> ModelVersion:
        return registry.register_folder(name, folder, author="ada", source=VersionSource())

    return call


def test_a_version_tells_all_that_is_known(
    registry: RegistryManager, make_model: MakeModel, tmp_path: Path
) -> None:
    folder = make_model()
    source = VersionSource(
        run_id="r" * 32,
        snapshot_id="s" * 64,
        notebook_path="my notebook 한글.ipynb",
        variable="forest",
        framework="scikit-learn",
        class_name="RandomForestClassifier",
        serialization="cloudpickle",
        executable="/env/bin/python",
    )
    made = registry.register_folder(
        "iris 붓꽃", folder, author="ada", source=source, description="first"
    )
    assert (made.name, made.version, made.status) == ("iris 붓꽃", 1, "READY")
    assert (made.author, made.description, made.flavor) == ("ada", "first", "sklearn")
    assert made.requirements == ["scikit-learn==1.9.0", "skops==0.13"]
    known = source.model_dump(exclude={"run_link", "model_id"})
    assert made.model_dump(include=set(known)) == known
    assert made.size_bytes == sum(path.stat().st_size for path in folder.iterdir())
    assert registry.version("iris 붓꽃", 1) == made
    assert ModelVersion.model_validate_json(made.model_dump_json()) == made

    registry.checkout("iris 붓꽃", 1, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_facts_come_from_the_folder_where_the_source_has_none(register: Register) -> None:
    made = register()
    assert (made.framework, made.serialization, made.class_name) == ("sklearn", "skops", "")
    assert (made.run_id, made.snapshot_id, made.executable) == (None, None, None)


def test_a_stored_tree_is_registered(
    registry: RegistryManager, objects: ObjectManager, make_model: MakeModel
) -> None:
    tree = objects.put_tree(make_model())
    made = registry.register_tree("iris", tree.object_id, author="ada", source=VersionSource())
    assert (made.object_id, made.size_bytes) == (tree.object_id, tree.size_bytes)
    with pytest.raises(NotFoundError):
        registry.register_tree("iris", "0" * 64, author="ada", source=VersionSource())
    blob = objects.put_bytes(b"no tree")
    with pytest.raises(InvalidInputError):
        registry.register_tree("iris", blob, author="ada", source=VersionSource())
    assert registry.model("iris").latest_version == 1


def test_versions_count_up_and_are_listed_newest_first(
    registry: RegistryManager, register: Register
) -> None:
    assert [register().version for _ in range(3)] == [1, 2, 3]
    detail = registry.model("iris")
    assert [version.version for version in detail.versions] == [3, 2, 1]
    assert detail.latest_version == 3
    assert detail.updated_at >= detail.created_at
    assert register("other").version == 1


def test_what_is_no_model_leaves_nothing(
    registry: RegistryManager, tmp_path: Path, make_model: MakeModel
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "data.csv").write_text("large")
    broken = make_model("broken", flavors={})
    cases: list[tuple[Path, type[MLOpsError], str]] = [
        (tmp_path / "empty", InvalidInputError, "no MLmodel file"),
        (tmp_path / "absent", NotFoundError, "no folder"),
        (broken, InvalidInputError, "flavors"),
    ]
    for folder, error, message in cases:
        with pytest.raises(error, match=message):
            registry.register_folder("iris", folder, author="ada", source=VersionSource())
    assert registry.models().items == []
    with pytest.raises(NotFoundError):
        registry.model("iris")


@pytest.mark.parametrize(
    "name",
    ["", " ", "a/b", "a:b", ".", "..", "a\nb", "a\0b", "a\x7fb", "a\u2028b", "a\ud800b", "n" * 257],
)
def test_names_that_cannot_be(registry: RegistryManager, make_model: MakeModel, name: str) -> None:
    with pytest.raises(InvalidInputError):
        registry.register_folder(name, make_model(), author="ada", source=VersionSource())
    assert registry.models().items == []


@pytest.mark.parametrize("name", ["n" * 256, "나의 모델", "a.b-c_d e", "%41?#&", "..."])
def test_names_that_can_be(registry: RegistryManager, register: Register, name: str) -> None:
    assert registry.model(register(name).name).name == name


@pytest.mark.parametrize(
    "alias", ["", "latest", "LATEST", "v1", "V22", "a b", "a/b", "a.b", "a\n", "a" * 256]
)
def test_aliases_that_cannot_be(registry: RegistryManager, register: Register, alias: str) -> None:
    register()
    with pytest.raises(InvalidInputError):
        registry.set_alias("iris", alias, 1, author="ada")
    assert registry.model("iris").aliases == {}


@pytest.mark.parametrize("alias", ["champion", "우승", "v1-old", "v", "latest_2", "a" * 255])
def test_aliases_that_can_be(registry: RegistryManager, register: Register, alias: str) -> None:
    register()
    assert registry.set_alias("iris", alias, 1, author="ada").aliases == {alias: 1}
    assert registry.resolve("iris", alias=alias).aliases == [alias]


def test_an_alias_moves_and_keeps_its_history(
    registry: RegistryManager, register: Register
) -> None:
    register()
    register()
    registry.set_alias("iris", "champion", 1, author="ada")
    registry.set_alias("iris", "challenger", 2, author="ada")
    registry.set_alias("iris", "champion", 2, author="bob")
    registry.set_alias("iris", "champion", 2, author="bob")  # changes nothing
    after = registry.delete_alias("iris", "champion", author="eve")
    assert after.aliases == {"challenger": 2}
    history = registry.alias_history("iris", alias="champion")
    assert [(change.version, change.author) for change in history.items] == [
        (None, "eve"),
        (2, "bob"),
        (1, "ada"),
    ]
    assert len(registry.alias_history("iris").items) == 4
    assert [version.aliases for version in registry.model("iris").versions] == [["challenger"], []]


def test_resolving(registry: RegistryManager, register: Register) -> None:
    register()
    register()
    registry.set_alias("iris", "champion", 1, author="ada")
    assert registry.resolve("iris").version == 2
    assert registry.resolve("iris", version=1).version == 1
    assert registry.resolve("iris", alias="champion").version == 1
    with pytest.raises(InvalidInputError):
        registry.resolve("iris", version=1, alias="champion")
    for wrong in (0, 3):
        with pytest.raises(NotFoundError):
            registry.resolve("iris", version=wrong)
    with pytest.raises(NotFoundError, match="it has: champion"):
        registry.resolve("iris", alias="absent")


def test_what_does_not_exist_is_not_found(registry: RegistryManager, register: Register) -> None:
    register()
    calls: list[Callable[[], Any]] = [
        lambda: registry.model("absent"),
        lambda: registry.version("absent", 1),
        lambda: registry.version("iris", 2),
        lambda: registry.resolve("absent"),
        lambda: registry.set_alias("absent", "champion", 1, author="ada"),
        lambda: registry.set_alias("iris", "champion", 2, author="ada"),
        lambda: registry.delete_alias("iris", "champion", author="ada"),
        lambda: registry.alias_history("absent"),
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            call()
    assert registry.alias_history("iris").items == []


def test_pages_by_name(registry: RegistryManager, register: Register) -> None:
    for name in ("c", "a", "b", "한글", "d"):
        register(name)
    registry.set_alias("b", "champion", 1, author="ada")
    names, token = [], None
    while True:
        page = registry.models(limit=2, page_token=token)
        names += [model.name for model in page.items]
        token = page.next_token
        if token is None:
            break
    assert names == ["a", "b", "c", "d", "한글"]
    assert [model.aliases for model in registry.models().items][1] == {"champion": 1}
    for limit in (0, 1001):
        with pytest.raises(InvalidInputError):
            registry.models(limit=limit)
    with pytest.raises(InvalidInputError):
        registry.models(page_token="nonsense")  # noqa: S106


def test_a_list_takes_two_queries_however_long(
    registry: RegistryManager, register: Register, database: Database
) -> None:
    for number in range(20):
        register(f"model {number}")
        registry.set_alias(f"model {number}", "champion", 1, author="ada")
    queries: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            queries.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    assert len(registry.models().items) == 20
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(queries) == 2


def test_registrations_at_once_get_consecutive_versions(
    objects: ObjectManager, make_model: MakeModel, tmp_path: Path
) -> None:
    tree = objects.put_tree(make_model()).object_id

    def register(_number: int) -> list[int]:
        database = Database(where(tmp_path))  # as another process has
        registry = RegistryManager(database, ObjectManager(tmp_path / "objects", database))
        made = [
            registry.register_tree("iris", tree, author="ada", source=VersionSource())
            for _ in range(5)
        ]
        database.close()
        return [version.version for version in made]

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for made in pool.map(register, range(4)) for number in made]
    assert sorted(numbers) == list(range(1, 21))


def test_a_failed_insert_takes_no_number(
    registry: RegistryManager, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    register()

    def fail(*_arguments: Any) -> None:
        raise ConflictError("between the two writes")

    with monkeypatch.context() as patch:
        patch.setattr("jupyter_mlops.registry.manager._version", fail)
        with pytest.raises(ConflictError):
            register()
    assert registry.model("iris").latest_version == 1
    assert register().version == 2


def test_tables_are_as_the_migration_makes_them(database: Database) -> None:
    found = inspect(database.engine)
    for name in (
        "packs",
        "objects",
        "stat_cache",
        "registered_models",
        "model_versions",
        "model_aliases",
        "alias_changes",
    ):
        table = metadata.tables[name]
        columns = {column["name"]: column for column in found.get_columns(name)}
        assert list(columns) == [column.name for column in table.c]
        for column in table.c:
            made = columns[column.name]
            assert str(made["type"]) == str(column.type)
            assert made["nullable"] == column.nullable
        primary = found.get_pk_constraint(name)["constrained_columns"]
        assert set(primary) == {column.name for column in table.primary_key}
        keys = {key["constrained_columns"][0] for key in found.get_foreign_keys(name)}
        assert keys == {key.parent.name for key in table.foreign_keys}
