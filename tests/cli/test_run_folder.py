"""The folder of a run: whole or not there, and what stood there before is never lost."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from cli_calls import Answer, planmodel

from planmodel.engine import UserError
from planmodel.report import drawn
from planmodel.report import folder as module
from planmodel.runs.history import Run, run_fully
from planmodel.runs.workers import ProcessExecutor, SerialExecutor
from planmodel.scenario import load_scenario
from planmodel.storage import read_manifest, reserve, verified

UNTIL = ("one_country", "--until", "1929-06-30")


def draw_one(_dataset: object, _scenario: object, figures: Path) -> list[Path]:
    figures.mkdir()
    (figures / "one.png").write_bytes(b"drawn")
    return [figures / "one.png"]


@pytest.fixture(scope="module")
def short() -> Run:
    """A short run, of which little is kept: what is in the files is tested elsewhere."""
    done = run_fully(load_scenario("one_country").until(date(1929, 6, 30)))
    return replace(done, dataset=done.dataset[["grain_state"]])


@pytest.fixture(autouse=True)
def quick(short: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run and compare nothing, draw one figure, in this process: only the folder matters here."""
    monkeypatch.setattr("planmodel.runs.history.run_fully", lambda *_, **__: short)
    met = pd.DataFrame({"start": [1], "model": [2.0]})
    monkeypatch.setattr("planmodel.report.comparison.compare", lambda *_: met)
    monkeypatch.setattr("planmodel.provenance.git_state", lambda: "unknown")
    monkeypatch.setattr("planmodel.report.figures.draw_figures", draw_one)
    monkeypatch.setattr(drawn, "ProcessExecutor", lambda _: SerialExecutor())


def run(out: Path | str, *more: str) -> Answer:
    return planmodel("run", *UNTIL, "--quiet", "--out", str(out), *more)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """An earlier result, alone in its parent."""
    folder = tmp_path / "results" / "first"
    assert run(folder).status == 0
    return folder


def test_an_existing_result_is_replaced_only_by_force(earlier: Path) -> None:
    before = contents(earlier)
    assert run(earlier).message == (
        f"--out {earlier}: exists; allowed: another folder, or --force to replace it"
    )
    assert contents(earlier) == before
    (earlier / "events.csv").write_text("changed by hand")
    assert run(earlier, "--force").status == 0
    assert contents(earlier)["events.csv"] == before["events.csv"]
    assert [f.name for f in earlier.parent.iterdir()] == ["first"]


def test_force_does_not_delete_what_is_not_a_result(tmp_path: Path, earlier: Path) -> None:
    foreign = tmp_path / "photographs"
    foreign.mkdir()
    for name, text in (("photo.jpg", "precious"), ("manifest.json", '{"name": "a web application"}')):
        (foreign / name).write_text(text)
        assert run(foreign, "--force").message == (
            f"--out {foreign}: exists and is not a result of planmodel; --force will not replace it"
        )
    assert contents(foreign)["photo.jpg"] == b"precious"
    (earlier / "figures" / "notes.txt").write_text("my notes")
    assert run(earlier, "--force").message == (
        f"--out {earlier}: holds 'figures/notes.txt', which planmodel did not write; "
        "--force will not replace it"
    )
    assert (earlier / "figures" / "notes.txt").is_file()


def test_an_empty_folder_and_a_link_are_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty").status == 0
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    assert run(tmp_path / "link", "--force").status == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "empty" / "manifest.json").is_file()
    assert sorted(f.name for f in tmp_path.iterdir()) == ["empty", "link"]


