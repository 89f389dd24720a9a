"""What a result needs to say of itself: which code, record, packages and machine made it.

Same scenario, seed and code give the same history to the bit: equations and draws reckon with functions of
our own (:mod:`planmodel.engine.arithmetic`). What is made of histories (fits, scores, statistics) goes
through libraries, whose last bits differ between processors: `ACROSS_MACHINES` says by how much a result may.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from planmodel import documented
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy
from planmodel.scenario.folder import FILE, PRIORS

# How far a series may lie from that of another processor or C library, as a share of its range: none differed
# where it was measured (docs/ensembles.md); procedures may call what they like.
ACROSS_MACHINES = 1e-10
_PACKAGES = ("planmodel", "simpy", "numpy", "scipy", "pandas", "xarray", "h5netcdf", "pydantic", "matplotlib")
_PACKAGE = Path(__file__).resolve().parent
_SWITCHED = ("GLIBC_TUNABLES", "NPY_DISABLE_CPU_FEATURES")  # they hide a part of the processor
# What decides the numbers of a run besides the economy, which has a hash of its own, as the record has;
# commands and reports do not.
_DECISIVE = (
    "engine",
    "economies/production.py",
    "runs/chunks.py",
    "runs/evaluate.py",
    "runs/history.py",
    "runs/observe.py",
    "runs/of_scenario.py",
    "runs/record.py",
    "runs/totals.py",
    "scenario/exogenous.py",
    "scenario/indicators.py",
    "scenario/keys.py",
)


_WRITTEN = (".py", ".csv", ".toml")


@cache
def code_sha256() -> str:
    """Return the SHA-256 of the source files that decide the numbers of a run, of any economy."""
    found = hashlib.sha256()
    for name in _DECISIVE:
        place = _PACKAGE / name
        for file in (
            sorted(f for f in place.rglob("*") if f.suffix in _WRITTEN) if place.is_dir() else [place]
        ):
            found.update(str(file.relative_to(_PACKAGE)).encode())
            found.update(file.read_bytes())
    return found.hexdigest()


@cache
def economy_sha256(economy: Economy) -> str:
    """Return the SHA-256 of the equations and tables in the folder of an economy, wherever that stands.

    Its scenarios, checks, figures and priors are left out: a scenario has a hash of its own, and the others
    decide no number of a run.
    """
    found = hashlib.sha256()
    modules = (file for file in economy.folder.glob("*.py") if not file.name.startswith("test_"))
    tables = (file for file in economy.folder.glob("*.csv") if file.name != PRIORS)
    for file in sorted((*modules, *tables, economy.folder / FILE)):
        found.update(file.name.encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def code_hashes(*economies: Economy) -> dict[str, Any]:
    """Return what a manifest says of the code behind numbers: that of all economies, and each one's own."""
    own = {economy.name: economy_sha256(economy) for economy in economies}
    return {"code_sha256": code_sha256(), "economies_sha256": own}


def package_versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of installed packages, and that of Python."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}


def data_hashes(data: Mapping[str, str] | None) -> dict[str, Any]:
    """Return what a manifest says of files of the user's own figures; nothing where there are none."""
    return {"data_sha256": dict(data)} if data else {}


@cache
def git_state() -> str:
    """Return the commit of the checkout, marked if it has changes; ``unknown`` outside a checkout.

    As it is when a process first asks: the code that runs was read about then.
    """
    try:
        commit = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain")
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return commit + ("+changes" if changed else "")


def _git(*words: str) -> str:
    command = ["git", "-C", str(_PACKAGE), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()


@cache
def _machine() -> tuple[tuple[str, str], ...]:
    library = " ".join(platform.libc_ver()).strip() or platform.platform()
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    about = {
        "processor": _processor(),
        "architecture": platform.machine(),
        "c_library": library,
        "numpy_simd": " ".join(found),  # NumPy's own exponentials and powers need them
    }
    asked = {name: os.environ[name] for name in _SWITCHED if os.environ.get(name)}
    return tuple((about | asked).items())


def machine() -> dict[str, str]:
    """Return the processor and the C library, which decide the last bits of a result.

    Besides, the variables of the environment that hide a part of the processor, where they are set.
    """
    return dict(_machine())


def _processor() -> str:
    """Return the name of the model of the processor, as far as the system tells."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def package_versions_here() -> dict[str, str]:
    """Return the versions of the packages that are at work, of those that are there."""
    found = {}
    for name in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def provenance(*economies: Economy, data: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return which code, equations, record, packages and machine are at work, and the command given.

    ``data`` are the hashes of files of the user's own figures, by name.
    """
    return {
        "record_sha256": documented.sha256(),
        **data_hashes(data),
        "command": ["planmodel", *sys.argv[1:]],
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state(),
        **code_hashes(*economies),
        "python": platform.python_version(),
        "packages": package_versions_here(),
        "machine": machine(),
    }


def result_attributes(
    scenario: Scenario,
    seed: int,
    notes: Sequence[str] = (),
    given: Iterable[str] = (),
) -> dict[str, str | int]:
    """Return what a dataset says of itself, in memory and in a file alike.

    Parameters
    ----------
    scenario
        What was run.
    seed
        Seed of the random streams.
    notes
        What must be said of how the scenario is read; one line each.
    given
        Keys whose values members were given in the place of what the scenario says.
    """
    keys = " ".join(sorted(given))
    data = "\n".join(f"{file} {digest}" for file, digest in scenario.data_hashes.items())
    return {
        "title": scenario.title,
        "scenario": scenario.name,
        "scenario_sha256": scenario.digest(),
        "record_sha256": documented.sha256(),
        **({"data_sha256": data} if data else {}),
        "seed": seed,
        "git": git_state(),
        "planmodel": metadata.version("planmodel"),
        "notes": "\n".join(notes),
        **({"given": keys} if keys else {}),
    }
