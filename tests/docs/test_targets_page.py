"""The table of targets that the shipped fit did not see is that of the code, the worst miss first."""

from __future__ import annotations

import importlib.util
import re
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

PROGRAM = Path(__file__).parents[2] / "docs" / "generate_targets.py"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    found = importlib.util.spec_from_file_location("generate_targets", PROGRAM)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_table_is_up_to_date_and_the_worst_miss_stands_first(generate: ModuleType) -> None:
    committed = generate.PAGE.read_text(encoding="utf-8")
    assert committed == generate.page(), "run: make pages"
    rows = re.findall(r"^\| `(\w+)` \|.* \| (\S+) \| \S+ \| (\S+) \|$", committed, re.MULTILINE)
    worst = [max(abs(float(b)), abs(float(c))) for _, b, c in rows]
    assert {name for name, _, _ in rows} == set(generate.UNSEEN)
    assert all(before >= after for before, after in pairwise(worst))
