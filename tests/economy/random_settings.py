"""Settings at random: what a user may say, all of it at once, up to the bounds of everything.

Decrees on other days, disabled, with effects at or between the bounds of their levers; mechanisms switched
off; parameters over their bounds or on them; opening stocks from a hundredth to tenfold; works of other size
and start; other weather, exports and so on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from planmodel.engine import Array, UserError
from planmodel.engine.arithmetic import power
from planmodel.runs.history import History
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.keys import Key, keys, nested
from planmodel.scenario.load import change_scenario

MEMBERS = 8
SECTIONS = ("decrees", "switches", "parameters", "initial", "works", "exogenous")


@dataclass(frozen=True)
class Setting:
    """A scenario changed at random, and what differs between its members."""

    number: int
    scenario: Scenario
    values: dict[str, Array]

    def run(self) -> None:
        """Run it; any error or warning is the caller's."""
        History(self.scenario, list(range(MEMBERS)), self.number, **nested(self.values)).run()


def random_setting(number: int, base: Scenario | None = None) -> Setting:
    """Return the setting of a number: always the same."""
    chance = np.random.default_rng([1932, number])
    base = load_scenario("baseline") if base is None else base
    chosen = {section for section in SECTIONS if chance.random() < 0.6} or {"decrees"}
    known = dict(sorted(keys(base).items()))  # not in the order of declarations, which may change
    while True:
        changes: dict[str, Any] = {}
        for key in known.values():
            section = key.name.partition(".")[0]
            if section in chosen and not key.within:
                changes |= _changed(key, base, chance)
        try:
            scenario = change_scenario(base, changes, "random") if changes else base
            break
        except UserError:  # two decrees that set one lever on one day, for instance
            continue
    edge = float(chance.choice([0.0, 0.3, 0.5]))
    values = {
        key.name: _drawn(key, scenario, chance, edge)
        for key in known.values()
        if key.within and key.name.partition(".")[0] in chosen
    }
    return Setting(number, scenario, values)


def _changed(key: Key, base: Scenario, chance: np.random.Generator) -> dict[str, Any]:
    """Return the change of a key that all members of a setting have in common."""
    if key.kind == "switch":
        return {key.name: bool(chance.random() > (0.15 if "decrees" in key.name else 0.1))}
    if key.kind == "date":
        first = date(1915, 1, 1) if chance.random() < 0.1 else base.period.start
        days = (base.period.end - first).days
        return {key.name: first + timedelta(days=int(chance.integers(days)))}
    if key.kind == "number" and ".effects." in key.name:
        low, high = key.bounds
        assert low is not None
        assert high is not None
        return {key.name: float(chance.choice([low, high, chance.uniform(low, high)]))}
    return {}


def _drawn(key: Key, scenario: Scenario, chance: np.random.Generator, edge: float) -> Array:
    """Return values of a key, one a member."""
    section, table, name, *rest = key.name.split(".")
    if section == "parameters":
        low, high = key.bounds
        assert low is not None
        assert high is not None
        values = chance.uniform(low, high, MEMBERS)
        ends = chance.choice([low, high], MEMBERS)
        return np.where(chance.random(MEMBERS) < edge, ends, values)
    if section == "initial":
        given = getattr(getattr(scenario.initial, table), name)
        value = given.value if given is not None else scenario.declared.variables()[name].initial
        low, high = key.bounds
        drawn = max(value, 0.0) * power(10.0, chance.uniform(-2.0, 1.0, MEMBERS))
        return np.clip(drawn, low, np.inf if high is None else high)
    if section == "works":
        size = scenario.works[table].size * power(20.0, chance.uniform(-2.0, 1.0, MEMBERS))
        return np.minimum(size, 20.0)
    if table == "weather":
        return chance.uniform(-0.5, 0.5, MEMBERS)
    value = (getattr(scenario.exogenous, table).values or {})[rest[0]]
    return np.asarray(value * chance.uniform(0.0, 4.0, MEMBERS))
