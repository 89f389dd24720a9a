"""docs/own_economy.md is followed from nothing: it gives the economy of the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from extending import Page, Section

from planmodel.netcdf import read_netcdf
from planmodel.runs.history import run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(ROOT / "docs" / "own_economy.md", ROOT, tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="module")
def done(page: Page) -> dict[str, Section]:
    return page.follow()


def test_it_is_the_economy_of_the_package(page: Page, done: dict[str, Section]) -> None:
    mine = read_netcdf(page.here / "out" / "two_sectors" / "results.nc")
    ready = run("feldman_domar")
    assert set(mine.data_vars) == set(ready.data_vars)
    for name in ready.data_vars:
        np.testing.assert_array_equal(mine[name].values, ready[name].values)


def test_it_comes_out_as_the_page_says(done: dict[str, Section]) -> None:
    assert "2 of 2 checks passed." in done["What must come out"].printed[0]
    assert "Checks: 2 of 2 statements hold" in done["What must come out"].printed[1]
    assert "16 members run" in "".join(done["Many members"].printed)
    assert "parameters.machines.kept" in done["A fit"].printed[1]


def test_regions_add_up_and_show_what_a_mean_hides(page: Page, done: dict[str, Section]) -> None:
    one, two, set_so = (
        read_netcdf(page.here / "out" / name / "results.nc") for name in ("villages", "by_regions", "as_well")
    )
    assert set(one.data_vars) < set(two.data_vars) == set(set_so.data_vars)
    taken = two["taken_north"].values + two["taken_south"].values
    np.testing.assert_array_equal(two["taken"].values, taken)
    assert float(one["fed"].min()) == 1.0
    late = two.sel(time=slice("1930-06", None))
    north, mean, south = (float(late[name].mean()) for name in ("fed_north", "fed", "fed_south"))
    assert north == 1.0 > 0.99 > mean > 0.975 > 0.97 > south
    assert two["people_south"].values[0, -1] < 490.0 < 499.9 < two["people_north"].values[0, -1]
    assert "gap" in done["By regions, or as one country"].printed[3]


def test_it_touches_nothing_of_the_package(done: dict[str, Section]) -> None:
    assert not any(section.touched for section in done.values())
