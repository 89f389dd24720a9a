"""Decrees with conditions in files: overlaid, cut off, compared, written as text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from planmodel.cli import main
from planmodel.engine import UserError
from planmodel.scenario import difference, load_scenario
from planmodel.scenario.keys import keys
from planmodel.scenario.schema import from_json

RELIEF = "decrees.relief_by_rule"


def written(folder: Path, text: str) -> Path:
    file = folder / "own.toml"
    file.write_text(f'extends = "relief_by_rule"\n{text}', encoding="utf-8")
    return file


def test_a_dated_decree_is_written_as_it_always_was() -> None:
    said = load_scenario("baseline").decrees["passports"].model_dump(mode="json")
    assert said == {
        "date": "1932-12-27",
        "title": "Internal passports",
        "source": "Bettelheim, lines 4019-4020",
        "effects": {"passports": 1.0},
        "enabled": True,
    }


def test_a_rule_comes_back_from_text() -> None:
    scenario = load_scenario("relief_by_rule")
    again = from_json(scenario.model_dump_json(exclude_none=True))
    assert again == scenario
    assert again.digest() == scenario.digest()
    assert json.loads(scenario.model_dump_json())["decrees"]["relief_by_rule"]["delay"] == 14


def test_a_file_over_it_gives_a_date_for_the_condition_and_back(tmp_path: Path) -> None:
    dated = load_scenario(written(tmp_path, f"[{RELIEF}]\ndate = 1932-05-01\n")).decrees["relief_by_rule"]
    assert (dated.date, dated.when, dated.again) == (date(1932, 5, 1), None, False)
    assert (dated.delay, dated.duration) == (14, 180)
    ruled = load_scenario(written(tmp_path, '[decrees.passports]\nwhen = "month == 3"\n')).decrees[
        "passports"
    ]
    assert (ruled.date, ruled.when) == (None, "month == 3")
    assert ruled.effects == {"passports": 1}
    changed = load_scenario("baseline", {"decrees.passports.when": "year > 1930"}).decrees["passports"]
    assert (changed.date, changed.when) == (None, "year > 1930")


def test_a_period_cut_off_leaves_out_what_is_looked_at_later(tmp_path: Path) -> None:
    whole = load_scenario(
        written(tmp_path, '[decrees.repeal]\nwhen = "month == 3"\ntitle = "End of it"\nsource = "invented"\n'
                          'repeals = ["relief_by_rule", "passports"]\n')
    )  # fmt: skip
    cut = whole.until(date(1929, 12, 31))
    assert "relief_by_rule" not in cut.decrees
    assert cut.decrees["repeal"].repeals == []
    assert "relief_by_rule" in cut.period.left_out
    assert "relief_by_rule" in whole.until(date(1930, 1, 31)).decrees


def test_members_may_differ_in_its_days_and_effects_but_in_no_date() -> None:
    known = keys(load_scenario("relief_by_rule"))
    mine = [key.removeprefix(f"{RELIEF}.") for key in known if key.startswith(f"{RELIEF}.")]
    assert mine == ["not_before", "enabled", "effects.export_first"]
    assert "decrees.passports.date" in known


def test_the_difference_shows_the_condition() -> None:
    table = difference(*map(load_scenario, ("baseline", "relief_by_rule")))
    rows = {str(row.key): row.second for row in table.itertuples()}
    assert rows[f"{RELIEF}.when"] == "(village_nutrition < 0.85 or town_nutrition < 0.8) and month <= 6"
    assert rows[f"{RELIEF}.duration"] == 180
    assert not any(key.startswith("decrees.passports") for key in rows)


def test_two_that_take_effect_on_one_day_may_not_set_one_lever(tmp_path: Path) -> None:
    text = (
        '[decrees.second]\ndate = 1932-12-20\ndelay = 7\ntitle = "Second"\nsource = "invented"\n'
        "effects = { passports = 0 }\n"
    )
    with pytest.raises(UserError, match=r"sets this lever on the same day, 1932-12-27"):
        load_scenario(written(tmp_path, text))


def test_validate_lists_the_rules(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["planmodel", "validate", "relief_by_rule"])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    out = " ".join(capsys.readouterr().out.split())
    condition = "(village_nutrition < 0.85 or town_nutrition < 0.8) and month <= 6"
    assert f"decrees.relief_by_rule: issued in each member when {condition}" in out
