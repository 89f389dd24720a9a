"""``planmodel run --save`` and ``--from``: a run in two parts, a counterfactual that begins on a day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from cli_calls import Answer, planmodel

from planmodel.economies.soviet.sites import Sites
from planmodel.runs.history import History
from planmodel.scenario import load_scenario

SYSTEM = "labour_process"
MEMBERS = ("--members", "3", "--seed", "4")
SAME = ("results.nc", "monthly.csv", "yearly.csv", "columns.csv", "events.csv", "scenario.toml")
CHANGE = ("--set", "parameters.shopfloor.contagion=0.6")


def run(*words: str, out: Path) -> Answer:
    return planmodel("run", *words, "--no-figures", "--out", str(out))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run up to the end of 1930, with its state."""
    folder = tmp_path_factory.mktemp("begun") / "first"
    answer = run(SYSTEM, *MEMBERS, "--until", "1930-12-31", "--save", out=folder)
    assert answer.status == 0, answer.err
    assert "state.npz" in answer.out
    return folder


def written(file: Path, changes: dict[str, Any]) -> Path:
    """Write a scenario that is named as its file."""
    tree = load_scenario(SYSTEM, changes).model_dump(mode="python", exclude_none=True)
    file.write_text(tomli_w.dumps(tree | {"name": file.stem}), encoding="utf-8")
    return file


def manifest(folder: Path) -> dict[str, object]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_the_two_parts_are_the_run_in_one_go(begun: Path, tmp_path: Path) -> None:
    """Members and seed are those of the state; all tables have the whole history."""
    assert "state.npz" in manifest(begun)["files"]  # type: ignore[operator]
    parts = run(SYSTEM, "--from", str(begun), "--save", out=tmp_path / "parts")
    whole = run(SYSTEM, *MEMBERS, "--save", out=tmp_path / "whole")
    assert parts.status == whole.status == 0, parts.err + whole.err
    for name in (*SAME, "state.npz"):
        there, here = (tmp_path / which / name for which in ("whole", "parts"))
        assert there.read_bytes() == here.read_bytes(), name
    assert parts.out.replace("/parts", "/whole") == whole.out
    before = manifest(begun)
    assert manifest(tmp_path / "parts")["gone_on_from"] == {
        "scenario": SYSTEM,
        "scenario_sha256": before["scenario_sha256"],
        "day": "1930-12-31",
        "holds": [],
        "past": [],
    }
    assert "gone_on_from" not in manifest(tmp_path / "whole")
    assert not (tmp_path / "parts").with_name("out").exists()


def test_the_rest_of_a_run_may_be_put_in_the_place_of_its_beginning(begun: Path, tmp_path: Path) -> None:
    folder = tmp_path / "only"
    assert run(SYSTEM, "--until", "1928-06-30", "--save", out=folder).status == 0
    assert run(SYSTEM, "--from", str(folder), "--until", "1929-06-30", "--force", out=folder).status == 0
    assert not (folder / "state.npz").exists()
    assert manifest(folder)["members"] == 1


def test_a_change_on_the_command_line_is_a_branch(begun: Path, tmp_path: Path) -> None:
    answer = run(SYSTEM, "--from", str(begun), *CHANGE, "--switch-off", "shock_work", out=tmp_path / "other")
    assert answer.status == 0, answer.err
    note = (
        "branch of 'labour_process': from 1931-01-01 on holds what 'labour_process' says otherwise: "
        "parameters.shopfloor.contagion, switches.shock_work"
    )
    assert f"Note: {note}" in " ".join(answer.out.split())
    assert note in manifest(tmp_path / "other")["notes"]  # type: ignore[operator]
    months = [(folder / "monthly.csv").read_text().splitlines() for folder in (begun, tmp_path / "other")]
    assert len(months[0]) == 3 * 36 + 1
    assert months[0][:37] == months[1][:37]  # of member 0, up to the day


def test_another_scenario_by_its_name_is_a_branch(begun: Path, tmp_path: Path) -> None:
    changes = {"decrees.shock_work.enabled": False, "decrees.norm_campaign.date": date(1931, 9, 1)}
    file = written(tmp_path / "counterfactual.toml", changes)
    answer = run(str(file), "--from", str(begun / "state.npz"), out=tmp_path / "other")
    assert answer.status == 0, answer.err
    said = " ".join(answer.out.split())
    assert "of no effect is what 'counterfactual' says otherwise of days before: decrees.shock_work" in said
    assert "norm_campaign" not in said.partition("Note: branch")[2]
    events = (tmp_path / "other" / "events.csv").read_text()
    assert "1929-04-29,decree" in events  # it was issued
    assert "1931-09-01,decree" in events


