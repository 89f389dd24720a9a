"""What is wrong in changes on top of a file, or in the name of a scenario."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from planmodel.engine import UserError
from planmodel.scenario import load_scenario
from planmodel.scenario.finding import configuration_folder, economy_files, scenario_files
from planmodel.scenario.period import Period

BASELINE = configuration_folder() / "baseline.toml"
FOLDER = (
    "is a folder without economy.toml; allowed: the folder of an economy, a .toml file, or the name of a "
    "ready scenario"
)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"initial.grain.state.value": -1},
            f"{BASELINE} with changes: initial.grain.state.value: -1 is out of bounds; allowed: at least 0",
        ),
        (
            {"period.end": "1930"},
            f'{BASELINE} with changes: period.end: "1930" is not valid; '
            "allowed: a date such as 1930-03-02, without quotation marks and without time",
        ),
        ({"parameters": 3}, f"{BASELINE} with changes: parameters: 3 is not valid; allowed: a table"),
        ({"period.": 3}, f"{BASELINE} with changes: period.: unknown key; allowed: end, left_out, start"),
        (
            {"exogenous.soldiers.scale": 10**400},
            f"{BASELINE} with changes: exogenous.soldiers.scale: a number of more than 60 digits is not "
            "valid; allowed: a number",
        ),
        (
            {"exogenous.soldiers.scale": "y\n\x85" * 100},
            f'{BASELINE} with changes: exogenous.soldiers.scale: "' + r"y\n\x85" * 14 + r"y\n"
            "... is not valid; allowed: a number",
        ),
        (
            {"period.start": date(1930, 1, 1)},
            f"{BASELINE} with changes: period.start: 1930-01-01 is not the day of the opening stocks "
            "(initial.date); allowed: 1928-01-01: run from there, and read the years that you want",
        ),
        (
            {"period.start": date(1928, 2, 29)},
            f"{BASELINE} with changes: period.start: 1928-02-29 is not the day of the opening stocks "
            "(initial.date); allowed: 1928-01-01: run from there, and read the years that you want",
        ),
        (
            {"period.start": date(1930, 1, 1), "initial.date": date(1930, 1, 1)},
            f"{BASELINE} with changes: initial.date: 1930-01-01 is not the day of the variables, bases and "
            "trends that the model declares; allowed: 1928-01-01",
        ),
        (
            {"limiting_case": True, "initial.date": date(1930, 1, 2), "period.start": date(1930, 1, 2)},
            f"{BASELINE} with changes: initial.date: 1930-01-02 is within a month; allowed: 1930-01-01",
        ),
        (
            {"period.end": date(1940, 12, 30)},
            f"{BASELINE} with changes: period.end: 1940-12-30 is within a month, and books close with the "
            "month; allowed: 1940-11-30 or 1940-12-31",
        ),
        (
            {"period.end": date(1928, 1, 30)},
            f"{BASELINE} with changes: period.end: 1928-01-30 is too early; allowed: 1928-01-31 or later",
        ),
        (
            {"period.end": date(1929, 12, 31)},  # the decree is in the file
            f"{BASELINE}: decrees.complete_collectivisation.date: 1930-01-05 is outside the period; "
            "allowed: 1913-01-01 to 1929-12-31 (or enabled = false)",
        ),
        (
            {"extends": "baseline"},
            "extends: cannot be changed; allowed: in a file, or another scenario to start from",
        ),
        ({"title": "x", "title.y.z": 1}, "title.y.z: 'title' was set to a value, not a table"),
    ],
)  # fmt: skip
def test_message_of_a_change(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as caught:
        load_scenario(changes=changes)
    assert str(caught.value) == message


def test_a_mechanism_that_is_not_there() -> None:
    with pytest.raises(UserError, match=r"switches\.passport: unknown key; did you mean 'passports'"):
        load_scenario(switch_off=["passport"])


def test_the_name_of_a_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "village.toml").write_text('extends = "baseline"\n', encoding="utf-8")
    (tmp_path / "folder").mkdir()
    ready = ", ".join(scenario_files() | economy_files())
    for name, message in {
        "baselin": "no scenario is called 'baselin'; did you mean 'baseline'?",
        "qqq": f"no scenario is called 'qqq'; allowed: {ready}, or the path of a .toml file",
        "": f".: {FOLDER}",
        "baseline.toml": "baseline.toml: no such file; did you mean 'baseline'?",
        "vilage.toml": "vilage.toml: no such file; did you mean 'village.toml'?",
        "nowhere/x.toml": "nowhere/x.toml: no such file",
        "village.toml/x": "village.toml/x: no such file",
        "folder": f"folder: {FOLDER}",
        f"folder/{'x' * 300}": f"folder/{'x' * 300}: cannot be read: File name too long",
    }.items():
        with pytest.raises(UserError) as caught:
            load_scenario(name)
        assert str(caught.value) == message
    assert load_scenario("village.toml").name == "village"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "base.toml").mkdir()
    top = tmp_path / "top.toml"
    top.write_text('extends = "base"\n', encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_scenario(top)
    assert str(caught.value) == f"{tmp_path}/base.toml: cannot be read: Is a directory"


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5000])
def test_what_the_parser_cannot_bear(tmp_path: Path, text: str) -> None:
    file = tmp_path / "monster.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"monster\.toml: not valid TOML: ") as caught:
        load_scenario(file)
    assert len(str(caught.value)) < 300


def test_a_link_to_itself_is_a_circle(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('extends = "two"\n', encoding="utf-8")
    (tmp_path / "two.toml").symlink_to(tmp_path / "one.toml")
    with pytest.raises(UserError, match="a scenario cannot extend itself: one -> two"):
        load_scenario(tmp_path / "one.toml")


def test_a_circle_of_relative_paths_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, base in (("one", "two"), ("two", "one")):
        Path(f"{name}.toml").write_text(f'extends = "{base}"\n', encoding="utf-8")
    with pytest.raises(
        UserError, match=r"^one\.toml: extends: a scenario cannot extend itself: one -> two -> one$"
    ):
        load_scenario("one.toml")


def test_what_a_period_that_begins_on_29_february_allows() -> None:
    period = Period(start=date(1928, 2, 29))
    assert period.earliest == date(1913, 2, 28)
    assert period.first_month_end == date(1928, 2, 29)
