"""Reality checks: named, executable statements about a run or a pair of runs, kept as data.

A check is a list of claims. A claim measures something in a run (or sets two runs beside each other) and says
within which bounds it must lie. Nothing here is fitted to: the checks are what the model is held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from planmodel.documented.dates import parse_date
from planmodel.engine import UserError
from planmodel.scenario import registry
from planmodel.scenario.configurations import find_file, read_layers, ready_files, validated
from planmodel.scenario.economy import Economy
from planmodel.scenario.finding import economy_files, scenario_files
from planmodel.scenario.indicators import unfit
from planmodel.scenario.names import hint
from planmodel.scenario.of_economy import OfEconomy, economy_in
from planmodel.scenario.origins import dotted
from planmodel.scenario.registry import DEFAULT
from planmodel.scenario.toml import read_toml

CHECKS = "checks.toml"  # of an economy, in its folder
_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
_Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
_Pair = Annotated[list[float], Field(min_length=2, max_length=2)]

Measure = Literal[
    "value", "growth", "trough_depth", "trough_date", "peak_height", "peak_date", "lowest", "highest"
]
_SPANS = ("trough_depth", "trough_date", "peak_height", "peak_date", "lowest", "highest")


class Sweep(OfEconomy):
    """Several members that differ in one parameter."""

    model_config = _STRICT
    parameter: str
    values: Annotated[list[float], Field(min_length=2)]

    @model_validator(mode="after")
    def _known(self) -> Self:
        component, _, name = self.parameter.partition(".")
        known = [f"{c}.{n}" for c, group in self.economy.parameters().items() for n in group]
        if self.parameter not in known:
            raise ValueError(f".parameter: no parameter is called '{self.parameter}'"
                             f"{hint(self.parameter, known)}")  # fmt: skip
        low, high = self.economy.parameters()[component][name].bounds
        for value in self.values:
            if not low <= value <= high:
                raise ValueError(f".values: {value:g} is out of bounds; allowed: {low:g} to {high:g}")
        return self


class Variant(OfEconomy):
    """How a run differs from the scenario that is checked."""

    model_config = _STRICT
    switch_off: list[str] = Field(default_factory=list)
    set: dict[str, Any] = Field(default_factory=dict)
    sweep: Sweep | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """What changes in the scenario, by dotted key."""
        return {**self.set, **{f"switches.{name}": False for name in self.switch_off}}

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        said = dotted(self.set, ".set.")
        for name in self.switch_off:
            if f"switches.{name}" in said:
                raise ValueError(f".switch_off: '{name}' is set too; allowed: one of the two")
        return self

    @field_validator("switch_off")
    @classmethod
    def _switches_known(cls, names: list[str], info: ValidationInfo) -> list[str]:
        known = economy_in(info).switches()
        for name in names:
            if name not in known:
                raise ValueError(f"'{name}' is no mechanism{hint(name, known)}")
        return names


class OtherRun(Variant):
    """A run to set beside the one that is checked: it, changed, or another ready scenario, changed or not."""

    scenario: str | None = None

    @field_validator("scenario")
    @classmethod
    def _scenario_known(cls, name: str | None) -> str | None:
        known = scenario_files() | economy_files()
        if name is not None and name not in known:
            raise ValueError(f"no scenario is called '{name}'{hint(name, known)}")
        return name


class Claim(OfEconomy):
    """A measure of a run, or of two, and its bounds.

    ``value``: the quantity on a date or over a span. ``growth``: from the first to the second of two dates,
    as a share. ``trough_depth`` and ``trough_date``: the deepest fall below an earlier height within a span,
    as a share, and when, in years; flows and averages over twelve months that end in the span. ``lowest`` and
    ``highest``: over the months of a span. ``against`` names a second run: the figure is then the ``ratio``
    or ``difference`` of the first to the second. ``trend`` asks a sweep to rise or fall with its parameter.
    """

    model_config = _STRICT
    measure: Measure = "value"
    of: str
    over: str | None = None
    dates: str | Annotated[list[str], Field(min_length=2, max_length=2)]
    run: str = "base"
    against: str | None = None
    compare: Literal["ratio", "difference"] = "ratio"
    above: float | None = None
    below: float | None = None
    between: _Pair | None = None
    outside: _Pair | None = None
    trend: Literal["rises", "falls"] | None = None

    @field_validator("of", "over")
    @classmethod
    def _known(cls, name: str | None, info: ValidationInfo) -> str | None:
        known = economy_in(info).quantities()
        if name is not None and name not in known:
            raise ValueError(f"the model has no quantity '{name}'{hint(name, known)}")
        return name

    @field_validator("dates")
    @classmethod
    def _dates_valid(cls, dates: str | list[str]) -> str | list[str]:
        for text in [dates] if isinstance(dates, str) else dates:
            parse_date(text)
        return dates

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.measure == "growth") != isinstance(self.dates, list):
            needs = "two dates" if self.measure == "growth" else "one date or span"
            raise ValueError(f".dates: {self.measure} needs {needs}")
        if self.measure in _SPANS and ".." not in self.dates:
            raise ValueError(f".dates: {self.measure} needs a span such as 1931..1934")
        bounds = [
            b for b in (self.above, self.below, self.between, self.outside, self.trend) if b is not None
        ]
        if not bounds or (len(bounds) > 1 and {self.above, self.below} & {None}):
            raise ValueError("needs a bound: above, below, between, outside, or a trend")
        if self.over is not None and self.measure not in ("value", "growth"):
            raise ValueError(f".over: belongs to value and growth, not to {self.measure}")
        return self

    @model_validator(mode="after")
    def _dates_fit(self) -> Self:
        wrong = self.wrong_date()
        if wrong:
            raise ValueError(f".dates: {wrong}")
        return self

    def wrong_date(self) -> str:
        """Say which date does not go with what is measured on it; empty if all do."""
        for text in [self.dates] if isinstance(self.dates, str) else self.dates:
            period = parse_date(text)
            for name in (self.of, self.over) if self.measure in ("value", "growth") else ():
                if name is None:
                    continue
                indicator = self.economy.quantity(name, on_a_day=True)
                wrong = unfit(indicator, period.start, period.end)
                if wrong:
                    return f"{text}: {wrong}"
        return ""

    def measured(self) -> str:
        """Say what is measured."""
        dates = self.dates if isinstance(self.dates, str) else " to ".join(self.dates)
        what = f"{self.measure.replace('_', ' ')} of {self.of}{f' over {self.over}' if self.over else ''}"
        run = "" if self.run == "base" else f", {self.run}"
        if self.against is not None:
            run = f", {self.compare} of {self.run} to {self.against}"
        return f"{what}, {dates}{run}"

    def bound(self) -> str:
        """Say the bounds in words."""
        if self.between is not None:
            return f"{self.between[0]:g} to {self.between[1]:g}"
        if self.outside is not None:
            return f"outside {self.outside[0]:g} to {self.outside[1]:g}"
        if self.trend is not None:
            return self.trend
        sides = [("above", self.above), ("below", self.below)]
        return " and ".join(f"{word} {value:g}" for word, value in sides if value is not None)


class Check(BaseModel):
    """A statement that a run must bear out.

    All claims that are ``given`` must hold, or else the statement has no object (without a crisis nothing can
    be said of what it comes from); of the others, as ``need`` says, all or any.
    """

    model_config = _STRICT
    statement: Annotated[str, Field(min_length=10)]
    source: Annotated[str, Field(min_length=3)]
    fact: Annotated[int, Field(ge=1, le=15)] | None = None
    need: Literal["all", "any"] = "all"
    runs: dict[_Name, OtherRun] = {}
    given: list[Claim] = []
    claims: Annotated[list[Claim], Field(min_length=1)]

    @model_validator(mode="after")
    def _runs_known(self) -> Self:
        known = {"base", *self.runs}
        if "base" in self.runs:
            raise ValueError(".runs.base: the scenario itself; allowed: another name")
        for place, claim in self.placed():
            for key, name in (("run", claim.run), ("against", claim.against)):
                if name is not None and name not in known:
                    raise ValueError(f".{place}.{key}: no run is called '{name}'{hint(name, known)}")
            swept = claim.run != "base" and self.runs[claim.run].sweep is not None
            if swept != (claim.trend is not None):
                raise ValueError(f".{place}.trend: goes with a run that has a sweep")
        return self

    def placed(self) -> Iterator[tuple[str, Claim]]:
        """Yield all claims, those that are given first, with their places in the file."""
        for key, claims in (("given", self.given), ("claims", self.claims)):
            for number, claim in enumerate(claims):
                yield f"{key}.{number}", claim


class Joint(BaseModel):
    """Checks of one file that are counted together: a draw has them if it has all."""

    model_config = _STRICT
    title: Annotated[str, Field(min_length=3)]
    checks: Annotated[list[str], Field(min_length=1)]


class Checks(BaseModel):
    """A file of checks; those of a file that says so are run only where the file is named."""

    model_config = _STRICT
    title: str = ""
    only_by_name: bool = False
    checks: Annotated[dict[_Name, Check], Field(min_length=1)]
    joint: dict[_Name, Joint] = {}

    @model_validator(mode="after")
    def _joined_known(self) -> Self:
        for name, joint in self.joint.items():
            for check in joint.checks:
                if check not in self.checks:
                    raise ValueError(
                        f"joint.{name}.checks: this file has no check '{check}'{hint(check, self.checks)}"
                    )
            if len(set(joint.checks)) < len(joint.checks):
                raise ValueError(f"joint.{name}.checks: names a check twice; allowed: each once")
        return self


def check_files(economy: Economy) -> dict[str, Path]:
    """Return the ready checks of an economy by name: those in its folder, or of the whole model."""
    if economy.plain_name == DEFAULT:
        return ready_files("checks")
    file = economy.folder / CHECKS
    return {economy.folder.name: file} if file.is_file() else {}


def checks_by_name(economy: str) -> list[str]:
    """Return the ready checks of an economy that are run only where they are named; none where it is gone."""
    try:
        files = check_files(registry.economy(economy))
    except UserError:
        return []
    return [name for name, file in files.items() if read_toml(file).get("only_by_name") is True]


def load_checks(source: str | Path | None = None, economy: Economy | None = None) -> dict[str, Check]:
    """Read checks of an economy: of one file, given by name or path, or all that are ready.

    Without a source those that are ``only_by_name`` are left out; without an economy the whole model is
    meant.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    return {name: check for read in _files(source, economy) for name, check in read.checks.items()}


def load_joints(source: str | Path | None = None, economy: Economy | None = None) -> dict[str, Joint]:
    """Read which checks are counted together, of the same files as :func:`load_checks`."""
    return {name: joint for read in _files(source, economy) for name, joint in read.joint.items()}


def _files(source: str | Path | None, economy: Economy | None) -> Iterator[Checks]:
    """Yield the files of checks that are meant."""
    of = registry.economy() if economy is None else economy
    ready = check_files(of)
    files = (
        list(ready.values()) if source is None else [ready.get(str(source)) or find_file(source, "checks")]
    )
    for file in files:
        layers = read_layers(file, "checks")
        read = validated(Checks, dict(layers[-1].tree), layers, of)
        if source is not None or not read.only_by_name:
            yield read
