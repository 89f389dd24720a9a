"""What it costs that a block holds over an axis: one economy without the axis, and with 1, 7 and 8 labels.

    python benchmarks/regions.py [--members 1000 4000] [--chunks 500 1000 2000] [--turns 5]
        [--engine compiled numpy] [--only axis | soviet]

And what seven regions cost in the Soviet economy: histories of its baseline, of which one series is kept, by
the members of a chunk, over those of the same economy with one region.

The first economy is made for it: of each of a dozen goods three equations and two auxiliaries over the axis,
and one equation of the country that reads sums and means of the labels. Histories of 120 months, of which one
series is kept. Microseconds of processor time a member, the least of several turns, and in brackets what they
are over those without the axis.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from turns import least

from planmodel.engine import Clock, Phase, Simulation
from planmodel.engine.choices import Choice
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks
from planmodel.runs.history import History
from planmodel.scenario import Scenario, load_scenario

GOODS = ("wheat", "rye", "oats", "barley", "millet", "maize", "flax", "hemp", "beet", "hay", "milk", "wool")
REGIONS = ("one", "seven")
LABELS = ("left out", "1 label", "7 labels", "8 labels")
_TABLE = """\
block, kind, name, unit, value, low, high, null, symbol, from, to, rank, when, meaning, source, evidence
land, axis, region, , {labels}, , , , , , , , , regions, ,
land, variable, hands, persons, 96, , , , , , sum, , , people who work, ,
state, variable, plan, 1, 1, , , , , , , , , what is asked for, ,
"""
_ROWS = """\
land, commodity, {good}, tonnes, , , , , , , , , , {good}, ,
land, source, {good}.fields, , , , , , , , , , , fields, ,
land, stock, {good}.barn, , , , , , , , , , , barns, ,
land, sink, {good}.used, , , , , , , , , , , used, ,
land, flow, {good}_reaped, , , , , , , {good}.fields, {good}.barn, , , harvest, ,
land, flow, {good}_eaten, , , , , , , {good}.barn, {good}.used, 1, , eaten, ,
land, flow, {good}_taken, , , , , , , {good}.barn, {good}.store, , , taken, ,
land, stock, {good}.store, , , , , , , , one, , , of the state, ,
land, variable, {good}_area, hectares, 96, , , , , , sum, , , land, ,
land, variable, {good}_effort, 1, 1, , , , , , mean by hands, , , effort, ,
land, draw, {good}, , , , , , , , , , year, weather, ,
land, parameter, {good}_yield, tonnes/hectare, 0.1, 0, 1, , y, , , , , yield, invented, assumption
state, variable, {good}_price, 1, 1, , , , , , , , , price, ,
state, parameter, {good}_elasticity, 1, 0.3, 0, 1, 0, e, , , , , of price, invented, assumption
"""
_EQUATIONS = '''
@land.auxiliary
def {good}_weather({good}_yield, drawn_{good}):
    """Yield of the year."""
    return {good}_yield * np.exp({good}_yield * drawn_{good})


@land.auxiliary
def {good}_a_head({good}_barn, hands):
    """What each has."""
    return {good}_barn / np.maximum(hands, 1e-9)


@land.equation("work")
def reap_{good}({good}_area, {good}_effort, {good}_weather):
    """The harvest."""
    return dict({good}_reaped={good}_area * {good}_effort * {good}_weather / 12.0)


@land.equation("take")
def give_{good}({good}_barn, {good}_a_head, plan, {good}_price):
    """What goes."""
    asked = np.minimum(plan * {good}_a_head / (1.0 + {good}_a_head), 1.0)
    taken = {good}_barn * asked / 12.0
    return dict({good}_taken=taken, {good}_eaten={good}_barn * {good}_price / 12.0)


@land.equation("record")
def work_on_{good}({good}_effort, {good}_area, {good}_a_head, hands, {good}_price):
    """Effort follows what is left, and land goes over."""
    effort = {good}_effort + ({good}_a_head / (1.0 + {good}_a_head) - {good}_effort) / 12.0
    going = {good}_area * np.maximum(1.0 - {good}_effort, 0.0) / 12.0
    return dict({good}_effort=np.where(hands > 0.0, effort, 1.0), {good}_area={good}_area - going)


@state.equation("record")
def price_{good}({good}_barn, {good}_effort, hands, {good}_elasticity):
    """The price that the country pays."""
    plenty = 1.0 + {good}_barn / np.maximum(hands, 1.0)
    return dict({good}_price={good}_effort * plenty ** -{good}_elasticity)
'''


def economy(folder: Path, labels: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks of the economy with some labels; none leave the axis out."""
    folder.mkdir()
    said = ["import numpy as np", "", "from planmodel.engine.equations import Block", "", ""]
    said += ['land = Block("land", over="region")', 'state = Block("state")', ""]
    each = (_EQUATIONS.replace("{good}", good) for good in GOODS)
    (folder / "made.py").write_text("\n".join([*said, *each]), encoding="utf-8")
    rows = (_ROWS.replace("{good}", good) for good in GOODS)
    table = _TABLE.replace("{labels}", " ".join(labels) or "none") + "".join(rows)
    (folder / "made.csv").write_text(table, encoding="utf-8")
    shared = ["hands", *(f"{good}_area" for good in GOODS), *(f"{good}.barn" for good in GOODS)]
    shares = ", ".join([str(1.0 / max(len(labels), 1))] * max(len(labels), 1))
    lines = [f"kind, name, {', '.join(labels)}, source, evidence"]
    lines += [f"share, {name}, {shares}, invented, assumption" for name in shared]
    (folder / "regions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    choice = Choice("region", bool(labels), folder / "regions.csv")
    return load_blocks(folder, ["made"], date(1928, 1, 1), choices=[choice])


def history(blocks: tuple[Block, ...], members: int, engine: str) -> float:
    """Run a history; return processor microseconds a member."""
    began = time.process_time()
    clock = Clock(date(1928, 1, 1), date(1937, 12, 31), [Phase(name) for name in ("work", "take", "record")])
    initial = {good: {"barn": 96.0} for good in GOODS}
    kept = {"wheat_price"}
    Simulation(blocks, clock, range(members), initial=initial, wanted=kept, engine=engine).play()
    return (time.process_time() - began) / members * 1e6


def soviet(folder: Path) -> dict[str, Scenario]:
    """Return the baseline of the Soviet economy with one region and with seven."""
    made = {}
    for name in REGIONS:
        file = folder / f"regions_{name}.toml"
        file.write_text(f'extends = "baseline"\ntitle = "{name}"\nregions = "{name}"\n', encoding="utf-8")
        made[name] = load_scenario(file)
    return made


def of_soviet(made: dict[str, Scenario], members: int, name: str) -> float:
    """Run a history; return processor microseconds a member."""
    began = time.process_time()
    History(made[name], range(members), seed=1, wanted=["investment"]).run()
    return (time.process_time() - began) / members * 1e6


def print_soviet(folder: Path, chunks: Sequence[int], turns: int) -> None:
    """Measure the Soviet economy and print a table, with the best chunk of each in its last row."""
    made, best = soviet(folder), dict.fromkeys(REGIONS, float("inf"))
    print("| Soviet economy, members of a chunk | one region | seven regions | ratio |\n|---|---|---|---|")
    least(REGIONS, partial(of_soviet, made, 16), 1)  # compiles
    for members in chunks:
        found = least(REGIONS, partial(of_soviet, made, members), turns)
        best = {name: min(best[name], found[name]) for name in REGIONS}
        _print_ratio(str(members), found)
    _print_ratio("the best of each", best)


def _print_ratio(what: str, found: dict[str, float]) -> None:
    one, seven = (found[name] for name in REGIONS)
    print(f"| {what} | {one:.0f} | {seven:.0f} | {seven / one:.2f} |", flush=True)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, nargs="+", default=[1000, 4000])
    parser.add_argument("--chunks", type=int, nargs="+", default=[500, 1000, 2000])
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--engine", nargs="+", default=["compiled", "numpy"])
    parser.add_argument("--only", choices=["axis", "soviet"], default="")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if said.only != "soviet":
            print_axis(Path(folder), said.members, said.engine, said.turns)
        if said.only != "axis":
            print_soviet(Path(folder), said.chunks, said.turns)


def print_axis(folder: Path, chunks: Sequence[int], engines: Sequence[str], turns: int) -> None:
    """Measure the economy that is made for it and print a table."""
    number = {name: int(name[0]) if name[0].isdigit() else 0 for name in LABELS}
    made = {name: economy(folder / f"labels_{n}", [f"r{i}" for i in range(n)]) for name, n in number.items()}
    print("| engine, members | " + " | ".join(LABELS) + " |\n|---" + "|---" * len(LABELS) + "|")
    for engine in engines:
        for members in chunks:
            measure: Callable[[str], float] = partial(_of, made, members, engine)
            least(LABELS, measure, 1)  # compiles
            found = least(LABELS, measure, turns)
            cells = (f"{found[name]:.0f} ({found[name] / found[LABELS[0]]:.2f})" for name in LABELS)
            print(f"| {engine}, {members} | " + " | ".join(cells) + " |", flush=True)


def _of(made: dict[str, tuple[Block, ...]], members: int, engine: str, name: str) -> float:
    return history(made[name], members, engine)


if __name__ == "__main__":
    main()
