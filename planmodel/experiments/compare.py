"""Several scenarios over common draws: what differs, by how much, and how surely.

Every scenario runs with the same members: the same parameters and the same weather, drawn from a posterior
or, without one, the weather alone. Draw by draw one scenario can then be set against another: the share of
draws in which it has more is a probability given the model, and says nothing of what the model leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine import Array, UserError, total
from planmodel.plausibility import count_marks
from planmodel.runs.evaluate import record
from planmodel.runs.marks import with_marks
from planmodel.runs.members import Members
from planmodel.runs.posterior import PosteriorDraws, as_draws
from planmodel.runs.record import reduce, whole_years
from planmodel.runs.resolve import resolve
from planmodel.runs.schema import Keep
from planmodel.scenario import Scenario
from planmodel.scenario.by_region import by_parts, regions_of
from planmodel.scenario.indicators import Compared

_FIGURES = ("scenario", "median", "low", "high", "ratio", "more")


@dataclass(frozen=True)
class Comparison:
    """Paths of all quantities in all scenarios, ``paths``: dimensions scenario, member and year.

    ``laid`` are the members of each scenario: what differs between them, and what a scenario holds against
    the draws. ``regional`` are the paths of what is by region, NaN in a scenario that is one country; None
    where all are.
    """

    scenarios: tuple[Scenario, ...]
    paths: xr.Dataset
    laid: tuple[Members, ...] = ()
    regional: xr.Dataset | None = None

    @property
    def members(self) -> int:
        """Number of common draws."""
        return int(self.paths.sizes["member"])

    @property
    def years(self) -> tuple[int, ...]:
        """Years compared: the usual ones that the runs cover, and their last where they end before."""
        covered, usual = [int(year) for year in self.paths["year"].values], self.usual_years
        return tuple(y for y in covered if y in usual or (y == covered[-1] and y < usual[-1]))

    @property
    def usual_years(self) -> tuple[int, ...]:
        """Years by which scenarios of the economy are compared: its own, or first, middle and last."""
        covered = [int(year) for year in self.paths["year"].values]
        some = {covered[0], covered[len(covered) // 2], covered[-1]}
        return self.scenarios[0].declared.compared_years or tuple(sorted(some))

    @property
    def quantities(self) -> tuple[Compared, ...]:
        """By what the scenarios are compared."""
        return self.scenarios[0].declared.compared

    @property
    def plausibility(self) -> dict[str, dict[str, Any] | None]:
        """How many members of each scenario leave declared limits."""
        names = [scenario.name for scenario in self.scenarios]
        return {name: count_marks(self.paths.isel(scenario=i)) for i, name in enumerate(names)}

    def table(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """Return medians, 90 % ranges, and how often a scenario has more than the first.

        Returns
        -------
        DataFrame
            One row a quantity, year and scenario: quantity, title, unit, year, scenario, median, low, high
            (5 and 95 % of the members), ratio (median over members of the ratio to the first scenario), more
            (share of the members in which it has more than the first; ties count half).
        """
        rows = []
        for quantity in self.quantities:
            for year in self.years if years is None else years:
                values = self.paths[quantity.name].sel(year=year).transpose("scenario", "member").values
                about = (quantity.name, quantity.title, quantity.unit, year)
                rows += [(*about, *row) for row in self._beside(values)]
        return pd.DataFrame(rows, columns=["quantity", "title", "unit", "year", *_FIGURES])

    def by_region(self) -> pd.DataFrame:
        """Return the same by region, in the years compared.

        Returns
        -------
        DataFrame
            As :meth:`table`, with a column region; without scenarios that are one country, and empty where
            all are. Against such a first scenario there is neither ratio nor share.
        """
        rows: list[tuple[Any, ...]] = []
        paths = [] if self.regional is None else list(self.regional.data_vars.items())
        for name, path in paths:
            about = (name, path.attrs["long_name"], path.attrs["units"])
            for year in self.years:
                for region in path["region"].values:
                    values = path.sel(year=year, region=region).transpose("scenario", "member").values
                    rows += [(*about, region, year, *row) for row in self._beside(values)]
        found = pd.DataFrame(rows, columns=["quantity", "title", "unit", "region", "year", *_FIGURES])
        return found[found["median"].notna()].reset_index(drop=True)

    def _beside(self, values: Array) -> Iterator[tuple[Any, ...]]:
        """Yield the figures of each scenario; ``values`` has the shape ``(scenarios, members)``."""
        for scenario, mine in zip(self.scenarios, values, strict=True):
            low, median, high = np.quantile(mine, [0.05, 0.5, 0.95])
            more = np.mean(mine > values[0]) + 0.5 * np.mean(mine == values[0])
            known = np.isfinite(values[0]).all()
            yield scenario.name, median, low, high, _ratio(mine, values[0]), more if known else np.nan


def _ratio(mine: Array, first: Array) -> float:
    known = np.abs(first) > 1e-12
    return float(np.median(mine[known] / first[known])) if known.any() else float("nan")


def compare(
    scenarios: Sequence[Scenario],
    draws: PosteriorDraws | Mapping[str, Array] | None = None,
    members: int = 1,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Run scenarios with the same members.

    Parameters
    ----------
    scenarios
        Two or more, of one period; the others are set against the first.
    draws
        Of a posterior. Weather then is that of the draws; what a scenario itself says is not drawn in it.
    members
        Without draws: number of members, of which the first has no shocks and the others draw their weather.
    seed
        Seed of the weather.
    progress
        Called with the name of a scenario when it has run.

    Raises
    ------
    UserError
        If there is but one scenario, or names or periods do not go together.
    """
    names = [scenario.name for scenario in scenarios]
    if len(names) < 2:
        raise UserError("compare: one scenario is given; allowed: two or more")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError(f"compare: '{twice[0]}' is given twice; allowed: each once")
    first = scenarios[0].period
    if not whole_years(first):
        raise UserError(
            f"compare: '{names[0]}' runs from {first.start} to {first.end}, which has no whole year; "
            "allowed: a period with a year from January to December"
        )
    for scenario in scenarios[1:]:
        if scenario.economy != scenarios[0].economy:
            raise UserError(
                f"compare: '{scenario.name}' is of the economy '{scenario.economy}'; allowed: that of "
                f"'{names[0]}', '{scenarios[0].economy}'"
            )
        if scenario.period != first:
            raise UserError(
                f"compare: '{scenario.name}' runs from {scenario.period.start} to {scenario.period.end}; "
                f"allowed: the period of '{names[0]}', {first.start} to {first.end}"
            )
    drawn = None if draws is None else as_draws(draws)
    laid = [_members(scenario, drawn, members, seed) for scenario in scenarios]  # refused before any is run
    paths, regional = [], []
    for scenario, mine in zip(scenarios, laid, strict=True):
        of_country, of_regions = _paths(scenario, mine)
        paths.append(of_country)
        regional.append(of_regions)
        if progress is not None:
            progress(scenario.name)
    together = xr.concat(paths, dim=pd.Index(names, name="scenario"))
    return Comparison(tuple(scenarios), together, tuple(laid), _together(regional, names))


