"""Running into a folder: the same to the bit wherever it runs, and never twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cli_calls import planmodel
from distributed import Client, LocalCluster
from ensemble_runs import SMALL, assert_same, fail_in, loaded, write
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planmodel.engine import UserError
from planmodel.provenance import machine
from planmodel.runs import (
    load_ensemble,
    open_ensemble,
    read_design,
    read_member,
    run_ensemble,
    verify,
)
from planmodel.runs.files import parsed
from planmodel.runs.history import History, run
from planmodel.runs.record import reduce
from planmodel.runs.sweep import Progress
from planmodel.scenario import registry
from planmodel.storage import write_manifest

INDICATORS = registry.economy().indicators


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration, and beside it the folder ``whole`` that it fills in one go."""
    folder = tmp_path_factory.mktemp("small")
    path = write(folder)
    done = run_ensemble(path, folder / "whole", chunk=4)
    assert (done.members, done.run, done.kept, done.failures) == (24, 24, 0, ())
    return path


@pytest.fixture
def filled(small: Path, tmp_path: Path) -> Path:
    """A copy of the folder."""
    shutil.copytree(small.parent / "whole", tmp_path / "filled")
    return tmp_path / "filled"


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A real cluster: a scheduler and two worker processes."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:  # type: ignore[no-untyped-call]
        yield cluster


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "chunks").iterdir())


def test_the_folder_opens_as_one_lazy_dataset(small: Path) -> None:
    with open_ensemble(small.parent / "whole") as dataset:
        assert dataset["cattle"].chunks is not None  # nothing is read yet
        assert dict(dataset.sizes) == {"member": 24, "time": 2}
        assert dataset["member"].values.tolist() == list(range(24))
        assert dataset["time"].dt.year.values.tolist() == [1928, 1929]
        assert dataset["grain_harvest"].attrs["units"] == "million tonnes a year"
        assert dataset.attrs["seed"] == 4
        design = read_design(small.parent / "whole")
        for key in design:
            np.testing.assert_array_equal(dataset[key].values, design[key].to_numpy())
    assert len(load_ensemble(small).members.groups) == 4


def test_member_k_is_the_run_of_its_own_scenario(small: Path) -> None:
    whole = loaded(small.parent / "whole")
    plan = load_ensemble(small)
    for number in (0, 7, 23):
        for source in (small, small.parent / "whole"):  # the configuration, and the folder
            scenario, stream, seed = read_member(source, number)
            alone = reduce(run(scenario, [stream], seed), plan.configuration.keep, scenario)
            for name in alone.data_vars:
                np.testing.assert_array_equal(alone[name].values[0], whole[name].values[number])


def test_the_command_runs_member_k(small: Path, tmp_path: Path) -> None:
    words = ["run", "--member", "5", "--design", str(small), "--out", str(tmp_path / "five")]
    assert planmodel(*words, "--quiet", "--no-figures") == (0, "", "")
    monthly = xr.load_dataset(tmp_path / "five" / "results.nc")
    whole = loaded(small.parent / "whole").sel(member=5)
    cattle = monthly["cattle"].sel(member=5, time=whole["time"])
    np.testing.assert_array_equal(cattle.values, whole["cattle"].values)
    row = read_design(small.parent / "whole").loc[5]
    scenario, _, _ = read_member(small, 5)
    assert scenario.initial.grain.individual.value == row["initial.grain.individual.value"]
    assert scenario.switches.grain_exports == row["switches.grain_exports"]
    for words, message in (
        (["--member", "3"], "--member 3: of which ensemble? allowed: with --design ENSEMBLE"),
        (["--design", str(small)], f"--design {small}: which member? allowed: with --member K"),
        (["--member", "24", "--design", str(small)], "member 24: there is none; allowed: 0 to 23"),
        (
            ["--member", "3", "--design", str(small), "--seed", "3"],
            "--member: the ensemble decides scenario and seed; allowed: without SCENARIO, --set, "
            "--switch-off, --data, --members, --seed, --until, --evidence, --save and --from",
        ),
    ):
        assert planmodel("run", *words).message == message


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunk=st.integers(2, 30))
def test_any_size_of_chunk_gives_the_same(
    small: Path, tmp_path_factory: pytest.TempPathFactory, chunk: int
) -> None:
    folder = tmp_path_factory.mktemp("chunk")
    run_ensemble(small, folder, chunk=chunk)
    assert_same(small.parent / "whole", folder)


