"""The pages that follow from equations and tables are those of the code at hand, and are whole."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from planmodel.engine.graph import Graph
from planmodel.engine.notation import Notation, read_notation
from planmodel.engine.styles import Latex
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.by_region import regions_of

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "equations"
BY_PROCEDURES = {  # these have no mathematics
    "accumulation.concentration",
    "accumulation.pace_spread",
    "accumulation.size_spread",
}
ECONOMIES = list(registry.economies())


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_equations")


def test_the_derived_pages_are_up_to_date(generate: ModuleType) -> None:
    wanted = dict(generate.pages())
    kept = {*FOLDER.glob("*.md"), *FOLDER.glob("images/*.svg")}
    assert kept == set(wanted), "run: make pages"
    stale = [file.name for file, text in wanted.items() if file.read_text(encoding="utf-8") != text]
    assert not stale, "run: make pages"


def test_links_between_the_derived_pages_lead_somewhere() -> None:
    anchors: dict[Path, set[str]] = {}
    for file in (*FOLDER.glob("*.md"), *DOCS.glob("*.md")):
        heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        anchors[file] = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
    for file in FOLDER.glob("*.md"):
        for target, anchor in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", file.read_text(encoding="utf-8")):
            linked = (file.parent / target).resolve() if target else file
            assert linked.is_file(), f"{file.name}: {target}"
            assert not anchor or anchor in anchors[linked], f"{file.name}: {target}#{anchor}"


@pytest.mark.parametrize("name", ECONOMIES)
def test_every_equation_and_quantity_stands_on_its_page(name: str) -> None:
    """What each region has stands there once, as of one country; each has a size of its own in tables."""
    text = "".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md"))
    economy = registry.economy(name)
    for equation in Graph(economy.blocks).equations:
        assert f"\n### `{equation.block}.{equation.name}`" in text
    for parameter in (p for group in economy.parameters().values() for p in group):
        assert f"\n| `{parameter}` | " in text, parameter
    one = load_scenario("one_country").declared if name == registry.DEFAULT else economy
    for quantity in Graph(one.blocks).quantities.values():
        own = {"stock", "source", "sink", "lever", "input", "draw"}
        shown = getattr(quantity.declared, "name", quantity.name) if quantity.kind in own else quantity.name
        if quantity.kind in ("stock", "source", "sink"):
            shown = f"{quantity.declared.commodity}.{shown}"
        if quantity.block and quantity.kind not in ("auxiliary", "calendar", "entity", "parameter"):
            assert f"`{shown}`" in text, quantity.key


@pytest.mark.parametrize("name", ECONOMIES)
def test_every_parameter_appears_in_the_mathematics_of_its_block(name: str) -> None:
    """By its symbol, or by that of the family that an equation reads it with."""
    economy = registry.economy(name)
    graph = Graph(economy.blocks)
    notation = Notation(graph, Latex(), read_notation(economy.folder))
    for block in graph.blocks:
        mathematics = " ".join(notation.text(e) for e in block.functions)
        for key in block.declared.parameters.declared:
            readers = [e for e in graph.readers(f"{block.name}.{key}") if e.kind != "procedure"]
            if f"{block.name}.{key}" in BY_PROCEDURES:
                assert not readers
                continue
            assert readers, f"{block.name}.{key} is read by no equation"
            named = [n for e in readers for n in graph.reads(e) if key in {q.name for q in n.quantities}]
            assert any(notation.symbol(n).text in mathematics for n in named), f"{block.name}.{key}"


def test_no_formula_names_a_region() -> None:
    """Behaviour is common: what is read along the axis of regions is written with it, lags too."""
    economy = registry.economy()
    notation = Notation(Graph(economy.blocks), Latex(), read_notation(economy.folder))
    labels = [label.replace("_", " ") for label in regions_of(economy)]
    assert labels
    for equation in notation.graph.equations:
        formula = notation.text(equation)
        assert not [label for label in labels if re.search(rf"\b{label}\b", formula)], equation.place


def test_what_the_notation_names_exists() -> None:
    for name in ECONOMIES:
        economy = registry.economy(name)
        graph = Graph(economy.blocks)
        for named in read_notation(economy.folder):
            assert graph.named(named, "").quantities, named


def test_the_mathematics_is_whole() -> None:
    for file in FOLDER.glob("*.md"):
        for formula in re.findall(r"```math\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL):
            assert formula.replace(r"\{", "").count("{") == formula.replace(r"\}", "").count("}"), file.name
            for opened, closed in ((r"\left", r"\right"), (r"\begin", r"\end")):
                pattern = rf"\{opened}\b", rf"\{closed}\b"
                assert len(re.findall(pattern[0], formula)) == len(re.findall(pattern[1], formula)), formula
            assert "1e-" not in formula, "a guard is shown"
