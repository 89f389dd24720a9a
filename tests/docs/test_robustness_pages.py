"""The pages on robustness and liveness are those of the model at hand, as far as a few seconds tell."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from programs import program

from planmodel.liveness.content import VERDICTS
from planmodel.liveness.moving import Life, Move, mechanisms
from planmodel.scenario import load_scenario


def test_the_first_row_of_robustness_is_that_of_the_model() -> None:
    generate = program("generate_robustness")
    found = generate.drawn(load_scenario(generate.SCENARIO), True, 0.02)
    row = "| " + " | ".join(generate.shares(found, True, 0.02)) + " |"
    assert row in generate.PAGE.read_text(encoding="utf-8"), "run: make pages"


@pytest.fixture(scope="module")
def liveness() -> ModuleType:
    return program("generate_liveness")


def test_the_page_of_liveness_has_each_mechanism_once_and_counts_them(liveness: ModuleType) -> None:
    text = liveness.PAGE.read_text(encoding="utf-8")
    assert text.startswith(liveness.HEAD), "run: make pages"
    acting, idle = mechanisms(load_scenario(liveness.SCENARIO))
    named = re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)
    assert sorted(named) == sorted(one.name for one in acting), "run: make pages"
    assert all(f"`{one.name}`" in text for one in idle)
    sections = re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]
    rows = [len(re.findall(r"^\| `", section, re.MULTILINE)) for section in sections]
    counts = ", ".join(f"{n} {verdict}" for n, verdict in zip(rows, VERDICTS, strict=True))
    assert f"{len(acting)} mechanisms: {counts}." in text


def test_a_row_says_how_far_a_figure_moves(liveness: ModuleType) -> None:
    switch, size = (
        next(one for one in mechanisms(load_scenario("baseline"))[0] if one.key == key)
        for key in ("switches.gestation", "parameters.plan.push")
    )
    lives = [
        Life(switch, Move(0.0, "steel 1930", 0.0)),
        Life(size, Move(2.5, "steel 1931", 0.25), Move(0.9, "", 0.2)),
    ]
    text = liveness.page(lives, [], 3, 4)
    assert f"| `gestation` | {switch.meaning} | on | off | 0.0 | - | 0.00 | - |" in text
    assert re.search(r"\| `plan.push` \|.*\| 0 \| 2.5 \| `steel 1931` \| 0.25 \| 0.9 \|", text)
    assert "0 alive, 1 alive only without refit, 1 dead. 3 figures, 4 unknowns." in text
