"""What a draw costs, and where the centre moves: on conditions whose region is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from planmodel.calibration.problem import Points
from planmodel.robustness.centring import (
    EFFECTIVE,
    MOST,
    State,
    cost,
    effective,
    misfit,
    missed,
    outside,
    shift,
    temperature,
    weights,
)
from planmodel.robustness.space import Space, distance, moved, space_of
from planmodel.runs.checking import Judged, Verdict
from planmodel.runs.checks import Check, Claim
from planmodel.scenario import load_scenario
from planmodel.scenario.load import change_scenario

OF = {"of": "grain_harvest", "dates": "1929"}


def claim(**bounds: Any) -> Claim:
    return Claim.model_validate({**OF, **bounds})


def verdict(figures: list[list[float]], **said: Any) -> Verdict:
    """A check whose claims have figures, one list a claim: all ask for 0 to 1."""
    given = said.pop("given", 0)
    claims = [{**OF, "between": [0.0, 1.0]} for _ in figures]
    check = Check.model_validate(
        {
            "statement": "invented for a test",
            "source": "toy",
            "given": claims[:given],
            "claims": claims[given:],
        }
        | said
    )
    placed = [one for _, one in check.placed()]
    judged = [Judged(c, np.array(f), np.zeros(len(f), bool)) for c, f in zip(placed, figures, strict=True)]
    return Verdict("toy", check, tuple(judged))


@pytest.mark.parametrize(
    ("bounds", "figures", "wanted"),
    [
        ({"between": [1.0, 3.0]}, [0.5, 1.0, 2.0, 3.25, 99.0], [1.0, 0.0, 0.0, 0.5, MOST]),
        ({"outside": [1.0, 3.0]}, [0.5, 1.0, 2.0, 2.75, 3.5], [0.0, 0.0, 2.0, 0.5, 0.0]),
        ({"above": 2.0}, [1.8, 2.0, 5.0], [1.0, 0.0, 0.0]),
        ({"below": 0.03}, [-1.0, 0.03, 0.07], [0.0, 0.0, 1.0]),
        ({"above": 1.0, "below": 3.0}, [0.5, 2.0, 3.5], [1.0, 0.0, 1.0]),
        ({"above": 2.0}, [np.nan, np.inf, -np.inf], [MOST, 0.0, MOST]),
    ],
)
def test_claims_are_missed_in_quarters_of_their_width(
    bounds: dict[str, Any], figures: list[float], wanted: list[float]
) -> None:
    assert outside(claim(**bounds), np.array(figures)) == pytest.approx(wanted)


def test_of_claims_of_which_any_will_do_the_nearest_counts() -> None:
    figures = [[1.25, 0.5], [1.5, 0.5], [1.25, 1.25]]  # 1 and 2, or nothing, and 1 outside
    assert missed(verdict(figures)).tolist() == [1.0 + 4.0 + 1.0, 1.0]
    assert missed(verdict(figures, need="any")).tolist() == [1.0, 0.0]
    assert missed(verdict(figures, need="any", given=1)).tolist() == [1.0 + 1.0, 0.0]


def test_cost_is_of_facts_and_figures_and_more_of_what_is_counted_together() -> None:
    one, none = verdict([[1.25, 0.5]]), np.zeros(2)
    assert cost([one], set(), none).tolist() == [0.5, 0.0]
    assert cost([one], {"toy"}, none).tolist() == [1.25, 0.0]
    assert cost([one], set(), np.array([0.0, 100.0])).tolist() == [0.5, 5.0]


def test_misfit_is_of_figures_that_are_not_firm_and_grows_slowly() -> None:
    class Three:
        points = tuple(SimpleNamespace(firm=firm) for firm in (False, True, False))
        sd = np.array([1.0, 1.0, 2.0])
        weight = np.array([1.0, 1.0, 0.5])

        def predicted(self, answers: Any) -> Any:
            return answers

        def deviations(self, predicted: Any) -> Any:
            return predicted

    answers = np.array([[0.0, 50.0, 0.0], [3.0, 0.0, 6.0], [np.nan, 0.0, 0.0]])
    found = misfit(cast(Points, Three()), answers, 3.0)
    assert found[:2] == pytest.approx([0.0, 9.0 * np.log(2.0) * 1.5])
    assert found[2] == pytest.approx(9.0 * np.log(101.0))  # a history that broke off: 30 standard errors


def test_temperature_leaves_a_quarter_of_the_draws_effective() -> None:
    costs = np.random.default_rng(1).gamma(3.0, 20.0, 5000)
    for scale in (1e-3, 1.0, 1e5):  # in whatever unit
        weighed = weights(scale * costs, temperature(scale * costs))
        assert effective(weighed) == pytest.approx(EFFECTIVE * 5000, rel=1e-6)
        assert weighed.sum() == pytest.approx(1.0)
    assert effective(weights(np.ones(8), temperature(np.ones(8)))) == pytest.approx(8.0)


def test_where_more_draws_than_that_cost_nothing_they_alone_count() -> None:
    costs = np.where(np.arange(100) < 40, 0.0, 3.0)
    weighed = weights(costs, temperature(costs))
    assert weighed[:40] == pytest.approx(1 / 40)
    assert weighed[40:].max() < 1e-12


def test_a_shift_within_chance_is_none() -> None:
    draws = np.random.default_rng(2).random((4000, 300))
    pull = shift(draws, weights(draws[:, 0], temperature(draws[:, 0])))  # the first alone costs
    assert pull[0] < -0.8
    assert np.mean(pull[1:] == 0.0) > 0.6  # a mean of a thousand draws: two thirds within one error
    assert np.abs(pull[1:]).max() < 0.1
    assert shift(np.ones((5, 2)), np.full(5, 0.2)).tolist() == [0.0, 0.0]


def seek(costs: Any, start: list[float], reach: float = 0.1, steps: int = 40, draws: int = 800) -> np.ndarray:
    """Return where a centre goes in a cube."""
    random, state = np.random.default_rng(3), State(np.array(start), np.zeros(len(start)))
    for _ in range(steps):
        unit = np.clip(state.centre + reach * (2.0 * random.random((draws, len(start))) - 1.0), 0.0, 1.0)
        state = state.moved(unit, costs(unit), np.ones(len(start), dtype=bool), np.full(len(start), reach))
    return state.centre


def test_the_centre_moves_into_the_middle_of_a_box_from_any_side() -> None:
    """Conditions 0.4 to 0.6 of two, under 0.5 and over 0.2 of a third; a fourth decides nothing."""
    low, high = np.array([0.4, 0.4, 0.2]), np.array([0.6, 0.6, 0.5])

    def costs(unit: np.ndarray) -> np.ndarray:
        far = np.maximum(np.maximum(low - unit[:, :3], unit[:, :3] - high), 0.0) / ((high - low) / 4.0)
        found: np.ndarray = np.sum(np.minimum(far, MOST) ** 2, axis=1)
        return found

    for start in ([0.25, 0.25, 0.7, 0.5], [0.75, 0.3, 0.1, 0.5]):
        found = seek(costs, start, reach=0.25)
        assert found[:3] == pytest.approx((low + high) / 2, abs=0.03), start
        assert found[3] == pytest.approx(0.5, abs=0.08)  # it wanders by chance at most


def test_a_condition_that_pulls_no_way_on_the_whole_is_centred() -> None:
    """The distance from a line must be small: on average over the draws it pulls neither up nor down."""

    def costs(unit: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.maximum(np.abs(unit[:, 0] - unit[:, 1]) - 0.02, 0.0) ** 2
        return found

    one, other = seek(costs, [0.55, 0.4])
    assert abs(one - other) < 0.02


def test_the_centre_stays_away_from_the_ends() -> None:
    for reach in (0.05, 0.1):
        assert seek(lambda unit: unit[:, 0], [0.3], reach) == pytest.approx([reach])
        assert seek(lambda unit: -unit[:, 0], [0.3], reach) == pytest.approx([1.0 - reach])


def test_what_a_source_says_is_drawn_and_stays() -> None:
    random, held = np.random.default_rng(1), np.array([True, False])
    state = State(np.array([0.5, 0.5]), np.zeros(2))
    unit = 0.5 + 0.2 * (random.random((500, 2)) - 0.5)
    assert state.moved(unit, 10.0 * unit.sum(axis=1), held, np.full(2, 0.1)).centre[1] == 0.5
    assert state.moved(unit, 10.0 * unit.sum(axis=1), held, np.full(2, 0.1)).centre[0] < 0.5
    soviet = space_of(load_scenario("baseline"), (), 0.1, 0.1)
    free = dict(zip(soviet.names, soviet.free, strict=True))
    assert free["plan.push"]
    assert not free["livestock.milk_yield"]
    assert 300 < soviet.free.sum() < len(soviet.names)


def test_a_space_is_of_what_is_drawn_around_a_scenario() -> None:
    scenario = load_scenario("kuzbass")
    names = {f"{c}.{n}" for c, group in scenario.declared.parameters().items() for n in group}
    both = space_of(scenario, {"farm.food_yield"}, 0.2, 0.05)
    assert set(both.names) == names
    assert dict(zip(both.names, both.reach, strict=True))["farm.food_yield"] == 0.2
    assert sorted(set(both.reach)) == [0.05, 0.2]
    assert space_of(scenario, {"farm.food_yield"}, 0.2, 0.0).names == ("farm.food_yield",)
    assert space_of(scenario, (), 0.2, 0.0).names == ()
    assert both.natural(both.unit(both.start)) == pytest.approx(both.start)
    limiting = load_scenario("stationary_village")
    left = names_outside(limiting)
    assert left
    assert not left & set(space_of(limiting, (), 0.1, 0.1).names)


def names_outside(scenario: Any) -> set[str]:
    found = set()
    for component, group in scenario.declared.parameters().items():
        for name, declared in group.items():
            value = getattr(getattr(scenario.parameters, component), name)
            if not declared.bounds[0] <= value <= declared.bounds[1]:
                found.add(f"{component}.{name}")
    return found


def test_ranges_are_cut_at_the_bounds_and_sizes_that_moved_have_three_digits() -> None:
    space = Space(
        ("a.b", "c.d", "e.f"),
        np.array([0.0, 10.0, 0.5]),
        np.array([1.0, 20.0, 0.5004]),
        np.array([0.1, 0.2, 0.1]),
        np.array([0.123456, 12.0, 0.5002]),
        np.ones(3, dtype=bool),
    )
    ranges = space.ranges(np.array([0.05, 0.9, 0.5]))
    assert ranges["a.b"] == pytest.approx((0.0, 0.15))
    assert ranges["c.d"] == pytest.approx((17.0, 20.0))
    start = space.unit(space.start)
    assert moved(space, start) == {}
    assert moved(space, start + np.array([0.0, 0.012345, 0.4])) == {
        "c.d": 12.1,
        "e.f": 0.5,
    }  # within its bounds
    assert distance(space, start + np.array([0.03, 0.0, 0.04])) == pytest.approx(0.05 / np.sqrt(3.0))


def test_what_a_scenario_says_is_where_it_starts() -> None:
    changed = change_scenario(load_scenario("kuzbass"), {"parameters.farm.food_yield": 1.05}, "test")
    space = space_of(changed, ("farm.food_yield",), 0.1, 0.0)
    assert space.start.tolist() == [1.05]
