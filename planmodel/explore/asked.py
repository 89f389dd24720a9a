"""From what the page asks to a scenario, and to the file that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import tomli_w

from planmodel.engine.errors import UserError
from planmodel.explore.controls import Controls, Range, load_controls
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.decrees import Decree
from planmodel.scenario.names import hint

SAID = "the explorer"
_PARTS = ("sliders", "decrees")
_SOURCE = "set in the explorer"


@dataclass(frozen=True)
class Explored:
    """A scenario that is opened in the explorer.

    Attributes
    ----------
    source
        Its name, or the path of its file.
    scenario
        As it was opened.
    """

    source: str
    scenario: Scenario

    @cached_property
    def controls(self) -> Controls:
        """What can be moved and looked at."""
        return load_controls(self.scenario)

    @cached_property
    def ranges(self) -> dict[str, Range]:
        """The sliders by name."""
        return {slider.id: Range(slider, self.scenario) for slider in self.controls.sliders}

    @cached_property
    def rules(self) -> dict[str, Decree]:
        """Rules that the scenario does not have, and that may be put into force."""
        own = self.scenario.decrees
        return {name: rule for name, rule in self.controls.rules.items() if name not in own}

    def tree(self, asked: Any) -> dict[str, Any]:
        """Return what a question changes of the scenario, as the tables of a file.

        Parameters
        ----------
        asked
            ``{"sliders": {name: number}, "decrees": {name: {"on": ..., "date": ...}}}``, what is left out is
            as the scenario has it.

        Raises
        ------
        UserError
            Naming key, value and what is allowed.
        """
        said = _table(asked, "the question")
        for key in said:
            if key not in _PARTS:
                raise UserError(f"{str(key)[:80]}: no such key{hint(str(key), _PARTS)}")
        tree: dict[str, Any] = {}
        for name, number in _table(said.get("sliders", {}), "sliders").items():
            if name not in self.ranges:
                raise UserError(f"sliders.{name}: no such slider{hint(name, self.ranges)}")
            self._slide(self.ranges[name], number, tree)
        for name, change in _table(said.get("decrees", {}), "decrees").items():
            found = self._decree(name, _table(change, f"decrees.{name}"))
            if found:
                tree.setdefault("decrees", {})[name] = found
        return tree

    def changed(self, asked: Any) -> Scenario:
        """Return the scenario that a question asks for.

        Raises
        ------
        UserError
            If it is none.
        """
        tree = self.tree(asked)
        return load_scenario(self.source, tree, said=SAID) if tree else self.scenario

    def toml(self, asked: Any) -> str:
        """Return a file that :func:`planmodel.load_scenario` takes for the same scenario."""
        tree, about = self.tree(asked), self.scenario
        self.changed(asked)  # refuses what is no scenario
        ready = self.source == about.name
        head = "# Written by `planmodel explore`; run it with `planmodel run FILE`.\n"
        if not ready:
            head += f"# It extends {about.name}.toml, which must lie beside it.\n"
        title = f"{about.title or about.name}, as changed in the explorer"
        return head + tomli_w.dumps({"extends": about.name, "title": title, **tree})

    def _slide(self, moved: Range, number: Any, tree: dict[str, Any]) -> None:
        """Add what a slider changes."""
        value, slider = moved.check(number), moved.slider
        if value == moved.value:
            return
        if slider.parameter is not None:
            component, _, name = slider.parameter.partition(".")
            tree.setdefault("parameters", {}).setdefault(component, {})[name] = value
            return
        name = str(slider.series)
        tables, entry = tree.setdefault("exogenous", {}), getattr(self.scenario.exogenous, name)
        unit = self.scenario.declared.inputs()[name].unit
        given = {"unit": unit, "source": _SOURCE, "evidence": "assumption", "values": {}}
        table = tables.setdefault(name, whole(moved, entry, unit) if entry.values is None else given)
        table["values"] |= moved.values(value)

    def _decree(self, name: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a question changes of a decree."""
        place, known = f"decrees.{name}", {**self.rules, **self.scenario.decrees}
        if name not in known:
            raise UserError(f"{place}: no such decree{hint(name, known)}")
        for key in change:
            if key not in ("on", "date"):
                raise UserError(f"{place}.{key}: no such key; allowed: on, date")
        decree, rule = known[name], name in self.rules
        on = change.get("on", decree.enabled and not rule)
        if not isinstance(on, bool):
            raise UserError(f"{place}.on: {str(on)[:40]!r} is not valid; allowed: true or false")
        if not on:
            return {} if rule or not decree.enabled else {"enabled": False}
        found = decree.model_dump(exclude_defaults=True) if rule else {}
        if not rule and not decree.enabled:
            found["enabled"] = True
        key = "date" if decree.date is not None else "not_before"
        if "date" in change:
            day = _day(change["date"], f"{place}.date")
            if day != getattr(decree, key):
                found[key] = day
        return found


def whole(moved: Range, entry: Any, unit: str) -> dict[str, Any]:
    """Return a series of the record as values, of which some years can be changed."""
    source = f"{entry.series} ({entry.version}) of the record, with years {_SOURCE}"
    table = {"unit": unit, "reading": entry.reading, "source": source, "evidence": "assumption"}
    if entry.scale != 1.0:
        table["scale"] = entry.scale
    return table | {"values": dict(moved.figures)}


def _table(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UserError(f"{place}: {str(value)[:40]!r} is not valid; allowed: a table")
    return value


def _day(text: Any, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise UserError(
            f"{place}: {str(text)[:40]!r} is not a date; allowed: a day such as 1933-12-31"
        ) from None
