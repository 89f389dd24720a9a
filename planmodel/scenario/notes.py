"""What must be said of a scenario beside its results: on the screen and in the manifest, never in silence."""

from __future__ import annotations

from planmodel.scenario.coverage import coverage_notes
from planmodel.scenario.exogenous import Overrides
from planmodel.scenario.outside import outside_the_run
from planmodel.scenario.plausible import plausibility_notes
from planmodel.scenario.schema import Scenario


def scenario_notes(scenario: Scenario, exogenous: Overrides | None = None) -> tuple[str, ...]:
    """Return sentences on how a scenario is read that its user might not expect, one a matter.

    Every command that runs a scenario shows them, and every manifest keeps them. ``exogenous`` holds values
    that differ between members, as :class:`planmodel.runs.history.History` takes them.
    """
    return (*outside_the_run(scenario), *coverage_notes(scenario), *plausibility_notes(scenario, exogenous))
