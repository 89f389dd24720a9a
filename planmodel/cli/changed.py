"""A scenario with what the command line changes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planmodel.scenario import Scenario


def load_changed(
    scenario: str,
    changes: list[str],
    switch_off: list[str],
    until: str | None = None,
    evidence: str | None = None,
    data: Sequence[Path] | None = None,
) -> Scenario:
    """Load a scenario with the changes of the command line."""
    from planmodel.engine.errors import UserError
    from planmodel.scenario import load_scenario
    from planmodel.scenario.changes import parse_changes
    from planmodel.scenario.data import given
    from planmodel.scenario.load import cut_off, economy_of
    from planmodel.scenario.names import hint

    known = economy_of(scenario).switches() if switch_off else {}
    for name in switch_off:
        if name not in known:
            raise UserError(f"--switch-off {name}: unknown mechanism{hint(name, known)}")
    changed = parse_changes(changes)
    if evidence is not None:
        changed["evidence"] = _mark(evidence, changed)
    loaded = load_scenario(scenario, changed, switch_off, "--set", given(data))
    if evidence is not None and not loaded.record:
        raise UserError(
            f"--evidence {evidence}: {loaded.name} names no record to be compared with; allowed: without it"
        )
    if until is None:
        return loaded
    try:
        end = date.fromisoformat(until)
    except ValueError:
        raise UserError(f"--until {until}: not a date; allowed: a day such as 1933-12-31") from None
    return cut_off(loaded, end, "--until ")


def _mark(evidence: str, changes: Mapping[str, object]) -> str:
    """Return a mark of evidence if it is one, and is not set otherwise."""
    from planmodel.documented.vocabulary import EVIDENCE
    from planmodel.engine.errors import UserError

    if evidence not in EVIDENCE:
        raise UserError(f"--evidence {evidence}: no such mark; allowed: {', '.join(EVIDENCE)}")
    if "evidence" in changes:
        raise UserError(f"--evidence {evidence}: --set says it too; allowed: one of the two")
    return evidence
