"""What must be said of a scenario beside its results: on the screen and in the manifest, never in silence."""

from __future__ import annotations

from planmodel.scenario.outside import outside_the_run
from planmodel.scenario.schema import Scenario


def scenario_notes(scenario: Scenario) -> tuple[str, ...]:
    """Return sentences on how a scenario is read that its user might not expect, one a matter.

    Every command that runs a scenario shows them, and every manifest keeps them.
    """
    return tuple(outside_the_run(scenario))  # each matter adds a function of its own here
