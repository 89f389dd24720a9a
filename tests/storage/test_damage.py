"""A hundred damages each of journals, chunks, tables, statistics, posteriors, manifests: none is believed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from planmodel.calibration.journal import Journal
from planmodel.engine import Array, UserError
from planmodel.runs import open_ensemble, run_ensemble, verify
from planmodel.runs.files import chunk_files
from planmodel.runs.opening import read_reduced
from planmodel.runs.sweep import Progress
from planmodel.storage import SIGN, check_sealed, read_manifest, reserve, sealed, verified

TIMES = 100
SMALL = """\
until = 1928-12-31
design = "lhs"
members = 6
[vary]
"parameters.cropping.seed_rate" = {}
[keep]
variables = ["cattle"]
"""


def damaged(content: bytes, chance: np.random.Generator) -> bytes:
    """Return other bytes: a bit flipped, the end cut off, or a block of zeros as after a power cut."""
    while True:
        spoilt = bytearray(content)
        at = int(chance.integers(len(content)))
        kind = chance.integers(4)
        if kind <= 1:
            spoilt[at] ^= 1 << int(chance.integers(8))
        elif kind == 2:
            del spoilt[at:]
        else:
            block = spoilt[at : at + 512]
            spoilt[at : at + 512] = bytes(len(block))
        if bytes(spoilt) != content:
            return bytes(spoilt)


def refusal(read: Callable[[], object]) -> str | None:
    """Return why a reader refuses; None if it does not."""
    try:
        read()
    except UserError as error:
        return str(error)
    return None


def none_believed(file: Path, read: Callable[[], object], seed: int) -> None:
    """Every damage of a file is refused by the reader, with its name."""
    chance, content = np.random.default_rng(seed), file.read_bytes()
    for _ in range(TIMES):
        file.write_bytes(damaged(content, chance))
        with pytest.raises(UserError) as refused:
            read()
        assert str(refused.value).startswith(str(file)), refused.value
        assert "\n" not in str(refused.value)
    file.write_bytes(content)
    read()


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage")
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    run_ensemble(folder / "small.toml", folder / "out", chunk=2)
    return folder


def test_chunks(ensemble: Path) -> None:
    chunk = chunk_files(ensemble / "out")[1].path
    none_believed(chunk, lambda: open_ensemble(ensemble / "out").close(), 1)
    none_believed(chunk, lambda: read_reduced(ensemble / "out", "member"), 2)


def test_design_scenario_and_manifest_of_an_ensemble(ensemble: Path) -> None:
    for seed, name in enumerate(("design.csv", "scenario.toml")):
        none_believed(ensemble / "out" / name, lambda: verify(ensemble / "out"), seed)
    file, chance = ensemble / "out" / "manifest.json", np.random.default_rng(3)
    content, wanted = file.read_bytes(), read_manifest(ensemble / "out")
    for _ in range(TIMES):
        file.write_bytes(damaged(content, chance))
        said = refusal(lambda: read_manifest(ensemble / "out"))
        if said is None:  # what a manifest does not say, such as the space between its words, may change
            assert read_manifest(ensemble / "out") == wanted
        else:
            assert said.startswith(str(file))
    file.write_bytes(content)


def test_a_damaged_chunk_is_named_and_run_again(ensemble: Path, tmp_path: Path) -> None:
    shutil.copytree(ensemble / "out", tmp_path / "out")
    first, chance = chunk_files(tmp_path / "out")[0].path, np.random.default_rng(4)
    for name in (first, tmp_path / "out" / "design.csv"):
        name.write_bytes(damaged(name.read_bytes(), chance))
    seen: list[Progress] = []
    done = run_ensemble(ensemble / "small.toml", tmp_path / "out", progress=seen.append)
    assert (done.run, done.kept) == (2, 4)
    assert f"{first.name}: is damaged; set aside and run again" in seen[0].notes
    assert "design.csv: was not as it was written; written anew" in seen[0].notes
    with open_ensemble(tmp_path / "out") as again, open_ensemble(ensemble / "out") as before:
        xr.testing.assert_identical(again.load(), before.load())


def test_statistics(ensemble: Path) -> None:
    config = ensemble / "few.toml"
    config.write_text(SMALL + "statistics = true\n", encoding="utf-8")
    run_ensemble(config, ensemble / "few")
    (file,) = (ensemble / "few").glob("statistics_*.nc")
    none_believed(file, lambda: open_ensemble(ensemble / "few").close(), 5)


def test_tables_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "result"
    table = "year,value\n" + "\n".join(f"{1900 + i},{i / 7}" for i in range(60)) + "\n"
    with reserve(folder, "planmodel run") as reserved:
        reserved.fill({}, lambda place: write(place, table))
    none_believed(folder / "table.csv", lambda: verified(folder, read_manifest(folder)), 6)


def test_posteriors(tmp_path: Path) -> None:
    file = tmp_path / "drawn.nc"
    draws = xr.Dataset({"cropping.harvest_1928": ("draw", np.linspace(64, 72, 50))}, attrs={"sealed": SIGN})
    file.write_bytes(sealed(bytes(draws.to_netcdf(engine="h5netcdf"))))
    chance, content = np.random.default_rng(7), file.read_bytes()
    for _ in range(TIMES):
        file.write_bytes(damaged(content, chance))
        said = refusal(lambda: check_sealed(file))
        if said is not None:
            assert said.startswith(f"{file}: is damaged")
        else:  # cut off before the seal was mentioned at all: such a file cannot be opened
            assert SIGN.encode() not in file.read_bytes()
            with pytest.raises(OSError, match=r"truncated|signature"):
                xr.open_dataset(file, engine="h5netcdf")
    file.write_bytes(content)
    check_sealed(file)
    xr.testing.assert_identical(xr.load_dataset(file, engine="h5netcdf"), draws)


def write(folder: Path, text: str) -> None:
    (folder / "table.csv").write_text(text)


def ask(file: Path, questions: list[Array]) -> tuple[list[Array], int, Journal]:
    """Answer questions from a journal or by the function; return answers and how often it was called."""
    calls = 0

    def function(question: Array) -> Array:
        nonlocal calls
        calls += 1
        return question @ np.array([[2.0], [3.0]])

    with Journal(file) as journal:
        answer = journal.remember(function)
        return [answer(question) for question in questions], calls, journal


def test_journals(tmp_path: Path) -> None:
    """Whatever is damaged, all answers are right; what is whole is not evaluated again."""
    file, chance = tmp_path / "journal", np.random.default_rng(8)
    questions = [chance.random((4, 2)) for _ in range(8)]
    wanted, calls, _ = ask(file, questions)
    assert calls == len(questions)
    content, named = file.read_bytes(), 0
    for _ in range(TIMES):
        file.write_bytes(damaged(content, chance))
        found, calls, journal = ask(file, questions)
        assert all(np.array_equal(a, b) for a, b in zip(found, wanted, strict=True))
        assert 1 <= calls <= len(questions)
        named += journal.damaged > 0
        assert ask(file, questions)[1] == 0  # mended
    assert named > TIMES / 2  # a cut is how a killed process leaves it, and is not named


def test_a_flipped_bit_costs_one_evaluation(tmp_path: Path) -> None:
    file, chance = tmp_path / "journal", np.random.default_rng(9)
    questions = [chance.random((4, 2)) for _ in range(8)]
    ask(file, questions)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)
    _, calls, journal = ask(file, questions)
    assert (calls, journal.damaged, journal.remembered) == (1, 1, 28)
