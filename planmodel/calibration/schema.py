"""The schema of a calibration: which parameters are fitted, to which figures, with what errors, and how."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from planmodel.documented import Record
from planmodel.documented.vocabulary import Firmness
from planmodel.engine.parameters import Evidence
from planmodel.scenario import Scenario, registry
from planmodel.scenario.data import Data, record_of, with_data
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.scenario.of_economy import OfEconomy

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

Transform = Literal["level", "growth", "ratio", "share", "rate"]
Scale = Literal["relative", "absolute"]
DAMPINGS = 5  # trial steps of Gauss-Newton that are taken side by side
_Size = Annotated[float, Field(ge=0, le=10)]


class Errors(BaseModel):
    """Standard errors by mark, as shares of the figure (or, for shares, in absolute terms).

    ``recalled`` is added (in squares) where a figure is written down from memory, or is the user's own, whose
    page nobody here has checked; ``reading`` where it is our number for words: at least as much; ``spread``
    multiplies the standard deviation between the versions of a date; ``discrepancy`` is what the model, right
    or wrong in its forms, is not expected to hit; ``persistence`` is the correlation of errors from one
    figure of a series to the next, which makes long series worth less than the number of their points.
    """

    model_config = _STRICT
    high: _Size = 0.03
    medium: _Size = 0.06
    contested: _Size = 0.15
    ocr_doubt: _Size = 0.15
    recalled: _Size = 0.02
    reading: _Size = 0.10
    spread: _Size = 1.0
    discrepancy: _Size = 0.05
    persistence: Annotated[float, Field(ge=0, le=0.95)] = 0.5

    @model_validator(mode="after")
    def _words_are_the_weakest(self) -> Self:
        if self.reading < self.recalled:
            raise ValueError(f".reading: {self.reading:g} is below that of recalled figures; "
                             f"allowed: {self.recalled:g} or more")  # fmt: skip
        return self


class Range(BaseModel):
    """Where a fitted parameter is sought: uniform over the declared bounds, or over a part of them."""

    model_config = _STRICT
    low: float | None = None
    high: float | None = None


class Latent(BaseModel):
    """An exogenous series whose values are not known but estimated: those of ``years``, all by default.

    The prior of each is normal around the value of the scenario, with the standard deviation ``sd``, cut off
    at three of them. ``indicator`` is what it shows itself in: the report sets the model's ``shown`` years of
    it beside every version of the record.
    """

    model_config = _STRICT
    sd: Annotated[float, Field(ge=1e-6, le=10)]
    years: str | Annotated[list[int], Field(min_length=1)] | None = None
    indicator: str
    shown: Annotated[list[int], Field(min_length=1)]


class Target(BaseModel):
    """A documented series, or a stated value or bound, that the model is fitted to.

    ``transform`` says what is compared: the ``level``; the ``growth`` since the figure before; the ``ratio``
    to the figure of ``base``; the ``share`` in another series (``of``); or, where the record itself holds
    growth, the ``rate``. With ``bias`` the series has a constant bias of its own, which is estimated too: the
    figures are those of the model times exp(b) (plus b for shares), b normal around zero with this standard
    deviation. A ``firm`` target keeps its declared discrepancy in the posterior, where that of the others is
    estimated: draws that miss it are ruled out, however ill the best fit does.
    """

    model_config = _STRICT
    series: str | None = None
    model: str | None = None
    version: str | Annotated[list[str], Field(min_length=1)] | None = None
    kinds: Annotated[list[str], Field(min_length=1)] | None = None
    years: str | Annotated[list[int], Field(min_length=1)] | None = None
    transform: Transform = "level"
    base: str | None = None
    of: str | None = None
    scale: Scale | None = None
    error: Annotated[float, Field(ge=1e-6, le=10)] | None = None
    discrepancy: _Size | None = None
    weight: Annotated[float, Field(ge=0, le=100)] = 1.0
    bias: Annotated[float, Field(ge=1e-6, le=10)] | None = None
    firm: bool = False
    use: bool = True
    date: str | None = None
    value: float | None = None
    below: float | None = None
    above: float | None = None
    between: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    source: Annotated[str, Field(min_length=3)] | None = None
    evidence: Evidence | None = None

    @property
    def stated(self) -> bool:
        """Whether the figure stands in the configuration itself."""
        return self.date is not None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [k for k in ("value", "below", "above", "between") if getattr(self, k) is not None]
        if self.stated:
            if len(given) != 1:
                raise ValueError("a stated target needs one of value, below, above, between")
            if self.source is None or self.evidence is None or self.error is None:
                raise ValueError("a stated target needs source, evidence and error")
            if self.version or self.years or self.kinds:
                raise ValueError("give either date (a stated target) or version (a series of the record)")
            if self.between is not None and self.between[0] >= self.between[1]:
                raise ValueError(".between: the first must be below the second")
        elif given:
            raise ValueError(f".{given[0]}: a stated target needs its date")
        elif self.version is None:
            raise ValueError("a series of the record needs its version")
        return self

    @model_validator(mode="after")
    def _transform_complete(self) -> Self:
        for needed, key in (("ratio", "base"), ("share", "of")):
            if self.transform == needed and getattr(self, key) is None:
                raise ValueError(f'.transform: "{needed}" needs {key}')
            if self.transform != needed and getattr(self, key) is not None:
                raise ValueError(f'.{key}: belongs to transform = "{needed}"')
        if self.bias is not None and self.transform not in ("level", "share"):
            raise ValueError('.bias: cancels out here; allowed: with transform = "level" or "share"')
        if self.transform == "growth" and self.stated:
            raise ValueError('.transform: "growth" needs a series; for a stated growth take "rate"')
        return self


class Search(BaseModel):
    """How the best parameters are sought.

    Of a ``sample`` of the cube the best ``points`` descend for ``descent`` steps of Gauss-Newton; in each of
    ``rounds`` they are crossed and the children descend; the best ``starts`` end with ``polish`` steps.
    ``step`` is that of the finite differences, in the unit cube.
    """

    model_config = _STRICT
    sample: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    points: Annotated[int, Field(ge=1, le=1000)] = 24
    descent: Annotated[int, Field(ge=1, le=1000)] = 6
    rounds: Annotated[int, Field(ge=0, le=1000)] = 10
    starts: Annotated[int, Field(ge=1, le=64)] = 3
    polish: Annotated[int, Field(ge=0, le=1000)] = 15
    step: Annotated[float, Field(ge=1e-6, le=0.1)] = 0.004
    loss: Literal["gaussian", "cauchy"] = "cauchy"
    loss_scale: Annotated[float, Field(ge=0.1, le=100)] = 3.0

    def runs(self, keys: int, rounds: int) -> int:
        """Return how many runs a search of so many parameters takes at most, polish apart."""
        return sum(self.calls(keys, rounds))

    def calls(self, keys: int, rounds: int, polish: bool = False) -> list[int]:
        """Return how many runs are asked for at a time, by turns, at most."""
        step = [self.points * keys, self.points * DAMPINGS]  # a Jacobian and the trial steps
        found = [self.sample, *(rounds + 1) * [self.points, *self.descent * step]]
        ends = [self.starts, *self.polish * [self.starts * keys, self.starts * DAMPINGS]]
        return found + (ends if polish else [])

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.starts > self.points:
            raise ValueError(f".starts: {self.starts} of {self.points} points; allowed: at most as many")
        if self.points - 1 > self.sample:
            raise ValueError(
                f".points: {self.points} of a sample of {self.sample}; allowed: one more at most"
            )
        return self


class Posterior(BaseModel):
    """How the posterior is drawn: an ensemble of walkers that move together."""

    model_config = _STRICT
    walkers: Annotated[int, Field(ge=8, le=100_000)] = 1000
    steps: Annotated[int, Field(ge=2, le=1_000_000)] = 400
    burn: Annotated[float, Field(ge=0, le=0.9)] = 0.5
    draws: Annotated[int, Field(ge=10, le=100_000)] = 1000


class Tempering(BaseModel):
    """How the posterior is drawn from the whole prior: see :mod:`planmodel.calibration.tempering`.

    ``effective`` is the share of particles that a step leaves effective; ``moves`` are made at each power of
    the likelihood, ``last_moves`` at the last; after ``most_powers`` it is broken off.
    """

    model_config = _STRICT
    particles: Annotated[int, Field(ge=20, le=100_000)] = 1000
    moves: Annotated[int, Field(ge=1, le=1000)] = 8
    last_moves: Annotated[int, Field(ge=1, le=10_000)] = 24
    effective: Annotated[float, Field(ge=0.05, le=0.95)] = 0.5
    most_powers: Annotated[int, Field(ge=1, le=10_000)] = 200


class Validation(BaseModel):
    """Fit up to ``fit_until``, forecast what comes after."""

    model_config = _STRICT
    fit_until: Annotated[int, Field(ge=1900, le=1960)] = 1936
    moves: _Size = 0.05


class Rival(BaseModel):
    """Another form of the model, to be held against the same figures: see :meth:`Calibration.rival`.

    It may run another scenario, switch mechanisms off, change any value of the scenario, and seek parameters
    and latent values besides those of the calibration; what it holds it does not seek. ``source`` says who
    would have it so.
    """

    model_config = _STRICT
    title: Annotated[str, Field(min_length=3)]
    source: str = ""
    scenario: str | None = None
    switch_off: list[str] = Field(default_factory=list)
    changes: dict[str, Any] = Field(default_factory=dict)
    fit: dict[str, dict[str, Range]] = Field(default_factory=dict)
    hold: dict[str, dict[str, float]] = Field(default_factory=dict)
    latent: dict[str, Latent] = Field(default_factory=dict)


class Calibration(OfEconomy):
    """Everything that defines a calibration, apart from the seed.

    ``switch_off`` and ``changes`` are laid over the scenario; ``rivals`` are other forms of it.

    ``data`` are figures of the user's own, those of the scenario among them: see
    :mod:`planmodel.scenario.data`. A ``trial`` says of itself, wherever its result is read, that it is no
    whole fit. ``evidence`` is the least firm mark of figures that are fitted to; a target that has none is
    out of use.
    """

    model_config = _STRICT
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    title: str = ""
    description: str = ""
    scenario: str = "baseline"
    data: Data = None
    around: Annotated[float, Field(gt=0, le=1)] | None = None
    evidence: Firmness | None = None
    fit: dict[str, dict[str, Range]]
    hold: dict[str, dict[str, float]] = Field(default_factory=dict)
    latent: dict[str, Latent] = Field(default_factory=dict)
    switch_off: list[str] = Field(default_factory=list)
    changes: dict[str, Any] = Field(default_factory=dict)
    rivals: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")], Rival] = Field(default_factory=dict)
    trial: bool = False
    targets: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Target]
    errors: Errors = Errors()
    search: Search = Search()
    posterior: Posterior = Posterior()
    tempering: Tempering = Tempering()
    validation: Validation = Validation()

    @cached_property
    def documented(self) -> Record:
        """The documented record, together with the figures of ``data``."""
        return record_of(self.data)

    @cached_property
    def economy(self) -> Economy:
        """The economy that it speaks of; it answers to the variables of ``data`` too."""
        return with_data(registry.economy(self._economy), self.data)

    def ranges(self, scenario: Scenario | None = None) -> dict[str, tuple[float, float]]:
        """Return where each fitted parameter is sought, in the order of the file.

        That is within its declared bounds, or with ``around`` within this share of their width on either
        side of its value in ``scenario``; ``low`` and ``high`` of its own come before both.
        """
        found = {}
        for component, group in self.fit.items():
            for name, sought in group.items():
                low, high = self.economy.parameters()[component][name].bounds
                if self.around is not None and scenario is not None:
                    value = getattr(getattr(scenario.parameters, component), name)
                    reach = self.around * (high - low)
                    low, high = max(low, value - reach), min(high, value + reach)
                low = low if sought.low is None else sought.low
                found[f"{component}.{name}"] = (low, high if sought.high is None else sought.high)
        return found

    def rival(self, name: str) -> Self:
        """Return the calibration of a rival: the same figures, held against another form of the model."""
        own = self.rivals[name]
        return self.model_copy(
            update={
                "name": name,
                "title": own.title,
                "description": own.source,
                "scenario": own.scenario or self.scenario,
                "switch_off": [*self.switch_off, *own.switch_off],
                "changes": self.changes | own.changes,
                "fit": _laid(_less(self.fit, own.hold), own.fit),
                "hold": _laid(_less(self.hold, own.fit), own.hold),
                "latent": self.latent | own.latent,
                "rivals": {},
            }
        )

    def used(self) -> dict[str, Target]:
        """Return the targets in use."""
        return {name: target for name, target in self.targets.items() if target.use}

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._check()
        for name in self.rivals:
            try:
                self.rival(name)._check()
            except ValueError as error:
                raise ValueError(f"rivals.{name}.{error}") from None
        return self

    def _check(self) -> None:
        """Refuse names that the economy does not have, and values out of bounds."""
        self._parameters_known()
        self._within_bounds()
        self._latent_known()
        self._switches_known()

    def _parameters_known(self) -> None:
        for place, component, name in self._named():
            known = self.economy.parameters()
            if component not in known:
                raise ValueError(f"{place}.{component}: no such component{hint(component, known)}")
            if name not in known[component]:
                raise ValueError(f"{place}.{component}.{name}: no such parameter"
                                 f"{hint(name, known[component])}")  # fmt: skip
        if not any(self.fit.values()):
            raise ValueError("fit: names no parameter; allowed: one or more, see `planmodel params`")

    def _within_bounds(self) -> None:
        for component, group in self.hold.items():
            for name, value in group.items():
                if name in self.fit.get(component, {}):
                    raise ValueError(f"hold.{component}.{name}: is held and fitted; allowed: one of the two")
                low, high = self.economy.parameters()[component][name].bounds
                if not low <= value <= high:
                    raise ValueError(f"hold.{component}.{name}: {value:g} is out of bounds; "
                                     f"allowed: {low:g} to {high:g}")  # fmt: skip
        for dotted, sought in self.ranges().items():
            component, _, name = dotted.partition(".")
            low, high = self.economy.parameters()[component][name].bounds
            for side, value in zip(("low", "high"), sought, strict=True):
                if not low <= value <= high:
                    raise ValueError(f"fit.{dotted}.{side}: {value:g} is out of bounds; "
                                     f"allowed: {low:g} to {high:g}")  # fmt: skip
            if sought[0] >= sought[1]:
                raise ValueError(f"fit.{dotted}: low {sought[0]:g} must be below high {sought[1]:g}")

    def _latent_known(self) -> None:
        for name, latent in self.latent.items():
            known = self.economy.inputs()
            if name not in known:
                raise ValueError(f"latent.{name}: no such exogenous series{hint(name, known)}")
            if latent.indicator not in self.economy.indicators:
                raise ValueError(f"latent.{name}.indicator: no such indicator of the model"
                                 f"{hint(latent.indicator, self.economy.indicators)}")  # fmt: skip

    @model_validator(mode="after")
    def _something_to_fit(self) -> Self:
        if not any(target.weight > 0 for target in self.used().values()):
            raise ValueError("targets: none is in use with a weight above zero")
        return self

    def _switches_known(self) -> None:
        known = self.economy.switches()
        for name in self.switch_off:
            if name not in known:
                raise ValueError(f"switch_off: '{name}' is no mechanism{hint(name, known)}")

    def _named(self) -> Iterator[tuple[str, str, str]]:
        for place, groups in (("fit", self.fit), ("hold", self.hold)):
            for component, group in groups.items():
                for name in group:
                    yield place, component, name


Groups = dict[str, dict[str, Any]]


def _laid(below: Groups, above: Groups) -> Groups:
    """Return groups of parameters, with others laid over them one by one."""
    return {name: below.get(name, {}) | above.get(name, {}) for name in {**below, **above}}


def _less(groups: Groups, taken: Groups) -> Groups:
    """Return groups of parameters without those that others name."""
    return {c: {n: v for n, v in group.items() if n not in taken.get(c, {})} for c, group in groups.items()}
