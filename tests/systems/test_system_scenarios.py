"""Scenarios of the smaller systems: read by the same machinery, refused with the same care."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import fits, planmodel

from planmodel.engine import UserError
from planmodel.experiments.results import Record, Results
from planmodel.experiments.variants import Plot, Row, draw_variants, tabulate_variants, variants_text
from planmodel.runs.checks import load_checks
from planmodel.runs.history import run
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.finding import economy_files

ARTICLE = "encyclopaedia_article"
SYSTEMS = sorted(registry.smaller())
BASE = 'extends = "{name}"\n{text}\n'


def test_each_system_has_a_scenario_and_checks() -> None:
    assert sorted(economy_files()) == SYSTEMS
    assert all(load_checks(economy=registry.economy(name)) for name in SYSTEMS)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_scenario_is_complete_frozen_and_hashed(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.declared is registry.economy(name)
    assert set(scenario.parameters.model_dump()) == {c.name for c in scenario.declared.blocks}
    assert set(scenario.declared.shown) <= set(scenario.declared.recordable())
    changed = load_scenario(name, {"title": "another"})
    assert changed.digest() != scenario.digest()


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_declaration_says_where_it_comes_from(name: str) -> None:
    for group in registry.economy(name).parameters().values():
        for key, declared in group.items():
            assert len(declared.source) >= 6, key
            if declared.evidence == "transcribed":
                assert any(word in declared.source for word in ("line", "E-0")), key
    effects = {e for d in load_scenario(name).decrees.values() for e in d.effects}
    assert effects == set(registry.economy(name).levers())


def test_the_whole_model_is_not_changed_by_them() -> None:
    assert load_scenario("baseline").declared is registry.economy()
    assert "colonists" not in registry.economy().parameters()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("kuzbass", "[parameters.minse]\nper_miner = 5.0",
         "parameters.minse: unknown key; did you mean 'mines'?"),
        ("kuzbass", "[parameters.mines]\nper_miner = 500.0",
         "parameters.mines.per_miner: 500.0 is out of bounds; allowed: 3 to 20"),
        ("kuzbass", "[switches]\nwage_scales = false",
         "switches.wage_scales: unknown key; did you mean 'wage_scale'?"),
        ("kuzbass", "[decrees.call.effects]\nrecruit = 1.0",
         "decrees.call.effects.recruit: no such lever of policy; did you mean 'recruiting'?"),
        ("kuzbass", '[initial.people.miner]\nvalue = 1.0\nsource = "here"\nevidence = "assumption"',
         "initial.people.miner: unknown key; did you mean 'miners'?"),
        ("kuzbass", '[exogenous.coal_demand]\nvalues = { 1922 = 1.0 }\nunit = "million tonnes"\n'
         'source = "here"\nevidence = "assumption"',
         "exogenous.coal_demand.unit: 'million tonnes'; the model expects 'thousand tonnes/month'"),
        ("magnitogorsk", 'economy = "magnitogorks"',
         "economy: \"magnitogorks\" is no economy; did you mean 'magnitogorsk'?"),
        ("magnitogorsk", 'economy = "kuzbass"',
         "economy: 'magnitogorsk' ("),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(BASE.format(name=name, text=text), encoding="utf-8")
    answer = planmodel("validate", str(file))
    assert message in answer.message
    assert "\n" not in answer.message


def test_a_file_may_extend_a_ready_scenario_of_a_system(tmp_path: Path) -> None:
    file = tmp_path / "longer.toml"
    file.write_text('extends = "kuzbass"\n[decrees.contract_ended]\nenabled = false\n', encoding="utf-8")
    scenario = load_scenario(file)
    assert not scenario.decrees["contract_ended"].enabled
    answer = planmodel("diff", "kuzbass", str(file))
    assert "decrees.contract_ended.enabled" in answer.out


def test_a_switch_of_the_whole_model_is_none_of_a_system() -> None:
    answer = planmodel("run", "kuzbass", "--switch-off", "grain_exports")
    assert answer.message.startswith("--switch-off grain_exports: unknown mechanism; allowed: absorption")


def test_the_ready_file_and_the_name_are_the_same_scenario() -> None:
    by_file = load_scenario(economy_files()["labour_process"])
    assert by_file == load_scenario("labour_process")


def test_run_writes_a_folder_with_a_figure(tmp_path: Path) -> None:
    file = str(economy_files()["cadres_of_25000"])
    answer = planmodel("run", file, "--members", "3", "--out", str(tmp_path / "out"))
    assert answer.status == 0, answer.err
    assert fits(answer.out)
    assert "share_in_kolkhozes" in answer.out
    assert "the centre calls the drive off" in answer.out
    assert "Conservation: every commodity closes" in answer.out
    assert (tmp_path / "out" / "figures" / "quantities.png").stat().st_size > 10_000
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["scenario"] == "cadres_of_25000"
    again = load_scenario(tmp_path / "out" / "scenario.toml")
    assert again.digest() == manifest["scenario_sha256"]
    kept = xr.open_dataset(tmp_path / "out" / "results.nc")
    assert kept.sizes["member"] == 3


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_table_fits_a_terminal(name: str, tmp_path: Path) -> None:
    answer = planmodel("run", name, "--no-figures", "--out", str(tmp_path / "out"))
    assert answer.status == 0
    assert fits(answer.out)
    for quantity in registry.economy(name).shown:
        (row,) = re.findall(rf"^{quantity} +(.+)$", answer.out, re.MULTILINE)
        assert len(row.split()) >= 3


def test_a_run_may_end_early() -> None:
    found = run(load_scenario("magnitogorsk").until(date(1931, 12, 31)))
    assert pd.Timestamp(found["time"].values[-1]) == pd.Timestamp(1931, 12, 31)


def test_parameters_of_a_system_are_listed() -> None:
    answer = planmodel("params", "--economy", "kuzbass", "treasury")
    assert "treasury.coal_price = 10.5 roubles/tonne" in answer.out
    assert planmodel("params", "--economy", "kusbass").message.endswith("did you mean 'kuzbass'?")


def test_scenarios_lists_them() -> None:
    out = planmodel("scenarios").out
    assert all(name in out for name in SYSTEMS)


def test_variants_are_tabulated_and_drawn() -> None:
    def result(name: str, switch_off: tuple[str, ...] = ()) -> Results:
        scenario = load_scenario("kuzbass", switch_off=switch_off)
        return Results(name, run(scenario), scenario)

    results = {r.name: r for r in (result("as decreed"), result("equal supply", ("wage_scale",)))}
    plots = [Plot("Settlers", "colonists")]
    rows = [
        Row("settlers", "colonists", "1925", record=("colony_colonists_remaining", ARTICLE), at="1931"),
        Row("share", "colonists", "1925", "employees", "small"),
    ]
    table = tabulate_variants(results, Record(), rows, plots)
    asked = table[table["role"] == "row"].set_index(["title", "run"])["median"]
    assert asked["settlers", "equal supply"] > asked["settlers", "as decreed"] > 100.0
    assert 0.0 < asked["share", "as decreed"] < 0.2
    assert table.loc[table["documented"].notna(), ["run", "counted"]].to_numpy().tolist() == [
        ["as decreed", ""],
        ["equal supply", "variant"],
    ]
    assert "| settlers, 1925 | " in variants_text(table)
    assert len(draw_variants(table, "Title").axes) == 1
    with pytest.raises(UserError, match="does not cover 1940"):
        tabulate_variants(results, Record(), [Row("x", "colonists", "1940")], [])
