"""Decrees with conditions that cannot be: each with the exact message that a user gets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from planmodel.cli import main
from planmodel.engine import UserError
from planmodel.scenario import load_scenario

CASES = tomllib.loads((Path(__file__).parent / "bad_rules.toml").read_text(encoding="utf-8"))["case"]
HEAD = 'extends = "baseline"\n[decrees.relief]\ntitle = "Relief by rule"\nsource = "invented"\n'


def written(folder: Path, said: str) -> Path:
    file = folder / "rule.toml"
    file.write_text(HEAD + said, encoding="utf-8")
    return file


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_message_is_exactly_this(case: dict[str, Any], tmp_path: Path) -> None:
    file = written(tmp_path, case["said"])
    with pytest.raises(UserError) as caught:
        load_scenario(file)
    assert str(caught.value) == f"{file}: {case['message']}"


def test_there_are_enough_and_all_name_the_key() -> None:
    assert len(CASES) >= 50
    assert all(case["message"].startswith("decrees.relief") for case in CASES)


def test_the_command_ends_with_status_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "when = 'town_nutritoin < 0.8'\n")
    monkeypatch.setattr("sys.argv", ["planmodel", "validate", str(file)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert capsys.readouterr().err == (
        f"error: {file}: decrees.relief.when: character 1, 'town_nutritoin': there is no such quantity; "
        "did you mean 'town_nutrition'?\n"
    )


def test_a_lever_that_is_asked_for_once_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = load_scenario("relief_by_rule")
    monkeypatch.setitem(vars(rule.declared), "levers_for_all", {"relief_will": "village.relieve"})
    with pytest.raises(UserError) as caught:
        load_scenario(written(tmp_path, "when = 'month == 3'\neffects = { relief_will = 1 }\n"))
    assert "decrees.relief.effects.relief_will: village.relieve asks for this lever once for all" in str(
        caught.value
    )
