"""Thousands of chunks: an index that only saves time, nothing lost by kill -9, and what a dry run says."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest
import xarray as xr
from cli_calls import planmodel
from ensemble_runs import SMALL, write
from stub import KEYS, stub, text

from planmodel.engine import UserError
from planmodel.runs import load_ensemble, open_ensemble, read_design, run_ensemble, verify
from planmodel.runs.estimate import estimate
from planmodel.runs.files import chunk_files
from planmodel.runs.index import INDEX, read_index
from planmodel.runs.task import Task
from planmodel.storage import read_manifest

TIMES = int(os.environ.get("PLANMODEL_KILLS", "3"))  # 20 is the promise: see docs/ensembles.md
ROOT = Path(__file__).parents[2]

# ------------------------------------------------------------------------------------------------- index


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``out`` of a stub, of 40 chunks, and beside it the configuration."""
    folder = tmp_path_factory.mktemp("scale")
    write(folder, text(400))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Task, "run", stub)
        run_ensemble(folder / "small.toml", folder / "out", chunk=10)
    return folder


def opened(folder: Path) -> xr.Dataset:
    with open_ensemble(folder) as dataset:
        return dataset.load()


def forbidden(*_: Any, **__: Any) -> Any:
    raise AssertionError("a chunk was read")


def test_neither_resuming_nor_opening_reads_the_chunks(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("is_whole", "examine"):
        monkeypatch.setattr(f"planmodel.runs.index.{name}", forbidden)
    done = run_ensemble(filled / "small.toml", filled / "out")
    assert (done.run, done.kept) == (0, 400)
    files, real = list[Path](), xr.open_dataset

    def noted(file: Path, **how: Any) -> xr.Dataset:
        files.append(file)
        return real(file, **how)

    monkeypatch.setattr(xr, "open_dataset", noted)
    with open_ensemble(filled / "out") as dataset:
        assert len(files) == 1  # the first, for what they hold
        design = read_design(filled / "out")
        for i, key in enumerate(KEYS):
            assert dataset[key].chunks is not None
            np.testing.assert_array_equal(dataset[key].values, design[key].to_numpy())
            np.testing.assert_array_equal(dataset["row"].values[:, i], design[key].to_numpy())
        assert dataset["number"].values.tolist() == list(range(400))


def test_design_and_chunks_are_read_in_parts(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planmodel.runs.lazy._LINES", 7)
    parts = opened(filled / "out")
    assert read_design(filled / "out")[KEYS[0]].tolist() == parts[KEYS[0]].values.tolist()
    monkeypatch.undo()
    xr.testing.assert_identical(parts, opened(filled / "out"))
    with open_ensemble(filled / "out") as dataset:
        some = dataset.isel(member=slice(33, 61)).load()
    np.testing.assert_array_equal(some["row"].values, parts["row"].values[33:61])


def test_a_file_that_was_touched_is_read_again(filled: Path, tmp_path: Path) -> None:
    """Whatever its times say then: a bit may have turned while the times were put back."""
    shutil.copytree(filled / "out", tmp_path / "out")
    path = chunk_files(tmp_path / "out")[3].path
    content, about = bytearray(path.read_bytes()), path.stat()
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    with pytest.raises(UserError, match=f"{path.name}: is damaged"):
        open_ensemble(tmp_path / "out")


def test_an_index_that_is_lost_torn_or_damaged_only_costs_time(filled: Path, tmp_path: Path) -> None:
    file, whole, chance = filled / "out" / INDEX, opened(filled / "out"), np.random.default_rng(5)
    content = file.read_bytes()
    for kind in range(40):
        spoilt = bytearray(content)
        at = int(chance.integers(len(content)))
        if kind % 2:
            spoilt[at] ^= 1 << int(chance.integers(8))
        else:
            del spoilt[at:]
        file.write_bytes(spoilt)
        xr.testing.assert_identical(opened(filled / "out"), whole)
    file.unlink()
    xr.testing.assert_identical(opened(filled / "out"), whole)
    assert verify(filled / "out") == []  # and writes it anew
    assert file.read_bytes().split() == content.split()
    ensemble = read_manifest(filled / "out")["ensemble_sha256"]
    assert len(read_index(filled / "out", ensemble)) == 40
    assert read_index(filled / "out", "another") == {}


# ----------------------------------------------------------------------------------------------- kill -9


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_at_random_moments_nothing_done_is_lost(workers: str, tmp_path: Path) -> None:
    path, out, chance = write(tmp_path, text(3000)), tmp_path / "out", random.Random(int(workers))
    words = [sys.executable, str(Path(__file__).with_name("stub.py")), str(path), str(out), workers]
    kept: dict[str, int] = {}
    for _ in range(TIMES):
        process = subprocess.Popen(words, cwd=ROOT, start_new_session=True)
        while process.poll() is None and len(chunk_files(out)) <= len(kept):
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.5))
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        for one in family:  # of an executor of ours, which does not end with its parent
            one.kill()
        process.send_signal(signal.SIGKILL)
        process.wait()
        psutil.wait_procs(family, timeout=10)
        now = {file.path.name: file.path.stat().st_mtime_ns for file in chunk_files(out)}
        assert kept.items() <= now.items()  # what was done is there, and was not done again
        kept = now
    assert subprocess.run(words, cwd=ROOT).returncode == 0
    last = {file.path.name: file.path.stat().st_mtime_ns for file in chunk_files(out)}
    assert kept.items() <= last.items()
    whole, design = opened(out), read_design(out)
    assert whole["member"].values.tolist() == list(range(3000))
    np.testing.assert_array_equal(whole["row"].values, design[list(KEYS)].to_numpy())
    assert verify(out) == []


