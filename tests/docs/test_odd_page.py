"""The page by the ODD protocol is of today, has its seven elements, and all that is declared."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from programs import program

from planmodel.engine.graph import Graph, chapter_of
from planmodel.scenario import load_scenario

ELEMENTS = [
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
]
CONCEPTS = [
    *("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing"),
    *("Interaction", "Stochasticity", "Collectives", "Observation"),
]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_odd")


@pytest.fixture(scope="module")
def text(generate: ModuleType) -> str:
    found: str = generate.PAGE.read_text(encoding="utf-8")
    return found


def column(text: str, head: str) -> list[str]:
    """Return the first cells of the table that begins with a heading."""
    lines = text.split(f"\n| {head} |", 1)[1].split("\n\n")[0].splitlines()
    return [line.strip("| ").split(" | ")[0].strip("`") for line in lines[2:]]


def test_the_page_is_of_today(generate: ModuleType, text: str) -> None:
    assert text == generate.page(), "run: make pages"


def test_the_elements_and_concepts_of_the_protocol_stand_in_their_order(text: str) -> None:
    assert re.findall(r"^## \d\. (.+)$", text, re.MULTILINE) == ELEMENTS
    design = text.split("## 4. ")[1].split("## 5. ")[0]
    assert re.findall(r"^\*\*([\w ]+)\.\*\*", design, re.MULTILINE) == CONCEPTS


def test_what_is_declared_is_all_there(text: str) -> None:
    baseline, one = load_scenario("baseline"), load_scenario("one_country").declared
    economy = baseline.declared
    assert column(text, "Phase") == [phase.name for phase in economy.phases]
    assert column(text, "Season") == [season.name for season in economy.seasons]
    assert column(text, "Conserved | What it is") == [c.name for c in economy.commodities()]
    assert column(text, "Series") == list(one.inputs())
    assert column(text, "Fact")[0] == "1"
    days = column(text, "Day")
    assert days == sorted(days)
    assert len(days) == sum(decree.enabled for decree in baseline.decrees.values())
    chapters = [re.sub(r"^\[(\w+)\].*", r"\1", cell) for cell in column(text, "Chapter")]
    assert chapters == list(dict.fromkeys(chapter_of(block) for block in Graph(economy.blocks).blocks))


def test_numbers_of_the_tables_add_up(text: str) -> None:
    """Equations by phase are all that act, but those of the opening; parameters by chapter are all."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    names = {phase.name for phase in load_scenario("baseline").declared.phases}
    by_phase = sum(int(row[2]) for row in rows if row[0] in names)
    acting = re.search(r"(\d+) equations act", text)
    opening = re.search(r"(\d+) equations reckon what follows", text)
    sizes = re.search(r"^(\d+) parameters", text, re.MULTILINE)
    assert acting is not None
    assert opening is not None
    assert sizes is not None
    assert by_phase == int(acting[1]) - int(opening[1])
    chapters = [row for row in rows if re.match(r"\[\w+\]\(equations/", row[0])]
    assert sum(int(row[3]) for row in chapters) == int(sizes[1])
