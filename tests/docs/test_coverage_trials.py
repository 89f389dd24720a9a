"""Trials of what is out: each such row has one, and what is kept of it is of the model at hand."""

from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from programs import program

from planmodel.runs.history import run
from planmodel.runs.observe import observer_of
from planmodel.scenario import load_scenario

BY_SIZE, BY_LEVER = "short_courses", "members_at_work"


@pytest.fixture(scope="module")
def trials() -> ModuleType:
    return program("coverage_trials")


@pytest.fixture(scope="module")
def generate(trials: ModuleType) -> ModuleType:
    return program("generate_coverage")


@pytest.fixture(scope="module")
def now(generate: ModuleType) -> Any:
    return generate.known()


@pytest.fixture(scope="module")
def two(trials: ModuleType) -> Any:
    """One that changes a size and one that needs a scenario of its own, and what they come to today."""
    chosen = [trial for trial in trials.read() if trial.name in (BY_SIZE, BY_LEVER)]
    return dict(zip([trial.name for trial in chosen], trials.measure(chosen), strict=True))


def test_every_row_that_is_out_has_a_trial(generate: ModuleType, trials: ModuleType) -> None:
    rows, rest = generate.read(generate.ROWS.read_text(encoding="utf-8"))
    tried = {one for trial in trials.read() for one in trial.of}
    out = [row for row in rows if row.grade == "out"]
    assert out
    assert [row.lines for row in out if row.lines not in tried] == []
    said = [*(row.tried for row in out), *(row.missing for row in rows), *rest.values()]
    assert not [text for text in said if "not tried" in text.lower()]


def test_a_row_that_says_its_trials_move_nothing_is_right(generate: ModuleType, trials: ModuleType) -> None:
    """And one whose trials move figures says more than that a structure is lacking."""
    rows, _ = generate.read(generate.ROWS.read_text(encoding="utf-8"))
    kept = trials.kept(trials.read())
    for row in rows:
        came = [kept[trial.name].verdict for trial in trials.read() if row.lines in trial.of]
        if row.grade == "out":
            quiet = bool(re.search(r"moves? no figure\.", row.why))
            assert quiet == (set(came) == {trials.OUTCOMES[0]}), row.lines


def test_the_page_names_trials_where_they_belong(generate: ModuleType, trials: ModuleType) -> None:
    text = generate.PAGE.read_text(encoding="utf-8")
    table, listed = text.split("\n## Trials\n")
    table_of_trials, worth = listed.split("\n### Worth building\n")
    kept = trials.kept(trials.read())
    for trial in trials.read():
        line = next(one for one in table_of_trials.splitlines() if one.startswith(f"| `{trial.name}` |"))
        assert kept[trial.name].sentence() in line
        assert trial.size in line
        for one in trial.of:
            row = [line for line in table.splitlines() if line.startswith(f"| {one} |")]
            assert not row or f"[`{trial.name}`](#trials) ({kept[trial.name].short()})" in row[0]
            assert row or re.fullmatch(r"[A-D]-\d+", one)
        assert (f"- `{trial.name}` (" in worth) == trial.worth
    counts = re.search(r"^(\d+) trials: (\d+) .*; (\d+) .*; (\d+) .*\.$", text, re.MULTILINE)
    assert counts is not None
    whole, *parts = map(int, counts.groups())
    assert whole == sum(parts) == len(trials.read())


def test_what_is_kept_is_of_the_model_at_hand(trials: ModuleType, two: Any) -> None:
    kept = trials.kept(trials.read())
    for name, found in two.items():
        assert found.sentence() == kept[name].sentence(), "run: make pages"


