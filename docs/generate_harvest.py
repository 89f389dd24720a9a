"""Write the tables of harvest.md: ``python docs/generate_harvest.py`` (two minutes).

Only what stands between the markers is written: what each form of a harvest that is made does by itself, at
the middle of its bounds, and how deaths follow the level of the harvest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from planmodel.runs.evaluate import evaluate
from planmodel.scenario import Scenario, load_scenario
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed

PAGE = Path(__file__).with_name("harvest.md")
LEVEL = "parameters.cropping.harvest_1928"
# What is said of a form -> the sizes that it has; each is put to the middle of its bounds.
FORMS: dict[str, tuple[str, ...]] = {
    "as configured": (),
    "area by draught power": ("cropping.sowing_draught",),
    "area by food": ("cropping.sowing_food",),
    "losses for want of power": ("cropping.loss_from_weakness",),
    "losses by withheld effort": ("cropping.loss_from_slack",),
    "effort by what was taken": ("effort.terms_effect",),
    "the same, the norm half believed": ("effort.terms_effect", "effort.norm_credit"),
    "effort by hunger in spring": ("effort.despair",),
    "kolkhozes new to their work": ("effort.newness",),
    "grain hidden as more is asked": ("cropping.hidden_of_asked",),
    "the same, with law and searches": (
        *("cropping.hidden_of_asked", "cropping.law_against_hiding"),
        "procurement.finding",
    ),
}
ALL = tuple(dict.fromkeys(name for names in FORMS.values() for name in names))
STEPS = np.arange(-4.0, 4.01, 0.25)  # per cent of the harvest of 1928, and with it of all yields
ORDINARY = {f"exogenous.weather.values.{year}": 0.0 for year in (1931, 1932)}
_MARKS = re.compile(r"<!-- (\w+) begins -->\n.*?<!-- \1 ends -->", re.DOTALL)


def between(scenario: Scenario, name: str, part: float) -> float:
    """Return the value of a parameter that is so far from its default to the middle of its bounds."""
    component, _, own = name.partition(".")
    declared = scenario.declared.parameters()[component][own]
    return declared.default + part * (sum(declared.bounds) / 2.0 - declared.default)


def null(scenario: Scenario, name: str) -> float:
    """Return the value of a parameter at which its form does nothing."""
    component, _, own = name.partition(".")
    found = scenario.declared.parameters()[component][own].null
    assert found is not None, name
    return found


def changes(scenario: Scenario, names: Sequence[str]) -> dict[str, float]:
    """Return forms, each at the middle of its bounds, as changes of a scenario."""
    return {f"parameters.{name}": between(scenario, name, 1.0) for name in names}


def outcome(values: Mapping[str, float]) -> dict[str, float]:
    """Return harvests by year and procurement by farm year, in million tonnes, and excess deaths, million."""
    scenario = load_scenario("baseline", dict(values)).until(date(1934, 12, 31))
    asked = ("grain_harvest", "grain_procurement", "excess_deaths")
    seen = evaluate(scenario, observe=asked, numbers=[0])
    months = {str(name): np.asarray(series[0]) for name, series in seen.items()}

    def total(name: str, first: int, last: int, month: int = 1) -> float:
        start = 12 * (first - 1928) + month - 1
        return float(months[name][start : start + 12 * (last - first + 1)].sum())

    found = {f"harvest {year}": total("grain_harvest", year, year) for year in (1930, 1931, 1932, 1933)}
    found |= {f"taken {year}": total("grain_procurement", year, year, 7) for year in (1930, 1931, 1932)}
    return found | {"deaths": total("excess_deaths", 1930, 1933)}


def slope(values: Mapping[str, float], level: float) -> float:
    """Return the elasticity of excess deaths to the level of all harvests, between -2 and +2 per cent."""
    ends = [outcome({**values, LEVEL: level * (1.0 + step)})["deaths"] for step in (-0.02, 0.02)]
    return float((np.log(ends[1]) - np.log(ends[0])) / (np.log(1.02) - np.log(0.98)))


def as_many_dead(values: Mapping[str, float], deaths: float, scenario: Scenario) -> float:
    """Return the level of the harvest at which as many die, to a thousandth; nan if beyond its bounds."""
    declared = scenario.declared.parameters()["cropping"]["harvest_1928"]
    low, high = declared.bounds[0] / 0.98, declared.bounds[1] / 1.02  # two per cent either way are looked at
    if outcome({**values, LEVEL: high})["deaths"] > deaths:
        return float("nan")
    while high - low > 1e-3 * declared.default:
        middle = 0.5 * (low + high)
        more = outcome({**values, LEVEL: middle})["deaths"] > deaths
        low, high = (middle, high) if more else (low, middle)
    return 0.5 * (low + high)


def forms() -> str:
    """Return what each form does by itself, and what is left with none."""
    scenario = load_scenario("baseline")
    level = between(scenario, "cropping.harvest_1928", 0.0)
    rows = {said: changes(scenario, names) for said, names in FORMS.items()}
    rows["none: all at their null values"] = {f"parameters.{name}": null(scenario, name) for name in ALL}
    lines, usual = [], outcome({})["deaths"]
    for said, values in rows.items():
        found, calm = outcome(values), outcome({**values, **ORDINARY})
        harvests = [fixed(found[f"harvest {year}"], 1) for year in (1930, 1931, 1932, 1933)]
        taken = [fixed(found[f"taken {year}"], 1) for year in (1930, 1931, 1932)]
        alike = as_many_dead(values, usual, scenario)
        steep = [fixed(slope(values, at), 0) if np.isfinite(at) else "-" for at in (level, alike)]
        lines.append(
            (said, *harvests, fixed(calm["harvest 1932"], 1), *taken, fixed(found["deaths"], 1), *steep)
        )
    heads: tuple[str, ...] = ("Form", "1930", "1931", "1932", "1933", "1932, weather ordinary")
    return markdown(
        (*heads, "1930/31", "1931/32", "1932/33", "Excess deaths", "Slope", "Slope at as many dead"), lines
    )


def levels() -> str:
    """Return excess deaths by the level of the harvest, and the largest step between neighbours."""
    level = between(load_scenario("baseline"), "cropping.harvest_1928", 0.0)
    deaths = [outcome({LEVEL: level * (1.0 + step / 100.0)})["deaths"] for step in STEPS]
    lines = [
        (f"{step:+.2f}", fixed(count, 2)) for step, count in zip(STEPS, deaths, strict=True) if step % 1 == 0
    ]
    jumps = np.abs(np.diff(deaths)) / np.array(deaths[:-1])
    at = int(np.argmax(jumps))
    said = (
        f"\n\nLargest step between neighbours a quarter of a per cent apart: {100 * jumps[at]:.0f} % of the "
        f"level, from {STEPS[at]:+.2f} to {STEPS[at + 1]:+.2f} %."
    )
    return markdown(("Harvest of 1928 and all yields, %", "Excess deaths 1930-33, million"), lines) + said


def filled(page: str, blocks: Mapping[str, str]) -> str:
    """Return a page with other text between its markers."""
    names = [match.group(1) for match in _MARKS.finditer(page)]
    if sorted(names) != sorted(blocks):
        raise ValueError(f"the page has the blocks {names}, not {sorted(blocks)}")

    def block(match: re.Match[str]) -> str:
        name = match.group(1)
        return f"<!-- {name} begins -->\n{blocks[name].strip()}\n<!-- {name} ends -->"

    return _MARKS.sub(block, page)


def main() -> None:
    """Write the page anew."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(page, {"forms": forms(), "levels": levels()}), encoding="utf-8")


if __name__ == "__main__":
    main()
