"""Replication packages: one is whole, comes out elsewhere to the bit, and tells what does not."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import planmodel

from planmodel.replication import code
from planmodel.replication.outputs import points_in_latex
from planmodel.replication.package import WRITER
from planmodel.storage import read_manifest, write_manifest

ROOT = Path(__file__).parents[2]
SMALL = "cadres_of_25000"  # the cheapest: months of one call, no draws
RESULTS = [
    "agreement.csv",
    "agreement.tex",
    "figure.pdf",
    "figure.png",
    "figure.svg",
    "table.csv",
    "table.tex",
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    answer = planmodel(
        "reproduce",
        SMALL,
        "--number",
        "2",
        "--out",
        str(folder / "out"),
        "--archive",
        str(folder / "package"),
    )
    assert answer.status == 0, answer.err
    assert f"planmodel reproduce --verify {folder / 'package'}" in answer.out
    return folder / "package"


@pytest.fixture
def unpacked(package: Path, tmp_path: Path) -> Path:
    shutil.copytree(package, tmp_path / "elsewhere" / "unpacked")
    return tmp_path / "elsewhere" / "unpacked"


def reseal(folder: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a table and what decided it, as one who also writes the hashes of a package anew."""
    table = folder / "results" / SMALL / "table.csv"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    table.write_bytes(change(table.read_bytes()))
    hashes = folder / "hashes.txt"
    after = hashlib.sha256(table.read_bytes()).hexdigest()
    hashes.write_text(hashes.read_text("utf-8").replace(before, after), encoding="utf-8")
    manifest = read_manifest(folder)
    manifest["experiments"][SMALL]["fingerprint"] = "0" * 64
    write_manifest(folder, manifest, WRITER, manifest["files"])


def test_it_holds_configuration_data_code_results_and_readme(package: Path) -> None:
    files = {file.relative_to(package).as_posix() for file in package.rglob("*") if file.is_file()}
    assert {f"results/{SMALL}/{name}" for name in RESULTS} <= files
    assert {
        f"configuration/experiments/{SMALL}/experiment.toml", f"configuration/scenarios/{SMALL}.toml",
        "data/record/agriculture.csv", "data/references.bib", f"code/{code.wheel_name()}",
        "code/version.json", "requirements.lock", "environment.txt", "LICENSE", "README.md", "hashes.txt",
        "manifest.json",
    } <= files  # fmt: skip
    assert set(read_manifest(package)["files"]) == files - {"manifest.json"}
    lines = (package / "hashes.txt").read_text("utf-8").splitlines()
    assert [line[66:] for line in lines] == [f"results/{SMALL}/{name}" for name in RESULTS]
    for line in lines:
        assert hashlib.sha256((package / line[66:]).read_bytes()).hexdigest() == line[:64]


def test_the_readme_has_the_parts_that_data_editors_ask_for(package: Path) -> None:
    text = (package / "README.md").read_text("utf-8")
    parts = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert parts == [
        "Overview", "Data availability and provenance statements", "Computational requirements",
        "Description of programs", "Instructions to replicators",
        "List of tables and figures, and their programs", "References",
    ]  # fmt: skip
    said = json.loads((package / "code" / "version.json").read_text("utf-8"))
    assert said["code_sha256"] in text
    assert said["record_sha256"] in text
    for file in (package / "data" / "record").glob("*.csv"):
        assert f"`data/record/{file.name}`" in text
    assert f"| `{SMALL}` | " in text
    assert "reproduce --verify ." in text
    assert str(ROOT) not in text