@pytest.mark.parametrize("name", [BY_SIZE, BY_LEVER])
def test_moves_are_those_of_a_history_that_is_run_by_hand(trials: ModuleType, two: Any, name: str) -> None:
    trial = next(one for one in trials.read() if one.name == name)
    about = trials._before()[0]
    changes = dict(trial.change.others)
    for key, (times, plus) in trial.change.sizes.items():
        changes[key] = times * trials.stands(about.scenario, key) + plus
    at = next(i for i, p in enumerate(about.points.points) if f"{p.target} {p.label}" == two[name].figure)
    for changed, said in (({}, two[name].before), (changes, two[name].after)):
        scenario = load_scenario("baseline", changed)
        span = scenario.period.start, scenario.period.end
        observer = observer_of(scenario.declared, *span, about.points.observations)
        answer = about.points.predicted(observer.read(run(scenario)))
        assert answer[0, at] == pytest.approx(said, rel=1e-6)
    before, after = two[name].before, two[name].after
    errors = np.log(after / before) if two[name].relative else after - before
    assert abs(errors) / two[name].error == pytest.approx(two[name].errors, rel=1e-6)


def test_what_is_changed_is_held_while_the_rest_makes_up_for_it(trials: ModuleType) -> None:
    """Values by date are unknowns of the calibration: a refit may not take back what is tried."""
    trial = next(one for one in trials.read() if one.name == "new_chairmen")
    about = trials._before()[0]
    step = about.step_back(about.origin, np.ones(len(about.points)), trial.change.sizes)
    moved = {key.full: float(by) for key, by in zip(about.cube.keys, step, strict=True)}
    assert all(moved[key] == pytest.approx(0.0, abs=1e-12) for key in trial.change.sizes)
    assert moved["exogenous.weather.values.1930"] != 0.0


BROKEN = {
    "an entry": ('known = "assumed"', 'known = "assumed"\nmark = 1', "unknown entry mark"),
    "an origin": ('known = "assumed"', 'known = "certain"', "unknown origin 'certain'"),
    "no size": ('size = "One death in twenty."', "", "trial 'drink_and_deaths': size is wanting"),
    "no change": ('times = { "townspeople.town_death_rate" = 1.05 }', "", "changes nothing"),
    "another change": (
        '"townspeople.town_death_rate" = 1.05',
        '"townspeople.town_death_rate" = 1.06',
        "make",
    ),
    "a row": ('of = ["C-6"]', 'of = ["C-600"]', "no row and no mechanism is C-600"),
    "a row without its trial": ('of = ["7430-7583"]', 'of = ["C-6"]', "row '7430-7583' .*nothing was tried"),
}


@pytest.mark.parametrize(("whole", "broken", "told"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_copy_is_refused(
    generate: ModuleType, trials: ModuleType, now: Any, whole: str, broken: str, told: str
) -> None:
    text = trials.TRIALS.read_text(encoding="utf-8")
    assert whole in text
    with pytest.raises(ValueError, match=told) as found:
        generate.page(now=now, trials=trials.read(text.replace(whole, broken, 1)))
    assert "coverage" in str(found.value)


def test_a_trial_that_moves_figures_says_what_follows(trials: ModuleType) -> None:
    kept = trials.kept(trials.read())
    for trial in trials.read():
        found = kept[trial.name]
        assert found.follows(trial)
        quiet, loud = replace(found, errors=0.9), replace(found, errors=1.1, moved=1, refitted=1.05)
        assert quiet.follows(trial).startswith(trials.NOTHING)
        assert "Moves none of" in quiet.sentence()
        assert "Moves 1 of" in loud.sentence()
        assert "1.05 errors are left" in loud.sentence()
        with pytest.raises(ValueError, match=f"trial '{trial.name}': moves figures"):
            loud.follows(replace(trial, follows=""))


@pytest.mark.parametrize(("errors", "refitted", "place"), [(1.0, np.nan, 0), (1.1, 1.0, 1), (1.1, 1.1, 2)])
def test_outcomes_go_by_the_rule_of_liveness(
    trials: ModuleType, errors: float, refitted: float, place: int
) -> None:
    found = next(iter(trials.kept(trials.read()).values()))
    assert replace(found, errors=errors, refitted=refitted).verdict == trials.OUTCOMES[place]
