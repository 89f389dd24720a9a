"""Food of the towns: cards and free bread, and what hunger costs accumulation."""

from __future__ import annotations

import numpy as np
import pytest

from planmodel.runs.history import History
from planmodel.scenario import load_scenario

BASELINE = load_scenario("one_country")
MONTH = BASELINE.until(BASELINE.period.start.replace(day=31))
SWITCH = "food_productivity"


def economy_with(hunger: list[float], off: list[str] | None = None) -> History:
    scenario = load_scenario("one_country", switch_off=off or []).until(MONTH.period.end)
    history = History(scenario, [0] * len(hunger))
    history.board["town_nutrition"] = 1.0 - np.array(hunger)
    history.board.settle()
    return history


def part(history: History, kind: type) -> object:
    return next(c for c in history.components if isinstance(c, kind))


def test_free_bread_takes_the_place_of_other_food_and_cards_forbid_it() -> None:
    history = History(MONTH, [0, 0])
    history.board["other_town_food_wanting"] = np.array([0.0, 0.2])
    history.board.settle()
    free = history.workspace.read("bread_wanted")
    instead = float(history.workspace.read("bread_instead", "towns")[0])
    assert free[1] / free[0] == pytest.approx(1.0 + instead * 0.2 / 0.6)
    history.levers["cards_bread"] = 1.0
    cards = history.workspace.read("bread_wanted")
    assert cards[0] == cards[1] == free[0]


def test_towns_note_what_of_meat_milk_and_potatoes_is_wanting() -> None:
    history = History(MONTH, [0, 0])
    history.ledger.endow("potatoes", "village", np.array([30.0, 0.0]))
    history.ledger.propose("meat_town", np.array([5.0, 0.0]))
    history.ledger.propose("milk_town", np.array([30.0, 0.0]))
    history.ledger.settle()
    before = history.board["other_town_food_wanting"].copy()
    history.workspace.act("towns.eat_in_towns", "towns.miss_other_food", "towns.hunger_in_towns")
    history.ledger.settle()
    history.board.settle()
    rich, poor = history.board["other_town_food_wanting"] - before
    assert poor == pytest.approx((0.40 - before[1]) / 12.0)
    assert rich < poor


@pytest.mark.parametrize(("off", "loses"), [([], True), ([SWITCH], False)])
def test_strain_counts_work_lost_to_hunger_not_hunger(off: list[str], loses: bool) -> None:
    history = economy_with([0.0, 0.3], [*off, "money_plan"])  # in money there is no strain
    history.workspace.act("workforce.lose_work_to_hunger", "workforce.work")
    history.board.settle()
    lost = history.board["hunger_loss"][1]
    enough, effect = (
        float(history.workspace.read(name, "workforce")[0]) for name in ("enough_town_food", "food_effect")
    )
    assert lost == pytest.approx(1.0 - (0.7 / enough) ** effect if loses else 0.0)
    history.workspace.act("plan.feel")
    history.board.settle()
    fed, hungry = history.board["strain"]
    weight = float(history.workspace.read("hunger_weight", "plan")[0])
    assert hungry - fed == pytest.approx(weight * lost / 6.0)


@pytest.mark.parametrize(("off", "flee"), [([], True), ([SWITCH], False)])
def test_builders_flee_hunger_only_with_the_switch(off: list[str], flee: bool) -> None:
    history = economy_with([0.0, 0.3], off)
    history.board["jobs_construction_workers"] = np.array([1.0, 1.0])
    history.board.settle()
    history.workspace.act("labour.lose_workers", "labour.hire")
    history.ledger.settle()
    builders = history.ledger.moved("left_construction_workers")
    others = history.ledger.moved("left_heavy_industry_workers")
    assert others[0] == others[1]
    assert (builders[1] > builders[0]) == flee
