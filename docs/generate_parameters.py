"""Write parameters.md from the declarations and the baseline: ``python docs/generate_parameters.py``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.show.markdown import table_of

PAGE = Path(__file__).with_name("parameters.md")
HEAD = """\
# Parameters, levers, switches, inputs, initial stocks and named works

Generated from the declarations and from `configs/baseline.toml` by `docs/generate_parameters.py`; do not
edit. What each parameter does is told in [model.md](model.md), how the sizes were set in the section
"How the default parameters were set" there.

*Evidence* says how a value is known. `transcribed`: read in a text or file that we hold. `recalled`: known
from the literature, page still to be checked. `reading`: our number for words of a text that gives none.
`assumption`: ours. A default may come from a fit within its bounds even where the source is documented.
"Lines" are lines of the text of Bettelheim that we read; `A-19` is mechanism 19 of part A of that reading.
"""


def page(scenario: Scenario) -> str:
    """Return the whole page."""
    sections = [
        HEAD,
        *_parameters(),
        *_levers(scenario),
        *_switches(),
        *_inputs(scenario),
        *_initial(scenario),
        *_works(scenario),
        *_variables(),
    ]
    return "\n".join(sections)


def _parameters() -> Iterable[str]:
    yield "## Parameters\n\nIn a scenario: `[parameters.<component>]`, one line a name.\n"
    for component, group in registry.parameters().items():
        yield f"### `{component}`\n"
        rows = (
            (
                f"`{name}`",
                f"${p.symbol}$",
                f"{p.default:g}",
                f"{p.bounds[0]:g} to {p.bounds[1]:g}",
                p.unit,
                p.meaning,
                p.source,
                p.evidence,
            )
            for name, p in group.items()
        )
        yield table_of(("Name", "Symbol", "Default", "Bounds", "Unit", "Meaning", "Source", "Evidence"), rows)


def _levers(scenario: Scenario) -> Iterable[str]:
    yield "## Levers of policy\n\nSet by decrees only. Those of the baseline are given with what they set.\n"
    home = {lever.name: c.name for c in registry.MODEL.blocks for lever in c.levers}
    rows = []
    for name, lever in registry.levers().items():
        set_by = [
            f"{d.date:%Y-%m-%d} {d.effects[name]:g}"
            for d in sorted(scenario.decrees.values(), key=lambda d: d.date)
            if d.enabled and name in d.effects
        ]
        bounds = f"{lever.bounds[0]:g} to {lever.bounds[1]:g}"
        rows.append((f"`{name}`", home[name], f"{lever.initial:g}", bounds, lever.meaning, "; ".join(set_by)))
    yield table_of(("Name", "Component", "Initial", "Bounds", "Meaning", "Baseline: from, value"), rows)


def _switches() -> Iterable[str]:
    yield "## Switches\n\nOn by default; `--switch-off NAME` or `[switches]` turns a mechanism off.\n"
    home = {switch.name: c.name for c in registry.MODEL.blocks for switch in c.switches}
    rows = ((f"`{name}`", home[name], switch.meaning) for name, switch in registry.switches().items())
    yield table_of(("Name", "Component", "Mechanism"), rows)


def _inputs(scenario: Scenario) -> Iterable[str]:
    yield (
        "## Exogenous series\n\nIn a scenario: `[exogenous.<name>]`, from the record (series and version) or "
        "given with their source.\n"
    )
    rows = []
    for name, series in registry.inputs().items():
        given = getattr(scenario.exogenous, name)
        origin = f"record: `{given.series}`, `{given.version}`" if given.series else f"given: {given.source}"
        rows.append((f"`{name}`", series.unit, series.meaning, origin, given.reading, given.evidence or ""))
    yield table_of(("Name", "Unit", "Meaning", "Baseline", "Reading", "Evidence"), rows)


def _initial(scenario: Scenario) -> Iterable[str]:
    yield "## Initial stocks\n\nIn a scenario: `[initial.<commodity>]`, on the morning of the first day.\n"
    unit = {commodity.name: commodity.unit for commodity in registry.commodities()}
    rows = []
    for commodity, accounts in registry.stocks().items():
        for name, account in accounts.items():
            given = getattr(getattr(scenario.initial, commodity), name)
            amount = (f"{given.value:g}", unit[commodity])
            rows.append((f"`{commodity}.{name}`", *amount, account.meaning, given.source, given.evidence))
    yield table_of(("Account", "Baseline", "Unit", "Meaning", "Source", "Evidence"), rows)


def _works(scenario: Scenario) -> Iterable[str]:
    yield (
        "## Named works\n\nIn a scenario: `[works.<name>]`, with the day on which building begins; when a "
        "work is\nfinished comes out of the model. Sizes in billion roubles of 1928.\n"
    )
    works = sorted(scenario.works.items(), key=lambda item: item[1].start)
    rows = (
        (f"`{name}`", w.title, f"{w.start:%Y-%m-%d}", f"{w.size:g}", w.branch, w.source, w.evidence)
        for name, w in works
        if w.enabled
    )
    yield table_of(("Name", "Title", "Begun", "Size", "Branch", "Source", "Evidence"), rows)


def _variables() -> Iterable[str]:
    yield "## Variables that are not conserved\n\nA scenario may set their start in `[initial.variables]`.\n"
    home = {variable.name: c.name for c in registry.MODEL.blocks for variable in c.variables}
    rows = (
        (f"`{name}`", home[name], f"{variable.initial:g}", variable.unit, variable.meaning)
        for name, variable in registry.variables().items()
    )
    yield table_of(("Name", "Component", "Start", "Unit", "Meaning"), rows)


if __name__ == "__main__":
    PAGE.write_text(page(load_scenario("baseline")), encoding="utf-8")
