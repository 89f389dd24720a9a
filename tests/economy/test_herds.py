"""Animals killed young: the swing of the year, the meat, and who is spared."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from one_country import ECONOMY

from planmodel.engine import Array
from planmodel.engine.clock import Clock
from planmodel.runs.history import History
from planmodel.scenario import load_scenario

BLOCKS = {block.name: block for block in ECONOMY.blocks}

KILLED_YOUNG = ("cattle", "sheep_and_goats")
BASELINE = load_scenario("one_country")


def killed(history: History, species: str, what: str) -> Array:
    moved: Array = history.ledger.moved(f"{what}_{species}_household")
    return moved


def spring(share: float) -> History:
    """An economy on its first day, whose herds are culled as in the month named by the test."""
    shares = {"livestock": {"young_offtake": np.array([0.0, share])}}
    return History(BASELINE.until(BASELINE.period.start.replace(day=31)), [0, 0], parameters=shares)


@pytest.mark.parametrize("species", KILLED_YOUNG)
def test_young_animals_are_killed_in_spring_and_as_many_fewer_in_autumn(
    species: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = spring(0.4)
    taken = {"killed_young": np.zeros(2), "offtake": np.zeros(2)}
    for month in range(1, 13):
        monkeypatch.setattr(Clock, "today", date(1928, month, 28))
        history.workspace.act("livestock.lose_animals", "livestock.slaughter_animals", "livestock.kill_young")
        history.ledger.settle()
        for what in taken:
            taken[what] += killed(history, species, what)
        if month == 4:
            assert killed(history, species, "killed_young")[0] == 0.0
            assert killed(history, species, "killed_young")[1] > 0.0
        history.ledger.close_month()
    assert taken["killed_young"][0] == 0.0
    assert taken["killed_young"][1] > 0.5 * (taken["offtake"][0] - taken["offtake"][1]) > 0.0


def test_horses_and_pigs_are_not_killed_young() -> None:
    history = spring(0.4)
    flows = {flow.name for flow in BLOCKS["livestock"].flows}
    killed_young = {name for name in flows if name.startswith("killed_young_")}
    owners = ("household", "socialised")
    assert killed_young == {f"killed_young_{species}_{owner}" for species in KILLED_YOUNG for owner in owners}
    with pytest.raises(KeyError):
        history.ledger.moved("killed_young_horses_household")


def test_a_calf_gives_less_meat_than_a_grown_animal() -> None:
    history = spring(0.4)
    history.ledger.propose("killed_young_cattle_household", np.array([0.0, 1.0]))
    history.ledger.propose("offtake_cattle_household", np.array([1.0, 0.0]))
    history.ledger.settle()
    history.workspace.act("livestock.share_meat_and_milk")
    history.ledger.settle()
    grown, young = history.ledger.moved("meat_village") + history.ledger.moved("meat_town")
    assert young / grown == pytest.approx(float(history.workspace.read("young_meat", "livestock")[0]))
