"""Things of the whole graph are found by their names, however little of it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops.core.errors import NotFoundError

if TYPE_CHECKING:
    from .conftest import Workshop


def found(workshop: Workshop, text: str) -> list[str]:
    return [match.id for match in workshop.services.lineage.search(text).items]


def test_every_kind_is_found_by_a_part_of_its_name(workshop: Workshop) -> None:
    workshop.write("data/Customers.csv", "1")
    workshop.write("customers.csv.bak", "1")
    made = workshop.snapshot("고객 customers.ipynb", ["data/Customers.csv", "customers.csv.bak"])
    workshop.deploy("live-customers", workshop.register("churn of customers", made))
    workshop.register("churn of customers", made)
    # what is called exactly so comes first, then what begins so
    assert found(workshop, " customers.CSV") == [
        "data:data/Customers.csv",
        "data:customers.csv.bak",
    ]
    assert found(workshop, "고객") == ["notebook:고객 customers.ipynb"]
    assert found(workshop, "of customers") == [
        "version:churn of customers/2",
        "version:churn of customers/1",
    ]
    assert found(workshop, "customers v1") == ["version:churn of customers/1"]
    assert found(workshop, "LIVE-") == ["deployment:live-customers"]
    assert found(workshop, made.id[:8].upper()) == [f"snapshot:{made.id}"]
    assert found(workshop, made.id[1:9]) == []
    assert len(found(workshop, "customers")) == 6


def test_there_is_no_more_than_was_asked_for(workshop: Workshop) -> None:
    names = [f"part-{number}.csv" for number in range(8)]
    for name in names:
        workshop.write(name, name)
    workshop.snapshot("parts.ipynb", names)
    search = workshop.services.lineage.search
    few = search("part-", 3)
    assert ([match.name for match in few.items], few.cut) == (names[:3], True)
    assert not search("part-", 8).cut


def test_what_was_deleted_is_not_found(workshop: Workshop) -> None:
    workshop.write("in.csv", "1")
    made = workshop.snapshot("use.ipynb", ["in.csv"])
    workshop.services.tracking.delete_run(made.run_id)
    assert found(workshop, "in.csv") == []
    assert found(workshop, "use.ipynb") == []
    assert found(workshop, made.id[:8]) == []


NAMES = ["50%.csv", "5012.csv", "a_b.csv", "axb.csv", "c\\d.csv", "e'f.csv"]


@pytest.fixture
def odd(workshop: Workshop) -> Workshop:
    for name in NAMES:
        workshop.write(name, name)
    workshop.snapshot("use.ipynb", NAMES)
    return workshop


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text("5%0_ab\\d'f.csv", min_size=1, max_size=5))
def test_every_sign_means_itself(odd: Workshop, text: str) -> None:
    names = [
        match.name for match in odd.services.lineage.search(text).items if match.kind == "data"
    ]
    assert sorted(names) == [name for name in NAMES if text in name]


def test_who_asks_for_a_name_that_is_not_known_is_told_what_is_similar(workshop: Workshop) -> None:
    workshop.write("data/customers.csv", "1")
    workshop.snapshot("use.ipynb", ["data/customers.csv"])
    with pytest.raises(NotFoundError, match=r"Did you mean data:data/customers\.csv\?"):
        workshop.services.lineage.find("customers.csv")
