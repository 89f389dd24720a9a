"""Every NetCDF file that planmodel writes has time first: CDO leaves out a variable that has it second."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import xarray as xr
from cli_calls import planmodel

from planmodel.experiments.paths import read_paths
from planmodel.netcdf import netcdf_bytes, read_netcdf
from planmodel.runs import open_ensemble, run_ensemble
from planmodel.runs.history import run

ENSEMBLE = """\
design = "lhs"
members = 3
until = 1929-12-31
[vary]
"parameters.draught.tractor_utilisation" = {}
[keep]
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each kind, made by the commands."""
    here = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planmodel.experiments.paths.draw_paths", lambda *_: None)
        words = ["--until", "1929-12-31", "--members", "2", "--out", str(here / "run")]
        assert planmodel("run", *words, "--quiet", "--no-figures").status == 0
        words = ["baseline", "no_camps", "--members", "2", "--out", str(here / "paths")]
        assert planmodel("compare", *words).status == 0
    found = {"run": here / "run" / "results.nc", "paths": here / "paths" / "paths.nc"}
    for name, kept in {
        "annual": 'variables = ["cattle", "grain_harvest"]',
        "months": 'variables = ["cattle", "grain_harvest"]\nfrequency = "monthly"',
        "statistics": 'variables = ["cattle", "grain_harvest"]\nstatistics = true',
    }.items():
        (here / f"{name}.toml").write_text(ENSEMBLE + kept, encoding="utf-8")
        run_ensemble(here / f"{name}.toml", here / name)
        (found[name],) = (here / name).rglob("*.nc")
    return found


KINDS = ["run", "paths", "annual", "months", "statistics"]


@pytest.mark.parametrize("kind", KINDS)
def test_time_is_the_first_dimension(kind: str, files: dict[str, Path]) -> None:
    with xr.open_dataset(files[kind], decode_cf=False) as raw:
        dated = [variable for variable in raw.data_vars.values() if "time" in variable.dims]
        assert len(dated) >= 2
        assert {variable.dims[0] for variable in dated} == {"time"}
        assert raw.attrs["Conventions"] == "CF-1.8"
        assert raw["time"].attrs["units"] == "days since 1900-01-01"
        assert raw["time"].attrs["calendar"] == "standard"
        assert not any(raw[name].dtype.kind in "SUO" for name in raw.dims)  # CDO reads no words


@pytest.mark.parametrize("kind", KINDS)
def test_cdo_reads_every_variable(kind: str, files: dict[str, Path]) -> None:
    cdo = shutil.which("cdo")
    if cdo is None:
        pytest.skip("CDO is not installed")
    said = subprocess.run([cdo, "-s", "showname", files[kind]], capture_output=True, text=True, check=True)
    with xr.open_dataset(files[kind]) as dataset:
        marks = {"implausible"} & set(dataset.coords)  # of members alone
        assert set(said.stdout.split()) == set(dataset.data_vars) | marks
    assert said.stderr == ""


def test_what_is_read_back_has_members_before_time(files: dict[str, Path]) -> None:
    for kind in ("run", "months"):
        assert {v.dims for v in read_netcdf(files[kind]).data_vars.values()} == {("member", "time")}
    with open_ensemble(files["months"].parents[1]) as months:
        assert months["cattle"].dims == ("member", "time")
    with open_ensemble(files["statistics"].parent) as statistics:
        assert statistics["cattle"].dims == ("quantile", "time")
    paths = read_paths(files["paths"])
    assert set(paths["cattle"].dims) == {"scenario", "member", "year"}
    assert paths["scenario"].values.tolist() == ["baseline", "no_camps"]
    assert paths["year"].values.tolist() == list(range(1928, 1941))


def test_writing_changes_nothing_in_memory_and_reading_gives_it_back(tmp_path: Path) -> None:
    dataset = run(members=2, seed=3, wanted=["grain_state", "grain_export", "pressure"])
    before = dataset.copy(deep=True)
    (tmp_path / "a.nc").write_bytes(netcdf_bytes(dataset))
    (tmp_path / "b.nc").write_bytes(netcdf_bytes(dataset, plain=True))
    xr.testing.assert_identical(dataset, before)
    for name in ("a.nc", "b.nc"):
        again = read_netcdf(tmp_path / name)
        xr.testing.assert_equal(again, dataset)
        assert again["grain_export"].attrs["cell_methods"] == "time: sum"
        assert again["grain_state"].attrs["cell_methods"] == "time: point"
        assert "cell_methods" not in again["pressure"].attrs
