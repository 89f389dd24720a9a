"""Write the tables of work_and_camps.md: ``python docs/generate_work_and_camps.py`` (some seconds).

Work, market and camps by year: the record, the baseline now, and what it was before these mechanisms came in
(``before_work_and_camps.csv``, made once with the last version without each).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
import xarray as xr

from planmodel import documented
from planmodel.runs.history import run
from planmodel.scenario import load_scenario
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed

HERE = Path(__file__).parent
PAGE, BEFORE = HERE / "work_and_camps.md", HERE / "before_work_and_camps.csv"
YEARS = range(1928, 1942)
SCALE = {"million persons": (1000.0, "thousand persons", 1)}  # of what is shown: factor, unit, digits
BLOCKS = {  # marker -> indicators, with the version of the record beside them
    "work": {
        "days_lost_to_absence": "book", "workers_below_norm_share": "book", "labour_turnover": "book",
    },
    "posts": {"steel": "official", "industrial_output": "", "investment": ""},
    "market": {"market_turnover": "malafeev"},
    "camps": {
        "camp_inmates": "archival", "colony_inmates": "archival", "camp_released": "archival",
        "camp_escapes": "archival", "camp_deaths": "archival", "political_convictions": "archival",
        "executions": "archival",
    },
    "settlers": {
        "special_settlers": "archival", "settler_deaths": "archival", "settler_births": "archival",
    },
    "supply": dict.fromkeys((
        "food_special_list", "food_first_list", "food_second_list", "food_third_list", "excess_deaths_towns",
    ), ""),
    "consumption": dict.fromkeys((
        "consumption_kolkhoz_peasants", "consumption_individual_peasants", "consumption_state_farm_workers",
        "consumption_townspeople", "consumption_special_list", "consumption_first_list",
        "consumption_second_list", "consumption_third_list", "consumption_unfree",
        "consumption_of_households",
    ), ""),
}  # fmt: skip


def works_of_the_camps() -> dict[str, dict[str, str]]:
    """Return the block of works that prisoners build and of what came in with them."""
    return {
        "works": {
            "inmates_at_named_works": "museum_map", "nkvd_investment_share": "literature", "nkvd_plan": "",
            "kolkhoz_market_price": "karcz",
        },
    }  # fmt: skip


BLOCKS |= works_of_the_camps()
_MARKS = re.compile(r"<!-- (\w+) begins -->\n.*?<!-- \1 ends -->", re.DOTALL)


@cache
def baseline() -> xr.Dataset:
    """Return the baseline, one member."""
    return run("baseline")


def now(name: str) -> dict[int, float]:
    """Return an indicator of the baseline by year; stocks on 1 January."""
    indicator = load_scenario("baseline").declared.indicators[name]
    if indicator.measure == "ratio":
        return ratio(indicator.parts, indicator.over)
    series = baseline()[name].isel(member=0).to_series()
    when = pd.DatetimeIndex(series.index)
    if indicator.measure == "stock":
        ends = when.month == 12
        return dict(zip(when[ends].year + 1, series[ends], strict=True))
    years = series.groupby(when.year)
    return dict((years.sum() if indicator.measure == "flow" else years.mean()).items())


def ratio(parts: Sequence[str], over: Sequence[str]) -> dict[int, float]:
    """Return the mean of a year of some quantities over that of others."""
    months = baseline().isel(member=0)
    means = [sum(months[name].groupby("time.year").mean() for name in names) for names in (parts, over)]
    return dict((means[0] / means[1]).to_series().items())


def before(name: str) -> dict[int, float]:
    """Return what the last version without these mechanisms had; empty where it had no such series."""
    table = pd.read_csv(BEFORE)
    some = table[table["series"] == name]
    return dict(zip(some["year"], some["value"], strict=True))


def record(name: str, version: str) -> dict[int, float]:
    """Return figures of single years, or of 1 January; the mean where a year has a low and a high one."""
    if not version:
        return {}
    table = documented.series(name, version)
    dates = table["date"].astype(str)
    single = table[dates.str.fullmatch(r"\d{4}(-01-01)?")]
    return dict(single.groupby(single["date"].astype(str).str[:4].astype(int))["value"].mean().items())


def rows(name: str, version: str) -> list[tuple[str, ...]]:
    """Return the rows of an indicator: record, before, now, as far as there are any."""
    indicator = load_scenario("baseline").declared.indicators[name]
    factor, unit, digits = SCALE.get(indicator.unit, (1.0, indicator.unit, 2))
    made = []
    for what, values in (("record", record(name, version)), ("before", before(name)), ("now", now(name))):
        if values:
            cells = (fixed(factor * values[y], digits) if y in values else "" for y in YEARS)
            made.append((f"{indicator.title}, {unit}: {what}", *cells))
    return made


def table(marker: str) -> str:
    """Return the table of a block."""
    lines = [row for name, version in BLOCKS[marker].items() for row in rows(name, version)]
    return markdown(("", *map(str, YEARS)), lines)


def main() -> None:
    """Write the tables into the page."""
    text = PAGE.read_text(encoding="utf-8")
    made = _MARKS.sub(lambda m: f"<!-- {m[1]} begins -->\n{table(m[1])}\n<!-- {m[1]} ends -->", text)
    PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
