"""Coal, and the chemical works that the colony was given half built."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block

mines = Block("mines")


@mines.auxiliary(source="line 33")
def wage_range(wage_categories, step):
    """Logarithm of the top wage of the scale over the bottom wage."""
    return np.maximum(wage_categories - 1.0, 0.0) * np.log(step)


@mines.auxiliary(without="wage_scale")
def wage_range():
    """Supply stays equal."""
    return 0.0


@mines.auxiliary
def effort_now(effort_of_custom, conviction, incentive, wage_range):
    """Effort by custom and conviction; a scale of wages adds to it."""
    return (effort_of_custom + conviction) / (effort_of_custom + 1.0) + incentive * wage_range


@mines.equation("work", source="line 7")
def mine(
    per_miner, people_miners, effort_now, capital_mines, roubles_a_million, machines_first, most_machines,
    machines, foremen, colonists, employees, tonnes_a_thousand, machine_wear, least_people,
):  # fmt: skip
    """Coal by miners, effort, machines a miner, and settlers who know the work."""
    at_work = capital_mines * roubles_a_million / np.maximum(people_miners, least_people)
    ratio = np.minimum(at_work / machines_first, most_machines)
    share = colonists / np.maximum(employees, least_people)
    mined = per_miner * people_miners * effort_now * ratio**machines * (1.0 + foremen * share)
    return dict(
        coal_mined=mined / tonnes_a_thousand,
        machines_worn=capital_mines * machine_wear / 12.0,
        effort=effort_now,
    )


@mines.equation("work", source="E-002")
def coke(
    chemical_works_run, coal_coked, coal_pithead, coke_yield, works_cost, capital_chemical_works
):  # fmt: skip
    """The works take coal once what was missing of them is built."""
    run = chemical_works_run > 0.5
    coked = np.where(run, np.minimum(coal_coked, coal_pithead), 0.0)
    missing = np.maximum(works_cost - capital_chemical_works, 0.0)
    finished = missing <= 1e-9 * works_cost
    return dict(
        coal_coked=coked,
        chemicals_made=coked * coke_yield,
        works_missing=missing,
        chemical_works_run=finished * 1.0,
        chemical_works_begin=finished & ~run,
    )


@mines.equation("work")
def count_mines(mines, capital_shafts, shaft_cost):
    """Mines that were handed over, and those sunk since."""
    return dict(mines_worked=mines + capital_shafts / shaft_cost)


@mines.equation("sale")
def sell(coal_demand, coal_pithead, coal_coked, chemical_works_run, chemicals_store):
    """Sell what customers want, but for a month's coal of the works; sell all that the works made."""
    there = np.maximum(coal_pithead - coal_coked * chemical_works_run, 0.0)
    return dict(
        coal_sold=np.minimum(there, coal_demand),
        chemicals_sold=chemicals_store,
        coal_wanted_and_missing=np.maximum(coal_demand - there, 0.0),
    )
