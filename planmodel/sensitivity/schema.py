"""The schema of an analysis: whose members, which outputs, which method."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from planmodel.documented.dates import parse_date
from planmodel.runs.checks import Claim, Variant
from planmodel.runs.schema import Text, Vary
from planmodel.scenario.data import Data
from planmodel.scenario.indicators import NOT_MONTHLY
from planmodel.scenario.names import hint

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
_Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]

Method = Literal["morris", "sobol", "delta", "pawn", "prcc", "discovery", "attribution"]
OWN_DESIGN = ("morris", "sobol", "attribution")  # the others share one sample
INDEPENDENT = ("morris", "sobol")
EXACT = 12  # players up to which all subsets are run
_BOUNDS = ("above", "below", "between", "outside", "trend")


class Output(Claim):
    """What is measured: as in a check, but without bounds.

    ``yearly`` measures every year of a span, so that the evolution can be seen.
    """

    title: str = ""
    yearly: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name in _BOUNDS:
            if getattr(self, name) is not None:
                raise ValueError(f".{name}: an output has no bounds; allowed: in the claims of an outcome")
        check_measure(self)
        if self.yearly:
            text = self.dates if isinstance(self.dates, str) else ""
            if self.measure != "value" or ".." not in text or parse_date(text).form != "years":
                raise ValueError('.yearly: needs measure = "value" and years such as dates = "1929..1940"')
        return self

    def by_year(self) -> list[tuple[int, Output]]:
        """Return one output for each year of the span."""
        assert isinstance(self.dates, str)
        period = parse_date(self.dates)
        years = range(period.start.year, period.end.year + 1)
        return [(y, self.model_copy(update={"dates": str(y), "yearly": False})) for y in years]


def check_measure(claim: Claim) -> None:
    """Refuse dates that do not go with the measure.

    Raises
    ------
    ValueError
        Naming the key and what is allowed.
    """
    if (claim.measure == "growth") != isinstance(claim.dates, list):
        needs = "two dates" if claim.measure == "growth" else "one date or span"
        raise ValueError(f".dates: {claim.measure} needs {needs}")
    spans = claim.measure not in ("value", "growth")
    if spans and ".." not in claim.dates:
        raise ValueError(f".dates: {claim.measure} needs a span such as 1931-01-01..1934-12-31")
    if spans and claim.economy.quantity(claim.of).measure in set(NOT_MONTHLY) - {"ratio"}:
        raise ValueError(f".of: {claim.of} compares years and has no path; allowed: value, growth")
    if spans and claim.over is not None:
        raise ValueError(f".over: belongs to value and growth, not to {claim.measure}")


class Player(Variant):
    """A mechanism of an attribution: what is switched off or set where it does not play."""

    title: str = ""

    @model_validator(mode="after")
    def _plays(self) -> Self:
        if self.sweep is not None:
            raise ValueError(".sweep: does not go with a player; allowed: switch_off and set")
        if not self.switch_off and not self.set:
            raise ValueError("changes nothing; allowed: switch_off or set")
        return self


class Outcome(BaseModel):
    """A named outcome, for scenario discovery: claims of which all or any must hold."""

    model_config = _STRICT
    title: str = ""
    need: Literal["all", "any"] = "all"
    claims: Annotated[list[Claim], Field(min_length=1)]

    @model_validator(mode="after")
    def _no_trend(self) -> Self:
        for number, claim in enumerate(self.claims):
            if claim.trend is not None:
                raise ValueError(
                    f".claims.{number}.trend: is of a sweep; allowed: above, below, between, outside"
                )
        return self


class Analysis(BaseModel):
    """An analysis: members as those of an ensemble, outputs, and a method.

    ``samples``: trajectories of Morris, base points of Sobol, members of the other methods, draws of an
    attribution. ``file``: draws of a posterior (or a table) instead of ``vary``, where ``vary`` may name the
    columns to take. ``resamples``: bootstrap samples of the intervals. ``tolerance``: how wide an interval
    may be to each side, and how far an index may have moved since half the sample, to be interpreted.
    ``permutations``: pairs of orders tried where there are more than 12 players. ``density``: share of
    members in a box of scenario discovery that must have the outcome.
    """

    model_config = _STRICT
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    title: str = ""
    scenario: Text = "baseline"
    data: Data = None
    until: date | None = None
    changes: dict[str, Any] = {}
    methods: Annotated[list[Method], Field(min_length=1, alias="method")]
    samples: Annotated[int, Field(ge=1, le=1_000_000)]
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    shocks: Literal["own", "none"] = "none"
    second_order: bool = False
    resamples: Annotated[int, Field(ge=20, le=10_000)] = 100
    tolerance: Annotated[float, Field(ge=0.001, le=1)] = 0.1
    permutations: Annotated[int, Field(ge=2, le=10_000)] = 100
    density: Annotated[float, Field(ge=0.01, le=1)] = 0.8
    file: Text | None = None
    vary: dict[str, Vary] = {}
    groups: dict[_Name, Annotated[list[Text], Field(min_length=1)]] = {}
    runs: dict[_Name, Variant] = {}
    outputs: dict[_Name, Output] = {}
    outcomes: dict[_Name, Outcome] = {}
    players: dict[_Name, Player] = {}

    @property
    def attributes(self) -> bool:
        """Whether mechanisms are asked for, not inputs."""
        return "attribution" in self.methods

    @field_validator("methods", mode="before")
    @classmethod
    def _one_or_several(cls, method: Any) -> Any:
        return [method] if isinstance(method, str) else method

    @model_validator(mode="after")
    def _methods_fit(self) -> Self:
        for name in self.methods:
            if self.methods.count(name) > 1:
                raise ValueError(f'method: "{name}" stands twice; allowed: each once')
            if name in OWN_DESIGN and len(self.methods) > 1:
                raise ValueError(
                    f'method: "{name}" needs members of its own; allowed: alone, or several of delta, pawn, '
                    "prcc, discovery"
                )
            if name in INDEPENDENT and self.file is not None:
                raise ValueError(
                    f'method: "{name}" needs independent inputs, and draws of a file are not; '
                    "allowed: delta, pawn, prcc, discovery, attribution, or vary without file"
                )
        if self.second_order and "sobol" not in self.methods:
            raise ValueError('second_order: is for method = "sobol"')
        if "sobol" in self.methods and self.samples.bit_count() != 1:
            raise ValueError(f"samples: {self.samples} is not a power of two; allowed: such as 1024")
        if self.shocks == "own" and set(self.methods) & set(INDEPENDENT):
            raise ValueError(
                'shocks: "own" would be taken for effects of the inputs; allowed: "none" with this method'
            )
        return self

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if not self.attributes and self.file is None and not self.vary:
            raise ValueError("vary: is empty; allowed: at least one key in which members differ, or file")
        for part, method in (("players", "attribution"), ("outcomes", "discovery")):
            if bool(getattr(self, part)) != (method in self.methods):
                word = "are for" if getattr(self, part) else "are missing; needed by"
                raise ValueError(f'{part}: {word} method = "{method}"')
        if self.attributes and len(self.players) < 2:
            raise ValueError("players: one alone has nothing to share; allowed: two or more")
        if not self.outputs and self.methods != ["discovery"]:
            raise ValueError("outputs: is empty; allowed: at least one output")
        if self.groups and not set(self.methods) <= set(INDEPENDENT):
            raise ValueError('groups: are for method = "morris" or "sobol"')
        return self

    @model_validator(mode="after")
    def _runs_known(self) -> Self:
        if "base" in self.runs:
            raise ValueError("runs.base: the scenario itself; allowed: another name")
        for name, run in self.runs.items():
            if run.sweep is not None:
                raise ValueError(f"runs.{name}.sweep: is for checks; allowed: switch_off and set")
            if not run.switch_off and not run.set:
                raise ValueError(f"runs.{name}: changes nothing; allowed: switch_off or set")
        known = {"base", *self.runs}
        for place, claim in self.placed():
            for key, run_name in (("run", claim.run), ("against", claim.against)):
                if run_name is not None and run_name not in known:
                    raise ValueError(f"{place}.{key}: no run is called '{run_name}'{hint(run_name, known)}")
            if self.attributes and (claim.run != "base" or claim.against is not None):
                raise ValueError(f"{place}.run: an attribution compares its own runs; allowed: none")
        return self

    def placed(self) -> list[tuple[str, Claim]]:
        """Return all that is measured, with its place in the file."""
        found: list[tuple[str, Claim]] = [
            (f"outputs.{name}", output) for name, output in self.outputs.items()
        ]
        for name, outcome in self.outcomes.items():
            found += [(f"outcomes.{name}.claims.{i}", claim) for i, claim in enumerate(outcome.claims)]
        return found
