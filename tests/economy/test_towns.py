"""Food of the towns: cards and free bread, and what hunger costs accumulation."""

from __future__ import annotations

import numpy as np
import pytest

from planmodel.runs.history import History
from planmodel.scenario import load_scenario

BASELINE = load_scenario("baseline")
MONTH = BASELINE.until(BASELINE.period.start.replace(day=31))
SWITCH = "food_productivity"


def economy_with(hunger: list[float], off: list[str] | None = None) -> History:
    scenario = load_scenario("baseline", switch_off=off or []).until(MONTH.period.end)
    economy = History(scenario, [0] * len(hunger))
    economy.board["town_nutrition"] = 1.0 - np.array(hunger)
    economy.board.settle()
    return economy


def part(economy: History, kind: type) -> object:
    return next(c for c in economy.components if isinstance(c, kind))


def test_free_bread_takes_the_place_of_other_food_and_cards_forbid_it() -> None:
    economy = History(MONTH, [0, 0])
    economy.board["other_town_food_wanting"] = np.array([0.0, 0.2])
    economy.board.settle()
    free = economy.workspace.read("bread_wanted")
    instead = float(economy.workspace.read("bread_instead", "towns")[0])
    assert free[1] / free[0] == pytest.approx(1.0 + instead * 0.2 / 0.6)
    economy.levers["cards_bread"] = 1.0
    cards = economy.workspace.read("bread_wanted")
    assert cards[0] == cards[1] == free[0]


def test_towns_note_what_of_meat_milk_and_potatoes_is_wanting() -> None:
    economy = History(MONTH, [0, 0])
    economy.ledger.endow("potatoes", "village", np.array([30.0, 0.0]))
    economy.ledger.propose("meat_town", np.array([5.0, 0.0]))
    economy.ledger.propose("milk_town", np.array([30.0, 0.0]))
    economy.ledger.settle()
    before = economy.board["other_town_food_wanting"].copy()
    economy.workspace.act("towns.eat_in_towns", "towns.miss_other_food", "towns.hunger_in_towns")
    economy.ledger.settle()
    economy.board.settle()
    rich, poor = economy.board["other_town_food_wanting"] - before
    assert poor == pytest.approx((0.40 - before[1]) / 12.0)
    assert rich < poor


@pytest.mark.parametrize(("off", "loses"), [([], True), ([SWITCH], False)])
def test_strain_counts_work_lost_to_hunger_not_hunger(off: list[str], loses: bool) -> None:
    economy = economy_with([0.0, 0.3], off)
    economy.workspace.act("workforce.lose_work_to_hunger", "workforce.work")
    economy.board.settle()
    lost = economy.board["hunger_loss"][1]
    effect = float(economy.workspace.read("food_effect", "workforce")[0])
    assert lost == pytest.approx(1.0 - 0.7**effect if loses else 0.0)
    economy.workspace.act("plan.feel")
    economy.board.settle()
    fed, hungry = economy.board["strain"]
    weight = float(economy.workspace.read("hunger_weight", "plan")[0])
    assert hungry - fed == pytest.approx(weight * lost / 6.0)


@pytest.mark.parametrize(("off", "flee"), [([], True), ([SWITCH], False)])
def test_builders_flee_hunger_only_with_the_switch(off: list[str], flee: bool) -> None:
    economy = economy_with([0.0, 0.3], off)
    economy.board["jobs_construction_workers"] = np.array([1.0, 1.0])
    economy.board.settle()
    economy.workspace.act("labour.lose_workers", "labour.hire")
    economy.ledger.settle()
    builders = economy.ledger.moved("left_construction_workers")
    others = economy.ledger.moved("left_heavy_industry_workers")
    assert others[0] == others[1]
    assert (builders[1] > builders[0]) == flee
