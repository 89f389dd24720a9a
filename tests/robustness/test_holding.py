"""Draws around a scenario: where they lie, what holds in them, and in which parameters they differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from planmodel.engine import UserError
from planmodel.robustness.draws import ball, chosen, parameter_names, uniform, value_of
from planmodel.robustness.fragile import directions
from planmodel.robustness.holding import Outcome, facts_of, robustness
from planmodel.runs.checking import judge
from planmodel.runs.checks import Check, Joint
from planmodel.runs.evaluate import ask
from planmodel.runs.workers import make_executor
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.load import change_scenario

YIELD = "parameters.cropping.harvest_1928"
SAID = {
    "good_harvest": {
        "fact": 1,
        "statement": "The harvest of 1929 is good",
        "source": "toy",
        "claims": [{"of": "grain_harvest", "dates": "1929", "above": 74.0}],
    },
    "no_exports": {
        "fact": 1,
        "statement": "Without exports the state holds more grain",
        "source": "toy",
        "runs": {"without": {"switch_off": ["grain_exports"]}},
        "given": [{"of": "grain_harvest", "dates": "1929", "below": 74.0}],
        "claims": [
            {
                "of": "state_grain_stocks",
                "dates": "1929-12-31",
                "run": "without",
                "against": "base",
                "above": 0.9,
            }
        ],
    },
    "given_yield": {
        "fact": 2,
        "statement": "What a run says itself is not drawn",
        "source": "toy",
        "runs": {"given": {"set": {YIELD: 64.0}}},
        "claims": [{"of": "grain_harvest", "dates": "1929", "run": "given", "above": 0.0}],
    },
}
SWEPT = {
    "statement": "A sweep is around the scenario itself",
    "source": "toy",
    "runs": {"swept": {"sweep": {"parameter": "cropping.harvest_1928", "values": [64, 72]}}},
    "claims": [{"of": "grain_harvest", "dates": "1929", "run": "swept", "trend": "rises"}],
}
LATE = {
    "statement": "It lies outside of the period",
    "source": "toy",
    "claims": [{"of": "grain_harvest", "dates": "1939", "above": 0.0}],
}


def checks(**said: object) -> dict[str, Check]:
    return {name: Check.model_validate(one) for name, one in said.items()}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("one_country").until(date(1929, 12, 31))


NAMES = ["cropping.harvest_1928", "cropping.seed_rate", "cropping.harvest_loss"]


def test_draws_lie_within_a_share_of_the_width_of_the_bounds_and_are_cut_there(scenario: Scenario) -> None:
    declared = scenario.declared.parameters()
    names = parameter_names(scenario)
    ranges = ball(scenario, names, 0.1)
    assert len(ranges) == len(names)
    cut = 0
    for full, (low, high) in ranges.items():
        component, _, name = full.partition(".")
        least, most = declared[component][name].bounds
        value, reach = value_of(scenario, full), 0.1 * (most - least)
        assert low == max(least, value - reach)
        assert high == min(most, value + reach)
        cut += high - low < 1.9999 * reach
    assert 0 < cut < len(names) / 2
    drawn = uniform(ranges, 200, seed=3)
    for full, (low, high) in ranges.items():
        values = drawn[f"parameters.{full}"]
        assert low <= values.min() < low + 0.1 * (high - low)
        assert high - 0.1 * (high - low) < values.max() <= high


def test_draws_of_a_parameter_hang_on_the_seed_and_not_on_the_others() -> None:
    both = uniform({"a.b": (0.0, 1.0), "c.d": (0.0, 1.0)}, 5, seed=1)
    alone = uniform({"c.d": (0.0, 1.0)}, 5, seed=1)
    assert both["parameters.c.d"].tolist() == alone["parameters.c.d"].tolist()
    assert both["parameters.a.b"].tolist() != both["parameters.c.d"].tolist()
    sets = [uniform({"c.d": (0.0, 1.0)}, 5, seed=1, step=step)["parameters.c.d"].tolist() for step in (1, 2)]
    assert sets[0] != sets[1] != alone["parameters.c.d"].tolist() != sets[0]
    assert (
        uniform({"c.d": (0.0, 1.0)}, 5, seed=2)["parameters.c.d"].tolist() != alone["parameters.c.d"].tolist()
    )


def test_what_lies_outside_of_its_bounds_is_not_drawn() -> None:
    limiting = load_scenario("stationary_village")
    names = parameter_names(limiting)
    outside = set(names) - set(ball(limiting, names, 0.05))
    assert outside
    assert all(_outside(limiting, full) for full in outside)


def _outside(scenario: Scenario, full: str) -> bool:
    component, _, name = full.partition(".")
    low, high = scenario.declared.parameters()[component][name].bounds
    return not low <= value_of(scenario, full) <= high


def test_patterns_name_parameters(scenario: Scenario) -> None:
    assert chosen(scenario, ["plan.p*", "cropping.harvest_1928"])[0] == "cropping.harvest_1928"
    assert all(name.startswith("plan.p") for name in chosen(scenario, ["plan.p*"]))
    assert chosen(scenario, []) == parameter_names(scenario)
    with pytest.raises(UserError, match="--keys plna: stands for no parameter"):
        chosen(scenario, ["plna"])


def test_draws_are_judged_as_those_of_a_posterior_are(scenario: Scenario) -> None:
    """The same values as draws of a posterior come to the same figures and verdicts."""
    asked = checks(**SAID)
    ranges = ball(scenario, NAMES, 0.3)
    found = robustness(scenario, asked, {}, ranges, 40, seed=5)
    verdicts = judge(asked, scenario, uniform(ranges, 40, seed=5))
    for mine, other in zip(found.verdicts, verdicts, strict=True):
        assert mine.holds.tolist() == np.broadcast_to(other.holds, 40).tolist(), mine.name
        for one, two in zip(mine.judged, other.judged, strict=True):
            assert one.figures.tolist() == two.figures.tolist()
    shares = {o.name: o.share for o in found.checks}
    assert 0.1 < shares["good_harvest"] < 0.9
    assert 0.1 < shares["no_exports"] < 0.9
    # The yield that a run says itself is that of every draw; the seed rate is drawn in it all the same.
    (given,) = found.verdicts[2].judged
    fixed = change_scenario(scenario, {YIELD: 64.0}, "test")
    again = robustness(
        fixed, checks(given_yield=SAID["given_yield"]), {}, ball(scenario, NAMES[1:], 0.3), 40, 5
    )
    assert given.figures.tolist() == again.verdicts[0].judged[0].figures.tolist()


def test_facts_and_joint_groups_hold_where_all_their_checks_do(scenario: Scenario) -> None:
    joints = {
        "pair": Joint(title="Both", checks=["good_harvest", "given_yield"]),
        "lost": Joint(title="One is not judged", checks=["good_harvest", "late"]),
    }
    asked = checks(**SAID, swept=SWEPT, late=LATE)
    found = robustness(scenario, asked, joints, ball(scenario, NAMES, 0.3), 40, seed=5)
    held = {v.name: v.holds for v in found.verdicts}
    assert [(o.kind, o.name) for o in found.outcomes] == [
        ("joint", "pair"), ("all", "all"), ("fact", "fact 1"), ("fact", "fact 2"),
    ]  # fmt: skip
    pair, together, first, second = found.outcomes
    assert pair.holds.tolist() == held["good_harvest"].tolist()
    assert first.holds.tolist() == (held["good_harvest"] & held["no_exports"]).tolist()
    assert together.holds.tolist() == (first.holds & second.holds).tolist()
    assert first.parts == ("good_harvest", "no_exports")
    assert found.number_of_facts == pytest.approx(first.share + 1.0)
    assert found.left_out == ("swept", "late")
    assert found.broken == 0


def test_checks_without_a_number_are_facts_where_none_has_one() -> None:
    assert list(facts_of(checks(**SAID, late=LATE))) == list(SAID)
    assert list(facts_of(checks(late=LATE, swept=SWEPT))) == ["late", "swept"]


def test_nothing_holds_in_a_draw_whose_books_do_not_close(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = checks(given_yield=SAID["given_yield"])

    def broken(*given: Any, **named: Any) -> Iterator[tuple[Any, Any]]:
        for rows, answer in ask(*given, **named):
            yield rows[2:], answer[2:]

    monkeypatch.setattr("planmodel.robustness.judging.ask", broken)
    found = robustness(scenario, asked, {}, ball(scenario, NAMES, 0.1), 10)
    assert found.broken == 2
    assert found.outcomes[0].share == 0.8


def test_where_nothing_can_be_drawn_or_judged_it_is_said(scenario: Scenario) -> None:
    with pytest.raises(UserError, match="nothing can be drawn"):
        robustness(scenario, checks(**SAID), {}, {}, 10)
    with pytest.raises(UserError, match="none of the checks can be judged"):
        robustness(scenario, checks(late=LATE), {}, ball(scenario, NAMES, 0.1), 10)


def test_results_do_not_depend_on_where_draws_are_run(scenario: Scenario) -> None:
    ranges = ball(scenario, NAMES, 0.3)
    asked = checks(no_exports=SAID["no_exports"])
    told: list[tuple[int, int]] = []
    with make_executor(2) as executor:
        there = robustness(
            scenario, asked, {}, ranges, 11, executor=executor, progress=lambda n, of: told.append((n, of))
        )
    here = robustness(scenario, asked, {}, ranges, 11)
    assert [j.figures.tolist() for j in there.verdicts[0].judged] == [
        j.figures.tolist() for j in here.verdicts[0].judged
    ]
    assert told[-1] == (22, 22)


def test_fragile_directions_find_the_parameter_that_decides() -> None:
    chance = np.random.default_rng(1)
    values = {f"parameters.toy.p{i}": chance.random(400) * (i + 1.0) for i in range(50)}
    outcome = Outcome("fact", "toy", "toy", ("toy",), values["parameters.toy.p7"] < 2.0)
    found = directions(outcome, values)
    assert found["parameter"].tolist()[0] == "toy.p7"
    assert len(found) == 8
    held = int(outcome.holds.sum())
    # uniform on 0..8 and cut at 2: means 1 and 5, standard deviation 8 / sqrt(12)
    assert found["difference"][0] == pytest.approx(-4.0 / (8.0 / np.sqrt(12.0)), abs=0.15)
    assert found["error"][0] == pytest.approx(np.sqrt(1 / held + 1 / (400 - held)))
    assert found["clear"].tolist() == [True] + 7 * [False]


@pytest.mark.parametrize(("held", "rows"), [(4, 0), (5, 8), (395, 8), (396, 0)])
def test_of_too_few_draws_nothing_is_said(held: int, rows: int) -> None:
    values = {f"parameters.toy.p{i}": np.random.default_rng(i).random(400) for i in range(9)}
    assert len(directions(Outcome("all", "all", "all", (), np.arange(400) < held), values)) == rows
