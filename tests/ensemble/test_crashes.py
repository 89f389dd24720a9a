"""Nothing finished is lost: killed, stopped, disk full, folder read-only, workers dead."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster
from ensemble_runs import COMMAND, SMALL, assert_same, write

from planmodel.runs import run_ensemble, verify
from planmodel.runs.files import chunk_files
from planmodel.storage import read_manifest, write_manifest

ROOT = Path(__file__).parents[2]
TIMES = int(os.environ.get("PLANMODEL_KILLS", "3"))  # 20 is the promise: see docs/ensembles.md


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration, and beside it the folder ``whole`` of an uninterrupted run."""
    folder = tmp_path_factory.mktemp("crash")
    path = write(folder, SMALL.replace("members = 24", "members = 40"))
    run_ensemble(path, folder / "whole", chunk=40)
    return path


def start(configuration: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    words = [*COMMAND, "ensemble", str(configuration), "--out", str(out), "--chunk", "2", *more]
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )


def wait_for_chunks(process: subprocess.Popen[str], out: Path, count: int) -> None:
    """Wait until so many chunks are done, or the process has ended."""
    while process.poll() is None and (not (out / "chunks").is_dir() or len(chunk_files(out)) < count):
        time.sleep(0.02)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_at_random_moments_and_resumed(workers: str, small: Path, tmp_path: Path) -> None:
    chance = random.Random(int(workers))
    out = tmp_path / "killed"
    moments, kills, before = [], 0, 0
    for _ in range(TIMES):
        process = start(small, out, "--workers", workers)
        wait_for_chunks(process, out, before + 1)  # each attempt gets somewhere
        time.sleep(chance.uniform(0.0, 0.4))
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive  # workers do not outlive their parent
        before = len(chunk_files(out))
        moments.append(before)
    assert kills, moments
    process = start(small, out, "--workers", workers)
    _, err = process.communicate()
    assert process.returncode == 0, err
    assert moments[0] > 0
    assert not list((out / "chunks").glob(".*"))  # what was half-written is gone
    assert verify(out) == []
    assert_same(small.parent / "whole", out)


def test_ctrl_c_keeps_what_is_done(small: Path, tmp_path: Path) -> None:
    for workers in ("1", "2"):
        out = tmp_path / workers
        process = start(small, out, "--workers", workers)
        wait_for_chunks(process, out, 2)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all processes in front
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert "Traceback" not in err
        assert err.startswith("stopped; ")
        assert f"of 40 members are kept in {out}; the same command goes on from there" in err
        done = chunk_files(out)
        assert 2 <= len(done) < 20
        assert not list((out / "chunks").glob(".*"))
        assert run_ensemble(small, out).run == 40 - sum(file.last - file.first for file in done)
        assert_same(small.parent / "whole", out)


def test_a_worker_that_is_killed_is_replaced(small: Path, tmp_path: Path) -> None:
    process = start(small, tmp_path, "--workers", "2")
    wait_for_chunks(process, tmp_path, 1)
    workers = [
        child
        for child in psutil.Process(process.pid).children(recursive=True)
        if "spawn_main" in " ".join(child.cmdline())
    ]
    workers[0].kill()
    _, err = process.communicate()
    assert process.returncode == 0, err
    assert_same(small.parent / "whole", tmp_path)


def test_a_dask_worker_that_is_killed_is_replaced(small: Path, tmp_path: Path) -> None:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:  # type: ignore[no-untyped-call]
        process = start(small, tmp_path, "--scheduler", cluster.scheduler_address)
        wait_for_chunks(process, tmp_path, 2)
        victim = next(iter(cluster.workers.values()))
        os.kill(victim.process.pid, signal.SIGKILL)
        _, err = process.communicate()
        assert process.returncode == 0, err
    assert_same(small.parent / "whole", tmp_path)


def test_a_dask_scheduler_that_is_lost_ends_cleanly(small: Path, tmp_path: Path) -> None:
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:  # type: ignore[no-untyped-call]
        process = start(small, tmp_path, "--scheduler", cluster.scheduler_address)
        wait_for_chunks(process, tmp_path, 2)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2, err
    assert "error: the Dask scheduler is lost; what is finished is kept" in err
    assert "Traceback" not in err
    run_ensemble(small, tmp_path)
    assert_same(small.parent / "whole", tmp_path)


# ------------------------------------------------------------------- file systems that refuse to be written


def in_a_namespace(script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script where file systems may be mounted; they are gone when it ends."""
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    words = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*words, "mount -t tmpfs none /mnt"], capture_output=True).returncode:
        pytest.skip("this machine does not let a user mount file systems")
    return subprocess.run([*words, script], capture_output=True, text=True, cwd=ROOT)


def shell(configuration: Path, out: Path, *more: str) -> str:
    words = [*COMMAND, "ensemble", configuration, "--out", out, "--chunk", "2", *more]
    return " ".join(f"'{word}'" for word in words)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_gives_one_error_and_loses_nothing(workers: str, small: Path, tmp_path: Path) -> None:
    disk, saved = tmp_path / "disk", tmp_path / "saved"
    disk.mkdir()
    command = shell(small, disk / "out", "--quiet", "--workers", workers)
    done = in_a_namespace(
        f"mount -t tmpfs -o size=200k none '{disk}' && {command}; echo status $?; "
        f"ls -a '{disk}/out/chunks' | wc -l; cp -r '{disk}/out' '{saved}'"
    )
    assert "status 2" in done.stdout, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr == f"error: {disk}/out/chunks: cannot be written: No space left on device\n"
    kept = chunk_files(saved)
    assert 2 <= len(kept) < 20
    assert not list((saved / "chunks").glob(".*"))
    assert verify(saved) == []
    assert run_ensemble(small, saved).kept == sum(file.last - file.first for file in kept)
    assert_same(small.parent / "whole", saved)


def test_a_read_only_folder_gives_one_error_and_loses_nothing(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(small.parent / "whole", out)
    for half in chunk_files(out)[::2]:
        half.path.unlink()
    before = sorted(f.name for f in out.rglob("*"))
    mount = f"mount --bind '{tmp_path}' '{tmp_path}' && mount -o remount,bind,ro '{tmp_path}'"
    for folder in (out, tmp_path / "new"):
        done = in_a_namespace(f"{mount} && {shell(small, folder, '--quiet')}; echo status $?")
        assert done.stdout == "status 2\n", done.stderr
        assert done.stderr == f"error: {folder}: cannot be written: Read-only file system\n"
    assert sorted(f.name for f in out.rglob("*")) == before


def test_a_file_that_may_grow_no_further_gives_one_error(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small.parent / "whole", tmp_path, dirs_exist_ok=True)
    for file in chunk_files(tmp_path):
        file.path.unlink()
    about = read_manifest(tmp_path) | {"finished": None}  # else it is the first that must be written
    write_manifest(tmp_path, about, "planmodel ensemble", about["files"])
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000)); "
    words = [
        sys.executable,
        "-c",
        limit + COMMAND[-1],
        "ensemble",
        str(small),
        "--out",
        str(tmp_path),
        "--quiet",
    ]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr == f"error: {tmp_path}/chunks: cannot be written: File too large\n"
    assert list((tmp_path / "chunks").iterdir()) == []
    run_ensemble(small, tmp_path)
    assert_same(small.parent / "whole", tmp_path)
