"""The table of targets that the shipped fit did not see is that of the code, the worst miss first."""

from __future__ import annotations

import re
from itertools import pairwise
from types import ModuleType

import pytest
from programs import program


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_targets")


def test_the_table_is_up_to_date_and_the_worst_miss_stands_first(generate: ModuleType) -> None:
    committed = generate.PAGE.read_text(encoding="utf-8")
    assert committed == generate.page(), "run: make pages"
    rows = re.findall(r"^\| `(\w+)` \|.* \| (\S+) \| \S+ \| (\S+) \|$", committed, re.MULTILINE)
    worst = [max(abs(float(b)), abs(float(c))) for _, b, c in rows]
    assert {name for name, _, _ in rows} == set(generate.UNSEEN)
    assert all(before >= after for before, after in pairwise(worst))
