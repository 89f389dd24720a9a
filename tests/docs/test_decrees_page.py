"""The page on decrees: its scenario is the ready one, its keys are those of the schema, its Python runs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from planmodel.engine import UserError
from planmodel.runs.history import History
from planmodel.scenario import load_scenario
from planmodel.scenario.decrees import Decree

PAGE = Path(__file__).parents[2] / "docs" / "decrees.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_its_scenario_is_the_ready_one(tmp_path: Path) -> None:
    file = tmp_path / "page.toml"
    file.write_text(next(text for kind, text in BLOCKS if kind == "toml"), encoding="utf-8")
    ready = load_scenario("relief_by_rule")
    same = {"source": "the same"}
    for name, decree in load_scenario(file).decrees.items():
        assert decree.model_copy(update=same) == ready.decrees[name].model_copy(update=same)


def test_all_keys_are_named() -> None:
    table = TEXT.partition("| Key |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.splitlines()[2:]))
    assert sorted(named) == sorted(Decree.model_fields)


def test_its_message_is_the_one_that_a_user_gets(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    text = 'extends = "baseline"\n[decrees.relief]\ntitle = "Relief"\nsource = "invented"\n'
    file.write_text(text + 'when = "terorr < 0.8"\n', encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_scenario(file)
    assert f"error: {caught.value}".replace(str(file), "my.toml") in TEXT


def test_its_work_is_founded_on_the_day_on_which_the_decree_takes_effect(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    text = next(text for kind, text in BLOCKS if kind == "toml" and "[works." in text)
    file.write_text(text, encoding="utf-8")
    scenario = load_scenario(file)
    work = scenario.works["magnitogorsk"]
    assert (work.start, work.decree) == (None, "second_metal_base")
    history = History(scenario.until(date(1932, 12, 31)), range(4))
    log = history.run().events
    decreed = scenario.decrees["second_metal_base"].title
    begun = {}
    for member in range(4):
        table = log.table(member)
        issued = table["date"][(table["text"] == decreed) & (table["kind"] == "decree")]
        begun[member] = list(table["date"][table["text"] == "Magnitogorsk: building begins"])
        assert begun[member] == [
            day + timedelta(days=61) for day in issued
        ]  # in force the day after, or later
    assert any(begun.values())
    file.write_text(text.replace('"second_metal_base"', '"second_metal_bas"'), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_scenario(file)
    assert f"error: {caught.value}".replace(str(file), "my.toml") in TEXT


def test_its_python_runs() -> None:
    space: dict[str, object] = {}
    exec(next(text for kind, text in BLOCKS if kind == "python"), space)
    heard = space["heard"]
    assert isinstance(heard, list)
    assert all(0 < len(members) <= 4 for _, members in heard)
    assert np.unique([len(members) for _, members in heard]).size > 1  # some in some members only