def test_a_task_whose_scheduler_is_lost_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lost(Executor):
        _client = SimpleNamespace(status="closed")

        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            return Future()

    monkeypatch.setattr("planmodel.runs.sweep._PATIENCE", 0.01)
    with pytest.raises(UserError, match="the Dask scheduler is lost; what is finished is kept"):
        run_ensemble(write(tmp_path, text(10)), tmp_path / "out", executor=Lost())


# ----------------------------------------------------------------------------------------------- dry run


def test_a_dry_run_says_what_it_would_take_and_writes_nothing(tmp_path: Path) -> None:
    path, out = write(tmp_path, SMALL.replace("members = 24", "members = 1000")), tmp_path / "out"
    answer = planmodel("ensemble", str(path), "--dry-run", "--out", str(out), "--workers", "2")
    assert answer.status == 0, answer.err
    said = " ".join(answer.out.split())
    groups = [len(group.members) for group in load_ensemble(path).members.groups]
    left = sum(-(-size // 500) for size in groups)  # half of all for each of two workers
    assert f"1,000 to run in {left} chunks of up to 500; 0 are in {out}/" in said
    assert re.search(r"Files: about \S+ kB in chunks, \S+ kB of design ", said)
    assert re.search(r"Processor time: about \S+ (s|minutes), \S+ (s|minutes) of each of 2 processes", said)
    assert said.endswith("Nothing was written.")
    assert not out.exists()


def test_a_dry_run_counts_what_is_there(filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled / "out", tmp_path / "out")
    for file in chunk_files(tmp_path / "out")[5:8]:
        file.path.unlink()
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    words = ("--dry-run", "--chunk", "20", "--out", str(tmp_path / "out"))
    answer = planmodel("ensemble", str(filled / "small.toml"), *words)
    assert answer.status == 0, answer.err
    assert f"30 to run in 2 chunks of up to 20; 370 are in {tmp_path}" in " ".join(answer.out.split())
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before
    other = write(tmp_path, text(401), "other.toml")
    refused = planmodel("ensemble", str(other), *words)  # after it has said what there is to run
    assert refused.status == 2
    assert refused.err.startswith(f"error: {tmp_path / 'out'}: holds another ensemble; allowed: ")
    quiet = planmodel("ensemble", str(other), "--dry-run", "--quiet").message
    assert quiet == "--dry-run: does not go with --quiet; allowed: one of the two"


def test_the_estimate_of_bytes_is_near(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Task, "run", stub)
    plan = load_ensemble(write(tmp_path, text(4000)))
    found = estimate(plan, tmp_path / "out", chunk=1000)
    run_ensemble(plan, tmp_path / "out", chunk=1000)
    held = sum(file.path.stat().st_size for file in chunk_files(tmp_path / "out"))
    assert (found.chunks, found.tried) == (4, 500)
    assert found.chunk_bytes == pytest.approx(held, rel=0.1)
    assert found.design_bytes == pytest.approx((tmp_path / "out" / "design.csv").stat().st_size, rel=0.02)