def _together(regional: Sequence[xr.Dataset | None], names: Sequence[str]) -> xr.Dataset | None:
    """Return the paths by region of all scenarios, NaN where one is one country; None where all are."""
    there = next((one for one in regional if one is not None), None)
    if there is None:
        return None
    nothing = xr.full_like(there, np.nan)
    filled = [nothing if one is None else one for one in regional]
    return xr.concat(filled, dim=pd.Index(names, name="scenario"))


def _members(scenario: Scenario, draws: PosteriorDraws | None, members: int, seed: int) -> Members:
    if draws is not None:
        return draws.over(scenario)
    return resolve(scenario, seed=seed, numbers=range(members))


def _paths(scenario: Scenario, members: Members) -> tuple[xr.Dataset, xr.Dataset | None]:
    """Return the quantities of one scenario by member and year, and those that are by region."""
    compared = scenario.declared.compared
    regional = {quantity: by_parts(scenario.declared, quantity.parts) for quantity in compared}
    by_label = {quantity: parts for quantity, parts in regional.items() if parts}
    parts = {part for quantity in compared for part in quantity.parts}
    parts |= {name for of in by_label.values() for names in of.values() for name in names}
    recorded = record(members, sorted(parts))
    annual = reduce(recorded, Keep(variables=sorted(parts)), scenario)
    coordinates = {"year": annual["time"].dt.year.values, "member": np.arange(len(members))}
    variables = {
        quantity.name: (("year", "member"), _added(annual, quantity, quantity.parts), _about(quantity))
        for quantity in compared
    }
    paths = with_marks(xr.Dataset(variables, coords=coordinates), recorded)
    if not by_label:
        return paths, None
    labels = list(regions_of(scenario.declared))
    of_regions = {
        quantity.name: (
            ("region", "year", "member"),
            np.stack([_added(annual, quantity, of[label]) for label in labels]),
            _about(quantity),
        )
        for quantity, of in by_label.items()
    }
    return paths, xr.Dataset(of_regions, coords={"region": labels, **coordinates})


def _added(annual: xr.Dataset, quantity: Compared, parts: Sequence[str]) -> Array:
    values = total(annual[part].transpose("time", "member").values for part in parts)
    return np.cumsum(values, axis=0) if quantity.since_start else values


def _about(quantity: Compared) -> dict[str, str]:
    return {"units": quantity.unit, "long_name": quantity.title}
