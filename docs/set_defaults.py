"""Make the sizes of a scenario the defaults of its economy: ``python docs/set_defaults.py centre.toml``.

Every parameter that has another value in the scenario than its table says is written into that table, to
three significant digits; nothing else changes, but that the column grows where a value is longer.
What follows from new defaults is made by other commands: ``make golden``, ``make pages``.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from planmodel.engine import UserError
from planmodel.engine.tables import read_rows
from planmodel.robustness.draws import parameter_names, value_of
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.toml import read_toml
from planmodel.storage import write_whole

DIGITS = 3
_CELL = re.compile(r' ?("(?:[^"]|"")*"[^,]*|[^,]*)(?:,|$)')
_OTHER = {"extends", "economy", "name", "title", "description", "calibration", "parameters"}


def changed(scenario: Scenario) -> dict[str, float]:
    """Return the sizes that are not those of the tables, rounded, within their bounds."""
    found = {}
    for full in parameter_names(scenario):
        component, _, name = full.partition(".")
        declared = scenario.declared.parameters()[component][name]
        value, (low, high) = value_of(scenario, full), declared.bounds
        if not low <= value <= high:
            raise UserError(f"{full}: {value:g} is out of bounds; allowed: {low:g} to {high:g}")
        short = min(max(float(f"{value:.{DIGITS}g}"), low), high)
        if short != declared.default and not np.isclose(value, declared.default, rtol=1e-9, atol=0.0):
            found[full] = short
    return found


def written(text: str, values: Mapping[str, float]) -> str:
    """Return a table with other values of parameters, each in the row ``block, parameter, name``."""
    lines = text.split("\n")
    head = [cell.strip() for cell in lines[0].split(",")]
    places = [head.index(column) for column in ("block", "kind", "name", "value")]
    spans, new = {}, {}
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        cells = [match.span(1) for match in _CELL.finditer(line)]
        block, kind, name, value = (line[slice(*cells[place])].strip() for place in places)
        spans[number] = cells[places[-1]]
        if kind == "parameter" and f"{block}.{name}" in values and values[f"{block}.{name}"] != float(value):
            new[number] = f"{values[f'{block}.{name}']:.10g}"
    width = Counter(end - start for start, end in spans.values()).most_common(1)[0][0]
    grown = max([0, *(len(value) - width for value in new.values())])
    for number, (start, end) in spans.items():
        line = lines[number]
        cell = new[number].ljust(width + grown) if number in new else line[start:end] + grown * " "
        lines[number] = line[:start] + cell + line[end:]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Write the tables; print what changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("scenario", help="a TOML file such as the centre.toml of `planmodel centre`")
    given = parser.parse_args(arguments)
    try:
        scenario = load_scenario(given.scenario)
        values = changed(scenario)
        done, firm = _write(scenario, values)
    except UserError as error:
        print(f"error: {error}")
        return 2
    print(f"{len(done)} sizes written into the tables of '{scenario.declared.name}'")
    for line in firm:
        print(f"  evidence to be looked at: {line}")
    rest = sorted(set(read_toml(Path(given.scenario))) - _OTHER) if Path(given.scenario).is_file() else []
    if rest:
        print(f"  not parameters, and left as they are: {', '.join(rest)}")
    return 0


def _write(scenario: Scenario, values: Mapping[str, float]) -> tuple[set[str], list[str]]:
    """Write all tables that have one of the sizes; return which, and those that were no assumptions."""
    tables: dict[Path, str] = {}
    done, firm = set(), []
    for component in scenario.declared.parameters():
        for name, declared in scenario.declared.parameters()[component].items():
            full = f"{component}.{name}"
            if full in values and declared.evidence != "assumption":
                firm.append(f"{full} ({declared.evidence}): {declared.default:g} to {values[full]:g}")
    for file in sorted(scenario.declared.folder.glob("*.csv")):
        head = {cell.strip() for cell in _first_line(file).split(",")}
        if not {"block", "value", "low"} <= head:
            continue  # of accounts, indicators, notation or regions
        mine = {f"{row['block']}.{row['name']}" for row in read_rows(file) if row["kind"] == "parameter"}
        if here := mine & set(values):
            done |= here
            tables[file] = written(file.read_text(encoding="utf-8"), values)
    missing = sorted(set(values) - done)
    if missing:
        raise UserError(f"{missing[0]}: has no row of its own in a table; allowed: by hand")
    for file, text in tables.items():
        write_whole(file, text.encode())
    return done, firm


def _first_line(file: Path) -> str:
    return file.read_text(encoding="utf-8").partition("\n")[0]


if __name__ == "__main__":
    raise SystemExit(main())
