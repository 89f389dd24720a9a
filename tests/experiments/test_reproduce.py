"""`planmodel reproduce`: what it writes, what it leaves, what it refuses, what it survives."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import Answer, planmodel

from planmodel.experiments import reproduce as reproducing
from planmodel.experiments.load import (
    foreign_experiments,
    load_experiment,
    read_about,
    ready_experiments,
)
from planmodel.experiments.reproduce import picture, read_table
from planmodel.runs.evaluate import record
from planmodel.runs.members import Members

TOY = Path(__file__).parent / "toy"
WRITTEN = ["agreement.csv", "figure.pdf", "figure.png", "figure.svg", "manifest.json", "table.csv"]


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    shutil.copytree(TOY, tmp_path / "toy", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "toy"


def reproduce(*words: Any, out: Path) -> Answer:
    """Call the command; that a foreign experiment is code is left out of what it says on standard error."""
    answer = planmodel("reproduce", *map(str, words), "--out", str(out), columns=200)
    said = [line for line in answer.err.splitlines(keepends=True) if "run code of their folder" not in line]
    return answer._replace(err="".join(said))


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_it_writes_figure_table_agreement_and_manifest(toy: Path, tmp_path: Path) -> None:
    answer = reproduce(toy, out=tmp_path / "out")
    assert answer.status == 0, answer.err
    assert re.match(r"toy: \d+ of \d+ documented points within the 90 % band, .*; [\d.]+ s\n", answer.out)
    folder = tmp_path / "out" / "toy"
    assert sorted(files(folder)) == WRITTEN
    table = read_table(folder / "table.csv")
    point = table[(table["dates"] == "1937") & table["documented"].notna()].iloc[0]
    assert point["documented"] == 17.73  # of the record: steel of 1937
    assert point["low"] <= point["median"] <= point["high"]
    agreed = pd.read_csv(folder / "agreement.csv")
    assert agreed.iloc[-1]["points"] == agreed.iloc[:-1]["points"].sum() > 10
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["runs"] == {"model": "`one_country`, 2 draws of `archival`"}
    assert {"fingerprint", "record_sha256", "code_sha256", "machine", "files"} <= set(manifest)


def test_a_foreign_experiment_is_said_to_be_code_before_it_runs(toy: Path, tmp_path: Path) -> None:
    drawing = toy / "figure.py"
    said = f"{toy}: experiments run code of their folder, here figure.py"
    drawing.write_text("raise SystemExit(9)", encoding="utf-8")
    answer = planmodel("reproduce", str(toy), "--out", str(tmp_path / "out"))
    assert (answer.status, answer.err.splitlines()) == (9, [said])
    assert foreign_experiments(ready_experiments()) == []
    assert foreign_experiments(ready_experiments().values()) == []
    assert foreign_experiments(["livestock", toy]) == [toy]


def test_what_is_unchanged_is_left_and_what_is_changed_is_made_again(toy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    reproduce(toy, out=out)
    before = files(out / "toy")
    stamps = [file.stat().st_mtime_ns for file in (out / "toy").iterdir()]
    answer = reproduce(toy, out=out)
    assert answer.out.splitlines()[0].endswith("; unchanged")
    assert [file.stat().st_mtime_ns for file in (out / "toy").iterdir()] == stamps

    def again(*words: Any) -> bool:
        return not reproduce(toy, *words, out=out).out.splitlines()[0].endswith("; unchanged")

    assert again("--force")
    assert {k: v for k, v in files(out / "toy").items() if k != "manifest.json"} == {
        k: v for k, v in before.items() if k != "manifest.json"
    }
    assert again("--number", 3)
    assert again()
    drawing = toy / "figure.py"
    drawing.write_text(drawing.read_text("utf-8").replace('"A toy"', '"Another"'), encoding="utf-8")
    assert again()
    assert not again()
    (out / "toy" / "figure.pdf").unlink()
    assert again()


def test_a_changed_digit_is_noticed_named_and_made_anew(toy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    reproduce(toy, out=out)
    table, whole = out / "toy" / "table.csv", files(out / "toy")
    table.write_bytes(whole["table.csv"].replace(b"17.73", b"17.74", 1))
    answer = reproduce(toy, "--readme", out=out)
    assert f"note: {table}: is damaged: its hash is not that of manifest.json; made anew\n" in answer.err
    assert not answer.out.splitlines()[0].endswith("; unchanged")
    assert table.read_bytes() == whole["table.csv"]
    assert "17.74" not in (toy / "README.md").read_text("utf-8")


def test_a_figure_of_the_user_is_not_overwritten(toy: Path, tmp_path: Path) -> None:
    text = (toy / "README.md").read_text("utf-8")
    (toy / "README.md").write_text(text.replace("old numbers", ""), "utf-8")
    (toy / "figure.png").write_bytes(b"mine")
    said = reproduce(toy, "--readme", out=tmp_path / "out").err.splitlines()[-1]
    assert said.removeprefix("error: ") == (
        f"{toy / 'figure.png'}: exists, and the README has no numbers of ours; allowed: to move it away"
    )
    assert (toy / "figure.png").read_bytes() == b"mine"


def test_the_number_of_processes_changes_nothing(toy: Path, tmp_path: Path) -> None:
    reproduce(toy, "--number", 3, out=tmp_path / "one")
    reproduce(toy, "--number", 3, "--workers", 2, out=tmp_path / "two")
    one, two = (files(tmp_path / name / "toy") for name in ("one", "two"))
    assert one["table.csv"] == two["table.csv"]


def test_experiments_share_a_run(toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = toy.with_name("other")
    shutil.copytree(toy, other)
    text = (other / "experiment.toml").read_text("utf-8")
    (other / "experiment.toml").write_text(
        text.replace('["steel", "cattle"]', '["steel", "cattle", "pigs"]'), encoding="utf-8"
    )
    ran: list[set[str]] = []
    given = record

    def run(members: Members, wanted: set[str], *more: Any) -> Any:
        ran.append(wanted)
        return given(members, wanted, *more)

    monkeypatch.setattr("planmodel.experiments.running.record", run)
    assert reproduce(toy, other, out=tmp_path / "out").status == 0
    assert len(ran) == 1
    assert ran[0] == {"steel", "cattle", "pigs"}


def test_a_scenario_beside_the_experiment_is_found(toy: Path, tmp_path: Path) -> None:
    (toy / "mine.toml").write_text('extends = "one_country"\n', encoding="utf-8")
    file = toy / "experiment.toml"
    file.write_text(file.read_text("utf-8").replace('"one_country"', '"mine.toml"'), encoding="utf-8")
    assert reproduce(toy, out=tmp_path / "out").status == 0
    manifest = json.loads((tmp_path / "out" / "toy" / "manifest.json").read_text("utf-8"))
    assert manifest["runs"] == {"model": "`mine`, 2 draws of `archival`"}


def test_readme_and_picture_are_written_on_demand(toy: Path, tmp_path: Path) -> None:
    reproduce(toy, out=tmp_path / "out")
    assert "old numbers" in (toy / "README.md").read_text("utf-8")
    assert reproduce(toy, "--readme", out=tmp_path / "out").status == 0
    text = (toy / "README.md").read_text("utf-8")
    assert "old numbers" not in text
    assert text.startswith("# A toy\n")
    assert re.search(r"\| Cattle \| +\d+ \| \d+ \(\d+ %\) \| \d+ % \|", text)
    assert (toy / "figure.png").read_bytes() == (tmp_path / "out" / "toy" / "figure.png").read_bytes()
    once = text
    reproduce(toy, "--readme", out=tmp_path / "out")
    assert (toy / "README.md").read_text("utf-8") == once


def test_ctrl_c_keeps_what_is_done(toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = toy.with_name("other")
    shutil.copytree(toy, other)
    out = tmp_path / "out"
    write = reproducing._write

    def stop(experiment: Any, table: Any, folder: Path) -> None:
        write(experiment, table, folder)
        if experiment.name == "other":
            raise KeyboardInterrupt

    monkeypatch.setattr(reproducing, "_write", stop)
    answer = reproduce(toy, other, out=out)
    assert answer.status == 130
    assert answer.err == "stopped; 1 of 2 experiments are whole\n"
    assert [folder.name for folder in out.iterdir()] == ["toy"]
    monkeypatch.undo()
    lines = reproduce(toy, other, out=out).out.splitlines()
    assert lines[0].endswith("; unchanged")
    assert not lines[1].endswith("; unchanged")


BAD = [
    ('question = "Does the command work?"\n', "", "question: missing"),
    ("number = 2", "number = 0", "runs.model.number: 0 is out of bounds; allowed: at least 1"),
    ("number = 2", "numbers = 2", "runs.model.numbers: unknown key; did you mean 'number'?"),
    (
        '"one_country"', '"one_contry"',
        "runs.model: no scenario is called 'one_contry'; did you mean 'one_country'?",
    ),
    ('"archival"', '"archive"', "runs.model.draws: archive: no such file; did you mean 'archival'?"),
    ('"steel"', '"steal"', "runs.model.variables: the model has no quantity 'steal'; did you mean 'steel'?"),
    ('"book"', '"bok"', "group: "),
    ("number = 2", "number = 2\nset = { parameters.cropping.seed_rte = 1.0 }",
     "parameters.cropping.seed_rte: unknown key; did you mean 'seed_rate'?"),
    ("number = 2", 'number = 2\nswitch_off = ["fear"]', "switches.fear"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=[message for _, _, message in BAD])
def test_a_bad_file_is_refused_in_one_line(
    toy: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    file = toy / "experiment.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    answer = reproduce(toy, out=tmp_path / "out")
    assert answer.message.startswith(f"{file}: ")
    assert message in answer.message
    assert "\n" not in answer.message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def draw(table): ...\n",
         "has no function 'tabulate'; allowed: tabulate(results, record) and draw(table)"),
        ("import nowhere\n", "cannot be read: ModuleNotFoundError: No module named 'nowhere'"),
        ("def draw(table): ...\ndef tabulate(results, record): return 1\n",
         "tabulate: returns int; allowed: a pandas DataFrame"),
        ("def draw(table): ...\ndef tabulate(results, record): results['model'].observe('stel', '1930')\n",
         "tabulate: run 'model' did not record 'stel'; did you mean 'steel'?"),
    ],
)  # fmt: skip
def test_a_bad_figure_is_refused_in_one_line(toy: Path, tmp_path: Path, text: str, message: str) -> None:
    (toy / "figure.py").write_text(text, encoding="utf-8")
    answer = reproduce(toy, out=tmp_path / "out")
    assert answer.message == f"{toy / 'figure.py'}: {message}"
    assert not (tmp_path / "out").exists()


def test_a_figure_that_fails_is_named_with_its_line(toy: Path, tmp_path: Path) -> None:
    (toy / "figure.py").write_text(
        "def draw(table): ...\ndef tabulate(results, record):\n    1 / 0\n", "utf-8"
    )
    answer = reproduce(toy, out=tmp_path / "out")
    assert answer.status == 1
    assert (
        answer.err == f"error: {toy / 'figure.py'}, line 3: tabulate: ZeroDivisionError: division by zero\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "reproduce: allowed: names of experiments, or --all, or --source; --list tells which there are"),
        (["kuzbas"], "no experiment is called 'kuzbas'; did you mean 'kuzbass'?"),
        (["no/where"], "no/where: no experiment; allowed: a folder that holds experiment.toml and figure.py"),
        (["kuzbass", "--number", "0"], "--number 0: out of bounds; allowed: 1 to 4000"),
        (["kuzbass", "--workers", "0"], "--workers 0: out of bounds; allowed: 1 to 256"),
        (["kuzbass", "--readme", "--number", "3"],
         "--readme: does not go with --number; allowed: numbers from what experiment.toml says"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused(words: list[str], message: str, tmp_path: Path) -> None:
    assert reproduce(*words, out=tmp_path / "out").message == message
    assert not (tmp_path / "out").exists()


def test_what_is_not_ours_is_not_replaced(toy: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "toy").mkdir(parents=True)
    (tmp_path / "out" / "toy" / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert "is not a result of planmodel" in reproduce(toy, out=tmp_path / "out").message


@pytest.mark.parametrize("name", sorted(ready_experiments()))
def test_ready_experiments_are_read_and_their_readmes_are_whole(name: str) -> None:
    experiment = load_experiment(name)
    readme = (experiment.folder / "README.md").read_text("utf-8")
    block = re.search(r"<!-- agreement -->\n(.+?)\n<!-- end of agreement -->", readme, re.DOTALL)
    assert block is not None
    assert f"planmodel reproduce {name}" in readme
    assert "![" in readme
    png = experiment.folder / "figure.png"
    assert png.stat().st_size <= reproducing.LARGEST_PICTURE
    assert not (experiment.folder / "table.csv").exists()


def test_the_list_names_all_experiments() -> None:
    said = planmodel("reproduce", "--list", columns=200).out
    for name, folder in ready_experiments().items():
        assert re.search(rf"^{name} +{read_about(folder).group} ", said, re.MULTILINE), name


def test_pictures_are_made_small() -> None:
    from matplotlib.figure import Figure

    sheet = Figure(figsize=(10, 8))
    sheet.subplots().imshow(np.random.default_rng(0).random((60, 60)))
    assert len(picture(sheet)) < reproducing.LARGEST_PICTURE


def test_figures_that_are_less_firm_than_asked_for_do_not_count(toy: Path, tmp_path: Path) -> None:
    whole = reproduce(toy, out=tmp_path / "whole")
    file = toy / "experiment.toml"
    file.write_text('evidence = "transcribed"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    firm = reproduce(toy, out=tmp_path / "firm")
    assert firm.status == 0, firm.err
    table = read_table(tmp_path / "firm" / "toy" / "table.csv")
    documented = table[table["documented"].notna()]
    loose = documented["evidence"] == "recalled"
    assert loose.any()
    lost = documented["counted"] == "less firm than asked for"
    counted = read_table(tmp_path / "whole" / "toy" / "table.csv")
    counted = counted[counted["documented"].notna() & (counted["counted"] == "")]
    assert lost.sum() == (counted["evidence"] == "recalled").sum() > 0
    assert not (lost & ~loose).any()
    assert f"{lost.sum()} less firm than asked for and left out" in firm.out
    assert "left out" not in whole.out
    file.write_text(file.read_text(encoding="utf-8").replace("transcribed", "certain"), encoding="utf-8")
    refused = reproduce(toy, out=tmp_path / "refused")
    assert refused.status == 2
    assert 'evidence: "certain" is not valid; allowed: "transcribed", "recalled", "reading"' in refused.err
