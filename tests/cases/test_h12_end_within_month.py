"""Runs end with months, and decrees and works outside a run are named."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from cli_calls import planmodel

from planmodel.engine import UserError
from planmodel.runs.load import load_ensemble
from planmodel.scenario import load_scenario
from planmodel.scenario.load import change_scenario
from planmodel.scenario.outside import outside_the_run
from planmodel.sensitivity.load import Prepared, load_analysis, prepare

BASELINE = load_scenario()
NEAR = {
    date(1933, 5, 15): "1933-04-30 or 1933-05-31",
    date(1932, 2, 28): "1932-01-31 or 1932-02-29",  # a leap year
    date(1930, 11, 1): "1930-10-31 or 1930-11-30",
}


def _prepared(file: Path) -> Prepared:
    return prepare(load_analysis(file), file)


@pytest.mark.parametrize("day", NEAR, ids=str)
def test_an_end_within_a_month_is_refused_at_every_door(
    day: date, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = f"{day} is within a month, and books close with the month; allowed: {NEAR[day]}"
    answer = planmodel("run", "baseline", "--until", str(day), "--no-figures", "--out", "out")
    assert answer.message == f"--until {refused}"
    varied = '[vary]\n"cropping.harvest_1928" = {}\n'
    ensemble = f'scenario = "baseline"\ndesign = "random"\nmembers = 2\nuntil = {day}\n{varied}'
    analysis = (
        f'title = "A"\nscenario = "baseline"\nuntil = {day}\nmethod = "morris"\nsamples = 4\n{varied}'
        '[outputs.harvest]\ntitle = "Harvest"\nmeasure = "value"\nof = "grain_harvest"\n'
        'dates = "1929"\n'
    )
    for name, text, read in (("e", ensemble, load_ensemble), ("a", analysis, _prepared)):
        file = tmp_path / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UserError) as caught:
            read(file)
        assert f"until: {refused}" in str(caught.value)
    with pytest.raises(UserError) as caught:
        change_scenario(load_scenario("stationary_village"), {"period.end": day}, "mine")
    assert str(caught.value) == f"mine: period.end: {refused}"
    assert not (tmp_path / "out").exists()


def test_what_falls_away_at_the_end_is_named_on_the_screen_and_in_the_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = (
        "--set",
        "works.kuznetsk.start=1928-03-01",
        "--until",
        "1928-02-29",
        "--no-figures",
        "--out",
        "out",
    )
    answer = planmodel("run", "baseline", *words)
    assert answer.status == 0
    notes = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))["notes"]
    assert "left out, dated after the last day, 1928-02-29:" in " ".join(answer.out.split())
    cut = BASELINE.until(date(1928, 2, 29))
    late = [
        name for name, decree in BASELINE.decrees.items() if decree.date and decree.date > date(1928, 2, 29)
    ]
    assert sorted(late) == cut.period.left_out
    (note,) = [note for note in notes if note.startswith("left out")]
    assert f"{len(late)} decrees ({', '.join(sorted(late)[:6])} and {len(late) - 6} more); " in note
    assert "kuznetsk" in note
    again = planmodel(
        "run", "out/scenario.toml", "--no-figures", "--out", "again"
    )  # what fell away is still named
    assert again.status == 0
    assert json.loads(Path("again/manifest.json").read_text(encoding="utf-8"))["notes"] == notes


def test_what_is_dated_before_the_start_is_named() -> None:
    changes = {
        "decrees.kolkhoz_trade.date": date(1927, 5, 1),
        "works.kuznetsk.start": date(1927, 12, 31),
        "works.magnitogorsk.start": date(1927, 12, 31),
        "works.magnitogorsk.enabled": False,
    }
    assert tuple(outside_the_run(load_scenario(changes=changes))) == (
        "in force from the first day, dated before 1928-01-01: 1 decree (kolkhoz_trade)",
        "left out, begun before the first day, 1928-01-01: 1 named work (kuznetsk)",
    )
    assert tuple(outside_the_run(load_scenario("kuzbass"))) == (
        "in force from the first day, dated before 1922-01-01: 1 decree (contract)",
    )


def test_what_was_left_out_survives_further_changes() -> None:
    cut = BASELINE.until(date(1929, 12, 31))
    changed = change_scenario(cut, {"switches.passports": False}, "mine")
    assert list(outside_the_run(changed)) == list(outside_the_run(cut))
    assert len(list(outside_the_run(cut))) == 2
