"""How the program's memory and threads are arranged while it serves."""

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest
from flask import Flask

from app import memory, serving


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


def test_threads_of_the_server_take_short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that reads in a list would else keep each page waiting after every question it asks."""
    usual = sys.getswitchinterval()
    monkeypatch.setattr(serving, "_checked", lambda app: app)
    try:
        serving._for_serving(Flask("app"))
        assert sys.getswitchinterval() == pytest.approx(serving.TURN, rel=0.01)
    finally:
        sys.setswitchinterval(usual)
        gc.unfreeze()
