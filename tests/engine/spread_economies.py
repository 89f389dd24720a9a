"""A small economy of regions, for the tests of axes that can be left out: grain is reaped and taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from small import write

from planmodel.engine import Clock, Phase, Simulation
from planmodel.engine.choices import Choice
from planmodel.engine.equations import Block
from planmodel.engine.folder import load_blocks

TABLE = """\
block, kind, name, unit, value, low, high, null, symbol, from, to, rank, when, meaning, source, evidence
farms, axis, form, , own common, , , , , , , , , forms of farming, ,
farms, axis, region, , north south far_south, , , , , , , , , regions, ,
farms, commodity, grain, tonnes, , , , , , , , , , grain, ,
farms, source, grain.fields, , , , , , , , , , , fields, ,
farms, stock, grain.barn, , , , , , , , , , , grain in barns, ,
farms, sink, grain.eaten, , , , , , , , , , , grain eaten, ,
farms, flow, reaped_{form}, , , , , , , grain.fields, grain.barn, , , harvest of {form} farms, ,
farms, flow, eaten, , , , , , , grain.barn, grain.eaten, , , grain eaten, ,
farms, variable, area_{form}, hectares, 50, , , , , , sum, , , land of {form} farms, ,
farms, variable, strength, 1, 1, , , , , , mean by people, , , strength of people, ,
farms, variable, people, persons, 100, , , , , , sum, , , people, ,
farms, state, mood, 1, 1, , , , , , mean by people, , , mood of people, ,
farms, variable, luck, 1, 0, , , , , , , , , weather as people remember it, ,
farms, variable, hope, 1, 0, , , , , , one, , , hope of all, ,
farms, lag, people_before, , 2, , , , , people, , , reap, people two months ago, ,
farms, event, famine, , , , , , , hunger, , , , people hunger, ,
farms, event, famine_of_all, , , , , , , hunger, one, , , people hunger everywhere, ,
farms, draw, weather, , , , , , , , , , year, own weather, ,
farms, draw, common_weather, , , , , , , , one, , year, weather of all, ,
farms, input, rain, 1, , , , , , , , , , rain, ,
farms, parameter, grain_yield_{region}, tonnes/hectare, 0.1, 0, 1, , y, , , , , harvest, invented, assumption
farms, parameter, spread, 1, 0.1, 0, 1, 0, s, , , , , of weather, invented, assumption
farms, constant, starved, 1, 0.5, , , , , , , , , hunger of a famine, invented, assumption
farms, parameter, weakening, 1, 0.1, 0, 1, , w, , , , , "of the hungry, in a month", invented, assumption
farms, parameter, need, tonnes/person/year, 4, 0, 9, , n, , , , , of a month, invented, assumption
state, stock, grain.store, , , , , , , , , , , grain of the state, ,
state, flow, taken_{region}, , , , , , , grain.barn_{region}, grain.store, 1, , grain taken, ,
state, flow, sent_{region}, , , , , , , grain.store, grain.barn_{region}, , , grain sent back, ,
state, variable, plan, 1, 0, , , , , , , , , share that is to be taken, ,
state, variable, seen, tonnes, 0, , , , , , , , , grain in barns as the state sees it, ,
state, variable, heard, 1, 1, , , , , , , , , mood as the state hears of it, ,
state, variable, counted, tonnes, 0, , , , , , , , , harvest counted otherwise, ,
state, variable, harvest, tonnes, 0, , , , , , , , , harvest of the month, ,
state, parameter, share, 1, 0.2, 0, 1, , q, , , , , share taken, invented, assumption
state, parameter, floor, 1, 0.9, 0, 1, , f, , , , , strength below which grain is sent, invented, assumption
"""

EQUATIONS = '''\
import numpy as np

from planmodel.engine.equations import Block
from planmodel.engine.rules import total

farms = Block("farms", over="region")
state = Block("state")


@farms.auxiliary
def weather_factor(spread, drawn_weather, drawn_common_weather, rain):
    """Weather of the year."""
    return np.exp(spread * (drawn_weather + drawn_common_weather)) * rain


@farms.auxiliary
def hunger(grain_barn, people, need):
    """Grain wanting."""
    return np.maximum(1.0 - grain_barn / np.maximum(people * need / 12.0, 1e-9), 0.0)


@farms.equation("reap")
def reap(area_form, grain_yield, weather_factor, strength, people_before, people):
    """All forms reap."""
    hands = people_before / np.maximum(people, 1e-9)
    return dict(reaped_form=area_form * grain_yield * weather_factor * strength * hands)


@farms.equation("eat")
def eat(
    people, need, strength, weakening, hunger, starved, mood, drawn_weather, area_own, area_common, plan
):
    """People eat, and weaken where there is not enough; own land goes over with the plan."""
    going = area_own * plan * weakening
    return dict(
        eaten=people * need / 12.0,
        strength=strength + weakening * (1.0 - hunger - strength),
        mood=mood * (1.0 - hunger),
        luck=drawn_weather,
        famine=hunger > starved,
        famine_of_all=total(np.where(hunger > starved, 0.0, 1.0), "region") < 1.0,
        rank_eaten=np.where(hunger > starved, 0, 1),
        people=people * (1.0 - weakening * hunger),
        area_own=area_own - going,
        area_common=area_common + going,
        hope=1.0 - total(hunger * people, "region") / total(people, "region"),
    )


@state.equation("share")
def take(grain_barn_region, plan, share, strength_region, floor, grain_store):
    """The state takes a share of what is there, and sends some of what it has where people are weak."""
    weak = np.where(strength_region < floor, 1.0, 0.0)
    each = weak / np.maximum(total(weak, "region"), 1.0)
    return dict(taken_region=grain_barn_region * share * plan, sent_region=grain_store * each * share)


@state.equation("eat")
def look(grain_barn, moved_taken, moved_reaped_form, moved_reaped_form_region, strength, mood, hope):
    """The plan follows what the country has."""
    reaped = total(moved_reaped_form, "form")
    return dict(
        seen=grain_barn + moved_taken,
        harvest=reaped,
        counted=total(moved_reaped_form_region, "form", "region"),
        plan=strength * hope,
        heard=mood,
    )
'''

LABELS = ("north", "south", "far_south")
NUMBERS = """\
kind, name, north, south, far_south, source, evidence
share, grain.barn, 0.5, 0.25, 0.25, invented, assumption
share, people, 0.1, 0.6, 0.3, invented, assumption
share, area_own, 0.4, 0.4, 0.2, invented, assumption
share, area_common, 0.5, 0.25, 0.25, invented, assumption
value, farms.grain_yield, 0.1, 0.2, 0.05, invented, assumption
"""
ECONOMY = """\
title = "Grain of regions"
opening = 1930-01-01
shown = ["grain_barn", "taken", "strength", "people"]

