"""How the program's memory is arranged while it serves."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from app import memory


class Thing:
    """Something that may point at itself."""


@pytest.fixture
def arranged() -> Iterator[None]:
    memory.leave_out_what_is_here()
    yield
    gc.unfreeze()


def test_reading_much_of_the_register_waits_for_no_look_at_everything(arranged: None) -> None:
    before = gc.get_stats()[2]["collections"]

    read = [[number] for number in range(150_000)]

    assert len(read) == 150_000
    assert gc.get_stats()[2]["collections"] == before


def test_unreachable_cycles_go_all_the_same(arranged: None) -> None:
    thing = Thing()
    thing.itself = thing  # type: ignore[attr-defined]
    is_there = weakref.ref(thing)
    del thing

    read = [[number] for number in range(30_000)]

    assert len(read) == 30_000
    assert is_there() is None
