"""Scenarios extend others, take changes, and are hashed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from pydantic import ValidationError

from planmodel.engine import UserError
from planmodel.scenario import Scenario, difference, load_scenario, registry
from planmodel.scenario.changes import parse_change
from planmodel.scenario.finding import configuration_folder, scenario_files

UTILISATION = "parameters.draught.tractor_utilisation"
BASELINE = load_scenario()


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def differing(first: Scenario, second: Scenario) -> set[str]:
    keys = set(difference(first, second)["key"])
    return keys - {"name", "title", "description"}


@pytest.mark.parametrize("name", sorted(scenario_files()))
def test_every_ready_scenario_loads_under_its_name(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.decrees
    assert scenario == load_scenario(scenario_files()[name])


def test_extending_states_only_what_differs(tmp_path: Path) -> None:
    text = f'extends = "baseline"\n{UTILISATION} = 0.55\n[record]\ncattle = ["book"]\n'
    scenario = load_scenario(written(tmp_path, "other", text))
    assert differing(BASELINE, scenario) == {UTILISATION, "record.cattle"}
    assert scenario.parameters.draught.tractor_utilisation == 0.55
    assert scenario.parameters.draught.horse_power == BASELINE.parameters.draught.horse_power
    assert scenario.record["cattle"] == ["book"]  # a list is replaced
    assert scenario.record["horses"] == BASELINE.record["horses"]


def test_a_scenario_extends_its_neighbour_and_the_topmost_wins(tmp_path: Path) -> None:
    written(tmp_path, "lower", f'extends = "baseline"\n{UTILISATION} = 0.4\nswitches.passports = false\n')
    upper = written(tmp_path, "upper", f'extends = "lower"\n{UTILISATION} = 0.6\n')
    scenario = load_scenario(upper)
    assert scenario.parameters.draught.tractor_utilisation == 0.6
    assert scenario.switches.passports is False
    assert differing(load_scenario(tmp_path / "lower.toml"), scenario) == {UTILISATION}


def test_name_title_and_description_are_not_inherited(tmp_path: Path) -> None:
    written(tmp_path, "lower", 'extends = "baseline"\nname = "own_name"\ntitle = "Lower"\n')
    upper = load_scenario(written(tmp_path, "upper", 'extends = "lower"\n'))
    assert load_scenario(tmp_path / "lower.toml").name == "own_name"
    assert (upper.name, upper.title, upper.description) == ("upper", "", "")


def test_a_decree_is_changed_key_by_key(tmp_path: Path) -> None:
    text = 'extends = "baseline"\n[decrees.mass_collectivisation]\ndate = 1930-11-17\n'
    scenario = load_scenario(written(tmp_path, "later", text))
    assert differing(BASELINE, scenario) == {"decrees.mass_collectivisation.date"}
    assert scenario.decrees["mass_collectivisation"].effects == {"collectivisation_drive": 1}


def test_a_series_and_a_stock_are_replaced_with_their_source(tmp_path: Path) -> None:
    text = """extends = "baseline"
    [exogenous.soldiers]
    values = { 1928 = 10.0, 1940-12-31 = 20.0 }
    unit = "million persons"
    source = "test"
    evidence = "assumption"
    [initial.grain]
    state = { value = 3.0, source = "other stocks", evidence = "recalled" }
    """
    scenario = load_scenario(written(tmp_path, "fewer", text))
    assert scenario.exogenous.soldiers.series is None
    assert scenario.exogenous.soldiers.values == {"1928": 10.0, "1940-12-31": 20.0}
    assert scenario.initial.grain.state.source == "other stocks"
    assert scenario.initial.grain.kolkhoz == BASELINE.initial.grain.kolkhoz


def test_a_series_is_scaled_without_being_told_again(tmp_path: Path) -> None:
    scenario = load_scenario(
        written(tmp_path, "half", 'extends = "baseline"\nexogenous.soldiers.scale = 0.5')
    )
    assert differing(BASELINE, scenario) == {"exogenous.soldiers.scale"}


def test_changes_come_last_and_leave_the_rest(tmp_path: Path) -> None:
    file = written(tmp_path, "other", f'extends = "baseline"\n{UTILISATION} = 0.4\n')
    changes = {UTILISATION: 0.7, "initial.grain.state.value": 1.0}
    scenario = load_scenario(file, changes, switch_off=["passports", "grain_exports"])
    assert scenario.parameters.draught.tractor_utilisation == 0.7
    assert scenario.initial.grain.state.source == BASELINE.initial.grain.state.source
    assert differing(BASELINE, scenario) == {*changes, "switches.passports", "switches.grain_exports"}


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert load_scenario(written(tmp_path, "notepad", '\ufeffextends = "baseline"\n')).decrees


def test_a_scenario_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        BASELINE.period = None  # type: ignore[assignment]
    with pytest.raises(ValidationError, match="frozen"):
        BASELINE.parameters.draught.tractor_utilisation = 0.9


def test_digest_is_stable_and_sensitive() -> None:
    assert load_scenario().digest() == BASELINE.digest()
    same = load_scenario(changes={UTILISATION: BASELINE.parameters.draught.tractor_utilisation})
    assert same.digest() == BASELINE.digest()
    changes: list[dict[str, Any]] = [
        {UTILISATION: 0.51},
        {"switches.passports": False},
        {"period.end": date(1940, 11, 30)},
        {"decrees.passports.effects.passports": 0.5},
        {"initial.grain.state.source": "somebody else says so"},
        {"record.cattle": ["book"]},
    ]
    digests = {load_scenario(changes=change).digest() for change in changes}
    assert len(digests | {BASELINE.digest()}) == len(changes) + 1


def test_a_resolved_scenario_loads_to_the_same_digest(tmp_path: Path) -> None:
    scenario = load_scenario(changes={UTILISATION: 0.6}, switch_off=["passports"])
    resolved = tomli_w.dumps(scenario.model_dump(exclude_none=True))
    again = load_scenario(written(tmp_path, "anything", resolved))
    assert again == scenario
    assert again.digest() == scenario.digest()


def test_until_ends_earlier_without_the_later_decrees() -> None:
    changes = {
        "decrees.deportation_1930.date": date(1930, 1, 31),
        "decrees.draft_artel_statute.date": date(1930, 2, 1),
        "decrees.dalstroi.enabled": False,
    }
    whole = load_scenario(changes=changes)
    scenario = whole.until(date(1930, 1, 31))
    assert scenario.period.end == date(1930, 1, 31)
    assert "deportation_1930" in scenario.decrees  # of that very day
    assert "draft_artel_statute" not in scenario.decrees
    late = [name for name, decree in whole.decrees.items() if decree.date and decree.date > date(1930, 1, 31)]
    assert scenario.period.left_out == sorted(name for name in late if name != "dalstroi")
    again = whole.until(date(1933, 12, 31)).until(date(1930, 1, 31))
    assert again.decrees == scenario.decrees
    assert again.digest() == scenario.digest()
    assert BASELINE.until(BASELINE.period.end).digest() == BASELINE.digest()
    for day in (date(1927, 1, 1), date(1928, 1, 30), date(1941, 1, 1)):
        with pytest.raises(ValueError, match=f"{day} is outside the period; allowed: 1928-01-31 to 1940-"):
            BASELINE.until(day)
    for day, near in (
        (date(1933, 5, 15), "1933-04-30 or 1933-05-31"),
        (date(1932, 2, 28), "1932-01-31 or 1932-02-29"),
        (date(1928, 2, 1), "1928-01-31 or 1928-02-29"),
        (date(1940, 12, 30), "1940-11-30 or 1940-12-31"),
    ):
        with pytest.raises(ValueError, match=f"^{day} is within a month, .*; allowed: {near}$"):
            BASELINE.until(day)


def test_difference_names_keys_and_both_values() -> None:
    second = load_scenario(changes={UTILISATION: 0.6, "decrees.passports.effects.quotas": 0.25})
    rows = difference(BASELINE, second)
    default = registry.economy().parameters()["draught"]["tractor_utilisation"].default
    assert rows.to_numpy().tolist() == [
        ["decrees.passports.effects.quotas", None, 0.25],
        [UTILISATION, default, 0.6],
    ]
    assert difference(second, BASELINE)["first"].tolist() == [0.25, 0.6]
    assert difference(second, BASELINE)["second"].tolist() == [None, default]
    assert difference(BASELINE, BASELINE).empty


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("a.b=0.5", "a.b", 0.5),
        ("a = true", "a", True),
        ("period.end=1930-03-02", "period.end", date(1930, 3, 2)),
        ('record.cattle=["book", "official"]', "record.cattle", ["book", "official"]),
        ("title=Two words = no TOML", "title", "Two words = no TOML"),
        ("x=", "x", ""),
    ],
)
def test_a_change_is_read_as_toml_or_as_text(text: str, key: str, value: object) -> None:
    assert parse_change(text) == (key, value)


@pytest.mark.parametrize("text", ["nothing", "=3", " = 3"])
def test_a_change_needs_key_and_value(text: str) -> None:
    with pytest.raises(UserError, match=r"^--set .*: allowed: key=value, such as parameters\."):
        parse_change(text)


def test_configurations_are_those_of_the_checkout() -> None:
    assert configuration_folder() == Path(__file__).parents[2] / "configs"


def test_only_a_limiting_case_may_leave_the_bounds() -> None:
    beyond = {"parameters.population.birth_elasticity": 0.0}
    with pytest.raises(UserError, match="birth_elasticity"):
        load_scenario("baseline", beyond)
    limit = load_scenario("baseline", {**beyond, "limiting_case": True})
    assert limit.parameters.population.birth_elasticity == 0.0
    with pytest.raises(UserError, match="birth_elasticty"):  # names are checked all the same
        load_scenario("baseline", {"parameters.population.birth_elasticty": 0.0, "limiting_case": True})
