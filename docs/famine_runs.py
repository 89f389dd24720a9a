"""What the programs of famine.md run and read: the baseline with series of its own by region, and figures.

The scenario gives the weather and the shift of the plan of every region itself, with the values that they
have in the baseline, so that each can be changed by itself. Its history is that of the baseline.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import Any

import numpy as np
import xarray as xr

from planmodel.documented.dates import parse_date
from planmodel.documented.made_of import regions
from planmodel.engine import Array
from planmodel.runs.chunks import Isolation
from planmodel.runs.evaluate import ask, record
from planmodel.runs.observe import observe
from planmodel.runs.resolve import Laid, resolve
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.by_region import by_region
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.indicators import Indicator
from planmodel.show.numbers import words

SCENARIO, LAST = "baseline", date(1934, 12, 31)
PLANS = ("1930-07-01", "1931-07-01", "1932-07-01")  # days of the campaigns whose shares are on record
FAMINE = "1932..1934"
UKRAINE, KAZAKHSTAN = "ukraine", "kazakhstan"
RSFSR = "RSFSR without Kazakhstan"
REPUBLICS: dict[
    str, tuple[str, ...]
] = {  # Belarus lies in the consumer regions and is counted with the RSFSR
    UKRAINE: ("ukraine",),
    KAZAKHSTAN: ("kazakhstan",),
    RSFSR: ("north_caucasus", "volga", "black_earth", "consumer_regions", "east"),
}
Changes = Mapping[str, Any]


def titles() -> dict[str, str]:
    """Return the regions by label, in the words of a table."""
    return {label: said(label) for label in regions()}


def said(label: str) -> str:
    """Return a region or republic in the words of a table."""
    return label if label == RSFSR else words(label).title().replace("Regions", "regions")


@cache
def own_series() -> dict[str, dict[str, float]]:
    """Return the weather and the shift of the plan of each region, by name and by the date of each value."""
    scenario, found = load_scenario(SCENARIO), {}
    series = exogenous_series(scenario)
    years = range(scenario.period.start.year, scenario.period.end.year + 1)
    for label in regions():
        weather = series[f"weather_{label}"]
        found[f"weather_{label}"] = {str(year): float(weather.on(date(year, 7, 1))) for year in years}
        shift = series[f"plan_shift_{label}"]
        found[f"plan_shift_{label}"] = {day: float(shift.on(date.fromisoformat(day))) for day in PLANS}
    return found


def given(name: str, label: str, when: str) -> float:
    """Return the value of a series of a region in the baseline."""
    return own_series()[f"{name}_{label}"][when]


def written(series: Mapping[str, Mapping[str, float]]) -> str:
    """Return a scenario that gives these series and else is the baseline, as TOML."""
    lines = [f'extends = "{SCENARIO}"']
    for name, values in series.items():
        reading = "year" if name.startswith("weather") else "interpolate"
        told = ", ".join(f'"{when}" = {value!r}' for when, value in values.items())
        lines += [f"[exogenous.{name}]", 'unit = "1"', 'source = "as in the baseline"']
        lines += ['evidence = "assumption"', f'reading = "{reading}"', f"values = {{ {told} }}"]
    return "\n".join(lines) + "\n"


@cache
def _village(changes: tuple[tuple[str, Any], ...], switch_off: tuple[str, ...]) -> Scenario:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "by_region.toml"
        file.write_text(written(own_series()), encoding="utf-8")
        return load_scenario(file, dict(changes), switch_off).until(LAST)


def village(changes: Changes | None = None, switch_off: Iterable[str] = ()) -> Scenario:
    """Return the baseline to the end of 1934, with changes, and with series by region."""
    return _village(tuple((changes or {}).items()), tuple(switch_off))


# ---- what is read off --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A quantity over a span or on a day, as the record writes dates."""

    indicator: Indicator
    dates: str

    @property
    def span(self) -> tuple[date, date]:
        """First and last day."""
        period = parse_date(self.dates)
        return period.start, period.end


def of_region(name: str | Indicator, label: str) -> Indicator:
    """Return what a region has of a quantity."""
    found = by_region(village().declared, name)
    assert found is not None, name
    return found.at(label)


def together(name: str, labels: Sequence[str]) -> Indicator:
    """Return what several regions have of an amount together."""
    first, *others = (of_region(name, label) for label in labels)
    return replace(first, parts=(*first.parts, *(part for one in others for part in one.parts)))


def herds(label: str) -> Indicator:
    """Return the animals of all kinds of a region."""
    kinds = [of_region(name, label) for name in ("cattle", "horses", "pigs", "sheep_and_goats")]
    return replace(kinds[0], name="livestock", parts=tuple(part for one in kinds for part in one.parts))


def dead(where: str, dates: str = FAMINE) -> Asked:
    """Ask for the excess deaths of a republic, a region, or the whole country with its towns and camps."""
    if where == "country":
        return Asked(village().declared.indicators["excess_deaths"], dates)
    return Asked(together("excess_deaths", REPUBLICS.get(where, (where,))), dates)


@dataclass(frozen=True)
class _Question:
    asked: tuple[Asked, ...]

    @property
    def wanted(self) -> Collection[str]:
        return frozenset(name for one in self.asked for name in one.indicator.made_of)

    def __call__(self, dataset: xr.Dataset) -> Array:
        columns = [observe(dataset, one.indicator, *one.span) for one in self.asked]
        nothing = np.full(dataset.sizes["member"], np.nan)
        return np.column_stack([nothing if column is None else column for column in columns])


def answers(
    scenario: Scenario, asked: Sequence[Asked], values: Mapping[str, Array] | None = None, number: int = 1
) -> Array:
    """Run the central history of each set of values; return what is asked, ``(members, asked)``.

    Members whose books do not close have no answer.
    """
    members = resolve(scenario, Laid(values or {}), seed=0, numbers=[0] * number)
    found = np.full((number, len(asked)), np.nan)
    for rows, seen in ask(members, _Question(tuple(asked)), isolation=Isolation()):
        found[rows] = seen
    return found


@cache
def usual_dataset() -> xr.Dataset:
    """Return all of the central history of the baseline by month."""
    return record(resolve(village(), Laid({}), seed=0, numbers=[0]))


def usual_months() -> xr.Dataset:
    """Return the same without a dimension of members."""
    return usual_dataset().isel(member=0)


def usual(asked: Sequence[Asked]) -> Array:
    """Return what is asked of the central history of the baseline."""
    found: Array = _Question(tuple(asked))(usual_dataset())[0]
    return found


def months_of(dataset: xr.Dataset, indicator: Indicator) -> Array:
    """Return a sum of recorded quantities by month."""
    found: Array = np.sum([dataset[name].values for name in indicator.parts], axis=0)
    return found


# ---- how it is written -------------------------------------------------------------------------------------


def in_lines(text: str) -> str:
    """Return a paragraph in lines of the length of a page; a table as it is."""
    return text if text.startswith("|") else fill(text, 108, break_long_words=False, break_on_hyphens=False)


def and_so(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "none"
