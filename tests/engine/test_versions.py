"""What a scenario chooses of its economy: in a file, by a change, in other processes, in results."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from spread_economies import ECONOMY, GIVEN, LABELS, folder_of

from planmodel.engine import StateError, UserError
from planmodel.provenance import provenance
from planmodel.report.balances import balance
from planmodel.runs.evaluate import evaluate
from planmodel.runs.history import History
from planmodel.runs.observe import observe_quantity
from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.scenario.choices import parted
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.finding import find_economy, scenarios_of
from planmodel.scenario.keys import find_key
from planmodel.scenario.load import change_scenario, economy_of
from planmodel.scenario.schema import from_json


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("economy"))


@pytest.fixture(scope="module")
def one(folder: Path) -> Scenario:
    return load_scenario(folder)


@pytest.fixture(scope="module")
def three(folder: Path) -> Scenario:
    return load_scenario(folder / "three.toml")


def other(folder: Path, text: str) -> Path:
    file = folder / "other.toml"
    file.write_text(f'extends = "baseline"\n{text}', encoding="utf-8")
    return file


def test_a_scenario_chooses_in_its_file_or_by_a_change(folder: Path, one: Scenario, three: Scenario) -> None:
    assert (one.declared.name, three.declared.name) == (str(folder), f"{folder} (regions = three)")
    set_so = load_scenario(folder, {"regions": "three"})
    assert set_so.declared is three.declared
    assert set_so.digest() == load_scenario(folder, {"regions": "three"}).digest() != one.digest()
    assert load_scenario(folder, {"regions": "one"}).digest() == one.digest()
    said = {k: v for k, v in one.model_dump(mode="json").items() if k not in ("regions", "data", "evidence")}
    without = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    assert one.digest() == without  # as before there was a choice
    assert economy_of(folder / "three.toml") is three.declared
    assert three.declared.plain_name == one.declared.name
    assert scenarios_of(three.declared) == scenarios_of(one.declared)
    assert "grain_barn_south" in set(three.declared.recorded()) - set(one.declared.recorded())


def test_both_speak_of_stocks_by_the_same_names(one: Scenario, three: Scenario) -> None:
    for known in ("stocks", "variables", "inputs"):
        assert set(getattr(one.declared, known)()) == set(getattr(three.declared, known)())
    assert {f.name for f in one.declared.flows()} == {f.name for f in three.declared.flows()}
    assert (
        find_key("initial.grain.barn.value", three).bounds == find_key("initial.grain.barn.value", one).bounds
    )
    find_key("parameters.farms.grain_yield_south", three)
    assert "luck" in set(one.declared.recorded())
    assert "luck" not in set(three.declared.recorded())
    with pytest.raises(UserError, match="regions: members cannot differ in it"):
        find_key("regions", three)


def test_what_is_no_choice_is_refused(folder: Path, three: Scenario) -> None:
    with pytest.raises(UserError, match=r'other.toml: regions: "nine" is not valid; allowed: "one", "three"'):
        load_scenario(other(folder, 'regions = "nine"\n'))
    with pytest.raises(UserError, match="regions: unknown key"):
        load_scenario("kuzbass", {"regions": "three"})
    with pytest.raises(UserError, match="regions: cannot be changed in a scenario that was read"):
        change_scenario(three, {"regions": "one"}, "test")
    with pytest.raises(UserError, match=r"versions.regions: 'four'; allowed: one, three"):
        registry.economy(f"{folder} (regions = four)")
    with pytest.raises(UserError, match="the economy has no choice 'region'; did you mean 'regions'"):
        registry.economy(f"{folder} (region = three)")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('axis = "region"', 'axis = "regin"', "versions: 'regin' is no axis.*region"),
        ("[versions.regions]", "[versions.period]", "versions.period: is a key that all scenarios have"),
        ('along = "three"', 'along = "one"', "allowed: one of two words"),
        ('along = "three"', 'along = "three"\nusual = "two"', "'two'; allowed: one of two words"),
        ('along = "three"', "", "versions.regions.along: missing"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(tmp_path: Path, before: str, after: str, told: str) -> None:
    folder = folder_of(tmp_path)
    (folder / "economy.toml").write_text(ECONOMY.replace(before, after), encoding="utf-8")
    with pytest.raises(UserError, match=told):
        load_scenario(folder)


def test_the_usual_version_may_be_that_with_the_axis(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    text = ECONOMY.replace('along = "three"', 'along = "three"\nusual = "three"')
    (folder / "economy.toml").write_text(text, encoding="utf-8")
    usual = load_scenario(folder)
    assert usual.declared.name == str(folder)
    assert "grain_barn_south" in set(usual.declared.recorded())
    assert "grain_barn_south" not in set(load_scenario(folder, {"regions": "one"}).declared.recorded())


def test_another_process_has_the_same_economy(three: Scenario) -> None:
    again = from_json(three.model_dump_json(exclude_none=True))
    assert again == three
    assert again.declared is three.declared
    assert find_economy(three.declared.name, "--economy") is three.declared
    assert parted(three.declared.name)[1] == {"regions": "three"}
    assert list(provenance(three.declared)["economies_sha256"]) == [three.declared.name]


@pytest.mark.usefixtures("engine")
def test_results_have_the_country_and_its_regions(one: Scenario, three: Scenario) -> None:
    dataset = History(three, range(3), 1).run().dataset
    south = dataset["grain_barn_south"]
    assert south.attrs["long_name"] == "grain in barns, south" == three.declared.meaning("grain_barn_south")
    assert three.declared.unit_of("taken_south") == "tonnes"
    added = sum(dataset[f"grain_barn_{label}"].values for label in LABELS)
    assert np.array_equal(dataset["grain_barn"].values, added)
    spans = date(1931, 1, 1), date(1931, 12, 31)
    for name in ("taken", "strength", "taken_far_south", "strength_far_south"):
        read = observe_quantity(dataset, name, *spans)
        shown = dataset[name].values[:, 12:]
        assert read is not None
        np.testing.assert_allclose(read, shown.sum(1) if name.startswith("taken") else shown.mean(1))
        assert three.declared.quantity(name).measure == ("flow" if name.startswith("taken") else "average")
    books = balance(dataset, "grain", 1931, economy=three.declared)
    assert books.index.tolist() == ["barn", "store"]
    assert float(books["gap"].abs().max()) < 1e-9
    assert set(History(one, range(3), 1).run().dataset.variables) - {"luck"} < set(dataset.variables)


@pytest.mark.usefixtures("engine")
def test_members_may_differ_in_the_country_and_in_a_region(three: Scenario) -> None:
    values = {
        "initial.grain.barn.value": np.array([20.0, 40.0]),
        "farms.grain_yield_south": np.array([0.2, 0.1]),
    }
    found = evaluate(three, values, observe=["grain_barn", "reaped_own_south"], numbers=[0, 0])
    same = evaluate(three, {}, observe=["grain_barn", "reaped_own_south"], numbers=[0, 0])
    np.testing.assert_allclose(found["reaped_own_south"][1, 0], same["reaped_own_south"][1, 0] * 0.5)
    assert found["grain_barn"][0, 0] < same["grain_barn"][0, 0]


def test_a_series_of_the_country_serves_where_a_region_has_none(folder: Path, three: Scenario) -> None:
    wet = other(folder, f'regions = "three"\n[exogenous.rain_south]\nvalues = {{ 1930 = 2.2 }}\n{GIVEN}')
    observe = ["reaped_own_north", "reaped_own_south"]
    calm = {"parameters.farms.spread": np.zeros(1)}
    found, plain = (evaluate(s, calm, observe=observe) for s in (load_scenario(wet), three))
    np.testing.assert_array_equal(found["reaped_own_north"][:, 0], plain["reaped_own_north"][:, 0])
    np.testing.assert_allclose(found["reaped_own_south"][:, 0], 2.0 * plain["reaped_own_south"][:, 0])
    find_key("exogenous.rain_south.values.1930", load_scenario(wet))


def test_a_run_of_one_version_is_not_gone_on_with_in_the_other(one: Scenario, three: Scenario) -> None:
    done = History(one.until(date(1930, 12, 31)), [0])
    done.run()
    with pytest.raises(StateError, match=r"regions \(regions = three\)"):
        History(three, [0], resume=done.state(), branch=True)


# ---- what a label has beyond the series of the country -----------------------------------------------------

YEARS = 'values = { 1929 = 1.0, 1930 = 1.1, 1931 = 1.3, 1932 = 1.5 }\nreading = "year"\n' + GIVEN
DAYS = "values = { 1930-01-01 = 1.0, 1932-01-01 = 3.0 }\n" + GIVEN


def rainy(parent: Path, rows: str, series: str, more: str = "") -> Scenario:
    """Write the economy with a series of rain and what regions have beyond it."""
    parent.mkdir(exist_ok=True)
    folder = folder_of(parent)
    table = folder / "regions.csv"
    rows = "".join(f"more, rain.{row}, invented, assumption\n" for row in rows.split("; "))
    table.write_text(table.read_text(encoding="utf-8") + rows, encoding="utf-8")
    rain = series.replace("values", "replace = true\nvalues")
    return load_scenario(other(folder, f'regions = "three"\n[exogenous.rain]\n{rain}\n{more}'))


def rain(scenario: Scenario, label: str, *days: date) -> list[float]:
    series = exogenous_series(scenario)[f"rain_{label}"]
    return [float(series.on(day)) for day in days]


def test_a_label_has_more_than_the_country_in_the_years_that_the_table_names(tmp_path: Path) -> None:
    scenario = rainy(tmp_path, "1930, 0.0, 0.5, -0.2; 1932, 0.1, 0.0, 0.3", YEARS)
    years = [date(year, month, 1) for year in (1929, 1930, 1931, 1932) for month in (1, 12)]
    beyond = {
        "north": (0.0, 0.0, 0.0, 0.1),
        "south": (0.0, 0.5, 0.0, 0.0),
        "far_south": (0.0, -0.2, 0.0, 0.3),
    }
    for label, added in beyond.items():
        country = np.array([1.0, 1.1, 1.3, 1.5]) + added
        assert rain(scenario, label, *years) == pytest.approx(np.repeat(country, 2)), label
    assert rain(scenario, "south", date(1935, 1, 1)) == [1.5]  # as the country goes on


def test_what_a_label_has_more_on_days_is_read_between_them_as_the_series_is(tmp_path: Path) -> None:
    scenario = rainy(tmp_path, "1930-01-01, 0.0, 0.5, 0.0; 1932-01-01, 0.0, 1.5, 0.0", DAYS)
    days = date(1929, 1, 1), date(1931, 1, 1), date(1933, 1, 1)
    assert rain(scenario, "north", *days) == pytest.approx([1.0, 2.0, 3.0])
    assert rain(scenario, "south", *days) == pytest.approx([1.5, 3.0, 4.5])


@pytest.mark.usefixtures("engine")
def test_a_history_has_what_a_label_has_more(tmp_path: Path) -> None:
    first = rainy(tmp_path / "more", "1930, 0.0, 0.5, 0.0", YEARS)
    plain = rainy(tmp_path / "plain", "1930, 0.0, 0.0, 0.0", YEARS)
    names = [f"reaped_own_{label}" for label in LABELS]
    found, same = (evaluate(s, {"farms.spread": np.zeros(1)}, observe=names) for s in (first, plain))
    for name, factor in zip(names, (1.0, 1.6 / 1.1, 1.0), strict=True):
        np.testing.assert_allclose(found[name][:, 0], factor * same[name][:, 0], rtol=1e-12)


def test_a_series_that_is_given_for_a_label_is_left_as_it_is(tmp_path: Path) -> None:
    own = f"[exogenous.rain_south]\n{YEARS.replace('1.1', '0.7')}"
    scenario = rainy(tmp_path, "1930, 0.2, 0.5, -0.2", YEARS, own)
    assert rain(scenario, "south", date(1930, 6, 1)) == [0.7]
    assert rain(scenario, "north", date(1930, 6, 1)) == pytest.approx([1.3])


def test_members_may_differ_in_the_series_to_which_a_label_adds(tmp_path: Path) -> None:
    scenario = rainy(tmp_path, "1930, 0.0, 0.5, -0.2", YEARS)
    series = exogenous_series(scenario, {"rain": {"1930": np.array([1.0, 2.0])}})
    np.testing.assert_allclose(series["rain_south"].on(date(1930, 6, 1)), [1.5, 2.5])
    assert series["rain_south"].on(date(1931, 6, 1)) == 1.3


@pytest.mark.parametrize(
    ("rows", "series", "told"),
    [
        ("1930, 0, 1, 0; 1930-03-01, 0, 2, 0", YEARS, "exogenous.rain: .* on 1930, 1930-03-01; .*one a year"),
        ("1930, 0, 1, 0; 1930-07-01, 0, 2, 0", DAYS, "exogenous.rain: .* on 1930, 1930-07-01; .*one a day"),
    ],
)
def test_two_numbers_that_stand_at_once_are_refused(
    tmp_path: Path, rows: str, series: str, told: str
) -> None:
    with pytest.raises(UserError, match=told):
        exogenous_series(rainy(tmp_path, rows, series))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("more, rain, 0, 1, 0", "nothing that is spread along region has this name"),
        (
            "more, rains.1930, 0, 1, 0",
            "nothing that is spread along region has this name. Did you mean 'rain.",
        ),
        ("more, rain.spring, 0, 1, 0", "is no input on a day; allowed: rain.1931, rain.1931-07-01"),
        ("more, rain.1930-02-30, 0, 1, 0", "is no input on a day; allowed: rain.1931, rain.1931-07-01"),
        ("more, rain.1930-7-1, 0, 1, 0", "is no input on a day"),
        ("more, rain.0000, 0, 1, 0", "is no input on a day"),
        ("value, rain.1930, 0, 1, 0", "nothing that is spread along region has this name"),
        ("share, rain., 0, 1, 0", "kind 'share'; allowed: more"),
        ("more, people.1930, 0, 1, 0", "nothing that is spread along region has this name"),
        ("more, weather.1930, 0, 1, 0", "nothing that is spread along region has this name"),  # a draw
        ("more, rain.1930, 0, much, 0", "rain.1930: south = 'much' is no number"),
    ],
)
def test_a_row_of_more_that_does_not_fit_is_refused(tmp_path: Path, row: str, told: str) -> None:
    folder = folder_of(tmp_path)
    table = folder / "regions.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(f"{text}{row}, invented, assumption\n", encoding="utf-8")
    with pytest.raises(UserError, match=f"regions.csv:7: .*{told}"):
        load_scenario(folder / "three.toml")
    load_scenario(folder)  # as one country nobody reads it