[versions.regions]
axis = "region"
without = "one"
along = "three"

[[phases]]
name = "reap"

[[phases]]
name = "share"

[[phases]]
name = "eat"

[[phases]]
name = "record"

[[limits]]
name = "people"
parts = ["people"]
low = 10
high = 200
unit = "persons"
why = "invented"
"""
GIVEN = 'unit = "1"\nsource = "invented"\nevidence = "assumption"\n'
BASELINE = f"""\
title = "Grain"

[period]
start = 1930-01-01
end = 1931-12-31

[initial]
date = 1930-01-01

[initial.grain.barn]
value = 40.0
source = "invented"
evidence = "assumption"

[exogenous.rain]
values = {{ 1930 = 1.1 }}
{GIVEN}"""
PHASES = ("reap", "share", "eat", "record")


class Rain:
    """A series that is the same on all days."""

    def __init__(self, value: float) -> None:
        self.value = value

    def on(self, day: date) -> float:
        return self.value


def regional(
    folder: Path,
    there: bool = True,
    equations: str = EQUATIONS,
    table: str = TABLE,
    numbers: str = NUMBERS,
    named: bool = True,
) -> tuple[Block, ...]:
    """Return the blocks of the economy, with its regions or without; not ``named``: which knows of none."""
    write(folder, equations, table)
    (folder / "regions.csv").write_text(numbers, encoding="utf-8")
    choice = Choice("region", there, folder / "regions.csv")
    return load_blocks(folder, ("equations",), date(1930, 1, 1), choices=[choice] if named else [])


def run(parts: tuple[Block, ...], members: tuple[int, ...] = (0, 1, 2), **given: Any) -> Simulation:
    """Return the economy put together, with grain in its barns."""
    clock = Clock(date(1930, 1, 1), given.pop("until", date(1931, 12, 31)), [Phase(name) for name in PHASES])
    given.setdefault("initial", {"grain": {"barn": 40.0, "store": 5.0}})
    given.setdefault("exogenous", {"rain": Rain(1.1)})
    return Simulation(parts, clock, members, **given)


def folder_of(parent: Path) -> Path:
    """Write the economy as a user would, with a scenario of each version."""
    folder = write(parent / "regions", EQUATIONS, TABLE)
    (folder / "regions.csv").write_text(NUMBERS, encoding="utf-8")
    (folder / "economy.toml").write_text(ECONOMY, encoding="utf-8")
    (folder / "baseline.toml").write_text(BASELINE, encoding="utf-8")
    (folder / "three.toml").write_text('extends = "baseline"\nregions = "three"\n', encoding="utf-8")
    return folder
