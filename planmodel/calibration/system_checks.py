"""Checks of the smaller systems: the same statements and claims, about the quantities of a system.

The names that a claim may use are those of the system, and a path is read month by month, not over twelve
months: these histories last few years.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from planmodel.calibration.checking import Judged, Verdict, compared, within
from planmodel.calibration.checks import _STRICT, Check, Claim, Variant, _Name
from planmodel.calibration.load import validated
from planmodel.documented.dates import parse_date
from planmodel.economy import run_fully
from planmodel.engine import Array, PlanmodelError, UserError
from planmodel.indicators import Indicator, Measure, observe_quantity
from planmodel.scenario import Scenario
from planmodel.scenario.declarations import Declarations
from planmodel.scenario.explain import Layer
from planmodel.scenario.load import change_scenario, configuration_folder, read_toml
from planmodel.scenario.schema import hint


class SystemVariant(Variant):
    """How a run differs from the scenario of the system."""

    @field_validator("switch_off")
    @classmethod
    def _switches_known(cls, names: list[str]) -> list[str]:
        return names  # looked up when the system is known: see load_system_checks


class SystemClaim(Claim):
    """A measure of a run of the system."""

    @field_validator("of", "over")
    @classmethod
    def _known(cls, name: str | None, _: ValidationInfo) -> str | None:
        return name  # likewise

    @model_validator(mode="after")
    def _dates_fit(self) -> Self:
        return self  # likewise


class SystemCheck(Check):
    """A statement that a run of the system must bear out."""

    runs: dict[_Name, SystemVariant] = Field(default_factory=dict)  # type: ignore[assignment]
    given: list[SystemClaim] = Field(default_factory=list)  # type: ignore[assignment]
    claims: Annotated[list[SystemClaim], Field(min_length=1)]  # type: ignore[assignment]


class SystemChecks(BaseModel):
    """A file of checks of a system."""

    model_config = _STRICT
    title: str = ""
    checks: Annotated[dict[_Name, SystemCheck], Field(min_length=1)]


def load_system_checks(declared: Declarations, source: str | Path | None = None) -> dict[str, SystemCheck]:
    """Read the ready checks of a system, or a file.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    file = configuration_folder() / "systems" / "checks" / f"{declared.name}.toml"
    file = file if source is None else Path(source)
    tree = read_toml(file)
    found = validated(SystemChecks, tree, [Layer(str(file), tree)]).checks
    known = set(declared.recordable())
    flows = {flow.name for flow in declared.flows()}
    measures: dict[str, Measure] = {name: "flow" if name in flows else "stock" for name in known}
    for name, check in found.items():
        for place, claim in check.placed():
            for key, quantity in (("of", claim.of), ("over", claim.over)):
                if quantity is not None and quantity not in known:
                    meant = hint(quantity, known)
                    where = f"checks.{name}.{place}.{key}"
                    raise UserError(f"{file}: {where}: the system has no quantity '{quantity}'{meant}")
            wrong = claim.wrong_date(lambda name: Indicator(name, name, "", measures[name], (name,)))
            if wrong:
                raise UserError(f"{file}: checks.{name}.{place}.dates: {wrong}")
        for run, variant in check.runs.items():
            where = f"{file}: checks.{name}.runs.{run}"
            for switch in variant.switch_off:
                if switch not in declared.switches():
                    meant = hint(switch, declared.switches())
                    raise UserError(f"{where}.switch_off: '{switch}' is no mechanism{meant}")
            if variant.sweep is not None:
                raise UserError(f"{where}.sweep: not for smaller systems; allowed: set and switch_off")
    return dict(found)


def judge_system(checks: Mapping[str, SystemCheck], scenario: Scenario) -> list[Verdict]:
    """Run all that the checks speak of, each variant once, and judge.

    Raises
    ------
    UserError
        If a check sets what the scenario does not know, or speaks of dates that the run does not cover.
    """
    done: dict[str, xr.Dataset | PlanmodelError] = {}

    def dataset(check: SystemCheck, name: str, place: str) -> xr.Dataset:
        variant = Variant() if name == "base" else check.runs[name]
        label = variant.model_dump_json()
        if label not in done:
            changes = variant.changes
            changed = change_scenario(scenario, changes, f"{place}.runs.{name}") if changes else scenario
            try:
                done[label] = run_fully(changed).dataset
            except UserError:
                raise
            except PlanmodelError as error:  # books that do not close fail the check, not the command
                done[label] = error
        found = done[label]
        if isinstance(found, PlanmodelError):
            raise found
        return found

    verdicts = []
    for name, check in checks.items():
        judged = []
        problem = ""
        for _, claim in check.placed():
            place = f"checks.{name}"
            try:
                figures = measure(claim, dataset(check, claim.run, place))
                if claim.against is not None:
                    other = measure(claim, dataset(check, claim.against, place))
                    figures = compared(claim, figures, other)
            except UserError as error:
                raise UserError(f"{place}: {error}") from None
            except PlanmodelError as error:
                problem = str(error)
                break
            judged.append(Judged(claim, figures, within(claim, figures)))
        verdicts.append(Verdict(name, check, () if problem else tuple(judged), problem))
    return verdicts


def measure(claim: Claim, dataset: xr.Dataset) -> Array:
    """Return what a claim measures in a run of a system, shape ``(members,)``."""
    if isinstance(claim.dates, list):
        before, after = (_value(claim, dataset, text) for text in claim.dates)
        return after / np.where(before != 0.0, before, np.nan) - 1.0
    if claim.measure == "value":
        return _value(claim, dataset, claim.dates)
    period = parse_date(claim.dates)
    time = pd.DatetimeIndex(dataset["time"].values)
    inside = (time >= pd.Timestamp(period.start)) & (time <= pd.Timestamp(period.end))
    if not inside.any():
        raise UserError(f"{claim.dates}: the run does not cover this span")
    values = np.asarray(dataset[claim.of].values)[:, inside]
    years = np.array([day.year + day.month / 12 for day in time])[inside]
    if claim.measure == "lowest":
        return values.min(axis=1)
    if claim.measure in ("highest", "peak_height"):
        return values.max(axis=1)
    if claim.measure == "peak_date":
        return years[values.argmax(axis=1)]
    height = np.maximum.accumulate(values, axis=1)
    fall = values / np.where(height > 0.0, height, np.nan) - 1.0
    if claim.measure == "trough_depth":
        return np.nanmin(fall, axis=1)
    return years[np.nanargmin(fall, axis=1)]


def _value(claim: Claim, dataset: xr.Dataset, text: str) -> Array:
    period = parse_date(text)
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)

    def seen(name: str) -> Array:
        found = observe_quantity(dataset, name, start, end)
        if found is None:
            raise UserError(f"{text}: the run does not cover this date")
        return found

    above = seen(claim.of)
    if claim.over is None:
        return above
    below = seen(claim.over)
    return above / np.where(below != 0.0, below, np.nan)
