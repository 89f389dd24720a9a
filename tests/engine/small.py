"""A small economy in a folder, for the tests of equations: bread is baked, shared and eaten in two towns."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from planmodel.engine import Clock, Phase, Simulation
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

TABLE = """\
block, kind, name, unit, value, low, high, null, symbol, from, to, rank, when, meaning, source, evidence
bread, axis, town, , north south, , , , , , , , , towns, ,
bread, commodity, bread, tonnes, , , , , , , , , , bread, ,
bread, source, bread.ovens, , , , , , , , , , , bread baked, ,
bread, stock, bread.store, , , , , , , , , , , bread in store, ,
bread, stock, bread.{town}, , , , , , , , , , , bread in {town}, ,
bread, sink, bread.eaten, , , , , , , , , , , bread eaten, ,
bread, flow, baked, , , , , , , bread.ovens, bread.store, , , bread baked, ,
bread, flow, sent_{town}, , , , , , , bread.store, bread.{town}, 1, , bread sent to {town}, ,
bread, flow, eaten_{town}, , , , , , , bread.{town}, bread.eaten, , , bread eaten in {town}, ,
bread, parameter, ovens, tonnes/month, 10, 1, 20, , o, , , , , what ovens bake, invented, assumption
bread, parameter, appetite, 1, 0.5, 0, 1, 0, a, , , , , share eaten in a month, invented, assumption
bread, constant, people_north, million persons, 1, , , , , , , , , people of the north, invented, assumption
bread, constant, people_south, million persons, 3, , , , , , , , , people of the south, invented, assumption
bread, by_month, season, 1, *:1 7:2, , , , , , , , , how ovens run, invented, assumption
bread, variable, need_{town}, tonnes/month, 1, , , , , , , , , bread wanted in {town}, ,
bread, variable, hunger, 1, , , , , , , , , , share of need not sent, ,
bread, state, years_of_hunger, months, 0, , , , , , , , , months in which need was not met, ,
bread, lever, rationing, , 0, 0, 1, , , , , , , towns are served by number, ,
bread, switch, seasons, , , , , , , , , , , ovens follow the season, ,
bread, event, hunger_begins, , , , , , , supply, , , , need is not met, ,
bread, lag, need_north_before, , 2, , , , , need_north, , , bake, need of the north two months ago, ,
"""

EQUATIONS = '''\
import numpy as np

from planmodel.engine.equations import Block
from planmodel.engine.rules import total

bread = Block("bread")


@bread.equation("opening")
def count_nothing(bread_store):
    """At the start the store is the need."""
    return dict(hunger=0.0 * bread_store)


@bread.auxiliary
def running(season):
    """How ovens run."""
    return season


@bread.auxiliary(without="seasons")
def running(month):
    """Ovens run evenly."""
    return 1.0


@bread.auxiliary
def people(people_town):
    """All people."""
    return total(people_town, "town")


@bread.equation("bake")
def bake(ovens, running):
    """Ovens bake by season."""
    return dict(baked=ovens * running)


@bread.equation("bake")
def want(people_town, ovens, people):
    """Towns want bread by their people."""
    return dict(need_town=ovens * people_town / people)


@bread.equation("share")
def send(need_town, bread_store, rationing):
    """Bread goes where it is wanted, and the north before the south if so decreed."""
    return dict(sent_town=need_town, rank_sent_north=0 if rationing else 1)


@bread.equation("eat")
def eat(bread_town, appetite):
    """A share of what there is."""
    return dict(eaten_town=bread_town * appetite)


@bread.equation("eat")
def note(moved_sent_town, need_town, hunger, years_of_hunger, need_north_before):
    """Need that was not met."""
    short = 1.0 - total(moved_sent_town, "town") / total(need_town, "town")
    now = short > 1e-9
    begins = now & (hunger < 1e-9)
    return dict(hunger=short, years_of_hunger=years_of_hunger + now * 1.0, hunger_begins=begins)
'''


def write(folder: Path, equations: str = EQUATIONS, table: str = TABLE) -> Path:
    """Write the economy, or one like it, into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "equations.py").write_text(equations, encoding="utf-8")
    (folder / "equations.csv").write_text(table, encoding="utf-8")
    return folder


def blocks(folder: Path, equations: str = EQUATIONS, table: str = TABLE) -> tuple[Block, ...]:
    """Return the blocks of the economy, or of one like it."""
    return load_blocks(write(folder, equations, table), ("equations",), date(2000, 1, 1))


def simulation(
    parts: tuple[Block, ...],
    members: tuple[int, ...] = (0, 1),
    until: date = date(2001, 12, 31),
    **given: Any,
) -> Simulation:
    """Put the economy together."""
    phases = [Phase(name) for name in ("bake", "share", "eat", "record")]
    clock = Clock(date(2000, 1, 1), until, phases)
    return Simulation(parts, clock, members, **given)
