"""The tool that makes the sizes of a scenario the defaults of an economy: it touches nothing else."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from planmodel.engine.tables import read_rows
from planmodel.scenario import load_scenario
from planmodel.scenario.skeleton import write_skeleton

DOCS = Path(__file__).parents[2] / "docs"


def tool() -> Any:
    found = importlib.util.spec_from_file_location("set_defaults", DOCS / "set_defaults.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["set_defaults"] = module
    found.loader.exec_module(module)
    return module


TABLE = """\
block, kind     , name , unit     , value, low, high, meaning, source, evidence
farm , parameter, yield, "t, each", 0.5  , 0  , 1   , "so, it says", toy, assumption
farm , variable , yield, t        , 0.5  ,    ,     , of the same name, toy,
farm , parameter, land , ha       , 10   , 0  , 900 , land, toy, reading
"""


def test_only_the_value_changes_and_columns_stay_aligned() -> None:
    written = tool().written
    assert written(TABLE, {}) == TABLE
    assert written(TABLE, {"farm.yield": 0.5, "mine.land": 4.0}) == TABLE
    assert written(TABLE, {"farm.land": 8.0}) == TABLE.replace(", 10   ,", ", 8    ,")
    longer = written(TABLE, {"farm.yield": 0.123456})
    first, *rows = longer.splitlines()
    assert first.startswith("block, kind     , name , unit     , value   , low,")
    assert (
        rows[0] == 'farm , parameter, yield, "t, each", 0.123456, 0  , 1   , "so, it says", toy, assumption'
    )
    assert rows[1] == "farm , variable , yield, t        , 0.5     ,    ,     , of the same name, toy,"
    assert longer.endswith("\n")


def test_tables_of_the_model_stand_with_the_values_that_they_have(tmp_path: Path) -> None:
    written, scenario = tool().written, load_scenario("baseline")
    seen = 0
    for file in sorted(scenario.declared.folder.glob("*.csv")):
        if file.name in ("accounts.csv", "indicators.csv", "notation.csv", "priors.csv", "regions.csv"):
            continue
        text = file.read_text(encoding="utf-8")
        rows = {f"{r['block']}.{r['name']}": r for r in read_rows(file) if r["kind"] == "parameter"}
        assert written(text, {name: float(row["value"]) for name, row in rows.items()}) == text
        (tmp_path / file.name).write_text(written(text, dict.fromkeys(rows, 0.1234567)), encoding="utf-8")
        for old, new in zip(read_rows(file), read_rows(tmp_path / file.name), strict=True):
            assert dict(new) == dict(old) | ({"value": "0.1234567"} if old["kind"] == "parameter" else {})
        seen += len(rows)
    assert seen > 300


@pytest.fixture
def village(tmp_path: Path) -> Path:
    write_skeleton("my_village", tmp_path)
    return tmp_path / "my_village"


def scenario_file(village: Path, text: str) -> Path:
    file = village.parent / "centre.toml"
    file.write_text(f'economy = "{village}"\nextends = "baseline"\n{text}', encoding="utf-8")
    return file


def test_sizes_of_a_scenario_become_those_of_the_tables(
    village: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = village / "equations.csv"
    before = {row["name"]: dict(row) for row in read_rows(table)}
    file = scenario_file(village, "[parameters.village]\narea = 150.49\n")
    assert tool().main([str(file)]) == 0
    after = {row["name"]: dict(row) for row in read_rows(table)}
    assert after.pop("area")["value"] == "150"
    before.pop("area")
    assert after == before
    assert "1 sizes written into the tables of" in capsys.readouterr().out


def test_what_is_firmer_than_an_assumption_and_what_is_no_parameter_is_told(
    village: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = village / "equations.csv"
    lines = table.read_text(encoding="utf-8").split("\n")
    place = next(i for i, line in enumerate(lines) if ", area" in line and "parameter" in line)
    lines[place] = lines[place].rsplit(",", 1)[0] + ", reading"
    table.write_text("\n".join(lines), encoding="utf-8")
    file = scenario_file(village, "[parameters.village]\narea = 150.0\n[period]\nend = 1930-12-31\n")
    assert tool().main([str(file)]) == 0
    out = capsys.readouterr().out
    assert "evidence to be looked at: village.area (reading): " in out
    assert "not parameters, and left as they are: period" in out


def test_what_cannot_be_a_default_is_refused_and_nothing_written(
    village: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (village / "equations.csv").read_text(encoding="utf-8")
    assert tool().main([str(scenario_file(village, "[parameters.village]\nare = 1.0\n"))]) == 2
    assert "did you mean 'area'" in capsys.readouterr().out
    assert tool().main([str(village.parent / "none.toml")]) == 2
    assert (village / "equations.csv").read_text(encoding="utf-8") == text
