"""Laws of claims that any form of the model must keep: nothing is taken that is not there, and ranks hold."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from watching import BASELINE, SOURCES, Settlement, drawn, watch

from planmodel.engine import Array
from planmodel.runs.history import History

MEMBERS = 12
SPARE = 1e-9  # of a claim: rounding

# On one account each is served before those after it; together in a group they share.
PRECEDENCE: dict[str, tuple[tuple[str, ...], ...]] = {
    "individual peasants eat before they feed": (("food_individual",), ("feed_from_individual",)),
    "members eat before they feed": (("food_members",), ("feed_from_members",)),
    "kolkhoz: the MTS, the state, cadres, members": (
        ("mts_payment",),
        ("procured_kolkhoz",),
        ("grain_to_cadres",),
        ("grain_to_members",),
    ),
    "state grain: army and exports first, the village last": (
        ("grain_to_army", "grain_export"),
        ("grain_to_towns",),
        ("grain_to_camps", "grain_to_industry"),
        ("grain_resale", "seed_loan"),
        ("grain_relief",),
        ("grain_to_reserve",),
    ),
    "metal: shock sites before all other uses": (
        ("metal_to_shock_sites",),
        ("metal_to_sites", "metal_to_engineering", "metal_to_upkeep"),
    ),
    "producer goods: defence, shock sites, all other uses": (
        ("goods_to_defence",),
        ("goods_to_shock_sites",),
        ("goods_to_sites", "goods_to_consumer_goods", "goods_to_tractors"),
    ),
}


@pytest.fixture(scope="module")
def watched() -> list[Settlement]:
    scenario = BASELINE.until(date(1934, 12, 31))
    history = History(scenario, range(MEMBERS), parameters=drawn(MEMBERS), engine="numpy")
    seen = watch(history)
    history.run()
    return seen


def test_nothing_takes_more_than_it_asked_for_nor_all_together_more_than_there_was(
    watched: list[Settlement],
) -> None:
    cut = 0
    for settlement in watched:
        taken: dict[tuple[str, str], Array] = {}
        for flow, claim in settlement.claims.items():
            scale = SPARE * (claim.held + claim.asked + 1.0)
            assert (claim.got >= -scale).all(), flow
            assert (claim.got <= claim.asked + scale).all(), flow
            cut += int((claim.got < 0.99 * claim.asked).any())
            taken[SOURCES[flow]] = taken.get(SOURCES[flow], np.zeros(MEMBERS)) + claim.got
        for flow, claim in settlement.claims.items():
            assert (taken[SOURCES[flow]] <= claim.held + SPARE * (claim.held + 1.0)).all(), flow
    assert cut > 100  # else nothing was short


def test_no_claim_is_served_while_one_of_a_lower_rank_is_open(watched: list[Settlement]) -> None:
    seen = 0
    for settlement in watched:
        for first, early in settlement.claims.items():
            scale = SPARE * (early.held + early.asked + 1.0)
            unserved = early.got < early.asked - scale
            if not unserved.any():
                continue
            for later, late in settlement.claims.items():
                if SOURCES[later] == SOURCES[first] and late.rank > early.rank:
                    assert (late.got[unserved] <= scale[unserved]).all(), f"{later} before {first}"
                    seen += 1
    assert seen > 100


@pytest.mark.parametrize("what", list(PRECEDENCE))
def test_who_comes_first(watched: list[Settlement], what: str) -> None:
    place = {flow: number for number, group in enumerate(PRECEDENCE[what]) for flow in group}
    met = set()
    for settlement in watched:
        ranks = {flow: settlement.claims[flow].rank for flow in place if flow in settlement.claims}
        for first, low in ranks.items():
            for later, high in ranks.items():
                if place[first] < place[later]:
                    assert low < high, f"{first} and {later}, {settlement.day}"
                elif place[first] == place[later]:
                    assert low == high, f"{first} and {later}, {settlement.day}"
        met |= set(ranks)
    assert met == set(place)


@pytest.mark.parametrize(
    ("shock", "ordinary"),
    [("metal_to_shock_sites", "metal_to_sites"), ("goods_to_shock_sites", "goods_to_sites")],
)
def test_shock_sites_claim_the_share_of_the_first_rank(
    watched: list[Settlement], shock: str, ordinary: str
) -> None:
    seen = []
    for settlement in watched:
        if shock in settlement.claims:
            asked = settlement.claims[shock].asked
            together = asked + settlement.claims[ordinary].asked
            np.testing.assert_allclose(asked, settlement.shock * together, rtol=1e-9, atol=1e-12)
            seen.append(settlement.shock)
    assert len(seen) == 84
    assert np.abs(np.array(seen) - 0.5).max() > 0.1  # else the two could be exchanged unseen
