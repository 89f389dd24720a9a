"""Folders of bad calibrations and bad checks, each beside the exact message that a user gets."""

import re
from pathlib import Path

import pytest

from planmodel.calibration.load import load_calibration
from planmodel.engine import UserError
from planmodel.runs.checks import load_checks
from planmodel.scenario import registry

HERE = Path(__file__).parent
CALIBRATIONS = sorted((HERE / "bad").glob("*.toml"))
CHECKS = sorted((HERE / "bad_checks").glob("*.toml"))


def expected(file: Path) -> str:
    """The text beside a file; bounds of parameters, which change with the model, stand in braces."""

    def bounds(found: re.Match[str]) -> str:
        low, high = registry.economy().parameters()[found[1]][found[2]].bounds
        return f"{low:g} to {high:g}"

    text = file.with_suffix(".message").read_text(encoding="utf-8").rstrip("\n")
    text = re.sub(r"\{bounds of (\w+)\.(\w+)\}", bounds, text)
    return text.replace("{folder}", str(file.parent))


@pytest.mark.parametrize("file", CALIBRATIONS, ids=lambda file: file.stem)
def test_message_of_a_calibration_is_exactly_this(file: Path) -> None:
    with pytest.raises(UserError) as caught:
        load_calibration(file)
    assert str(caught.value) == expected(file)


@pytest.mark.parametrize("file", CHECKS, ids=lambda file: file.stem)
def test_message_of_checks_is_exactly_this(file: Path) -> None:
    with pytest.raises(UserError) as caught:
        load_checks(file)
    assert str(caught.value) == expected(file)


@pytest.mark.parametrize("file", CALIBRATIONS + CHECKS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_message_names_its_file_and_reads_well(file: Path) -> None:
    for line in file.with_suffix(".message").read_text(encoding="utf-8").splitlines():
        assert line.startswith(f"{{folder}}/{file.stem}.toml: ")
        assert not re.search(r"\b(None|True|False|Input should|pydantic|dict|datetime\.)\b", line)


def test_every_message_has_its_file() -> None:
    for files in (CALIBRATIONS, CHECKS):
        assert [f.stem for f in files] == [f.stem for f in sorted(files[0].parent.glob("*.message"))]
    assert len(CALIBRATIONS) > 40
    assert len(CHECKS) > 15
