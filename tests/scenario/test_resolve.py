"""What a member is: two layers on one key never win over each other in silence, at any door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel import evaluate
from planmodel.engine import UserError
from planmodel.runs import load_ensemble
from planmodel.runs.checking import judge
from planmodel.runs.checks import Check
from planmodel.runs.history import run
from planmodel.runs.posterior import PosteriorDraws, read_posterior
from planmodel.runs.resolve import Laid, held_sentence, resolve
from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.scenario.finding import scenario_files
from planmodel.scenario.load import change_scenario
from planmodel.scenario.origins import origins, said_by

RATE, YIELD = "parameters.cropping.seed_rate", "parameters.cropping.harvest_1928"
WEATHER = "exogenous.weather.values.1929"
DRAWS = PosteriorDraws(
    {RATE: np.array([0.11, 0.12]), YIELD: np.array([64.0, 72.0]), WEATHER: np.array([-0.1, 0.1])}, "mine"
)
SHORT = date(1929, 12, 31)


def written(folder: Path, text: str, name: str = "own") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_draws_give_way_to_what_a_scenario_itself_says(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, f'extends = "baseline"\n{RATE} = 0.13\n'))
    members = DRAWS.over(scenario)
    assert set(members.columns) == {YIELD, WEATHER}
    assert members.held == {RATE: str(tmp_path / "own.toml")}
    assert held_sentence(members.held).startswith(f"held by the scenario, not drawn: {RATE} (by ")


def test_a_value_said_as_it_stands_in_the_base_is_held_too(tmp_path: Path) -> None:
    standing = load_scenario().parameters.cropping.seed_rate
    scenario = load_scenario(written(tmp_path, f'extends = "baseline"\n{RATE} = {standing}\n'))
    assert set(DRAWS.over(scenario).held) == {RATE}


@pytest.mark.parametrize("base", ["baseline", "calibrated"])
def test_draws_take_the_place_of_what_a_base_says(base: str) -> None:
    assert not DRAWS.over(load_scenario(base)).held


def test_a_series_that_is_read_otherwise_is_held_whole(tmp_path: Path) -> None:
    text = """extends = "baseline"
    [exogenous.weather]
    values = { 1928 = 0.0, 1929 = 0.1, 1930 = 0.0 }
    unit = "1"
    source = "test"
    evidence = "assumption"
    """
    held = DRAWS.over(load_scenario(written(tmp_path, text))).held
    assert set(held) == {WEATHER}


def test_a_series_that_is_replaced_holds_years_that_it_has_no_more() -> None:
    held = DRAWS.over(load_scenario("stationary_village"), may_hold_all=True).held
    assert held[WEATHER] == "stationary_village"


def test_a_whole_scenario_in_a_file_says_what_differs_from_the_ready_one(tmp_path: Path) -> None:
    tree = load_scenario("baseline", {RATE: 0.13}).model_dump(mode="python", exclude_none=True)
    copied = load_scenario(written(tmp_path, tomli_w.dumps(tree | {"name": "copied"}), "copied"))
    assert set(DRAWS.over(copied).held) == {RATE}


def test_draws_take_the_place_of_what_was_fitted(tmp_path: Path) -> None:
    file = written(tmp_path, f'extends = "baseline"\n{RATE} = 0.13\n', "fitted")
    draws = xr.Dataset({RATE: ("draw", [0.11, 0.12])}, attrs={"scenario": "fitted"})
    draws.to_netcdf(tmp_path / "draws.nc", engine="h5netcdf")
    assert not read_posterior(tmp_path / "draws.nc").over(load_scenario(file)).held
    other = written(tmp_path, f'extends = "fitted"\n{YIELD} = 72.0\n', "other")
    assert not read_posterior(tmp_path / "draws.nc").over(load_scenario(other)).held


def test_a_copy_that_was_changed_is_not_what_it_was_a_copy_of(tmp_path: Path) -> None:
    """Neither a baseline of one's own under its name, nor a fitted scenario that was edited, is a base."""
    copied = load_scenario("baseline", {RATE: 0.13}).model_dump(mode="python", exclude_none=True)
    baseline = load_scenario(written(tmp_path, tomli_w.dumps(copied), "baseline"))
    draws = PosteriorDraws(DRAWS.values, "mine", ("baseline",))
    assert set(draws.over(baseline).held) == {RATE}
    other = tmp_path / "other"
    other.mkdir()
    text = scenario_files()["calibrated"].read_text(encoding="utf-8")
    assert not DRAWS.over(load_scenario(written(other, text, "as_it_was"))).held
    edited = re.sub(r"harvest_1928 = [\d.]+", "harvest_1928 = 76.0", text)
    assert edited != text
    assert YIELD in DRAWS.over(load_scenario(written(other, edited, "edited")), may_hold_all=True).held


def test_nothing_left_to_draw_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, f'extends = "baseline"\n{RATE} = 0.13\n')
    with pytest.raises(UserError, match=r"^mine: all that is drawn is said by .*own.toml, nothing is left"):
        PosteriorDraws({RATE: np.array([0.11, 0.12])}, "mine").over(load_scenario(file))


