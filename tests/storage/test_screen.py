"""A screen that is closed, full or gone loses nothing, and a command that is ended leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planmodel.storage import read_manifest, verified

ROOT = Path(__file__).parents[2]
CODE = "from planmodel.cli import main; main()"
RUN = ["run", "--until", "1928-02-29", "--no-figures", "--out"]


def shell(tail: str, *words: str) -> subprocess.CompletedProcess[str]:
    line = " ".join(f"'{word}'" for word in (sys.executable, "-c", CODE, *words))
    return subprocess.run(["sh", "-c", f"{line} {tail}"], capture_output=True, text=True, cwd=ROOT)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_run_is_written_though_the_screen_is_full(tmp_path: Path) -> None:
    done = shell("> /dev/full", *RUN, str(tmp_path / "out"))
    assert (done.returncode, done.stderr) == (
        1,
        "error: standard output: No space left on device; what is in files is whole\n",
    )
    assert verified(tmp_path / "out", read_manifest(tmp_path / "out")) == []


def test_a_screen_that_is_closed_or_gone_is_no_failure(tmp_path: Path) -> None:
    done = shell("2>&- >&-", "series", "export", "--out", str(tmp_path / "record.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "record.csv").read_text(encoding="utf-8").startswith("variable,")
    done = shell("| head -1", "series", "export")  # far more than a pipe holds
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_command_that_is_ended_leaves_nothing(name: str, tmp_path: Path) -> None:
    number = getattr(signal, name)
    words = [sys.executable, "-c", CODE, "run", "--no-figures", "--out", str(tmp_path / "new" / "out")]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    while process.poll() is None and not (tmp_path / "new").exists():  # until it holds the folder
        time.sleep(0.02)
    os.kill(process.pid, number)
    _, err = process.communicate()
    assert (process.returncode, err) == (128 + number, "stopped; nothing was written\n")
    assert list(tmp_path.iterdir()) == []