def test_processes_give_the_same(small: Path, tmp_path: Path) -> None:
    run_ensemble(small, tmp_path, workers=2, chunk=5)
    assert_same(small.parent / "whole", tmp_path)


def test_any_executor_gives_the_same(small: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        run_ensemble(small, tmp_path, executor=executor, chunk=5)
    assert_same(small.parent / "whole", tmp_path)


def test_a_dask_cluster_gives_the_same(small: Path, tmp_path: Path, cluster: LocalCluster) -> None:
    address = cluster.scheduler_address
    out = str(tmp_path / "dask")
    answer = planmodel("ensemble", str(small), "--scheduler", address, "--chunk", "5", "--out", out)
    assert answer.status == 0, answer.err
    assert_same(small.parent / "whole", tmp_path / "dask")


def test_no_scheduler_at_the_address(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planmodel.runs.workers.PATIENCE", "1s")
    answer = planmodel("ensemble", str(small), "--scheduler", "tcp://127.0.0.1:9", "--out", str(tmp_path))
    assert answer.status == 2
    assert answer.err.startswith("error: --scheduler tcp://127.0.0.1:9: no Dask scheduler answers")


# ------------------------------------------------------------------------------------------- resuming


def test_what_is_complete_is_not_run_again(
    small: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {f.name: f.stat().st_mtime_ns for f in (filled / "chunks").iterdir()}

    def never(*_: object) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr(History, "run", never)
    done = run_ensemble(small, filled, chunk=3)
    assert (done.run, done.kept) == (0, 24)
    assert {f.name: f.stat().st_mtime_ns for f in (filled / "chunks").iterdir()} == before


def test_what_is_missing_is_run_in_any_size_of_chunk(small: Path, filled: Path) -> None:
    for name in names(filled)[1:4]:
        (filled / "chunks" / name).unlink()
    done = run_ensemble(small, filled, chunk=3)
    assert done.run == 24 - done.kept > 0
    assert_same(small.parent / "whole", filled)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_damaged_and_foreign_chunks_are_found_and_run_again(
    small: Path, filled: Path, tmp_path: Path
) -> None:
    chunks = filled / "chunks"
    flipped, cut, renamed, replaced, *_ = names(filled)
    damage(chunks / flipped)
    (chunks / cut).write_bytes((chunks / cut).read_bytes()[:-100])
    group, rest = renamed.split("_", 1)
    (chunks / renamed).rename(chunks / f"g0009_{rest}")
    run_ensemble(write(tmp_path, SMALL.replace("seed = 4", "seed = 5")), tmp_path / "other", chunk=4)
    (chunks / replaced).unlink()
    foreign = names(tmp_path / "other")[0]
    shutil.copy(tmp_path / "other" / "chunks" / foreign, chunks)
    (chunks / "notes.txt").write_text("not a chunk")
    (chunks / f".{flipped}.partial-elsewhere-1").write_bytes(b"of a worker on another machine")

    seen: list[Progress] = []
    done = run_ensemble(small, filled, chunk=4, progress=seen.append)
    notes = "\n".join(seen[0].notes)
    assert f"{flipped}: is damaged" in notes
    assert f"{cut}: is damaged" in notes
    assert f"g0009_{rest}: has the name of another chunk" in notes
    assert f"{foreign}: belongs to another ensemble" in notes
    assert "notes.txt: is not a chunk of an ensemble; left where it is" in notes
    assert (chunks / "notes.txt").read_text() == "not a chunk"
    assert len(list((filled / "set_aside").iterdir())) == 4  # nothing was deleted
    assert done.run > 0
    assert group
    assert_same(small.parent / "whole", filled)


def test_a_second_file_for_the_same_members_is_set_aside(small: Path, filled: Path, tmp_path: Path) -> None:
    run_ensemble(small, tmp_path / "other", chunk=3)
    for name in names(tmp_path / "other"):
        shutil.copy(tmp_path / "other" / "chunks" / name, filled / "chunks")
    assert_same(small.parent / "whole", filled)  # opened without a check
    assert any("stands for members that another file has" in line for line in verify(filled))
    run_ensemble(small, filled)
    assert_same(small.parent / "whole", filled)


CHANGED = {
    "seed": (("seed = 4", "seed = 5"), ["seed: 4 there, 5 now"]),
    "members": (("members = 24", "members = 25"), ["members: 24 there, 25 now"]),
    "kept": (('"cattle"', '"horses"'), ["keep.variables: "]),
    "bounds": (
        ("high = 45.0", "high = 44.0"),
        ["vary.initial.grain.individual.value.high: 45.0 there, 44.0 now"],
    ),
    "scenario": (
        ("[vary]", '[changes]\n"parameters.cropping.seed_rate" = 0.11\n[vary]'),
        [
            "changes.parameters.cropping.seed_rate: nothing there, 0.11 now",
            "scenario: parameters.cropping.seed_rate: ",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), CHANGED.values(), ids=CHANGED.keys())
def test_a_changed_configuration_is_refused_with_what_differs(
    change: tuple[str, str], said: list[str], filled: Path, tmp_path: Path
) -> None:
    before = names(filled)
    answer = planmodel(
        "ensemble", str(write(tmp_path, SMALL.replace(*change))), "--out", str(filled), "--quiet"
    )
    head, *lines = answer.message.splitlines()
    assert head == (f"{filled}: holds another ensemble; allowed: another folder, or what it was begun with:")
    for text in said:
        assert any(line.strip().startswith(text) for line in lines), lines
    assert names(filled) == before


@pytest.mark.parametrize(
    ("key", "said"),
    [("code_sha256", "the code of the model: "), ("record_sha256", "the documented record: ")],
)
def test_other_code_or_another_record_is_refused(key: str, said: str, small: Path, filled: Path) -> None:
    manifest = json.loads((filled / "manifest.json").read_text())
    manifest["identity"][key] = "0" * 64
    manifest["ensemble_sha256"] = "0" * 64
    write_manifest(filled, manifest, "planmodel ensemble", manifest["files"])
    with pytest.raises(UserError, match=said):
        run_ensemble(small, filled)


def test_another_machine_is_a_note_and_stands_in_the_manifest(
    small: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bits may differ from those of the members that are there: said, not refused."""
    here = machine()
    assert json.loads((filled / "manifest.json").read_text())["machines"] == [here | {"members": 24}]
    lost = parsed(next((filled / "chunks").glob("g*.nc")))
    assert lost is not None
    lost.path.unlink()
    other = here | {"processor": "another processor", "c_library": "musl 1.2"}
    for module in ("identity", "task"):
        monkeypatch.setattr(f"planmodel.runs.{module}.machine", lambda: other)
    notes: list[str] = []
    done = run_ensemble(small, filled, progress=lambda state: notes.extend(state.notes))
    assert done.run == lost.last - lost.first
    assert set(notes) == {
        f"{24 - done.run} members were run on another processor or C library ({here['processor']}, "
        f"{here['c_library']}): series agree within 1e-10 of their range, not to the bit"
    }
    made_on = json.loads((filled / "manifest.json").read_text())["machines"]
    assert sorted(about["members"] for about in made_on) == sorted([24 - done.run, done.run])
    assert {about["processor"] for about in made_on} == {here["processor"], "another processor"}
    assert_same(small.parent / "whole", filled)


def test_the_title_and_a_comment_may_change(filled: Path, tmp_path: Path) -> None:
    changed = write(tmp_path, SMALL.replace("A small", "# no\ntitle = 'x'\n#").replace('title = "', "#"))
    assert run_ensemble(changed, filled).run == 0


def test_a_folder_that_holds_something_else_is_refused(small: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_text("precious")
    answer = planmodel("ensemble", str(small), "--out", str(tmp_path), "--quiet")
    assert answer.message == (
        f"{tmp_path}: holds 'photo.jpg' and is not an ensemble of planmodel; "
        "allowed: a new or empty folder, or that of an ensemble"
    )
    assert [f.name for f in tmp_path.iterdir()] == ["photo.jpg"]
    file = tmp_path / "photo.jpg"
    assert planmodel("ensemble", str(small), "--out", str(file), "--quiet").message == (
        f"{file}: is a file; allowed: a folder"
    )


def test_two_processes_on_one_folder(small: Path, filled: Path) -> None:
    with FileLock(filled / ".lock"):
        (filled / "holder.json").write_text('{"pid": 77, "host": "elsewhere", "since": "then"}')
        answer = planmodel("ensemble", str(small), "--out", str(filled), "--quiet")
        assert answer.message == (
            f"{filled}: process 77 on elsewhere (since then) is writing into it; "
            "allowed: wait, or another folder"
        )
    assert run_ensemble(small, filled).run == 0  # free again, though the note of the holder is there


# ------------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize("chunk", [1, 5, 24])
def test_a_member_that_fails_does_not_sink_the_sweep(
    chunk: int, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_in({3, 20}, monkeypatch)
    out = tmp_path / "failing"
    answer = planmodel("ensemble", str(small), "--out", str(out), "--chunk", str(chunk))
    assert answer.status == 1
    assert "2 of 24 members failed" in answer.err
    assert "ZeroDivisionError: a member that fails; see " in answer.err
    failures = json.loads((out / "failures.json").read_text())
    assert sorted(m for failure in failures for m in failure["members"]) == [3, 20]
    assert "run_or_fail" in failures[0]["traceback"]
    whole = loaded(small.parent / "whole").drop_sel(member=[3, 20])
    kept = loaded(out)
    assert kept.attrs["members_asked"] == 24
    assert (kept.attrs["members_done"], kept.attrs["members_failed"]) == (22, 2)
    assert kept.attrs["members_missing"] == ""
    kept.attrs = whole.attrs
    xr.testing.assert_identical(kept, whole)
    monkeypatch.undo()
    again = run_ensemble(small, out)
    if chunk == 1:  # nothing was kept of the chunk, so it is tried again
        assert (again.run, again.failed) == (2, 0)
        assert not (out / "failures.json").exists()
        assert_same(small.parent / "whole", out)
    else:  # the same code would fail again
        assert (again.run, again.failed) == (0, 2)


def test_no_memory_fails_the_chunk_and_is_tried_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(_: History) -> None:
        raise MemoryError

    monkeypatch.setattr(History, "run", run_out)
    done = run_ensemble(small, tmp_path, chunk=10)
    assert done.failed == 24
    assert all("MemoryError" in failure.error for failure in done.failures)
    monkeypatch.undo()
    assert run_ensemble(small, tmp_path).failed == 0
    assert_same(small.parent / "whole", tmp_path)


# ----------------------------------------------------------------------------------------- statistics


def test_statistics_are_the_quantiles_of_the_members(small: Path, tmp_path: Path) -> None:
    text = SMALL + "statistics = true\nquantiles = [0.05, 0.25, 0.5, 0.75, 0.95]\n"
    path = write(tmp_path, text)
    done = run_ensemble(path, tmp_path / "few", chunk=5)
    assert done.failed == 0
    whole = loaded(small.parent / "whole")
    statistics = loaded(tmp_path / "few")
    assert dict(statistics.sizes) == {"quantile": 5, "time": 2}
    for name in whole.data_vars:
        expected = np.quantile(whole[name].values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        np.testing.assert_array_equal(statistics[name].values, expected)
    assert names(tmp_path / "few") == []
    assert run_ensemble(path, tmp_path / "few").run == 0
    damage(next((tmp_path / "few").glob("statistics_*.nc")))
    assert run_ensemble(path, tmp_path / "few").run == 24
    again = loaded(tmp_path / "few")
    xr.testing.assert_identical(again, statistics)


def test_monthly_values_are_those_of_a_run(tmp_path: Path) -> None:
    text = SMALL.replace("[keep]", '[keep]\nfrequency = "monthly"').replace(', "grain_procurement_share"', "")
    path = write(tmp_path, text)
    run_ensemble(path, tmp_path / "monthly", chunk=7)
    kept = loaded(tmp_path / "monthly")
    assert kept.sizes["time"] == 24
    scenario, stream, seed = read_member(path, 9)
    alone = run(scenario, [stream], seed)
    for name in kept.data_vars:
        np.testing.assert_array_equal(kept[name].values[9], alone[name].values[0])


def test_years_are_made_of_their_months(small: Path) -> None:
    whole = loaded(small.parent / "whole").isel(member=0)
    scenario, stream, seed = read_member(small, 0)
    alone = run(scenario, [stream], seed).isel(member=0)
    months = pd.DatetimeIndex(alone["time"].values)
    first = months.year == 1928
    assert float(whole["grain_harvest"][0]) == pytest.approx(float(alone["grain_harvest"][first].sum()))
    assert float(whole["cattle"][0]) == float(alone["cattle"][first][-1])
    assert float(whole["pressure"][0]) == pytest.approx(float(alone["pressure"][first].mean()))
    procured = sum(float(alone[part][6:18].sum()) for part in INDICATORS["grain_procurement_share"].parts)
    harvested = sum(float(alone[part][6:18].sum()) for part in INDICATORS["grain_procurement_share"].over)
    assert float(whole["grain_procurement_share"][0]) == pytest.approx(procured / harvested)
    assert np.isnan(whole["grain_procurement_share"][1])  # July 1929 to June 1930 is not whole


def test_summary_shows_and_draws(small: Path, filled: Path) -> None:
    answer = planmodel("ensemble", "summary", str(filled))
    assert answer.status == 0, answer.err
    assert "24 of 24 members: median, 5 % and 95 %, record" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80 or str(filled) in answer.out
    median = np.median(loaded(filled)["grain_harvest"].values[:, 0])
    assert f"{median:.1f}" in answer.out
    assert "73.3" in answer.out  # the record of 1928
    files = list((filled / "fans").glob("*.png"))
    assert files
    assert all(f.read_bytes().startswith(b"\x89PNG") for f in files)
    wrong = planmodel("ensemble", "summary", str(filled), "--variable", "catle")
    assert "--variable catle: the ensemble did not keep it; did you mean 'cattle'?" in wrong.message


def test_a_dask_client_evaluates_too(cluster: LocalCluster) -> None:
    from planmodel.runs.evaluate import evaluate

    values = {"draught.tractor_utilisation": np.linspace(0.4, 0.6, 6)}
    scenario = load_ensemble_scenario()
    here = evaluate(scenario, values, 1, ["cattle"])
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        there = evaluate(scenario, values, 1, ["cattle"], chunk=2, workers=client.get_executor())
    np.testing.assert_array_equal(here["cattle"], there["cattle"])


def load_ensemble_scenario() -> Any:
    from datetime import date

    from planmodel.scenario import load_scenario

    return load_scenario("one_country").until(date(1928, 12, 31))
