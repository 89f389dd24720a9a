"""A folder of bad scenarios, each beside the exact message that a user gets."""

import re
from pathlib import Path

import pytest

from planmodel.engine import UserError
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.finding import configuration_folder, economy_files, scenario_files

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.toml"))


def expected(file: Path) -> str:
    """The text beside a file; what changes when the model is calibrated stands in braces."""
    low, high = registry.economy().parameters()["draught"]["tractor_utilisation"].bounds
    text = file.with_suffix(".message").read_text(encoding="utf-8").rstrip("\n")
    for name, value in (
        ("folder", str(BAD)),
        ("configs", str(configuration_folder())),
        ("ready", ", ".join(sorted(scenario_files() | economy_files()))),
        ("bounds", f"{low:g} to {high:g}"),
    ):
        text = text.replace(f"{{{name}}}", value)
    return text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_exactly_this(file: Path) -> None:
    with pytest.raises(UserError) as caught:
        load_scenario(file)
    assert str(caught.value) == expected(file)


def test_every_message_has_its_file() -> None:
    assert [f.stem for f in FILES] == [f.stem for f in sorted(BAD.glob("*.message"))]
    assert len(FILES) > 60


@pytest.mark.parametrize("file", sorted(BAD.glob("*.message")), ids=lambda file: file.stem)
def test_message_reads_well(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 6
    for line in lines:
        assert line.startswith(f"{{folder}}/{file.stem}.toml: ")
        assert not re.search(r"\b(None|True|False|Input should|pydantic|dict|datetime\.)\b", line)
