"""Running members: the same answers for every chunk and place, and members that fail are found."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import ConservationError, UserError
from planmodel.runs.chunks import Isolation, chunks
from planmodel.runs.evaluate import Recorded, ask, figures, record
from planmodel.runs.history import History, run
from planmodel.runs.members import Members, unchecked
from planmodel.runs.observe import Observation
from planmodel.runs.resolve import Laid, resolve
from planmodel.scenario import load_scenario

SHORT = load_scenario("baseline").until(date(1928, 6, 30))
RATE = "parameters.draught.tractor_utilisation"
LIMITING = load_scenario("stationary_village").until(date(1928, 3, 31))


def members(number: int = 12) -> Members:
    return resolve(SHORT, Laid({RATE: np.linspace(0.3, 0.6, number)}), seed=4)


def test_what_is_recorded_is_the_same_for_every_chunk_and_place() -> None:
    whole = record(members(), ["cattle"])
    parts = list(ask(members(), Recorded(frozenset({"cattle"})), size=5))
    assert [len(rows) for rows, _ in parts] == [5, 5, 2]
    cut = np.concatenate([part["cattle"].values for _, part in parts])
    np.testing.assert_array_equal(cut, whole["cattle"].values)
    with ThreadPoolExecutor(1) as executor:
        np.testing.assert_array_equal(record(members(), ["cattle"], executor)["cattle"].values, cut)
    assert whole["member"].values.tolist() == list(range(12))
    assert whole.coords["implausible"].attrs["flag_meanings"]


def test_values_that_need_no_check_give_the_same_history() -> None:
    checked = record(members(), ["cattle"])
    values = {RATE: np.linspace(0.3, 0.6, 12)}
    plain = record(unchecked(SHORT, values, np.arange(12), seed=4), ["cattle"])
    np.testing.assert_array_equal(plain["cattle"].values, checked["cattle"].values)


def test_groups_have_scenarios_of_their_own() -> None:
    laid = Laid({"switches.grain_exports": np.array([True, False, True])})
    cut = list(chunks(resolve(SHORT, laid), 10))
    assert [chunk.members.tolist() for chunk in cut] == [[0, 2], [1]]
    assert [chunk.scenario.switches.grain_exports for chunk in cut] == [True, False]
    assert [len(chunk) for chunk in chunks(resolve(SHORT, laid), 10, {0: [(0, 1)]})] == [1, 1]


@pytest.mark.parametrize("scenario", [SHORT, LIMITING, load_scenario("kuzbass")], ids=lambda s: s.name)
def test_a_scenario_can_be_sent_to_another_process(scenario: Any) -> None:
    sent = pickle.loads(pickle.dumps(scenario))
    assert sent.digest() == scenario.digest()
    assert type(sent) is type(scenario)
    assert sent.declared is scenario.declared


def fails_in(rows: set[int], error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = History.play

    def play_or_fail(self: History, **given: Any) -> Any:
        if rows & set(self.labels):
            raise error
        return whole(self, **given)

    monkeypatch.setattr(History, "play", play_or_fail)


def answered(isolation: Isolation | None, size: int) -> list[int]:
    asked = figures(SHORT, [Observation("cattle", date(1928, 4, 1), date(1928, 4, 1))])
    found = ask(members(), asked, size=size, isolation=isolation)
    return [int(row) for rows, _ in found for row in rows]


def test_all_members_that_fail_are_found_where_so_many_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10}
    fails_in(bad, ConservationError("a leak"), monkeypatch)
    for size in (1, 5, 12):
        assert answered(Isolation((ConservationError,), most=None), size) == [9, 11]
    with pytest.raises(ConservationError):
        answered(None, 12)


def test_an_error_that_is_not_of_members_stops_all(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_in({3}, TypeError("a mistake of ours"), monkeypatch)
    with pytest.raises(TypeError):
        answered(Isolation((ConservationError,)), 12)
    assert answered(Isolation(), 12) == [n for n in range(12) if n != 3]


def test_what_a_user_asked_for_wrongly_is_no_failure_of_a_member(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_in({3}, UserError("wrong"), monkeypatch)
    with pytest.raises(UserError, match="wrong"):
        answered(Isolation(), 12)
    with pytest.raises(UserError, match="chunk: 0 is out of bounds"):
        answered(Isolation(), 0)


def test_one_member_is_that_of_a_run() -> None:
    alone = run(SHORT, [0], wanted=["cattle"])
    assert isinstance(alone, xr.Dataset)
    together = record(resolve(SHORT, numbers=[0, 1, 2]), ["cattle"])
    np.testing.assert_array_equal(alone["cattle"].values[0], together["cattle"].values[0])
