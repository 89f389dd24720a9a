"""What must be said of a scenario beside its results: on the screen and in the manifest, never in silence."""

from __future__ import annotations

from planmodel.scenario.schema import Scenario


def scenario_notes(scenario: Scenario) -> tuple[str, ...]:
    """Return sentences on how a scenario is read that its user might not expect, one a matter.

    Every command that runs a scenario shows them, and every manifest keeps them.
    """
    del scenario  # each matter adds a function of its own here
    return ()