CHANGED: dict[str, Callable[[], Scenario]] = {
    "in Python": lambda: load_scenario("baseline", {RATE: 0.13}),
    "later": lambda: change_scenario(load_scenario(), {RATE: 0.13}, "changes"),
    "cut off": lambda: load_scenario("baseline", {RATE: 0.13}).until(SHORT),
}


@pytest.mark.parametrize("scenario", CHANGED.values(), ids=CHANGED.keys())
def test_a_change_and_an_argument_on_one_key_are_refused(scenario: Callable[[], Scenario]) -> None:
    message = rf"^parameters: {RATE}: is set by changes too; allowed: one of the two$"
    with pytest.raises(UserError, match=message):
        run(scenario(), [0, 0], parameters={"cropping": {"seed_rate": np.array([0.11, 0.12])}})
    with pytest.raises(UserError, match=message):
        evaluate(scenario(), {RATE: [0.11, 0.12]}, observe=["grain_harvest"])


def test_a_design_takes_the_place_of_a_file_but_not_of_a_change(tmp_path: Path) -> None:
    written(tmp_path, f'extends = "baseline"\n{RATE} = 0.13\n', "seeds")
    design = 'scenario = "seeds.toml"\ndesign = "lhs"\nmembers = 3\n{}\n[vary]\n"{}" = {{ {} }}\n'
    named = load_ensemble(written(tmp_path, design.format("", RATE, ""), "named")).members
    assert set(named.columns) == {RATE}
    assert named.said == {RATE: "vary of named.toml"}
    changes = f'changes = {{ "{RATE}" = 0.13 }}'
    with pytest.raises(UserError, match=rf"vary.{RATE}: is set by changes of both.toml too; allowed: one"):
        load_ensemble(written(tmp_path, design.format(changes, RATE, ""), "both"))
    around = load_ensemble(written(tmp_path, design.format(changes, RATE, "around = 0.01"), "around")).members
    assert around.columns[RATE] == pytest.approx(0.13, rel=0.011)


def test_a_pattern_leaves_what_the_scenario_says(tmp_path: Path) -> None:
    written(tmp_path, f'extends = "baseline"\n{RATE} = 0.13\n', "seeds")
    text = 'scenario = "seeds.toml"\ndesign = "lhs"\nmembers = 3\n[vary]\n"cropping.*" = { around = 0.1 }\n'
    text = text.replace("cropping", "parameters.cropping")
    around = load_ensemble(written(tmp_path, text, "around")).members
    assert RATE in around.columns
    assert around.columns[RATE] == pytest.approx(0.13, rel=0.11)
    wide = load_ensemble(written(tmp_path, text.replace("around = 0.1", ""), "wide")).members
    assert wide.held == {RATE: str(tmp_path / "seeds.toml")}
    assert set(wide.columns) == {
        f"parameters.cropping.{n}" for n in registry.economy().parameters()["cropping"]
    } - {RATE}


def test_a_posterior_over_a_changed_scenario_holds_the_change(tmp_path: Path) -> None:
    xr.Dataset({RATE: ("draw", [0.11, 0.12]), YIELD: ("draw", [64.0, 72.0])}).to_netcdf(
        tmp_path / "draws.nc", engine="h5netcdf"
    )
    text = f'design = "posterior"\nfile = "draws.nc"\nchanges = {{ "{RATE}" = 0.13 }}\n'
    members = load_ensemble(written(tmp_path, text)).members
    assert members.held == {RATE: "changes of own.toml"}
    assert set(members.columns) == {YIELD}
    with pytest.raises(UserError, match=rf"{RATE}: is set by changes of named.toml too; allowed"):
        load_ensemble(written(tmp_path, text + f'[vary]\n"{RATE}" = {{}}\n', "named"))


def test_a_check_on_a_scenario_of_its_own_holds_what_that_says(tmp_path: Path) -> None:
    check = Check.model_validate(
        {
            "statement": "More seed, another harvest",
            "source": "test",
            "runs": {"more": {"set": {RATE: 0.13}}},
            "claims": [{"of": "grain_harvest", "dates": "1928", "run": "more", "above": 0.0}],
        }
    )
    drawn = PosteriorDraws({RATE: np.array([0.11, 0.12])}, "mine")
    (verdict,) = judge({"more": check}, load_scenario().until(SHORT), drawn)
    assert len(set(verdict.judged[0].figures)) == 1


TABLE = {"parameters": {"cropping": {"seed_rate": 0.12}}}
TWICE: dict[str, tuple[dict[str, Any], str]] = {
    "dotted and table": ({RATE: 0.13, **TABLE}, f"{RATE}: is given twice"),
    "table and key": ({"parameters.cropping": 3, RATE: 0.13}, "'parameters.cropping' was set to a value"),
}


@pytest.mark.parametrize(("changes", "message"), TWICE.values(), ids=TWICE.keys())
def test_changes_that_say_a_key_twice_are_refused(changes: dict[str, Any], message: str) -> None:
    for order in (changes, dict(reversed(changes.items()))):
        with pytest.raises(UserError, match=message):
            load_scenario("baseline", order)
        with pytest.raises(UserError, match=message):
            change_scenario(load_scenario(), order, "changes")