def test_the_archive_of_the_code_is_a_wheel_with_all_that_is_ready(package: Path) -> None:
    assert code.wheel() == (package / "code" / code.wheel_name()).read_bytes()
    with zipfile.ZipFile(package / "code" / code.wheel_name()) as archive:
        names = set(archive.namelist())
        record = next(name for name in names if name.endswith("RECORD"))
        assert {line.partition(",")[0] for line in archive.read(record).decode().splitlines()} == names
    assert {
        "planmodel/__main__.py", "planmodel/configs/baseline.toml", "planmodel/requirements.lock",
        f"planmodel/experiments/ready/{SMALL}/figure.py", "planmodel/documented/record/trade.csv",
    } <= names  # fmt: skip
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_unpacked_elsewhere_it_comes_out_the_same_with_the_code_that_it_holds(unpacked: Path) -> None:
    """In a process of its own that finds the package in the folder alone."""
    inside = unpacked.parent / "installed"
    with zipfile.ZipFile(unpacked / "code" / code.wheel_name()) as archive:
        archive.extractall(inside)
    where = "import planmodel; open('ran.txt', 'w').write(planmodel.__file__)"
    run = f"{where}; from planmodel.cli import main; main()"
    command = [sys.executable, "-c", run, "reproduce", "--verify", "unpacked", "--out", "new"]
    done = subprocess.run(
        command,
        cwd=unpacked.parent,
        env={"PYTHONPATH": str(inside)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert Path((unpacked.parent / "ran.txt").read_text("utf-8")).is_relative_to(inside)
    assert f"{SMALL}: the same, {len(RESULTS)} files\n" in done.stdout
    assert f"{len(RESULTS)} files are the same; 0 differ" in done.stdout
    assert "note: " not in done.stderr
    said = read_manifest(unpacked.parent / "new" / SMALL)
    assert said["fingerprint"] == read_manifest(unpacked)["experiments"][SMALL]["fingerprint"]


@pytest.mark.parametrize(
    "name",
    [f"results/{SMALL}/figure.pdf", f"configuration/experiments/{SMALL}/figure.py", "data/sources.csv"],
)
def test_a_changed_byte_is_told_and_nothing_is_run(unpacked: Path, name: str) -> None:
    content = bytearray((unpacked / name).read_bytes())
    content[len(content) // 2] ^= 1
    (unpacked / name).write_bytes(content)
    answer = planmodel("reproduce", "--verify", str(unpacked), "--out", str(unpacked.parent / "new"))
    assert answer.status == 1
    assert f"{unpacked / name}: is damaged" in answer.out
    assert "1 file is not as it was written; nothing was run" in answer.out
    assert not (unpacked.parent / "new").exists()


def test_another_result_is_named_with_its_line_and_other_inputs_are_told(unpacked: Path) -> None:
    reseal(unpacked, lambda text: text.replace(b"\n", b",\n", 1).replace(b"25,", b"26,", 1))
    answer = planmodel("reproduce", "--verify", str(unpacked), "--out", str(unpacked.parent / "new"))
    assert answer.status == 1
    said = f"{SMALL}: 1 file differs, {len(RESULTS) - 1} are the same"
    assert f"{said}; made from other inputs or code than the package\n" in answer.out
    assert "  table.csv: 2 lines differ; line 1: 'panel," in answer.out


def test_bad_input_is_refused_in_one_line(package: Path, tmp_path: Path) -> None:
    def refused(*words: str) -> str:
        return planmodel("reproduce", *words, columns=200).message

    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine", encoding="utf-8")
    out = ("--out", str(tmp_path / "out"))
    assert "exists; allowed: another folder" in refused(SMALL, "--archive", str(full), *out)
    assert "--force will not replace it" in refused(SMALL, "--archive", str(full), "--force", *out)
    assert "did you mean" in refused(SMALL[:-1], "--archive", str(tmp_path / "new"), *out)
    assert "allowed: a folder beside it" in refused(SMALL, "--archive", str(tmp_path / "out" / "in"), *out)
    assert "does not go with --scenario x.toml" in refused(
        SMALL, "--archive", str(tmp_path / "new"), "--scenario", "x.toml", *out
    )
    assert "is no replication package" in refused("--verify", str(full))
    assert "is no replication package" in refused("--verify", str(tmp_path / "nowhere"))
    assert "holds a result of 'planmodel reproduce'" in refused(
        "--verify", str(package.parent / "out" / SMALL)
    )
    assert "has no experiment 'livestock'" in refused("livestock", "--verify", str(package))
    assert "does not go with --force" in refused("--verify", str(package), "--force")
    assert list(tmp_path.iterdir()) == [full]


def test_an_experiment_that_reads_what_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "experiments" / SMALL, tmp_path / "mine")
    (tmp_path / "there.toml").write_text(f'extends = "{SMALL}"\n', encoding="utf-8")
    file = tmp_path / "mine" / "experiment.toml"
    text = file.read_text("utf-8").replace(f'scenario = "{SMALL}"', 'scenario = "../there.toml"')
    file.write_text(text, encoding="utf-8")
    answer = planmodel(
        "reproduce", str(tmp_path / "mine"), "--number", "2", "--out", str(tmp_path / "out"),
        "--archive", str(tmp_path / "new"), columns=200,
    )  # fmt: skip
    assert answer.status == 2
    assert f"error: --archive: {file} reads files outside of its folder" in answer.err
    assert not (tmp_path / "new").exists()


def test_a_table_in_latex_holds_its_points_and_no_command(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    rows = ["quantity,title,unit,dates,documented,median", "a,A_b & 5 %,1,1930,1.5,2", "a,A,1,1931,,3"]
    file.write_text("\n".join(rows), encoding="utf-8")
    text = points_in_latex(file)
    assert r"A\_b \& 5 \% & 1 & 1930 & 1.5 & 2 \\" in text
    assert "1931" not in text
    file.write_text("quantity,median\n", encoding="utf-8")
    assert points_in_latex(file) == "% nothing to compare\n"
