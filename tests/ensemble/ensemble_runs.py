"""Small ensembles for the tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from planmodel.runs import open_ensemble
from planmodel.runs.history import History

COMMAND = [sys.executable, "-c", "from planmodel.cli import main; main()"]

SMALL = """\
title = "A small ensemble"
scenario = "one_country"
until = 1929-12-31
seed = 4
design = "lhs"
members = 24
[vary]
"parameters.draught.tractor_utilisation" = {}
"initial.grain.individual.value" = { low = 38.0, high = 45.0 }
"switches.grain_exports" = { values = [true, false] }
"decrees.compulsory_quotas.date" = { values = [1929-06-28, 1929-03-01] }
[keep]
variables = ["grain_harvest", "cattle", "pressure", "village_calories", "grain_procurement_share"]
"""


def write(folder: Path, text: str = SMALL, name: str = "small.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path) -> xr.Dataset:
    with open_ensemble(folder) as dataset:
        return dataset.load()


def assert_same(first: Path, second: Path) -> None:
    """Two folders hold the same dataset, bit for bit."""
    one, other = loaded(first), loaded(second)
    other.attrs["git"] = one.attrs["git"]
    xr.testing.assert_identical(one, other)


def fail_in(members: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any chunk fail that holds one of these members."""
    whole = History.run

    def run_or_fail(self: History) -> Any:
        if members & set(self.members):
            raise ZeroDivisionError("a member that fails")
        return whole(self)

    monkeypatch.setattr(History, "run", run_or_fail)