def edited(begun: Path) -> Path:
    """A scenario of the same name, of which somebody has changed a value."""
    return written(begun.parent / f"{SYSTEM}.toml", {"parameters.shopfloor.contagion": 0.6})


REFUSED = {
    "a scenario of the same name that was changed": (
        ("EDITED", "--from", "BEGUN"),
        "--from BEGUN: the scenario is not that of the state: parameters.shopfloor.contagion; allowed: as it "
        "was run, or another one on purpose",
    ),
    "no scenario where it is not the baseline": (
        ("--from", "BEGUN"),
        "--from BEGUN: is of the scenario 'labour_process'; allowed: planmodel run labour_process --from "
        "BEGUN, or another scenario by its name",
    ),
    "another economy": (
        ("kuzbass", "--from", "BEGUN"),
        "--from BEGUN: the state is of the economy 'labour_process', the scenario 'kuzbass' of 'kuzbass'",
    ),
    "other members": (
        (SYSTEM, "--members", "4", "--from", "BEGUN"),
        "--from BEGUN: the state has members 0 to 2, not 0 to 3",
    ),
    "another seed": ((SYSTEM, "--seed", "5", "--from", "BEGUN"), "--from BEGUN: the state has seed 4, not 5"),
    "nothing left": (
        (SYSTEM, "--until", "1930-12-31", "--from", "BEGUN"),
        "--from BEGUN: the state is of 1930-12-31, the period 1928-01-01 to 1930-12-31; allowed: a later end",
    ),
    "no folder": ((SYSTEM, "--from", "nowhere"), "nowhere: cannot be read: No such file or directory"),
    "no state in it": (
        (SYSTEM, "--from", "EMPTY"),
        "--from EMPTY: there is no state.npz in it; allowed: the folder of a run with --save",
    ),
    "a file of another kind": (
        (SYSTEM, "--from", "FOREIGN"),
        "FOREIGN: was not written by planmodel, or is damaged; allowed: as it was written",
    ),
    "a member of an ensemble": (
        ("--member", "3", "--design", "village", "--from", "BEGUN"),
        "--member: the ensemble decides scenario and seed; allowed: without SCENARIO, --set, --switch-off, "
        "--data, --members, --seed, --until, --evidence, --save and --from",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_fit_is_one_line(
    what: str, begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    (tmp_path / "empty").mkdir()
    (tmp_path / "foreign").write_bytes(b"PK a file of mine")
    places = {
        "EDITED": edited(begun),
        "BEGUN": begun,
        "EMPTY": tmp_path / "empty",
        "FOREIGN": tmp_path / "foreign",
    }
    words, message = REFUSED[what]
    words = tuple(str(places.get(word, word)) for word in words)
    for name, place in places.items():
        message = message.replace(name, str(place))
    assert planmodel("run", *words).message == message
    assert list(work.iterdir()) == []


def test_a_damaged_state_is_named_and_nothing_is_run(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(History, "run", lambda _: pytest.fail("it ran"))
    folder = tmp_path / "copy"
    folder.mkdir()
    for file in begun.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    content = bytearray((begun / "state.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "state.npz").write_bytes(content)
    message = run(SYSTEM, "--from", str(folder), out=tmp_path / "x").message
    assert message.startswith(f"{folder}/state.npz: is damaged: its hash is not that of manifest.json")
    (folder / "manifest.json").unlink()
    message = run(SYSTEM, "--from", str(folder), out=tmp_path / "x").message
    assert message.startswith(f"{folder}/state.npz: is damaged: its hash is not that of its last line")
    assert not (tmp_path / "x").exists()


def test_what_cannot_be_saved_is_said_before_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Sites, "save")
    monkeypatch.setattr(History, "run", lambda _: pytest.fail("it ran"))
    message = run("baseline", "--save", out=tmp_path / "x").message
    assert message == "--save: entity 'sites' cannot be saved: it has no save() and restore()"
    assert not (tmp_path / "x").exists()
