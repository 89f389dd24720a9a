"""The schema of a scenario, made from what the components declare.

Pydantic checks every key, type and bound; ``extra="forbid"`` refuses what is not known. A scenario is frozen:
what was read is what ran, and its hash stands in the manifest of every result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    Field,
    PrivateAttr,
    create_model,
    model_validator,
)

from planmodel.documented import Record
from planmodel.documented.vocabulary import Firmness
from planmodel.engine.errors import UserError
from planmodel.scenario import registry
from planmodel.scenario.alike import hold_alike
from planmodel.scenario.choices import parted, versioned
from planmodel.scenario.data import Data, hashes, record_of, with_data
from planmodel.scenario.decrees import Decree, check_decrees
from planmodel.scenario.economy import Economy
from planmodel.scenario.explain import shown
from planmodel.scenario.names import hint
from planmodel.scenario.period import Period
from planmodel.scenario.sections import LATER, MODEL, Work, default_of, section_of


class Layers(tuple[Any, ...]):
    """From what a scenario was laid together; no part of what it is, so that all are equal."""

    def __eq__(self, other: object) -> bool:
        """Tell that scenarios with the same values are the same."""
        return isinstance(other, Layers)

    __hash__ = tuple.__hash__


class ScenarioBase(BaseModel):
    """Everything that defines a run, apart from member numbers and seed.

    ``calibration`` names the fit whose best point the values are, with a hash of them: draws of a posterior
    may take their place.

    ``data`` are figures of the user's own, read from the files that a configuration names: see
    :mod:`planmodel.scenario.data`. ``evidence`` is the least firm mark of figures of the ``record`` that a
    run is compared with; the run itself does not depend on it.

    A ``limiting_case`` may take parameters out of their bounds, which say what history allows: a village
    in which births equal deaths never was, but it must come out as it should.
    """

    model_config = LATER
    of_economy: ClassVar[Economy] = MODEL
    economy: Literal["soviet"] = "soviet"
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    title: str = ""
    description: str = ""
    calibration: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]+ [0-9a-f]{16})?$")] = ""
    limiting_case: bool = False
    period: Period = Period()
    data: Data = None
    record: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    evidence: Firmness | None = None
    works: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Work] = {}
    decrees: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Decree] = {}
    _layers: Layers = PrivateAttr(default_factory=Layers)  # see planmodel.scenario.origins

    @cached_property
    def documented(self) -> Record:
        """The documented record, together with the figures of ``data``."""
        return record_of(self.data)

    @cached_property
    def declared(self) -> Economy:
        """The economy; it answers to the variables of ``data`` too."""
        return with_data(self.of_economy, self.data)

    @model_validator(mode="after")
    def _begins_with_its_stocks(self) -> Self:
        opening: date = self.initial.date  # type: ignore[attr-defined]
        declared = self.declared.opening
        if opening != declared and not self.limiting_case:
            raise ValueError(
                f"initial.date: {opening} is not the day of the variables, bases and trends that the model "
                f"declares; allowed: {declared}"
            )
        if opening.day != 1:
            raise ValueError(f"initial.date: {opening} is within a month; allowed: {opening.replace(day=1)}")
        self.period.check(opening)
        return self

    @model_validator(mode="after")
    def _record_known(self) -> Self:
        for variable, versions in self.record.items():
            if variable not in self.declared.indicators:
                meant = hint(variable, self.declared.indicators)
                raise ValueError(f"record.{variable}: the model has no such quantity to compare{meant}")
            held = self.documented.versions(variable)
            for version in versions:
                if version not in held:
                    meant = hint(version, held)
                    raise ValueError(f'record.{variable}: "{version}" is not a version of it{meant}')
                mine = self.declared.prices(variable)
                try:
                    hold_alike(f"record.{variable}", self.documented, variable, version, variable, mine)
                except UserError as error:
                    raise ValueError(str(error)) from None
        return self

    @model_validator(mode="after")
    def _works_fit(self) -> Self:
        branches = self.declared.axes.get("branch", ())
        for name, work in self.works.items():
            if work.branch not in branches:
                allowed = ", ".join(f'"{b}"' for b in branches) or "no works in this economy"
                raise ValueError(f'works.{name}.branch: "{work.branch}" is not valid; allowed: {allowed}')
            if work.decree is not None and work.decree not in {*self.decrees, *self.period.left_out}:
                meant = hint(work.decree, self.decrees)
                raise ValueError(f"works.{name}.decree: {shown(work.decree)} is no decree{meant}")
        return self

    @model_validator(mode="after")
    def _openings_read(self) -> Self:
        variables = getattr(getattr(self, "initial", None), "variables", None)
        for name in self.declared.reckoned:
            if getattr(variables, name, None) is not None:
                raise ValueError(
                    f"initial.variables.{name}: has no effect, for it is reckoned anew in the first month "
                    "before anybody reads it; allowed: to leave it out"
                )
        return self

    @model_validator(mode="after")
    def _decrees_fit(self) -> Self:
        check_decrees(self.decrees, self.declared, self.period)
        return self

    def until(self, end: date) -> Self:
        """Return the scenario cut off after a month, without the decrees that come later.

        Their names are kept in ``period.left_out``.

        Raises
        ------
        ValueError
            If the day is not within the period, or not the last of a month.
        """
        period = self.period.until(end)
        named = {work.decree for work in self.works.values()}  # works keep decrees that are not enabled
        late = [
            name
            for name, decree in self.decrees.items()
            if decree.earliest > end and (decree.enabled or name not in named)
        ]
        kept = {name: decree for name, decree in self.decrees.items() if name not in late}
        left_out = sorted({*period.left_out, *(name for name in late if self.decrees[name].enabled)})
        period = period.model_copy(update={"left_out": left_out})
        kept = {name: decree.without(late) for name, decree in kept.items()}
        return self.model_copy(update={"period": period, "decrees": kept})

    def with_(self, changes: Mapping[str, Any] | None = None, /, **named: Any) -> Self:
        """Return the scenario with changes; it stays as it is itself.

        Parameters
        ----------
        changes
            Values by dotted key, such as ``{"parameters.nutrition.quota_spread": 0.1}``.
        named
            By name: of a series, values by year, ``weather={1932: -0.25}``, the other years stay as they are;
            of a mechanism, whether it is on; of a decree, whether it is issued, or its keys; of a block of
            parameters, values by parameter; of a section or a key of the scenario, what it is to be.

        Raises
        ------
        UserError
            Naming key, value and what is allowed.
        """
        from planmodel.scenario.with_changes import (
            with_changes,
        )  # which reads scenarios, as this defines them

        return with_changes(self, changes or {}, named)  # type: ignore[arg-type,return-value]

    def __repr__(self) -> str:
        """Say in a line which scenario it is: all that it holds has forty thousand letters."""
        title = f": {self.title}" if self.title else ""
        return f"<scenario {self.name}{title}, {self.period.start} to {self.period.end}>"

    __str__ = __repr__

    def __reduce__(self) -> tuple[Any, ...]:
        """Be sent to another process as text: the classes of scenarios are made at run time."""
        return from_json, (self.model_dump_json(exclude_none=True),)

    @model_validator(mode="after")
    def _is_of_this_version(self) -> Self:
        chosen = parted(self.declared.name)[1]
        for key, version in self.declared.versions.items():
            if getattr(self, key) != chosen.get(key, version.usual):
                raise ValueError(
                    f"{key}: cannot be changed in a scenario that was read; allowed: in its file, or when "
                    "it is read"
                )
        return self

    @property
    def data_hashes(self) -> dict[str, str]:
        """The SHA-256 of each file of figures of the user's own, by name."""
        return hashes(self.data)

    def digest(self) -> str:
        """Return the SHA-256 of the resolved scenario."""
        said = self.model_dump(mode="json")
        for key, version in self.declared.versions.items():
            if said[key] == version.usual:  # the hash of before there was the choice
                del said[key]
        for key in (
            "data",
            "evidence",
        ):  # what says nothing of them has the hash of before there were the keys
            if said[key] is None:
                del said[key]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class Scenario(ScenarioBase):
    """A scenario with the sections that the components' declarations make."""

    parameters: section_of("Parameters", "parameters") = default_of("Parameters", "parameters")  # type: ignore[valid-type]
    switches: section_of("Switches", "switches") = default_of("Switches", "switches")  # type: ignore[valid-type]
    exogenous: section_of("ExogenousInputs", "exogenous")  # type: ignore[valid-type]
    initial: section_of("InitialStocks", "initial") = default_of("InitialStocks", "initial")  # type: ignore[valid-type]


