"""The stylised facts on the central history of the baseline, and which of them it misses.

What stands in `MISSED` is known to fail, with the reason; what passes must not stand there.
"""

from __future__ import annotations

import pytest

from planmodel.runs.checking import Verdict, judge
from planmodel.runs.checks import load_checks
from planmodel.scenario import load_scenario

_INPUTS = "its fall of 1937 is the drought of 1936, a defence series and a decree: to be refitted"
MISSED = {
    "crisis_of_1933": "investment in current prices grows: nothing nominal binds, to be refitted",
    "crisis_of_1937": "output falls with investment: food takes a tenth of all work, to be refitted",
    "signs_of_1937": "as crisis_of_1937",
    "crisis_of_1937_needs_gestation": _INPUTS,
    "crisis_of_1937_needs_target_inflation": _INPUTS,
    "crisis_of_1937_needs_priority": _INPUTS,
    "crisis_of_1937_without_weather": _INPUTS,
    "crisis_of_1937_without_purge": _INPUTS,
    "crisis_of_1937_without_defence": _INPUTS,
    "crisis_of_1937_without_all_three": _INPUTS,
}
FILES = ("stylised_facts", "knock_outs")
CHECKS = {name: check for file in FILES for name, check in load_checks(file).items()}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {verdict.name: verdict for verdict in judge(CHECKS, load_scenario("baseline"))}


@pytest.mark.parametrize("name", CHECKS)
def test_the_baseline_has_the_facts_but_those_that_it_is_known_to_miss(
    name: str, verdicts: dict[str, Verdict]
) -> None:
    told = [f"{j.claim.measured()}: {j.figure:.4g}, wanted {j.claim.bound()}" for j in verdicts[name].judged]
    assert verdicts[name].passed == (name not in MISSED), told


def test_what_is_missed_is_a_check() -> None:
    assert set(MISSED) <= set(CHECKS)
