"""An economy in a folder outside the package, and files that speak of an economy: short runs, few members."""

from __future__ import annotations

from pathlib import Path

from planmodel.scenario.skeleton import write_skeleton

OUTSIDE = "my_village"
UNTIL = {"kuzbass": "1924-12-31", "feldman_domar": "1930-12-31", OUTSIDE: "1930-12-31"}
BLOCK = {"kuzbass": "farm", "feldman_domar": "machines", OUTSIDE: "village"}
QUANTITY = {"kuzbass": "coal_mined", "feldman_domar": "consumption", OUTSIDE: "eaten"}
YEARS = {"kuzbass": ("1923", "1924"), "feldman_domar": ("1929", "1930"), OUTSIDE: ("1929", "1930")}
BALANCE = {"kuzbass": "coal", "feldman_domar": "capital", OUTSIDE: "grain"}
# A parameter, and what it is to bring about: on a day of a stock, in a year of a flow.
FITTED = {
    "kuzbass": ("farm", "food_yield", "food_grown", "1923", 400.0),
    "feldman_domar": ("machines", "kept", "capital_sector_1", "1930-12-31", 30.0),
    OUTSIDE: ("village", "grain_yield", "harvested", "1929", 300.0),
}
OTHER = {  # a switch or a value by which a second scenario differs
    "kuzbass": "[switches]\nwage_scale = false\n",
    "feldman_domar": "[parameters.machines]\nkept = 0.3\n",
    OUTSIDE: "[parameters.village]\narea = 150.0\n",
}


def outside(parent: Path) -> Path:
    """Write an economy where the package knows nothing of it."""
    write_skeleton(OUTSIDE, parent)
    return parent / OUTSIDE


def ensemble_file(folder: Path, name: str) -> Path:
    return _write(folder / "members.toml", f"""
scenario = "{name}"
design = "lhs"
members = 6
until = {UNTIL[name]}
[vary."parameters.{BLOCK[name]}.*"]
[keep]
variables = ["{QUANTITY[name]}"]
""")  # fmt: skip


def analysis_file(folder: Path, name: str) -> Path:
    first, last = YEARS[name]
    return _write(folder / "analysis.toml", f"""
scenario = "{name}"
method = ["prcc"]
samples = 32
[vary."parameters.{BLOCK[name]}.*"]
[outputs.growth]
measure = "growth"
of = "{QUANTITY[name]}"
dates = ["{first}", "{last}"]
""")  # fmt: skip


def calibration_file(folder: Path, name: str) -> Path:
    block, parameter, quantity, date, value = FITTED[name]
    return _write(folder / "fit.toml", f"""
scenario = "{name}"
[fit.{block}.{parameter}]
[targets.{quantity}]
date = "{date}"
value = {value}
error = 0.02
source = "invented for a test"
evidence = "assumption"
[search]
sample = 8
points = 2
descent = 3
rounds = 0
starts = 1
polish = 3
""")  # fmt: skip


def other_scenario(folder: Path, name: str) -> Path:
    of = f'economy = "{name}"\nextends = "{"baseline" if name == OUTSIDE else name}"\n'
    return _write(folder / "other.toml", of + OTHER[name])


def experiment_folder(folder: Path, name: str) -> Path:
    place = folder / "question"
    place.mkdir()
    there = f"../{name}" if name == OUTSIDE else name
    _write(place / "experiment.toml", f"""
title = "A question"
question = "What comes out?"
source = "invented for a test"
group = "systems"
[runs.base]
scenario = "{there}"
number = 2
""")  # fmt: skip
    _write(place / "figure.py", f"""
from planmodel.experiments.variants import Plot, Row, draw_variants, tabulate_variants


def tabulate(results, record):
    rows = [Row("what comes", "{QUANTITY[name]}", "{YEARS[name][0]}")]
    return tabulate_variants(results, record, rows, [Plot("What comes", "{QUANTITY[name]}")])


def draw(table):
    return draw_variants(table, "What comes")
""")  # fmt: skip
    return place


def _write(file: Path, text: str) -> Path:
    file.write_text(text.lstrip(), encoding="utf-8")
    return file
