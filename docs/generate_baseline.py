"""Write baseline.md, the figures of the baseline: ``python docs/generate_baseline.py [--check]``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from planmodel import documented
from planmodel.documented.vocabulary import COMPARABLE
from planmodel.report.comparison import compare, summary
from planmodel.report.score import score
from planmodel.runs.history import Run, run, run_fully
from planmodel.runs.observe import observe
from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.show.markdown import table_of
from planmodel.show.numbers import fixed, hundredths, percent, short

AXES = registry.economy().axes
SHOWN_YEARS = registry.economy().shown_years
INDICATORS = registry.economy().indicators
WORKERS = AXES["workers"]
INDICATORS = registry.economy().indicators

PAGE = Path(__file__).with_name("baseline.md")
YEARS = range(1928, 1941)
EVENTS = ("plan", "collectivisation", "procurement")
KNOCKED_OUT = (
    "gestation",
    "food_productivity",
    "budget_pressure",
    "food_in_plan",
    "starts_rule",
    "target_inflation",
    "priority_rationing",
    "grain_exports",
    "skill_dilution",
    "camp_labour",
)
_WEATHER = {"exogenous.weather.values": {"1936": 0.0}}
_PURGE = {"decrees.purge.enabled": False}
_DEFENCE = {"exogenous.defence_index.values": {str(year): 4.09 for year in range(1935, 1941)}}
GIVEN: Mapping[str, Mapping[str, object]] = {
    "with the weather of 1936 normal": _WEATHER,
    "without the purge of managers": _PURGE,
    "with neither": {**_WEATHER, **_PURGE},
    "without the price reform of April 1936": {"decrees.price_reform_1936.enabled": False},
    "with defence as in 1934 to the end": _DEFENCE,
    "with normal weather, without purge, with that defence": {**_WEATHER, **_PURGE, **_DEFENCE},
}
SPANS = ((1931, 1935), (1936, 1940))
RATIOS = (
    "builders_ratio",
    "metal_ratio",
    "equipment_ratio",
    "let_through",
    "upkeep_ratio",
    "town_nutrition",
)
HEAD = """\
# The baseline in figures

