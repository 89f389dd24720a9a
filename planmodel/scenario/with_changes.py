"""Changing a scenario from Python: by the name of what is changed, one year of a series included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from planmodel.engine.errors import UserError
from planmodel.scenario.explain import shown
from planmodel.scenario.names import hint

if TYPE_CHECKING:
    from planmodel.scenario.schema import Scenario

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATED = ("decrees", "works", "period")  # sections in which a text that is a day may stand for it


def with_changes(scenario: Scenario, changes: Mapping[str, Any], named: Mapping[str, Any]) -> Scenario:
    """Return a scenario with changes: see :meth:`planmodel.scenario.schema.ScenarioBase.with_`."""
    from planmodel.scenario.load import change_scenario

    said: dict[str, Any] = {key: _days(key, value) for key, value in changes.items()}
    for name, value in named.items():
        for key, part in _named(scenario, name, value).items():
            if key in said:
                raise UserError(f"with_: {key} is given twice; allowed: once")
            said[key] = _days(key, part)
    return change_scenario(scenario, said, "with_") if said else scenario


def _named(scenario: Scenario, name: str, value: Any) -> dict[str, Any]:
    """Return the changes by dotted key that a name and a value stand for."""
    declared = scenario.declared
    series = [key for key in type(scenario.exogenous).model_fields if key != "replace"]
    if name in type(scenario).model_fields:
        tables = isinstance(value, Mapping)
        return {f"{name}.{key}": part for key, part in value.items()} if tables else {name: value}
    if name in series:
        return _series(scenario, name, value)
    if name in declared.switches():
        return {f"switches.{name}": value}
    if name in scenario.decrees:
        return {f"decrees.{name}": value if isinstance(value, Mapping) else {"enabled": value}}
    if name in declared.parameters():
        if not isinstance(value, Mapping):
            raise UserError(f"with_: {name}: {shown(value)} is not valid; allowed: values by parameter")
        return {f"parameters.{name}.{key}": part for key, part in value.items()}
    known = {*series, *declared.switches(), *scenario.decrees, *declared.parameters()}
    raise UserError(
        f"with_: {name}: no series, mechanism, decree, block of parameters or section is called so"
        f"{hint(name, known)}"
    )


def _series(scenario: Scenario, name: str, value: Any) -> dict[str, Any]:
    """Return the changes of an exogenous series: years that are given, the others as they were."""
    if not isinstance(value, Mapping):
        raise UserError(
            f"with_: {name}: {shown(value)} is not valid; allowed: values by year, as {{1932: 1.0}}"
        )
    if any(isinstance(key, str) and not _is_day(key) for key in value):
        return {f"exogenous.{name}": dict(value)}  # the keys of its table
    values = {str(key): part for key, part in value.items()}
    entry = getattr(scenario.exogenous, name)
    if entry is None or entry.values is not None:
        return {f"exogenous.{name}.values.{key}": part for key, part in values.items()}
    return {f"exogenous.{name}": _out_of_record(scenario, name, values)}


def _is_day(key: str) -> bool:
    return bool(_DAY.fullmatch(key)) or (len(key) == 4 and key.isdigit())


def _out_of_record(scenario: Scenario, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a series of the record as a table of its values, some of them changed."""
    from planmodel.scenario.exogenous import read_series, stands_on

    entry = getattr(scenario.exogenous, name)
    unit = {**scenario.declared.inputs(), **scenario.declared.inputs_of_labels}[name].unit
    held = {}
    for figure in read_series(name, entry, unit, scenario.documented):
        label = str(figure.label)
        held[label if _is_day(label) else stands_on(figure).isoformat()] = float(figure.value)
    when = ", ".join(sorted(values))
    return {
        "values": held | dict(values),
        "unit": unit,
        "source": f"{entry.series} of the record ({entry.version}); {when}: changed, without a source",
        "evidence": "assumption",
        "reading": entry.reading,
        "scale": entry.scale,
    }


def _days(key: str, value: Any) -> Any:
    """Return a value in which texts that are days have become days, where days can stand."""
    if key.partition(".")[0] not in _DATED:
        return value
    if isinstance(value, Mapping):
        return {name: _days(key, part) for name, part in value.items()}
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value  # which the schema refuses with its place
    return value
