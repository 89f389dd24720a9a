"""What ``experiment.toml`` may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from planmodel.documented.vocabulary import Firmness
from planmodel.scenario.data import Data

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
Text = Annotated[str, Field(min_length=1)]
Group = Literal["book", "literature", "regimes", "systems"]
GROUPS: tuple[Group, ...] = get_args(Group)
MOST = 4000  # members of one run


class RunOfExperiment(BaseModel):
    """One run: a scenario with its changes, and the members it has.

    With ``draws`` (name or file of a posterior) there are ``number`` of its draws, evenly spaced, 100 unless
    given. Without, ``number`` members: the first without shocks, the others each with its own weather; one
    unless given. ``variables`` are what is recorded, indicators by their parts; everything unless given.
    """

    model_config = _STRICT
    scenario: Text = "calibrated"
    draws: Text | None = None
    number: Annotated[int, Field(ge=1, le=MOST)] | None = None
    switch_off: list[Text] = []
    set: dict[str, Any] = {}
    variables: Annotated[list[Text], Field(min_length=1)] | None = None

    @property
    def members(self) -> int:
        """The number of draws or members asked for."""
        return self.number or (1 if self.draws is None else 100)


class ExperimentFile(BaseModel):
    """An experiment: what it asks, where that is documented, and what it runs.

    ``evidence`` is the least firm mark of documented figures that count for agreement. ``data`` are figures
    of the user's own: its functions find them in the record that they are given.
    """

    model_config = _STRICT
    title: Text
    question: Text
    source: Text
    group: Group
    data: Data = None
    evidence: Firmness | None = None
    runs: dict[Text, RunOfExperiment] = {}
