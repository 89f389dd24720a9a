"""A folder of bad analyses, each beside the exact message that a user gets; nothing is written."""

import re
import shutil
from pathlib import Path

import pytest
from cli_calls import planmodel

from planmodel.scenario import registry
from planmodel.scenario.finding import configuration_folder
from planmodel.sensitivity.load import load_analysis

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.toml"))


def expected(file: Path, folder: Path) -> str:
    """The text beside a file; what changes when the model is calibrated stands in braces."""
    low, high = registry.economy().parameters()["cropping"]["seed_rate"].bounds
    text = file.with_suffix(".message").read_text(encoding="utf-8").rstrip("\n")
    text = text.replace("{folder}", str(folder)).replace("{configs}", str(configuration_folder()))
    return text.replace("{bounds}", f"{low:g} to {high:g}")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    shutil.copytree(BAD, folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_exactly_this_and_nothing_is_written(
    file: Path, copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = planmodel("sensitivity", str(copied / file.name))
    assert answer.status == 2
    assert answer.err == f"error: {expected(file, copied)}\n"
    assert not answer.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_one_line_that_reads_well(file: Path) -> None:
    (line,) = file.with_suffix(".message").read_text(encoding="utf-8").splitlines()
    assert line.startswith("{folder}/")
    assert not re.search(r"\b(None|True|False|Input should|pydantic|dict|datetime\.|literal)\b", line)


def test_every_message_has_its_file() -> None:
    assert [f.stem for f in FILES] == [f.stem for f in sorted(BAD.glob("*.message"))]
    assert len(FILES) > 50


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "sensitivity: none is called 'nowhere'"),
        (["nowhere.toml"], "nowhere.toml: no such file"),
        (["screening", "--workers", "0"], "--workers 0: out of bounds; allowed: 1 to 512"),
        (["screening", "--draws", "no.nc"], "--draws no.nc: no such file"),
        (["crisis", "--samples", "100"], "samples: 100 is not a power of two"),
    ],
)
def test_bad_options_are_refused(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in planmodel("sensitivity", *words).message
    assert not list(tmp_path.iterdir())


def test_an_analysis_lays_its_tables_over_what_it_extends_entry_by_entry(tmp_path: Path) -> None:
    lower = (
        'method = "prcc"\nsamples = 20\nchanges = { "switches.passports" = false }\n[vary]\n'
        '"cropping.seed_rate" = {}\n"cropping.harvest_1928" = { low = 64 }\n'
        '[outputs.harvest]\nof = "grain_harvest"\ndates = "1930"\n'
    )
    upper = 'extends = "lower"\n[vary.cropping.harvest_1928]\nlow = 72\n[changes.switches]\nfear = false\n'
    for name, text in (("lower", lower), ("upper", upper)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    analysis = load_analysis(tmp_path / "upper.toml")
    assert analysis.name == "upper"
    assert {name: vary.low for name, vary in analysis.vary.items()} == {
        "cropping.seed_rate": None,
        "cropping.harvest_1928": 72,
    }
    assert analysis.changes == {"switches.passports": False, "switches.fear": False}
    assert list(analysis.outputs) == ["harvest"]
