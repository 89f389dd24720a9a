"""Named works that a decree founds, in files: overlaid, cut off, told of, written as text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from planmodel.scenario import Scenario, difference, load_scenario
from planmodel.scenario.keys import keys
from planmodel.scenario.outside import outside_the_run
from planmodel.scenario.schema import from_json

WORK = "works.magnitogorsk"
FOUNDED = {f"{WORK}.decree": "complete_collectivisation"}  # of 5 January 1930


def test_a_work_with_a_start_is_written_as_it_always_was() -> None:
    said = load_scenario("baseline").works["magnitogorsk"].model_dump(mode="json")
    assert list(said) == ["title", "start", "size", "branch", "source", "evidence", "enabled"]


def test_it_comes_back_from_text() -> None:
    scenario = load_scenario("baseline", FOUNDED)
    again = from_json(scenario.model_dump_json(exclude_none=True))
    assert again == scenario
    assert again.digest() == scenario.digest() != load_scenario("baseline").digest()


def test_a_file_over_it_gives_a_day_for_the_decree_and_back(tmp_path: Path) -> None:
    below, above = tmp_path / "below.toml", tmp_path / "above.toml"
    below.write_text(f'extends = "baseline"\n[{WORK}]\ndecree = "passports"\n', encoding="utf-8")
    above.write_text(f'extends = "below"\n[{WORK}]\nstart = 1931-05-01\n', encoding="utf-8")
    founded, dated = (load_scenario(file).works["magnitogorsk"] for file in (below, above))
    assert (founded.start, founded.decree, founded.size) == (None, "passports", 0.6)
    assert (dated.start, dated.decree, dated.size) == (date(1931, 5, 1), None, 0.6)


def test_a_period_cut_off_keeps_it_without_its_decree_and_says_so() -> None:
    cut = load_scenario("baseline", FOUNDED).until(date(1929, 12, 31))
    assert "complete_collectivisation" not in cut.decrees
    assert from_json(cut.model_dump_json(exclude_none=True)).works == cut.works
    whole = load_scenario("baseline").until(date(1929, 12, 31))
    late, one_more = (_left_out(scenario) for scenario in (whole, cut))
    assert one_more == late + 1  # Magnitogorsk was begun in 1929


def _left_out(scenario: Scenario) -> int:
    """Return how many works a note says are left out, as they come after the last day."""
    (note,) = (note for note in outside_the_run(scenario) if note.startswith("left out, dated after"))
    return int(note.partition("; ")[2].split()[0])


def test_one_whose_decree_is_not_enabled_is_told_of() -> None:
    off = load_scenario("baseline", {**FOUNDED, "decrees.complete_collectivisation.enabled": False})
    for scenario in (off, off.until(date(1929, 12, 31))):
        assert "left out, as their decrees are not enabled: 1 named work (magnitogorsk)" in outside_the_run(
            scenario
        )
        assert from_json(scenario.model_dump_json(exclude_none=True)).works == scenario.works


def test_members_may_differ_in_whether_it_is_there_and_in_its_size_but_in_no_start() -> None:
    mine = [key for key in keys(load_scenario("baseline", FOUNDED)) if key.startswith(f"{WORK}.")]
    assert mine == [f"{WORK}.size", f"{WORK}.enabled"]
    assert f"{WORK}.start" in keys(load_scenario("baseline"))


def test_the_difference_shows_the_decree() -> None:
    table = difference(load_scenario("baseline"), load_scenario("baseline", FOUNDED))
    rows = {str(row.key): (row.first, row.second) for row in table.itertuples()}
    assert rows == {
        f"{WORK}.decree": (None, "complete_collectivisation"),
        f"{WORK}.start": (date(1929, 3, 10), None),
    }


def test_validate_lists_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from planmodel.cli.scenario import validate

    file = tmp_path / "own.toml"
    file.write_text(f'extends = "baseline"\n[{WORK}]\ndecree = "passports"\n', encoding="utf-8")
    validate(str(file))
    assert f"{WORK}: founded where decrees.passports takes effect" in capsys.readouterr().out
