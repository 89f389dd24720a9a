"""Designs: members lie where they should, and a member is what its row says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from ensemble_runs import write
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planmodel.runs import load_ensemble
from planmodel.runs.members import spans
from planmodel.runs.resolve import Laid, resolve
from planmodel.scenario import load_scenario, registry

A, B = "parameters.draught.tractor_utilisation", "parameters.cropping.seed_rate"
BOUNDS = registry.economy().parameters()["draught"]["tractor_utilisation"].bounds
BASELINE = load_scenario()


def design(folder: Path, text: str) -> pd.DataFrame:
    return load_ensemble(write(folder, text)).members.table()


def test_a_latin_hypercube_has_one_member_in_each_slice(tmp_path: Path) -> None:
    table = design(tmp_path, f'design = "lhs"\nmembers = 50\n[vary]\n"{A}" = {{}}\n"{B}" = {{}}\n')
    for name, (low, high) in (
        (A, BOUNDS),
        (B, registry.economy().parameters()["cropping"]["seed_rate"].bounds),
    ):
        slices = np.floor((table[name] - low) / (high - low) * 50).astype(int)
        assert sorted(slices) == list(range(50))


def test_sobol_fills_each_quarter_evenly(tmp_path: Path) -> None:
    table = design(tmp_path, f'design = "sobol"\nmembers = 64\n[vary]\n"{A}" = {{}}\n"{B}" = {{}}\n')
    halves = pd.DataFrame({n: table[n] > table[n].median() for n in (A, B)})
    assert halves.value_counts().tolist() == [16] * 4


def test_a_grid_has_every_combination_once(tmp_path: Path) -> None:
    table = design(
        tmp_path,
        f'design = "grid"\n[vary]\n"{A}" = {{ low = 0.4, high = 0.6, steps = 3 }}\n'
        '"switches.passports" = {}\n"decrees.passports.date" = { values = [1932-12-27, 1930-01-01] }\n',
    )
    assert len(table) == 12
    assert len(table.drop_duplicates()) == 12
    assert sorted(set(table[A])) == [0.4, 0.5, 0.6]
    assert table["decrees.passports.date"].dtype.kind == "M"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('distribution = "uniform", low = 0.4, high = 0.7', stats.uniform(0.4, 0.3)),
        ('distribution = "log_uniform", low = 0.4, high = 0.7', stats.loguniform(0.4, 0.7)),
        ('distribution = "triangular", low = 0.4, high = 0.7, mode = 0.6', stats.triang(2 / 3, 0.4, 0.3)),
        (
            'distribution = "normal", low = 0.4, high = 0.7, mean = 0.5, sd = 0.1',
            stats.truncnorm(-1.0, 2.0, 0.5, 0.1),
        ),
    ],
)
def test_priors_are_those_that_are_stated(entry: str, expected: stats.rv_continuous, tmp_path: Path) -> None:
    table = design(tmp_path, f'design = "random"\nmembers = 2000\n[vary]\n"{A}" = {{ {entry} }}\n')
    assert stats.kstest(table[A], expected.cdf).pvalue > 1e-4
    assert table[A].between(0.4, 0.7).all()


def test_the_peak_of_a_triangle_is_the_value_of_the_scenario(tmp_path: Path) -> None:
    text = f'design = "lhs"\nmembers = 500\n[vary]\n"{A}" = {{ distribution = "triangular" }}\n'
    default = registry.economy().parameters()["draught"]["tractor_utilisation"].default
    table = design(tmp_path, text)
    assert table[A].mean() == pytest.approx((sum(BOUNDS) + default) / 3.0, rel=0.01)


def test_dates_are_whole_days_from_first_to_last(tmp_path: Path) -> None:
    table = design(
        tmp_path,
        'design = "lhs"\nmembers = 40\n[vary]\n'
        '"decrees.passports.date" = { low = 1932-12-01, high = 1932-12-10 }\n',
    )
    days = pd.to_datetime(table["decrees.passports.date"]).value_counts()
    assert days.tolist() == [4] * 10
    assert (days.index.min().date(), days.index.max().date()) == (date(1932, 12, 1), date(1932, 12, 10))


def test_a_pattern_stands_for_many_keys_and_a_name_goes_before_it(tmp_path: Path) -> None:
    table = design(
        tmp_path,
        'design = "lhs"\nmembers = 4\n[vary]\n"parameters.cropping.*" = {}\n'
        '"cropping.seed_rate" = { values = [0.12] }\n',
    )
    assert set(table) == {f"parameters.cropping.{n}" for n in registry.economy().parameters()["cropping"]}
    assert set(table[B]) == {0.12}


def test_keys_may_be_written_as_tables(tmp_path: Path) -> None:
    quoted = f'design = "lhs"\nmembers = 4\n[vary]\n"{A}" = {{ low = 0.4 }}\n"{B}" = {{}}\n'
    nested = f"design = 'lhs'\nmembers = 4\n[vary]\n{A}.low = 0.4\n[vary.{B}]\n"
    pd.testing.assert_frame_equal(design(tmp_path, quoted), design(tmp_path, nested))


def test_the_seed_decides_the_design(tmp_path: Path) -> None:
    text = 'design = "{}"\nmembers = 8\nseed = {}\n[vary]\n"' + A + '" = {{}}\n'
    for kind in ("lhs", "random", "sobol"):
        first, again, other = (design(tmp_path, text.format(kind, seed)) for seed in (1, 1, 2))
        pd.testing.assert_frame_equal(first, again)
        assert not first[A].equals(other[A])


def test_a_table_gives_its_rows(tmp_path: Path) -> None:
    exact = 0.1 + 0.4  # not 0.5
    (tmp_path / "members.csv").write_text(
        "member,draught.tractor_utilisation,switches.passports,exogenous.soldiers.version\n"
        f"0,{exact!r},true,correlates_of_war\n1,0.55,False,correlates_of_war\n"
    )
    table = design(tmp_path, 'design = "table"\nfile = "members.csv"\n')
    assert table[A].tolist() == [exact, 0.55]
    assert table["switches.passports"].tolist() == [True, False]
    assert table["exogenous.soldiers.version"].tolist() == ["correlates_of_war"] * 2
    only = design(
        tmp_path,
        'design = "table"\nfile = "members.csv"\nmembers = 1\n[vary]\n"draught.tractor_utilisation" = {}\n',
    )
    assert list(only) == [A]
    assert len(only) == 1


def test_a_posterior_gives_draws_from_netcdf_and_csv(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    draws = {"draught.tractor_utilisation": ("draw", chance.uniform(0.4, 0.6, 100)),
             "cropping.seed_rate": ("draw", chance.uniform(0.11, 0.13, 100)),
             }  # fmt: skip
    dataset = xr.Dataset(draws)
    dataset.to_netcdf(tmp_path / "posterior.nc", engine="h5netcdf")
    dataset[["draught.tractor_utilisation", "cropping.seed_rate"]].to_dataframe().to_csv(
        tmp_path / "posterior.csv"
    )
    text = 'design = "posterior"\nfile = "posterior.{}"\nmembers = 30\n'
    first, second = (design(tmp_path, text.format(kind)) for kind in ("nc", "csv"))
    pd.testing.assert_frame_equal(first, second)
    rows = np.searchsorted(np.sort(draws["draught.tractor_utilisation"][1]), first[A])
    assert len(set(rows)) == 30  # without replacement
    pairs = dict(zip(draws["draught.tractor_utilisation"][1], draws["cropping.seed_rate"][1], strict=True))
    assert all(pairs[a] == b for a, b in zip(first[A], first[B], strict=True))  # a draw stays together
    assert len(design(tmp_path, 'design = "posterior"\nfile = "posterior.nc"\n')) == 100


def test_members_without_shocks_share_the_stream_of_the_central_history(tmp_path: Path) -> None:
    text = f'design = "lhs"\nmembers = 4\n{{}}\n[vary]\n"{A}" = {{{{}}}}\n'
    assert load_ensemble(write(tmp_path, text.format(""))).members.numbers.tolist() == [0, 1, 2, 3]
    still = load_ensemble(write(tmp_path, text.format('shocks = "none"'))).members
    assert still.numbers.tolist() == [0, 0, 0, 0]


def test_groups_share_a_scenario_and_cover_all_members() -> None:
    values = {
        "switches.passports": np.array([True, False, True, True, False]),
        "decrees.passports.date": np.array(
            ["1932-12-27", "1932-12-27", "1931-01-01", "1932-12-27", "1932-12-27"], dtype="datetime64[D]"
        ),
        A: np.linspace(0.4, 0.6, 5),
    }
    members = resolve(BASELINE, Laid(values))
    assert [g.members.tolist() for g in members.groups] == [[0, 3], [1, 4], [2]]
    for group in members.groups:
        assert group.scenario.switches.passports == group.pattern["switches.passports"]
        assert group.scenario.decrees["passports"].date == group.pattern["decrees.passports.date"]
    assert members.member(4).parameters.draught.tractor_utilisation == 0.6


@settings(deadline=None)
@given(
    size=st.integers(1, 60),
    chunk=st.integers(1, 70),
    cuts=st.lists(st.integers(0, 60), max_size=8, unique=True),
)
def test_chunks_cover_what_is_not_done_once(size: int, chunk: int, cuts: list[int]) -> None:
    edges = sorted(cut for cut in cuts if cut <= size)
    done = list(zip(edges[::2], edges[1::2], strict=False))
    group = resolve(BASELINE, Laid({A: np.full(size, 0.5)})).groups[0]
    left = list(spans(group, chunk, done))
    covered = [p for first, last in (*left, *done) for p in range(first, last)]
    assert sorted(covered) == list(range(size))
    assert all(0 < last - first <= chunk for first, last in left)


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_around_is_a_share_of_the_value_within_the_bounds(tmp_path: Path, share: float) -> None:
    text = f'design = "lhs"\nmembers = 200\n[vary]\n"{A}" = {{ around = {share} }}\n'
    drawn = design(tmp_path, text)[A]
    value = BASELINE.parameters.draught.tractor_utilisation
    low, high = max(BOUNDS[0], (1 - share) * value), min(BOUNDS[1], (1 + share) * value)
    assert low <= drawn.min() < low + 0.02 * (high - low)
    assert high >= drawn.max() > high - 0.02 * (high - low)


def test_around_zero_is_a_share_of_the_declared_range(tmp_path: Path) -> None:
    text = (
        f'design = "lhs"\nmembers = 200\n[changes]\n"{B}" = 0.1\n"parameters.livestock.horses_meat" = 0.0\n'
        '[vary]\n"parameters.livestock.horses_meat" = { around = 0.5 }\n'
    )
    _, high = registry.economy().parameters()["livestock"]["horses_meat"].bounds
    drawn = design(tmp_path, text)["parameters.livestock.horses_meat"]
    assert drawn.max() == pytest.approx(0.5 * high, rel=0.02)
    assert drawn.min() >= 0.0
