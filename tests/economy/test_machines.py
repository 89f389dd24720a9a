"""On another processor or C library a run is the same to the bit."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from planmodel.provenance import machine
from planmodel.runs.history import run

MEMBERS = 4
WITHOUT_AVX2 = "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable"
RUN = """
import sys
from pathlib import Path
from planmodel.runs.history import run
from planmodel.netcdf import netcdf_bytes
from planmodel.provenance import machine
dataset = run(members=int(sys.argv[2]), seed=1).assign_attrs(machine=" ".join(machine().values()))
Path(sys.argv[1]).write_bytes(netcdf_bytes(dataset, plain=True))
"""


@pytest.fixture(scope="module")
def here() -> xr.Dataset:
    return run(members=MEMBERS, seed=1)


@pytest.mark.parametrize("hidden", ["from NumPy", "from NumPy and the C library"])
def test_an_older_processor_gives_the_same_bits(hidden: str, here: xr.Dataset, tmp_path: Path) -> None:
    """As on a processor without vectors of AVX2 and more; NumPy and the C library choose each for itself."""
    found = machine()["numpy_simd"]
    environment = dict(os.environ)
    if found:
        environment["NPY_DISABLE_CPU_FEATURES"] = found
    if hidden == "from NumPy":
        if not found:
            pytest.skip("NumPy found no extensions of this processor that it could do without")
    else:
        if platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc":
            pytest.skip("glibc on x86-64 alone can be told not to use a part of the processor")
        environment["GLIBC_TUNABLES"] = WITHOUT_AVX2
    file = tmp_path / "elsewhere.nc"
    subprocess.run([sys.executable, "-c", RUN, file, str(MEMBERS)], env=environment, check=True)
    with xr.open_dataset(file) as elsewhere:
        assert (WITHOUT_AVX2 in elsewhere.attrs["machine"]) == (hidden != "from NumPy")  # the manifest tells
        assert set(elsewhere.data_vars) == set(here.data_vars)
        for name in here.data_vars:
            mine = here.variables[name]
            other = elsewhere.variables[name].transpose(*mine.dims)
            np.testing.assert_array_equal(mine.values, other.values, str(name))


def test_the_machine_is_named() -> None:
    about = machine()
    assert {"processor", "architecture", "c_library", "numpy_simd"} <= set(about)
    assert about["processor"]
    assert about["architecture"] == platform.machine()
    assert about["c_library"]
    about["processor"] = "another"
    assert machine()["processor"] != "another"  # a copy
