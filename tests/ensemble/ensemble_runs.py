"""Small ensembles for the tests, and calling the command as a user does."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import xarray as xr

from planmodel.cli import main
from planmodel.runs import open_ensemble

COMMAND = [sys.executable, "-c", "from planmodel.cli import main; main()"]

SMALL = """\
title = "A small ensemble"
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


class Answer(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The one message of a refusal: nothing else was printed."""
        assert self.status == 2, self.err
        assert self.err.startswith("error: ")
        assert "Traceback" not in self.err
        return self.err.removeprefix("error: ").rstrip("\n")


def planmodel(*words: str) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with (
        mock.patch.object(sys, "argv", ["planmodel", *words]),
        mock.patch.dict("os.environ", {"COLUMNS": "80", "TERM": "dumb"}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else int(left.code is not None)
    return Answer(status, out.getvalue(), err.getvalue())


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
