"""A variable of a posterior that has other dimensions is named, never left out without a word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import UserError
from planmodel.runs import load_ensemble
from planmodel.runs.posterior import read_posterior

RATE, YIELD = "cropping.seed_rate", "cropping.harvest_1928"
CONFIGURATION = 'until = 1930-12-31\ndesign = "posterior"\nfile = "draws.nc"\nshocks = "none"\n'


def written(folder: Path, **variables: tuple[tuple[str, ...], object]) -> Path:
    names = {"rate": RATE, "harvest_1928": YIELD}
    dataset = xr.Dataset({names.get(name, name): value for name, value in variables.items()})
    dataset.to_netcdf(folder / "draws.nc", engine="h5netcdf")
    (folder / "own.toml").write_text(CONFIGURATION, encoding="utf-8")
    return folder / "draws.nc"


def test_another_dimension_is_refused_by_name_at_every_door(tmp_path: Path) -> None:
    file = written(
        tmp_path, rate=(("draw",), [0.11, 0.12, 0.13]), harvest_1928=(("chain", "draw"), [[64, 65.6, 67.2]])
    )
    message = rf"{YIELD}: has the dimensions chain, draw; allowed: draw, as all draws$"
    with pytest.raises(UserError, match=message):
        load_ensemble(tmp_path / "own.toml")
    with pytest.raises(UserError, match=message):
        read_posterior(file)


def test_what_is_no_key_is_refused_or_left_out_by_choice(tmp_path: Path) -> None:
    file = written(
        tmp_path, rate=(("draw",), [0.11, 0.12]), likelihood=(("draw", "figure"), np.zeros((2, 3)))
    )
    with pytest.raises(UserError, match=r"likelihood: has the dimensions draw, figure; allowed: draw, as"):
        read_posterior(file)
    (tmp_path / "own.toml").write_text(f'{CONFIGURATION}[vary]\n"{RATE}" = {{}}\n', encoding="utf-8")
    assert len(load_ensemble(tmp_path / "own.toml").members) == 2


def test_chains_are_put_one_after_the_other(tmp_path: Path) -> None:
    rows = np.array([[0.11, 0.12, 0.13], [0.114, 0.124, 0.134]])
    written(tmp_path, rate=(("chain", "draw"), rows), harvest_1928=(("draw", "chain"), 580.0 * rows.T))
    members = load_ensemble(tmp_path / "own.toml").members
    assert members.columns[f"parameters.{RATE}"].tolist() == rows.ravel().tolist()
    assert members.columns[f"parameters.{YIELD}"].tolist() == (580.0 * rows).ravel().tolist()