def test_the_folder_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert run(".").status == 0
    assert (here / "results.nc").is_file()
    assert [f.name for f in tmp_path.iterdir()] == ["here"]


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("file", "--out file: is a file; allowed: a folder that does not exist yet"),
        ("file/below/it", "--out file/below/it: cannot be written: Not a directory"),
        ("/proc/planmodel", "--out /proc/planmodel: cannot be written: No such file or directory"),
        ("/proc/self/fdinfo/x", "--out /proc/self/fdinfo/x: cannot be written: "),
        ("x" * 300, f"--out {'x' * 300}: cannot be written: File name too long"),
    ],
    ids=["a file", "below a file", "read-only", "read-only below", "too long"],
)
def test_a_folder_that_cannot_be_written_is_refused_before_the_run(
    out: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr("planmodel.runs.history.run_fully", never)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("kept")
    for force in ((), ("--force",)):
        assert run(out, *force).message.startswith(message)
    assert contents(tmp_path) == {"file": b"kept"}
    assert [f.name for f in tmp_path.iterdir()] == ["file"]


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


def broken(*_: object) -> None:
    raise ZeroDivisionError("a mistake of ours")


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "write_series", full_disk)
    out = tmp_path / "new" / "parents" / "result"
    assert run(out).message == f"--out {out}: cannot be written: No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("planmodel.runs.history.run_fully", "planmodel.report.folder.write_series"):
        with monkeypatch.context() as patch:
            patch.setattr(place, stopped if "folder" in place else lambda *_, **__: stopped())
            assert run(tmp_path / "new" / "result") == (130, "", "stopped; nothing was written\n")
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [full_disk, stopped, broken])
@pytest.mark.parametrize("place", ["writing", "renaming"])
def test_a_failure_leaves_the_earlier_result_whole(
    failure: object, place: str, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(earlier)
    rename = Path.rename

    def fail_with_the_new(path: Path, target: Path) -> Path:
        if ".partial-" in path.name:
            failure()  # type: ignore[operator]
        return rename(path, target)

    with monkeypatch.context() as patch:
        if place == "writing":
            patch.setattr(module, "write_series", failure)
        else:
            patch.setattr(Path, "rename", fail_with_the_new)
        if failure is broken:  # a bug of ours may show its traceback, and cleans up all the same
            with pytest.raises(ZeroDivisionError):
                run(earlier, "--force")
        else:
            assert run(earlier, "--force").status == (2 if failure is full_disk else 130)
    assert contents(earlier) == before
    assert os.listdir(earlier.parent) == ["first"]  # noqa: PTH208


def test_without_figures_the_folder_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(out, "--no-figures").status == 0
    assert not (out / "figures").exists()
    about, before = read_manifest(out), contents(out)
    assert verified(out, about) == []
    with reserve(out, module.WRITER, force=True) as reserved:
        drawn.add_figures(load_scenario(), reserved)
    after = contents(out)
    assert {name for name in after if after[name] != before.get(name)} == {"figures/one.png", "manifest.json"}
    assert set(before) < set(after)
    hashes = read_manifest(out)["files"]
    assert verified(out, read_manifest(out)) == []
    assert set(hashes) == set(after) - {"manifest.json"}
    assert hashes.items() > about["files"].items()


def test_figures_are_not_added_to_numbers_that_were_changed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(out, "--no-figures").status == 0
    (out / "monthly.csv").write_text("changed by hand")
    with (
        reserve(out, module.WRITER, force=True) as reserved,
        pytest.raises(UserError, match=r"monthly.csv: is damaged: .*; the figures are missing"),
    ):
        drawn.add_figures(load_scenario(), reserved)
    assert not (out / "figures").exists()


MISSING = "the figures are missing, all else is in {0}/"


@pytest.mark.parametrize(
    ("failure", "status", "message"),
    [
        (full_disk, 2, "error: --out {0}: cannot be written: No space left on device; " + MISSING),
        (broken, 1, "error: cannot be drawn: ZeroDivisionError: a mistake of ours; " + MISSING),
        (stopped, 130, "stopped; " + MISSING),
    ],
)
def test_figures_that_fail_are_missing_and_nothing_else(
    failure: object, status: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planmodel.report.figures.draw_figures", failure)
    out = tmp_path / "out"
    assert run(out) == (status, "", message.format(out) + "\n")
    assert verified(out, read_manifest(out)) == []
    assert "results.nc" in contents(out)
    assert not (out / "figures").exists()
    assert [f.name for f in tmp_path.iterdir()] == ["out"]


def end(*_: object) -> None:
    os._exit(9)


def test_a_drawing_process_that_is_ended_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "ProcessExecutor", ProcessExecutor)
    monkeypatch.setattr(drawn, "_draw", end)
    out = tmp_path / "out"
    assert run(out) == (1, "", f"error: the process that draws was ended; {MISSING.format(out)}\n")


def test_a_page_that_is_written_while_figures_are_drawn_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = b'<meta name="generator" content="planmodel 1">'

    def draw_and_report(dataset: object, scenario: object, figures: Path) -> list[Path]:
        (tmp_path / "out" / "report.html").write_bytes(page)
        return draw_one(dataset, scenario, figures)

    monkeypatch.setattr("planmodel.report.figures.draw_figures", draw_and_report)
    assert run(tmp_path / "out").status == 0
    assert contents(tmp_path / "out")["report.html"] == page
    assert "report.html" not in read_manifest(tmp_path / "out")["files"]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_command_that_is_ended_while_it_draws_leaves_the_numbers(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = "from planmodel.cli import main; main()"
    words = [sys.executable, "-c", code, "run", "one_country", "--until", "1928-02-29", "--out", str(out)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list(tmp_path.glob(".out.partial-*/figures/*.png")):
        time.sleep(0.02)
    shown = list(tmp_path.glob("out/*"))
    os.kill(process.pid, getattr(signal, name))
    screen, err = process.communicate()
    assert (process.returncode, err) == (128 + getattr(signal, name), f"stopped; {MISSING.format(out)}\n")
    assert "Grain harvest" in screen  # the table was there
    assert {f.name for f in shown} == {f.name for f in out.iterdir()}  # and the numbers
    assert verified(out, read_manifest(out)) == []
    assert [f.name for f in tmp_path.iterdir()] == ["out"]
