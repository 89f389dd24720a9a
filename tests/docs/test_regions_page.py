"""The page on regions: what it says of the inputs is counted, and its example is a scenario."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from planmodel.documented.made_of import regions
from planmodel.scenario import load_scenario

BLOCK = re.compile(r"<!-- (\w+) begins -->\n(.*?)\n?<!-- \1 ends -->", re.DOTALL)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_regions_page")


def test_its_tables_are_of_today(generate: ModuleType) -> None:
    blocks = dict(BLOCK.findall(generate.PAGE.read_text(encoding="utf-8")))
    now = {name: made().strip() for name, made in generate.BLOCKS.items()}
    assert blocks == now, "run: python docs/generate_regions_page.py"


def test_guesses_are_counted(generate: ModuleType) -> None:
    told = re.search(r"(\d+) of (\d+) values", generate.inputs())
    assert told is not None
    file = Path(program("generate_regions").FILE).parents[2] / "documented/regional_inputs.csv"
    rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    of_regions = [row for row in rows if row[1].strip() in regions()]
    guesses = sum(any(cell.strip() == "assumption" for cell in row[6:9]) for row in of_regions)
    assert (int(told[1]), int(told[2])) == (guesses, len(of_regions))


def test_its_example_gives_a_region_its_own_weather(generate: ModuleType, tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", generate.PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    file = tmp_path / "better_year.toml"
    file.write_text(example[1], encoding="utf-8")
    own = load_scenario(file).exogenous
    assert own.weather_ukraine.values["1932"] == 0.0
    assert own.weather_volga is None
