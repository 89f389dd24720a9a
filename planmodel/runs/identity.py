"""What an ensemble is: all that decides its numbers, its hash, and how it differs from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomli_w

from planmodel import documented
from planmodel.engine import UserError
from planmodel.provenance import (
    ACROSS_MACHINES,
    code_hashes,
    data_hashes,
    git_state,
    machine,
    package_versions,
)
from planmodel.runs.index import Known
from planmodel.runs.load import Plan
from planmodel.runs.resolve import told
from planmodel.runs.store import FORMAT, now
from planmodel.scenario import Scenario, difference, load_scenario
from planmodel.scenario.difference import flatten
from planmodel.scenario.explain import shown

_DECISIVE = ("numpy", "scipy", "simpy")
_OTHERS = ("planmodel", "pandas", "xarray", "h5netcdf", "pydantic", "dask", "distributed")
_SHOWN = 8
_MEANING = {
    "design_sha256": "the values of the members",
    "record_sha256": "the documented record",
    "code_sha256": "the code of the model",
}


def make_manifest(plan: Plan, command: list[str]) -> dict[str, Any]:
    """Return the manifest of an ensemble that is about to begin."""
    identity = {
        "configuration": plan.configuration.model_dump(
            mode="json", exclude_none=True, exclude={"title", "data"}
        ),
        "scenario_sha256": plan.members.scenario.digest(),
        "design_sha256": plan.members.digest(),
        "record_sha256": documented.sha256(),
        **data_hashes(plan.members.scenario.data_hashes),
        **code_hashes(plan.members.scenario.declared),
        "packages": package_versions(_DECISIVE),
    }
    if plan.reduction is not None:
        identity["reduction"] = plan.reduction.identity()
    text = json.dumps(identity, sort_keys=True)
    return {
        "format": FORMAT,
        "title": plan.configuration.title,
        "ensemble_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "identity": identity,
        "scenario": plan.members.scenario.name,
        "origins": {plan.members.scenario.name: told(plan.members)},
        "members": len(plan.members),
        "keys": {name: {"kind": key.kind, "unit": key.unit} for name, key in plan.members.keys.items()},
        "groups": [
            {"number": g.number, "members": len(g.members), "pattern": _text(g.pattern)}
            for g in plan.members.groups
        ],
        "seed": plan.members.seed,
        "command": command,
        "begun": now(),
        "finished": None,
        "failed": None,
        "git": git_state(),
        "packages": package_versions((*_DECISIVE, *_OTHERS)),
        "machines": [],
    }


def machines(chunks: Iterable[Known]) -> list[dict[str, Any]]:
    """Return the processors and C libraries on which chunks were run, each with its number of members."""
    members: dict[str, int] = {}
    for known in chunks:
        members[known.machine] = members.get(known.machine, 0) + known.file.last - known.file.first
    return [json.loads(text) | {"members": number} for text, number in sorted(members.items())]


def of_other_machines(chunks: Iterable[Known]) -> list[str]:
    """Say in a line which members of a folder were run on another machine than this one."""
    here = machine()
    others = [about for about in machines(chunks) if about | {"members": 0} != here | {"members": 0}]
    return [
        f"{about['members']} members were run on another processor or C library ({about.get('processor')}, "
        f"{about.get('c_library')}): series agree within {ACROSS_MACHINES:.0e} of their range, not to the bit"
        for about in others
    ]


def unchanging(plan: Plan) -> str:
    """Return, as TOML, the scenario that the members have in common."""
    return tomli_w.dumps(plan.members.scenario.model_dump(mode="python", exclude_none=True))


def differences(folder: Path, held: dict[str, Any], new: dict[str, Any], scenario: Scenario) -> list[str]:
    """Say in lines what a new manifest and its scenario have otherwise than those of a folder."""
    before, after = flatten(held["identity"]), flatten(new["identity"])
    keys = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    said = any(key.startswith("configuration.") for key in keys)
    lines = []
    for key in keys:
        if key == "scenario_sha256":
            lines += _scenario_lines(folder, scenario)
        elif key == "design_sha256" and (said or "scenario_sha256" in keys):
            continue  # it follows from what is said already
        elif key.startswith("economies_sha256."):
            lines.append(f"equations or tables of the economy {key.partition('.')[2]}")
        elif key.startswith("data_sha256."):
            name = key.partition(".")[2]
            lines.append(
                f"figures of {name}: {before.get(key, 'none')[:12]} there, {after.get(key, 'none')[:12]} now"
            )
        elif key in _MEANING:
            lines.append(f"{_MEANING[key]}: {before.get(key, '')[:12]} there, {after.get(key, '')[:12]} now")
        else:
            lines.append(_line(key.removeprefix("configuration."), before.get(key), after.get(key)))
    more = len(lines) - _SHOWN
    return lines[:_SHOWN] + ([f"and {more} more"] if more > 0 else [])


def _line(key: str, there: Any, here: Any) -> str:
    before, after = ("nothing" if value is None else shown(value) for value in (there, here))
    return f"{key}: {before} there, {after} now"


def _scenario_lines(folder: Path, scenario: Scenario) -> list[str]:
    try:
        rows = difference(load_scenario(folder / "scenario.toml"), scenario)
    except UserError:
        return ["the scenario (scenario.toml in the folder is not as it was written)"]
    return [_line(f"scenario: {key}", there, here) for key, there, here in rows.itertuples(index=False)]


def _text(pattern: Any) -> dict[str, Any]:
    return {key: value if isinstance(value, bool | float) else str(value) for key, value in pattern.items()}
