"""Memory of members: what a chunk leaves is given to the next, and nothing that is looked at is."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from planmodel.engine import memory
from planmodel.engine.memory import TOGETHER, fill, matrix, put, room, whole
from planmodel.runs.history import History
from planmodel.scenario import load_scenario

LARGE = 300_000
SHORT = load_scenario("baseline")


def place(array: np.ndarray) -> int:
    found: int = array.ctypes.data
    return found


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what other tests left decides which memory is lent, and whether there is room for more."""
    monkeypatch.setattr(memory, "_KEPT", type(memory._KEPT)())


@pytest.mark.usefixtures("nothing_kept")
def test_memory_is_lent_again_when_its_last_view_is_gone() -> None:
    first = room(LARGE)
    kept, where = first[10:20], place(first)
    del first
    kept[:] = 7.0
    other = room(LARGE)
    other[:] = 1.0
    assert place(other) != where
    assert kept.tolist() == [7.0] * 10
    del kept
    assert place(room(LARGE)) == where


@pytest.mark.usefixtures("nothing_kept")
def test_memory_that_is_not_asked_for_any_more_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST", 3 * LARGE)
    old, new = [room(LARGE) for _ in range(2)], [room(LARGE + 1) for _ in range(2)]
    places = {place(array) for array in new}
    del old, new
    gc.collect()
    again = [room(LARGE + 1) for _ in range(2)]
    assert {place(array) for array in again} == places


def test_a_matrix_is_of_zeros_though_its_memory_was_used_before() -> None:
    used = matrix(100, 3_001)
    used[:] = np.nan
    del used
    again = matrix(100, 3_001)
    assert not whole(again).any()
    assert again.ctypes.data % 64 == 0


def test_rows_end_with_what_the_last_member_has() -> None:
    made = matrix(3, 2)
    put(made, [0, 2], np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert whole(made).tolist() == [[1.0] + [2.0] * (TOGETHER - 1), [0.0] * TOGETHER, [3.0] + [4.0] * 7]
    made[1] = 5.0, 6.0
    fill(made)
    assert whole(made)[1].tolist() == [5.0] + [6.0] * (TOGETHER - 1)


@pytest.mark.usefixtures("engine")
def test_a_history_leaves_its_memory_without_the_collector() -> None:
    """Else each chunk of an ensemble stays beside the next ones."""
    history = History(SHORT, range(3), wanted=("cattle",))
    parts = [weakref.ref(p) for p in (history.ledger, history.board, history.workspace, history.clock)]
    gc.collect()
    gc.disable()
    try:
        history.run()
        assert not gc.isenabled()  # as it was found
        del history
        assert [part() is None for part in parts] == [True] * 4
    finally:
        gc.enable()