@cache
def schema_of(economy: str, limiting: bool = False) -> type[Scenario]:
    """Return the schema of the scenarios of an economy: the same sections, from its own declarations.

    Parameters
    ----------
    economy
        Name of a ready economy, or path of its folder.
    limiting
        Whether parameters may leave their bounds: for the tests of limits, not for history.
    """
    parameters = "unbounded parameters" if limiting else "parameters"
    declared = registry.economy(economy)
    if economy == registry.DEFAULT and not declared.versions:
        if not limiting:
            return Scenario
        free = section_of("UnboundedParameters", parameters)
        default = default_of("UnboundedParameters", parameters)
        return create_model("LimitingCase", __base__=Scenario, parameters=(free, default))
    sections = {kind: section_of(f"{kind}_{economy}", kind, declared) for kind in ("switches", "initial")}
    sections["parameters"] = section_of(f"parameters_{economy}", parameters, declared)
    inputs = section_of(f"exogenous_{economy}", "exogenous", declared)
    schema: type[Scenario] = create_model(  # type: ignore[call-overload]
        f"Scenario_{declared.folder.name}",
        __base__=Scenario,
        economy=(Literal[parted(economy)[0]], ...),
        exogenous=(inputs, ... if declared.inputs() else inputs.model_construct()),
        **{kind: (section, section.model_construct()) for kind, section in sections.items()},
        **{key: (Literal[v.allowed], v.usual) for key, v in declared.versions.items()},
    )
    schema.of_economy = declared
    return schema


def economy_said(said: Mapping[str, Any]) -> str:
    """Return the name of the economy that a whole scenario is of, with what it chooses of it."""
    name = str(said["economy"])
    return versioned(name, registry.economy(name).versions, said)


@lru_cache(maxsize=8)  # of a chunk that is sent, the scenario is that of the chunk before
def from_json(text: str) -> Scenario:
    """Return a scenario that was written as JSON, as another process is sent it."""
    said = json.loads(text)
    return schema_of(economy_said(said), said["limiting_case"]).model_validate_json(text)
