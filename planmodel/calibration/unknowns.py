"""What a calibration estimates: parameters, latent values of exogenous series, biases of published versions.

Each unknown has a prior: uniform between its bounds for a parameter, normal for a latent value (around that
of the scenario) and for a bias (around zero).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from planmodel.calibration.schema import Calibration, Latent
from planmodel.documented.dates import parse_date
from planmodel.engine import Array, UserError
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy

_WIDTH = 3.0  # standard deviations of a normal prior to either side
BIAS = "bias."


class Key(NamedTuple):
    """An unknown and its prior: uniform from low to high, or normal and cut off there."""

    dotted: str
    low: float
    high: float
    mean: float | None = None
    sd: float | None = None

    @classmethod
    def normal(cls, dotted: str, mean: float, sd: float) -> Key:
        """Return an unknown with a normal prior."""
        return cls(dotted, mean - _WIDTH * sd, mean + _WIDTH * sd, mean, sd)

    @property
    def full(self) -> str:
        """The key of the scenario: ``parameters.component.name``, ``exogenous.series.values.year``."""
        return self.dotted if self.dotted.startswith("exogenous.") else f"parameters.{self.dotted}"

    @property
    def of_the_model(self) -> bool:
        """Whether the model takes it; a bias belongs to the record."""
        return not self.dotted.startswith(BIAS)

    def described(self, economy: Economy) -> tuple[str, str]:
        """Return the unit, and what it means."""
        if not self.of_the_model:
            return "1", f"bias of the published figures, {self.dotted.removeprefix(BIAS)} (of the logarithm)"
        if self.full == self.dotted:
            _, series, _, day = self.dotted.split(".", 3)
            given = economy.inputs()[series]
            return given.unit, f"{given.meaning}, {day}"
        component, _, name = self.dotted.partition(".")
        declared = economy.parameters()[component][name]
        return declared.unit, declared.meaning


@dataclass(frozen=True)
class Cube:
    """The unknowns as numbers between 0 and 1, from the lower to the upper bound."""

    keys: tuple[Key, ...]

    @property
    def low(self) -> Array:
        """Lower bounds in natural units."""
        return np.array([key.low for key in self.keys])

    @property
    def width(self) -> Array:
        """Widths of the ranges in natural units."""
        return np.array([key.high - key.low for key in self.keys])

    @property
    def prior_sd(self) -> Array:
        """Standard deviation of the prior of each unknown, in the unit cube."""
        uniform = 1.0 / np.sqrt(12.0)
        return np.array([uniform if k.sd is None else k.sd / (k.high - k.low) for k in self.keys])

    @property
    def normal(self) -> np.ndarray:
        """Places of the unknowns with a normal prior."""
        return np.flatnonzero([key.sd is not None for key in self.keys])

    @property
    def taken(self) -> np.ndarray:
        """Places of the unknowns that the model takes."""
        return np.flatnonzero([key.of_the_model for key in self.keys])

    def natural(self, unit: Array) -> Array:
        """Return unknowns in natural units; what is outside the cube is put on its face."""
        return self.low + np.clip(unit, 0.0, 1.0) * self.width

    def unit(self, natural: Array) -> Array:
        """Return unknowns as numbers between 0 and 1."""
        return np.clip((natural - self.low) / self.width, 0.0, 1.0)

    def moved(self, unit: Array) -> Array:
        """Return how far unknowns are from the middle of their normal priors, in standard deviations.

        Returns
        -------
        array
            Shape ``(members, normal priors)``: residuals whose squares are added to the misfit.
        """
        places = self.normal
        return (unit[..., places] - 0.5) / self.prior_sd[places]

    def from_standard(self, standard: Array) -> Array:
        """Return unknowns in the unit cube whose priors are standard normal in other terms.

        A normal prior reaches beyond its faces, where it is cut off.
        """
        unit: Array = ndtr(standard)
        places = self.normal
        unit[..., places] = 0.5 + standard[..., places] * self.prior_sd[places]
        return unit

    def standard(self, unit: Array) -> Array:
        """Return unknowns as numbers whose priors are standard normal: the inverse of `from_standard`."""
        standard: Array = ndtri(np.clip(unit, 1e-12, 1.0 - 1e-12))
        standard[..., self.normal] = self.moved(unit)
        return standard

    def spread(self, uniform: Array) -> Array:
        """Turn uniform numbers into draws from the priors, in the unit cube."""
        return np.clip(self.from_standard(ndtri(np.clip(uniform, 1e-12, 1.0 - 1e-12))), 0.0, 1.0)

    def values(self, natural: Array) -> dict[str, Array]:
        """Return what the model takes, by the full key of the scenario: arrays of shape ``(members,)``."""
        return {self.keys[i].full: natural[:, i] for i in self.taken}


def standing(scenario: Scenario, key: Key) -> float:
    """Return where the scenario stands: in the middle of a normal prior."""
    if key.mean is not None:
        return key.mean
    component, _, name = key.dotted.partition(".")
    return float(getattr(getattr(scenario.parameters, component), name))


def unknowns(calibration: Calibration, scenario: Scenario) -> Cube:
    """Return all that a calibration estimates.

    Raises
    ------
    UserError
        If the scenario gives no value for a latent year, or none of the series.
    """
    found = [Key(dotted, *bounds) for dotted, bounds in calibration.ranges(scenario).items()]
    for name, latent in calibration.latent.items():
        given = getattr(scenario.exogenous, name).values
        if given is None:
            raise UserError(
                f"latent.{name}: is read from the record; allowed: what the scenario gives by "
                "values, as weather"
            )
        found += [
            Key.normal(f"exogenous.{name}.values.{day}", given[day], latent.sd)
            for day in _chosen(f"latent.{name}", latent, scenario, given)
        ]
    for name, target in calibration.used().items():
        if target.bias is not None:
            found.append(Key.normal(f"{BIAS}{name}", 0.0, target.bias))
    return Cube(tuple(found))


def _chosen(place: str, latent: Latent, scenario: Scenario, given: Mapping[str, float]) -> Iterable[str]:
    """Return the dates of a latent series that are estimated."""
    first, last = scenario.period.start.year, scenario.period.end.year
    held: dict[int, list[str]] = {}
    for day in sorted(given):
        if first <= int(day[:4]) <= last:
            held.setdefault(int(day[:4]), []).append(day)
    allowed = f"allowed: {', '.join(map(str, sorted(held)))}"
    for year in latent.shown:
        if not first <= year <= last:
            raise UserError(f"{place}.shown: {year} is outside the run of '{scenario.name}'; "
                            f"allowed: {first} to {last}")  # fmt: skip
    wanted: Iterable[int]
    if latent.years is None:
        wanted = held
    elif isinstance(latent.years, list):
        wanted = latent.years
    else:
        try:
            period = parse_date(latent.years)
        except ValueError as error:
            raise UserError(f"{place}.years: {error}") from None
        wanted = range(period.start.year, period.end.year + 1)
    for year in wanted:
        if year not in held:
            raise UserError(
                f"{place}.years: the scenario gives no value for {year} within its period; {allowed}"
            )
    return [day for year in sorted(set(wanted)) for day in held[year]]