Generated from runs of the baseline by `docs/generate_baseline.py`; do not edit. The command
`python docs/generate_baseline.py --check` says whether the page is that of the version at hand. What the
figures mean, and where they mislead, is told in
[model.md](model.md#what-the-baseline-shows-and-where-it-misses).

All figures are of the central history (one member, no drawn weather). The record is in the versions that
the scenario names; other versions differ, often by more than the model does. Parameters were set with most
of these series in view, so agreement is partly a fit.
"""

SCORE = """\
## Score

Documented points within 30 % of the recorded value. *Still*: an economy in which nothing moves after 1928.
Left out are base years of indices and what is given or nearly so (`planmodel score`). Most points were in
view when the parameters were set, so that this is a fit and no test.
"""
SERIES = """\
## Model beside record

In each year: model (record). Misfit: mean absolute error over all dates of the record, as a share of it;
worst first. Series without a documented figure in the versions of the scenario stand last. Procurement is
of the agricultural year that begins in the year named.
"""
ACCUMULATION = """\
## Accumulation by year

Growth of investment, % a year. Gross: the year's construction at constant prices. Net: less wear. The
ratios are means over the year. Work done over work wanted is `let_through` times `builders_ratio` times the
lesser of `metal_ratio` and `equipment_ratio`. `starts` are those set in December for the next year; they and
unfinished construction, at the end of the year, are in billion roubles of 1928.
"""
KNOCK_OUTS = """\
## The falls of investment under knock-outs

Growth of gross investment, %, with one mechanism turned off, or one thing that is given changed, and all
else as it is, parameters not fitted again; industry: growth of industrial output. Deepest: the lowest
growth of the span and its year; a positive number is the slowest rise. A knock-out may move a fall instead
of removing it.
"""
DEATHS = """\
## Excess deaths, and the grain that the state held

All deaths above the ordinary: famine, transports, camps, executions; million. Estimates for the Soviet
Union, all versions of the record; those marked low are floors.
"""
CAMPS = """\
## The camps by two records

The baseline (archival counts) and the scenario `pre_archive_camps`: the same code, other sizes. Million
persons; inmates of camps and colonies are means of the years.
"""
HAPPENED = """\
## Events

What the model decided or finished, with the days; decrees, which are given, are left out. Control figures
cut or raise investment beside the plan as it stood at last.
"""


class Change(NamedTuple):
    """One parameter changed, all else equal: the value comes from the default."""

    what: str
    component: str
    name: str
    times: float


FAMINE = (
    Change("yield of all years 2 % lower", "cropping", "harvest_1928", 0.98),
    Change("yield of all years 2 % higher", "cropping", "harvest_1928", 1.02),
    Change("food below which mortality rises 3 % lower", "nutrition", "hunger_line", 0.97),
    Change("food below which mortality rises 3 % higher", "nutrition", "hunger_line", 1.03),
    Change("grain spread over the months less evenly (x 0.85)", "nutrition", "foresight", 0.85),
    Change("grain spread over the months more evenly (x 1.1)", "nutrition", "foresight", 1.1),
    Change("spread of harvests over districts x 0.75", "nutrition", "harvest_spread", 0.75),
    Change("spread of harvests over districts x 1.5", "nutrition", "harvest_spread", 1.5),
    Change("spread of quotas over districts x 0.6", "nutrition", "quota_spread", 0.6),
    Change("spread of quotas over districts x 1.6", "nutrition", "quota_spread", 1.6),
    Change("no relief", "state_grain", "relief", 0.0),
    Change("relief x 1.3", "state_grain", "relief", 1.3),
)


def page() -> str:
    """Run the model and return the whole page."""
    baseline = run_fully("baseline")
    changed = _changed_one_at_a_time(baseline.scenario, FAMINE)
    sections = [
        HEAD,
        *_score(baseline),
        *_series(baseline),
        *_accumulation(baseline),
        *_plan(baseline),
        *_knock_outs(baseline.dataset),
        *_famine(baseline.dataset, changed),
        *_camps(baseline.dataset),
        *_events(baseline),
    ]
    return "\n".join(sections)


def _score(baseline: Run) -> Iterable[str]:
    met = compare(baseline.dataset, baseline.scenario)
    found = score(baseline.dataset, met, baseline.scenario.declared)
    yield SCORE
    rows = []
    for core, what in ((True, "core"), (False, "all")):
        (near, of), (still, _) = found.share(core), found.share(core, still=True)
        rows.append((what, str(of), f"{near} ({percent(near / of)})", f"{still} ({percent(still / of)})"))
    yield table_of(("Series", "Points", "Near the model", "Near the still economy"), rows)
    yield "Points of the core that are missed, the worst first (by the ratio of the two):\n"
    misses = (
        (
            f"`{row['variable']}`",
            row["date"],
            short(row["model"]),
            short(row["recorded"]),
            row["others"] or "",
        )
        for row in found.misses().to_dict("records")
    )
    yield table_of(("Series", "Date", "Model", "Record", "Near another version"), misses)


def _series(baseline: Run) -> Iterable[str]:
    yield SERIES
    table = summary(
        baseline.dataset,
        compare(baseline.dataset, baseline.scenario),
        baseline.scenario.declared.indicators,
        SHOWN_YEARS,
    )
    table = table.sort_values(["misfit", "variable"], ascending=[False, True], na_position="last")
    rows = []
    for row in table.to_dict("records"):
        years = [_pair(row[f"model {year}"], row[f"recorded {year}"]) for year in SHOWN_YEARS]
        misfit = percent(row["misfit"])
        rows.append((f"`{row['variable']}`", row["unit"], *years, misfit, str(row["values"])))
    yield table_of(("Series", "Unit", *map(str, SHOWN_YEARS), "Misfit", "Points"), rows)


def _accumulation(baseline: Run) -> Iterable[str]:
    yield ACCUMULATION
    data = baseline.dataset
    gross, net = _growth(data, "investment"), _growth(data, "investment", less="wear_")
    recorded = [
        _documented_growth(name) for name in ("gross_investment_growth", "net_fixed_investment_growth")
    ]
    rows = []
    for year in YEARS:
        growth = [hundredths(values.get(year, np.nan)) for values in (gross, net)]
        record = [hundredths(values.get(year, np.nan)) for values in recorded]
        ratios = [fixed(_mean(data, name, year)) for name in RATIOS]
        ends = (short(_december(data, name, year), 2) for name in ("starts", "unfinished_construction"))
        rows.append((str(year), growth[0], record[0], growth[1], record[1], *ratios, *ends))
    heads = ("Gross", "Record", "Net", "Record", *(f"`{name}`" for name in (*RATIOS, "starts")))
    yield table_of(("Year", *heads, "Unfinished"), rows)


def _plan(baseline: Run) -> Iterable[str]:
    """Show what moved the plan, by the terms of ``planmodel.economies.soviet.plan.planned_work``."""
    yield (
        "What moves the control figures that December sets for the next year, in logarithms: the plan over "
        "this\nyear's work at hoped-for costs is the push less what weighs on it.\n"
    )
    parts = parts_of_plan(baseline)
    rows = [
        (str(year), *map(fixed, found), fixed(found[0] - sum(found[1:]))) for year, found in parts.items()
    ]
    yield table_of(("December", "Push", "Budget", "Food", "Sum"), rows)


def parts_of_plan(baseline: Run) -> dict[int, tuple[float, float, float]]:
    """Return by year what moved the plan of the next: the push, and the weights of budget and food.

    No decree of the baseline moves the lever ``accumulation_push``.
    """
    data, sizes = baseline.dataset, baseline.scenario.parameters.model_dump()
    plan, work = sizes["plan"], sizes["workforce"]
    least = baseline.scenario.declared.constants()["least_food_for_work"].value
    found = {}
    for year in YEARS:
        fed = np.clip(_december(data, "town_nutrition", year) / work["enough_town_food"], least, 1.0)
        budget = float(data["budget_pressure"].sel(time=f"{year}-11-30").values[0])
        found[year] = (plan["push"], plan["budget_weight"] * budget, plan["food_weight"] * (1.0 - float(fed)))
    return found


def _knock_outs(data: xr.Dataset) -> Iterable[str]:
    yield KNOCK_OUTS
    wanted = ["investment", "industrial_output", "excess_deaths"]
    runs = {"baseline": data}
    for name in KNOCKED_OUT:
        runs[f"without `{name}`"] = run(load_scenario("baseline", switch_off=[name]), wanted=wanted)
    for what, changes in GIVEN.items():
        runs[what] = run(load_scenario("baseline", changes), wanted=wanted)
    rows = []
    for what, found in runs.items():
        growth, output = _growth(found, "investment"), _growth(found, "industrial_output")
        deepest = (_deepest(growth, span) for span in SPANS)
        dead = short(_excess(found, 1930, 1933), 2)
        years = [hundredths(values[year]) for year in (1933, 1937) for values in (growth, output)]
        rows.append((what, *years, *deepest, dead))
    heads = (
        "1933",
        "Industry",
        "1937",
        "Industry",
        *(f"Deepest {a}-{b}" for a, b in SPANS),
        "Excess deaths 1930-33, million",
    )
    yield table_of(("Run", *heads), rows)


def _deepest(growth: Mapping[int, float], span: tuple[int, int]) -> str:
    year = min(range(span[0], span[1] + 1), key=growth.__getitem__)
    return f"{hundredths(growth[year])} ({year})"


def _famine(data: xr.Dataset, changed: Mapping[str, xr.Dataset]) -> Iterable[str]:
    yield DEATHS
    table = documented.series("excess_deaths")
    table = table[table["territory"].isin(COMPARABLE) & ~table["kind"].isin(("plan",))]
    rows = []
    for figure in table.sort_values(["start", "end", "version"]).to_dict("records"):
        seen = observe(data, INDICATORS["excess_deaths"], figure["start"], figure["end"])
        if seen is not None:
            years = _span(figure["start"], figure["end"])
            said = f"{short(figure['value'], 2)}{_bound(figure['kind'])}"
            rows.append((years, short(seen[0], 2), said, figure["version"]))
    by_year = ((str(y), short(_excess(data, y, y), 2), "", "") for y in (1930, 1931, 1932, 1933, 1934, 1937))
    yield table_of(("Years", "Model", "Estimate", "Version"), [*rows, *by_year])
    held = data["grain_state"].isel(member=0)
    stocks = [short(float(held.sel(time=f"{year}-06-30")), 2) for year in YEARS]
    yield "Grain in the hands of the state at the end of June, before the new harvest, million tonnes:\n"
    yield table_of([str(year) for year in YEARS], [stocks])
    yield (
        "**How steep the famine is.** Excess deaths of 1930-33, million, with one size changed at a time and "
        "all else\nequal (values held within the bounds of the parameter):\n"
    )
    steep = [("baseline", short(_excess(data, 1930, 1933), 2))]
    steep += [(c.what, short(_excess(changed[c.what], 1930, 1933), 2)) for c in FAMINE]
    yield table_of(("Changed", "Excess deaths 1930-33"), steep)


def _bound(kind: str) -> str:
    """Say of an estimate that it is a floor or a ceiling."""
    return {"estimate_low": ", low", "estimate_high": ", high"}.get(kind, "")


def _excess(data: xr.Dataset, first: int, last: int) -> float:
    seen = observe(data, INDICATORS["excess_deaths"], pd.Timestamp(first, 1, 1), pd.Timestamp(last, 12, 31))
    return float("nan") if seen is None else float(seen[0])


def _camps(data: xr.Dataset) -> Iterable[str]:
    yield CAMPS
    early = run("pre_archive_camps", wanted=["camp_population", "executions"])
    figures = documented.series("camp_population")
    figures = figures[figures["territory"].isin(COMPARABLE) & figures["kind"].str.startswith("estimate")]
    rows = []
    for _, given in figures.groupby(["start", "end"]):
        start, end = given["start"].iloc[0], given["end"].iloc[0]
        seen = [observe(dataset, INDICATORS["camp_population"], start, end) for dataset in (data, early)]
        if seen[0] is None or seen[1] is None or start < pd.Timestamp(1931, 1, 1):
            continue
        said = "; ".join(
            f"{short(row['value'], 2)} ({row['version']}{_bound(row['kind'])})"
            for row in given.sort_values(["version", "value"]).to_dict("records")
        )
        rows.append((f"inmates, {_span(start, end)}", short(seen[0][0], 2), short(seen[1][0], 2), said))
    shot = documented.series("executions", "archival")
    years = (shot["start"] >= pd.Timestamp(1936, 1, 1)) & (shot["end"] <= pd.Timestamp(1938, 12, 31))
    spans = [
        observe(d, INDICATORS["executions"], pd.Timestamp(1936, 1, 1), pd.Timestamp(1938, 12, 31))
        for d in (data, early)
    ]
    if spans[0] is not None and spans[1] is not None:
        counted = f"{short(shot[years]['value'].sum(), 2)} (archival)"
        rows.append(("shot, 1936-38", short(spans[0][0], 2), short(spans[1][0], 2), counted))
    yield table_of(("What", "Archival set", "Pre-archive set", "Record"), rows)


def _events(baseline: Run) -> Iterable[str]:
    yield HAPPENED
    table = baseline.events.table()
    for kind in EVENTS:
        mine = table[table["kind"] == kind]
        told = [(str(text), _days(found["date"])) for text, found in mine.groupby("text", sort=False)]
        yield table_of((kind.capitalize(), "Days"), told)
    works: dict[str, dict[str, str]] = {}
    for event in table[table["kind"] == "site"].to_dict("records"):
        title, what = str(event["text"]).rsplit(": ", 1)
        works.setdefault(title, {})[what] = f"{event['date']:%Y-%m-%d}"
    rows = [(title, found["building begins"], found.get("finished", "")) for title, found in works.items()]
    yield table_of(("Named work", "Begun (given)", "Finished"), rows)


def _days(dates: Iterable[date]) -> str:
    """Return days in a row, or how many in each year where they are many."""
    days = list(dates)
    if len(days) <= 6:
        return ", ".join(f"{day:%Y-%m-%d}" for day in days)
    return ", ".join(f"{year}: {count} times" for year, count in Counter(day.year for day in days).items())


def _changed_one_at_a_time(scenario: Scenario, changes: Sequence[Change]) -> dict[str, xr.Dataset]:
    """Run one chunk, one member for each change; return each member by what was changed."""
    values = scenario.parameters.model_dump()
    overrides: dict[str, dict[str, np.ndarray]] = {}
    for place, change in enumerate(changes):
        default = values[change.component][change.name]
        low, high = registry.economy().parameters()[change.component][change.name].bounds
        array = overrides.setdefault(change.component, {}).setdefault(
            change.name, np.full(len(changes), default)
        )
        array[place] = np.clip(default * change.times, low, high)
    members = [0] * len(changes)  # every one the central history
    found = run(scenario, members, parameters=overrides, wanted=["investment", "excess_deaths"])
    return {change.what: found.isel(member=[place]) for place, change in enumerate(changes)}


def _growth(data: xr.Dataset, name: str, less: str = "") -> dict[int, float]:
    """Return the growth of a yearly sum by year; ``less`` is the beginning of the flows taken off."""
    monthly = np.asarray(data[name].values[0])
    if less:
        monthly = monthly - np.sum([data[key].values[0] for key in data if str(key).startswith(less)], axis=0)
    time = pd.DatetimeIndex(data["time"].values)
    sums = {year: float(monthly[time.year == year].sum()) for year in YEARS}
    return {year: sums[year] / sums[year - 1] - 1.0 for year in YEARS if year - 1 in sums}


def _documented_growth(name: str) -> dict[int, float]:
    """Return the documented growth by single year, not plans or ceilings."""
    table = documented.series(name, kinds=("actual", "estimate", "official_claim", "derived"))
    whole = table[table["start"].dt.year == table["end"].dt.year]
    return {int(row["start"].year): float(row["value"]) for row in whole.to_dict("records")}


def _december(data: xr.Dataset, name: str, year: int) -> float:
    return float(data[name].sel(time=f"{year}-12-31").values[0])


def _mean(data: xr.Dataset, name: str, year: int) -> float:
    return float(data[name].sel(time=str(year)).mean())


def _span(start: pd.Timestamp, end: pd.Timestamp) -> str:
    return str(start.year) if start.year == end.year else f"{start.year}-{end.year % 100}"


def _pair(model: float, recorded: float) -> str:
    said = short(model)
    return said if np.isnan(recorded) else f"{said} ({short(recorded)})"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with ``--check`` only compare it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the page, write nothing")
    check = parser.parse_args(arguments).check
    fresh = page()
    if not check:
        PAGE.write_text(fresh, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == fresh:
        return 0
    print(f"{PAGE.name} is not that of this version; run: python docs/generate_baseline.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
