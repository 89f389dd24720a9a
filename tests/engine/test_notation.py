"""Mathematics and the graph, read off equations: what is written, what is hidden, and who reads whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small import EQUATIONS, TABLE, blocks, simulation

from planmodel.economies.production import cobb_douglas, within, worth_making
from planmodel.engine.errors import DeclarationError
from planmodel.engine.graph import Graph
from planmodel.engine.notation import Notation, read_notation
from planmodel.engine.styles import Latex, Style

MORE = '''

from planmodel.economies.production import smoothed, within


@bread.auxiliary
def many(hunger):
    """Whether many hunger."""
    return hunger > 0.5


@bread.equation("record")
def all_forms(month, hunger, ovens, appetite, bread_store, many, rationing, need_north_before, memory, habit):
    """One of each form."""
    late = ovens if (month >= 10) | (month == 1) else 0.0
    often = ovens * appetite / np.maximum(bread_store, 1e-9)
    once = np.minimum(np.minimum(often, ovens), 1.0)
    root = np.sqrt(once) + np.exp(-np.minimum(often - late, 1.0))
    root = root + many * 1.0
    now = np.where(many & (hunger > 1e-9), root ** appetite, within(often, 0.0, 1.0))
    return dict(memory=smoothed(memory, now, 12.0), habit=(habit - (hunger - need_north_before)) * rationing)
'''
ROWS = """bread, variable, memory, 1, 0, , , , , , , , , hunger remembered, ,
bread, variable, habit, 1, 0, , , , , , , , , habit, ,
"""


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    return Graph(blocks(tmp_path, EQUATIONS + MORE, TABLE + ROWS))


def test_the_economy_with_all_forms_runs(tmp_path: Path) -> None:
    simulation(blocks(tmp_path, EQUATIONS + MORE, TABLE + ROWS)).play()


def test_each_form_is_written_in_latex(graph: Graph) -> None:
    (equation,) = graph.find_equations("all_forms")
    assert Notation(graph, Latex(), {"hunger": "h"}).text(equation).splitlines() == [
        r"\begin{aligned}",
        r"\text{late} &= \begin{cases} o & m \ge 10 \text{ or } m = 1 \\ 0 & \text{otherwise} \end{cases} \\",
        r"\text{often} &= \frac{o \, a}{\text{bread store}} \\",
        r"\text{root} &= \sqrt{\min\left(\text{often}, o, 1\right)} + \exp\left(-\min\left(\text{often} - "
        r"\text{late}, 1\right)\right) \\",
        r"\text{now} &= \begin{cases} \left(\text{root} + \mathbf{1}\left[\text{many}\right]\right)^{a} & "
        r"\text{many} \text{ and } h > 0 \\ "
        r"\left[\text{often}\right]_{0}^{1} & \text{otherwise} \end{cases} \\",
        r"\text{memory} &\leftarrow \text{smoothed}_{12}\left(\text{memory}, \text{now}\right) \\",
        r"\text{habit} &\leftarrow \left(\text{habit} - \left(h - \text{need north}^{(-2)}\right)\right) "
        r"\cdot \Lambda_{\text{rationing}}",
        r"\end{aligned}",
    ]


def test_and_as_text_by_the_names_of_the_program(graph: Graph) -> None:
    (equation,) = graph.find_equations("all_forms")
    assert Notation(graph, Style(), {"hunger": "h"}).text(equation).splitlines() == [
        "late = {ovens if month >= 10 or month == 1; 0 otherwise}",
        "often = ovens * appetite / bread_store",
        "root = sqrt(min(often, ovens, 1)) + exp(-min(often - late, 1))",
        "now = {(root + (many))**appetite if many and hunger > 0; within(often, 0, 1) otherwise}",
        "memory <- smoothed(memory, now, 12)",
        "habit <- (habit - (hunger - need_north_before)) * rationing",
    ]


def test_axes_are_indices_and_a_total_is_a_sum(graph: Graph) -> None:
    latex = Notation(graph, Latex())
    (note,) = graph.find_equations("note")
    assert r"\sum_{\text{town}} \text{sent}_{\text{town}}" in latex.text(note)
    (send,) = graph.find_equations("send")
    assert r"\text{rank of sent north} &= \begin{cases} 0 & \Lambda_{\text{rationing}}" in latex.text(send)


def test_text_means_what_is_computed(graph: Graph) -> None:
    """The text of one equation, put in numbers, is what its function returns."""
    (want,) = graph.find_equations("want")
    text = Notation(graph, Style()).text(want).partition(" <- ")[2]
    given = {"people_town": 3.0, "ovens": 10.0, "people": 4.0}
    assert eval(text, given) == want.function(**{k: given[k] for k in want.reads})["need_town"]


def test_a_name_that_means_two_things_is_written_in_two_ways(tmp_path: Path) -> None:
    table = TABLE + "bread, variable, oven, 1, 0, , , , , , , , , ovens at work, ,\n"
    more = '\n\n@bread.equation("record")\ndef run(ovens):\n    return dict(oven=ovens)\n'
    graph = Graph(blocks(tmp_path, EQUATIONS + more, table))
    (run,) = graph.find_equations("run")
    assert Notation(graph, Latex(), {"oven": "o"}).text(run).splitlines()[1] == r"\text{oven} &\leftarrow o"


def test_forms_are_written_from_their_text() -> None:
    latex = Notation(Graph(()), Latex())
    assert latex.form(within) == (
        r"\left[\text{value}\right]_{\text{low}}^{\text{high}} = "
        r"\min\left(\max\left(\text{value}, \text{low}\right), \text{high}\right)"
    )
    assert r"\text{capital}^{\text{capital share}}" in latex.form(cobb_douglas)
    assert "1e-" not in latex.form(worth_making)


def test_a_notation_says_each_name_once(tmp_path: Path) -> None:
    assert read_notation(tmp_path) == {}
    (tmp_path / "notation.csv").write_text("name, symbol\nhunger, h\nhunger, k\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"notation.csv:3: 'hunger'"):
        read_notation(tmp_path)


# ---- the graph ---------------------------------------------------------------------------------------------


def named(found: object) -> list[str]:
    return [e.name for e in found]  # type: ignore[attr-defined]


def test_who_reads_and_who_writes(graph: Graph) -> None:
    assert named(graph.readers("hunger")) == ["note", "many", "all_forms"]
    assert named(graph.readers("bread.ovens")) == ["bake", "want", "all_forms"]
    assert named(graph.writers("sent_north")) == ["send"]
    assert named(graph.writers("bread_north")) == ["send", "eat"]
    assert graph.flows_of("bread_store") == ["baked", "sent_north", "sent_south"]


def test_readers_are_found_through_auxiliaries_and_lags(graph: Graph) -> None:
    assert named(graph.readers("season")) == ["running"]
    assert named(graph.acting_readers("season")) == ["bake"]
    assert "note" in named(graph.acting_readers("need_north"))
    assert "all_forms" in named(graph.acting_readers("need_north"))


def test_the_graph_reads_what_the_workspace_reads(graph: Graph, tmp_path: Path) -> None:
    """Every name of every equation stands for the same quantities, with the same axes, as in a run."""
    made = simulation(blocks(tmp_path / "again", EQUATIONS + MORE, TABLE + ROWS)).workspace
    for equation in graph.equations:
        for one in graph.reads(equation):
            reader = made.names.reader(one.name, equation.block, equation.place)
            assert reader.axes == one.axes, one.name
            assert one.quantities
            assert len(one.quantities) in (1, int(np.prod(made.names.axes.sizes(one.axes))))


def test_state_is_listed(graph: Graph) -> None:
    state = {q.key: q.kind for q in graph.state()}
    assert state["bread_store"] == "stock"
    assert state["hunger"] == "variable"
    assert state["years_of_hunger"] == "state"
    assert state["need_north_before"] == "lag"
    assert "ovens" not in state
