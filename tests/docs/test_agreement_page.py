"""The page of agreement is that of the rows kept, and holds every experiment and text."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from planmodel.experiments.load import read_about, ready_experiments
from planmodel.texts.loading import texts

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    program("generate_tables")
    return program("generate_agreement")


def test_the_page_is_up_to_date(generate: ModuleType) -> None:
    again = "run: python docs/generate_agreement.py --pages"
    assert PAGE.read_text(encoding="utf-8") == generate.page(), again


def test_it_holds_every_experiment_and_text(generate: ModuleType) -> None:
    assert set(generate.kept()["name"]) == set(ready_experiments()), "run: make pages"
    text = PAGE.read_text(encoding="utf-8")
    for folder in (*ready_experiments().values(), *texts().values()):
        assert f"[{read_about(folder).title}](" in text
    for target in re.findall(r"\]\(([\w./]+)\)", text):
        assert (PAGE.parent / target).resolve().is_file(), target


def test_ranks_follow_each_other_and_prose_is_narrow() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    ranks = [int(found[1]) for line in lines if (found := re.match(r"\| (\d+) \|", line))]
    assert ranks == list(range(1, len(ranks) + 1))
    assert max(len(line) for line in lines if not line.startswith("|")) <= 110
