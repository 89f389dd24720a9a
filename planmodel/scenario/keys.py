"""What may differ between the members of an ensemble, by the dotted key of the scenario.

Numbers that the model holds as arrays (parameters, opening values, sizes of named works, exogenous values by
date such as the weather of a year) differ *within* a chunk. Everything else (switches, dates, versions of a
series) needs a scenario of its own: it splits an ensemble into groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Literal

import numpy as np

from planmodel.engine import Array, UserError, Variable
from planmodel.scenario.exogenous import given_inputs
from planmodel.scenario.explain import shown
from planmodel.scenario.names import hint, near
from planmodel.scenario.schema import Scenario

Kind = Literal["number", "switch", "date", "text"]
_LARGEST_WORK = 20.0  # the bound of the scenario's schema
_SOURCE = "design of the ensemble"


@dataclass(frozen=True)
class Key:
    """A value of a scenario that members may have otherwise.

    ``within`` tells that it may differ within a chunk. ``bounds`` are those of the scenario's schema (None:
    no bound on that side); ``choices`` lists the texts that are allowed.
    """

    name: str
    kind: Kind
    within: bool = False
    bounds: tuple[float | None, float | None] = (None, None)
    open_below: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""

    def check(self, values: Array, place: str, first: int = 0) -> None:
        """Refuse numbers that are not finite or out of bounds; ``first`` is the member of the first of them.

        Raises
        ------
        UserError
            Naming the place, the value, the member and what is allowed.
        """
        low, high = self.bounds
        bad = ~np.isfinite(values)
        if low is not None:
            bad |= (values <= low) if self.open_below else (values < low)
        if high is not None:
            bad |= values > high
        if bad.any():
            at = int(np.argmax(bad))
            raise UserError(
                f"{place}: {values[at]:g} (member {first + at}) is out of bounds; allowed: {self.allowed()}"
            )

    def allowed(self) -> str:
        """Say in words which values are allowed."""
        if self.kind == "switch":
            return "true or false"
        if self.kind == "date":
            return "dates such as 1930-03-02"
        if self.kind == "text":
            return ", ".join(shown(text) for text in self.choices)
        low, high = self.bounds
        if low is not None and high is not None:
            return f"above {low:g}, up to {high:g}" if self.open_below else f"{low:g} to {high:g}"
        if low is not None:
            return f"{'above' if self.open_below else 'at least'} {low:g}"
        return "a finite number"

    def change(self, value: Any) -> dict[str, Any]:
        """Return the changes, by dotted key, that give a scenario this value."""
        if self.name.startswith("initial."):
            table = self.name.removesuffix(".value")
            return {
                self.name: float(value),
                f"{table}.source": _SOURCE,
                f"{table}.evidence": "assumption",
            }
        if self.name.startswith("record."):
            return {self.name: [str(value)]}
        if self.kind == "switch":
            return {self.name: bool(value)}
        if self.kind == "number":
            return {self.name: float(value)}
        return {self.name: value if isinstance(value, date) else str(value)}


def find_key(name: str, scenario: Scenario, known: Mapping[str, Key] | None = None) -> Key:
    """Return what a dotted key stands for.

    Parameters
    ----------
    name
        The key; ``component.name`` is short for ``parameters.component.name``.
    scenario
        The scenario that all members have in common.
    known
        All keys of the scenario, if they were looked up before.

    Raises
    ------
    UserError
        If members cannot differ in it; names the nearest key.
    """
    known = keys(scenario) if known is None else known
    if name.count(".") == 1 and name.partition(".")[0] in scenario.declared.parameters():
        name = f"parameters.{name}"
    if name in known:
        return known[name]
    section = name.partition(".")[0]
    of_all = ("name", "title", "description", "period", "extends", *scenario.declared.versions)
    if section in of_all or name == "initial.date":
        raise UserError(f"{name}: members cannot differ in it; allowed: keys in {', '.join(_SECTIONS)}")
    if name.startswith("decrees.") and name.split(".")[1] not in scenario.decrees:
        decree = name.split(".")[1]
        raise UserError(f"{name}: no decree is called '{decree}'{hint(decree, scenario.decrees)}")
    meant = near(name, known) or f"; allowed: keys in {', '.join(_SECTIONS)}"
    raise UserError(f"{name}: unknown key{meant}")


_SECTIONS = ("parameters", "initial", "works", "switches", "decrees", "exogenous", "record")


def keys(scenario: Scenario) -> dict[str, Key]:
    """Return all keys in which members of a scenario may differ."""
    return {key.name: key for key in (*_within(scenario), *_by_group(scenario))}


def _within(scenario: Scenario) -> list[Key]:
    declared = scenario.declared
    # A limiting case may leave the bounds, which say what history allows.
    free = scenario.limiting_case
    found = [
        Key(f"parameters.{component}.{name}", "number", True, (None, None) if free else p.bounds, unit=p.unit)
        for component, group in declared.parameters().items()
        for name, p in group.items()
    ]
    units = {c.name: c.unit for c in declared.commodities()}
    found += [
        Key(f"initial.{commodity}.{account}.value", "number", True, (0.0, None), unit=units[commodity])
        for commodity, accounts in declared.stocks().items()
        for account in accounts
    ]
    found += [
        Key(f"initial.variables.{name}.value", "number", True, _opening(variable), unit=variable.unit)
        for name, variable in declared.variables().items()
        if name not in declared.reckoned
    ]
    found += [
        Key(f"works.{name}.size", "number", True, (0.0, _LARGEST_WORK), True, unit="billion roubles of 1928")
        for name in scenario.works
    ]
    for name, series in given_inputs(scenario).items():
        values = getattr(scenario.exogenous, name).values or {}
        found += [Key(f"exogenous.{name}.values.{day}", "number", True, unit=series.unit) for day in values]
    return found


def _opening(variable: Variable) -> tuple[float, float | None]:
    low, high = variable.bounds
    return low, high if isfinite(high) else None


def _by_group(scenario: Scenario) -> list[Key]:
    declared, versions = scenario.declared, scenario.documented.versions
    found = [Key(f"switches.{name}", "switch") for name in declared.switches()]
    for name, decree in scenario.decrees.items():
        days = [key for key in ("date", "not_before", "not_after") if getattr(decree, key) is not None]
        found += [Key(f"decrees.{name}.{key}", "date") for key in days]
        found.append(Key(f"decrees.{name}.enabled", "switch"))
        found += [
            Key(f"decrees.{name}.effects.{lever}", "number", False, declared.levers()[lever].bounds)
            for lever in decree.effects
        ]
    for name in scenario.works:
        found += [Key(f"works.{name}.start", "date"), Key(f"works.{name}.enabled", "switch")]
    for name in given_inputs(scenario):
        entry = getattr(scenario.exogenous, name)
        found.append(Key(f"exogenous.{name}.scale", "number"))
        found.append(Key(f"exogenous.{name}.reading", "text", choices=("interpolate", "year")))
        if entry.series is not None:
            choices = tuple(versions(entry.series))
            found.append(Key(f"exogenous.{name}.version", "text", choices=choices))
    found += [Key(f"record.{name}", "text", choices=tuple(versions(name))) for name in scenario.record]
    return found


def nested(values: Mapping[str, Array]) -> dict[str, Any]:
    """Sort arrays by dotted key into the arguments that :class:`planmodel.runs.history.History` takes.

    Returns
    -------
    dict
        ``parameters``, ``initial`` and ``exogenous`` (table -> name -> array) and ``sizes`` (name -> array).
    """
    parameters: dict[str, dict[str, Array]] = {}
    initial: dict[str, dict[str, Array]] = {}
    exogenous: dict[str, dict[str, Array]] = {}
    sizes: dict[str, Array] = {}
    for key, array in values.items():
        section, table, name, *rest = key.split(".")
        if section == "parameters":
            parameters.setdefault(table, {})[name] = array
        elif section == "initial":
            initial.setdefault(table, {})[name] = array
        elif section == "exogenous":
            exogenous.setdefault(table, {})[rest[0]] = array
        else:
            sizes[table] = array
    return {"parameters": parameters, "initial": initial, "exogenous": exogenous, "sizes": sizes}
