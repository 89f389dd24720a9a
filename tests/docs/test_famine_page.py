"""The page on the famine: what is cheap of it is of today, its words follow from its numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from programs import program
from thresholds import bound

from planmodel.scenario import load_scenario

BLOCK = re.compile(r"<!-- (\w+) begins -->\n(.*?)\n?<!-- \1 ends -->", re.DOTALL)
Rows = dict[str, list[str]]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_famine")


@pytest.fixture(scope="module")
def blocks(generate: ModuleType) -> dict[str, str]:
    return dict(BLOCK.findall(generate.PAGE.read_text(encoding="utf-8")))


def tables(block: str) -> list[Rows]:
    """Return the tables of a block: cells by the first of each row."""
    found = []
    for text in block.split("\n\n"):
        lines = text.splitlines()
        if lines and lines[0].startswith("|"):
            cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]
            found.append({row[0]: row[1:] for row in cells})
    return found


def words(block: str) -> str:
    """Return a block in one line: its paragraphs are broken into lines."""
    return " ".join(block.split())


def share(cell: str) -> float:
    return float(cell.removesuffix(" %")) / 100.0


# ---- of today ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["deaths", "grain", "stocks", "village", "where"])
def test_cheap_tables_and_their_words_are_those_of_today(
    name: str, generate: ModuleType, blocks: dict[str, str]
) -> None:
    assert blocks[name] == generate.BLOCKS[name]().strip(), "run: python docs/generate_famine.py"


def test_the_page_has_all_blocks_and_none_is_empty(generate: ModuleType, blocks: dict[str, str]) -> None:
    assert set(blocks) == set(generate.BLOCKS)
    assert all(text.strip() for text in blocks.values())


def test_series_by_region_are_those_of_the_baseline(generate: ModuleType) -> None:
    runs = generate.famine_beside
    asked = [runs.dead("country", "1930..1934"), runs.dead("ukraine"), runs.dead("kazakhstan", "1932")]
    answers, last = generate.famine_causes.answers, runs.village().period.end
    of_baseline = answers(load_scenario("baseline").until(last), asked)
    assert np.array_equal(of_baseline, answers(runs.village(), asked))


def test_deaths_of_regions_add_up_to_the_republics(blocks: dict[str, str]) -> None:
    rows = tables(blocks["deaths"])[0]
    parts = ("North Caucasus", "Volga", "Black Earth", "Consumer regions", "East")
    for column in range(6):
        together = sum(float(rows[name][column]) for name in parts)
        assert together == pytest.approx(float(rows["RSFSR without Kazakhstan"][column]), abs=0.03)


# ---- what made the harvest ---------------------------------------------------------------------------------


def test_factors_make_up_the_harvest_and_their_parts_the_fall(generate: ModuleType) -> None:
    causes = generate.famine_causes
    for label, before in (("ukraine", 1930), ("volga", 1931)):
        one = causes.fall(before, label=label)
        assert abs(one.unexplained) < bound("unexplained_of_a_harvest"), label
        assert sum(one.of.values()) == pytest.approx(one.whole, abs=1e-12)
    assert causes.fall(1932).whole == 0.0


def test_words_of_the_harvest_follow_the_parts(
    generate: ModuleType, blocks: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    causes = generate.famine_causes
    monkeypatch.setattr(causes, "calm", lambda: {"as it is": 10.0, "1932": 11.0, "1931 and 1932": 12.0})
    usual = causes.fall(1930)
    for part, word in ((0.3, "less"), (0.4, "more")):
        of = {name: -0.5 * (part if name == "weather" else (1 - part) / 7) for name in causes.FACTORS}
        one = replace(usual, whole=-0.5, of=of)
        monkeypatch.setattr(causes, "fall", lambda *_, one=one: one)
        assert f"{word} than a third" in causes.factors_in_words()
    monkeypatch.setattr(causes, "fall", lambda *_: replace(usual, whole=0.1))
    assert "does not fall" in causes.factors_in_words()
    rows = tables(blocks["harvest"])[0]
    if rows["Together"][0].startswith("-"):
        more = share(rows["Weather"][1]) > 1 / 3
        assert "From 1930 to 1932 it falls by" in words(blocks["harvest"])
        assert ("more than a third" if more else "less than a third") in words(blocks["harvest"])


# ---- levels, rules, versions -------------------------------------------------------------------------------


def test_a_jump_is_the_largest_change_over_the_level(generate: ModuleType) -> None:
    levels = generate.famine_levels
    size, at = levels.jump(np.arange(4.0), np.array([4.0, 3.0, 2.9, 2.0]))
    assert (round(size, 2), at) == (0.31, 2)
    small, _ = levels.jump(np.arange(2.0), np.array([0.001, 0.002]))
    assert small < 0.05  # hardly anybody: no cliff


def test_words_on_cliffs_follow_the_steps(blocks: dict[str, str]) -> None:
    told = re.search(r"a quarter of a per cent apart: (.*?)(?: Above| None)", words(blocks["levels"]))
    assert told is not None
    sizes = [int(size) for size in re.findall(r"(\d+) % \([-+]", told[1])]
    assert len(sizes) == 4
    assert ("there is no cliff" in words(blocks["levels"])) == (max(sizes) <= 20)


def test_misfit_is_nothing_where_the_record_is_met_and_one_where_nothing_is(generate: ModuleType) -> None:
    rules, beside = generate.famine_rules, generate.famine_beside
    asked = beside.dead("ukraine")
    first = beside.Beside("ukraine", "Excess deaths", "a", 4.0, 4.0, 4.0, asked, True)
    second, part = replace(first, value=2.0, low=2.0, high=2.0), replace(first, amount=False)
    one = rules.Judged((asked, asked), ((first, second), (part,)), ("Excess deaths", "Collectivised share"))

    def of(deaths: float, diff: float) -> float:
        return float(one.misfit(np.array([[deaths, 4.0 + diff]]))[0])

    assert of(4.0, 0.0) == of(2.0, 0.0) == 0.0
    assert of(0.0, 0.0) == pytest.approx(0.5)  # of two kinds
    assert of(8.0, 0.0) == pytest.approx(0.25)
    assert of(4.0, 0.3) == pytest.approx(0.15)
    assert of(float("nan"), 0.0) == float("inf")


def test_rules_change_what_they_say(generate: ModuleType) -> None:
    rules = {rule.name: rule for rule in generate.famine_rules.rules()}
    kept = rules["regional shares of 1930 in all campaigns"].changes
    assert set(kept.values()) == {0.0}
    base = load_scenario("baseline")
    lower: dict[str, Any] = rules["plans of 1931/32 and 1932/33 a fifth lower"].changes
    for day, part in (("1930-07-01", 1.0), ("1931-07-01", 0.8), ("1932-07-01", 0.8)):
        shares = [
            getattr(base.parameters.state_grain, f"plan_share_{label}")
            + lower[f"exogenous.plan_shift_{label}.values.{day}"]
            for label in generate.famine_beside.titles()
        ]
        assert sum(shares) == pytest.approx(part, abs=1e-4)


def test_words_on_rules_follow_their_table(generate: ModuleType, blocks: dict[str, str]) -> None:
    rows = tables(blocks["rules"])[0]
    names = [rule.name for rule in generate.famine_rules.rules()]
    assert list(rows)[1:] == [name[:1].upper() + name[1:] for name in names]
    assert rows["Nothing"][4] == "100 %"
    deaths = tables(blocks["deaths"])[0]["Country, with towns and camps"]
    assert float(rows["Nothing"][0]) == pytest.approx(sum(map(float, deaths[:5])), abs=0.03)
    assert rows["Nothing"][0] == tables(blocks["levels"])[0]["+0"][0]
    few = re.search(r"less than half of the dead are left under: (.*?); the same", words(blocks["rules"]))
    assert few is not None
    for name in (n for n in names if rows[n[:1].upper() + n[1:]][5] not in ("", "-")):
        left = share(rows[name[:1].upper() + name[1:]][4])
        assert (f"{name} (" in few[1]) == (left < 0.5) or left == 0.5, name
    base = float(rows["Nothing"][5])
    worse = re.search(r"further away under: (.*?); as near", words(blocks["rules"]))
    assert worse is not None
    for name in names[1:]:
        misfit = rows[name[:1].upper() + name[1:]][5]
        if misfit != "-" and abs(float(misfit) - base) > 0.015:
            assert (name in worse[1]) == (float(misfit) > base), name


def test_more_grain_in_ukraine_is_fewer_dead(blocks: dict[str, str]) -> None:
    rows = list(tables(blocks["estimates"])[0].values())[1:]
    ordered = sorted(rows, key=lambda row: float(row[0]))
    died = [float(row[3]) for row in ordered]
    assert died == sorted(died, reverse=True)
    near = [name for name, row in tables(blocks["estimates"])[0].items() if row[-2:] == ["yes", "yes"]]
    said = re.search(
        r"both procurement and deaths of the record follow from: (.*?)[;.]", words(blocks["estimates"])
    )
    assert said is not None
    assert all((name in said[1]) != name.startswith("at which") for name in near)


def test_versions_stand_beside_each_other(blocks: dict[str, str]) -> None:
    rows = tables(blocks["versions"])[0]
    title = next(name for name in rows if name.startswith("Excess deaths 1930-34"))
    seven, one, off = rows[title]
    assert seven == tables(blocks["rules"])[0]["Nothing"][0]
    if off != "-":
        assert share(off) == pytest.approx(float(one) / float(seven) - 1.0, abs=0.02)
        assert (title in words(blocks["versions"]).split("Further apart")[-1]) == (abs(share(off)) > 0.1)