def test_a_mechanism_is_set_or_switched_off() -> None:
    with pytest.raises(UserError, match=r"^switches.passports: is set and switched off; allowed: one"):
        load_scenario("baseline", {"switches.passports": True}, ["passports"])


OUTSIDE = rf"^parameters: {RATE}: {{}} \(member 1\) is out of bounds; allowed: 0.1 to 0.15$"
SWITCH = r"^parameters: switches.passports: members of one run cannot differ in it; allowed: numbers$"
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "out of bounds": ({"cropping": {"seed_rate": np.array([0.12, 5.0])}}, OUTSIDE.format("5")),
    "no number": ({RATE: np.array([0.12, np.nan])}, OUTSIDE.format("nan")),
    "misspelt": ({"cropping": {"seed_rat": 0.12}}, rf"did you mean '{RATE}'"),
    "three for two": (
        {RATE: np.array([0.11, 0.12, 0.13])},
        rf"^parameters: numbers has 2 values and {RATE} has 3; allowed: one a member$",
    ),
    "a switch": ({"switches.passports": np.array([True, False])}, SWITCH),
    "twice": (
        {"cropping.seed_rate": np.array([0.11, 0.12]), "cropping": {"seed_rate": 0.1}},
        rf"^parameters: {RATE}: is given twice; allowed: once$",
    ),
}


@pytest.mark.parametrize(("parameters", "message"), WRONG.values(), ids=WRONG.keys())
def test_python_refuses_what_the_command_refuses(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        run(load_scenario().until(SHORT), [0, 0], parameters=parameters, wanted=["grain_harvest"])


def test_seeds_and_numbers_of_members_are_whole_and_in_range() -> None:
    scenario = load_scenario().until(SHORT)
    with pytest.raises(
        UserError, match=r"^seed: -1 is not valid; allowed: a whole number from 0 to 42949672"
    ):
        run(scenario, seed=-1)
    with pytest.raises(UserError, match=r"^members: -1 is not valid; allowed: whole numbers of 0 or more$"):
        run(scenario, [0, -1])
    with pytest.raises(UserError, match=r"^members: 0 is not valid; allowed: 1 or more$"):
        run(scenario, 0)


def test_origins_name_the_layer_of_each_value(tmp_path: Path) -> None:
    written(tmp_path, f'extends = "calibrated"\n{RATE} = 0.13\n', "lower")
    upper = written(tmp_path, f'extends = "lower"\n{YIELD} = 72.0\n', "upper")
    scenario = load_scenario(upper, {"parameters.livestock.culling_slope": 1.0}, said="--set")
    found = origins(scenario)
    assert found[RATE] == str(tmp_path / "lower.toml")
    assert found[YIELD] == str(upper)
    assert found["parameters.livestock.culling_slope"] == "--set"
    assert found["parameters.plan.push"] == "calibrated"
    assert found["decrees.passports.date"] == "baseline"
    layer = said_by(scenario, "parameters.plan.push")
    assert layer is not None
    assert layer.kind == "base"
    assert said_by(scenario, "parameters.population.rural_birth_rate") is None


@settings(deadline=None, max_examples=30)
@given(
    said=st.dictionaries(st.sampled_from([RATE, YIELD]), st.floats(64.0, 80.0), max_size=2),
    door=st.sampled_from(["file", "python", "change"]),
)
def test_a_member_is_the_same_through_every_door(said: dict[str, float], door: str) -> None:
    """What is said is what the member has; what is not said is drawn, whichever layer says it."""
    low, high = registry.economy().parameters()["cropping"]["seed_rate"].bounds
    said = {k: v if k == YIELD else low + (v - 64.0) / 16.0 * (high - low) for k, v in said.items()}
    scenario = load_scenario("baseline", said) if door != "change" else load_scenario()
    if door == "change" and said:
        scenario = change_scenario(scenario, said, "test")
    members = DRAWS.over(scenario)
    for row in range(2):
        member = members.member(row)
        for key in (RATE, YIELD):
            *_, component, name = key.split(".")
            value = getattr(getattr(member.parameters, component), name)
            assert value == said.get(key, float(DRAWS.values[key][row]))


def test_single_values_stand_for_all_members() -> None:
    members = resolve(load_scenario(), Laid({RATE: 0.12, YIELD: np.array([64.0, 72.0])}))
    assert members.columns[RATE].tolist() == [0.12, 0.12]


def test_two_patterns_on_one_key_are_refused(tmp_path: Path) -> None:
    text = (
        'design = "lhs"\nmembers = 3\n[vary]\n"parameters.cropping.*" = {}\n'
        '"parameters.*.seed_rate" = { around = 0.1 }\n'
    )
    with pytest.raises(
        UserError, match=rf"{RATE} is in vary.parameters.cropping.\* too; allowed: one of the"
    ):
        load_ensemble(written(tmp_path, text))
