"""The page of the accounts is that of the code at hand, and shows the worst miss first."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from types import ModuleType

import pytest
from programs import program


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_accounts")


def test_the_page_of_the_accounts_is_up_to_date(generate: ModuleType) -> None:
    assert generate.PAGE.read_text(encoding="utf-8") == generate.page(), "run: make pages"


def test_the_worst_miss_stands_first(generate: ModuleType) -> None:
    text = generate.PAGE.read_text(encoding="utf-8").partition("## The baseline")[0]
    rows = re.findall(r"^\| `(.+?)` \| .*? \| .*? \| .*? \| .*? \| ([\d.]+) \|$", text, re.MULTILINE)
    misses = [abs(math.log(float(ratio))) for _, ratio in rows]
    assert len(misses) > 40
    assert all(before > after - 0.02 for before, after in pairwise(misses))
    assert {"nnp_share_agriculture", "gnp_share_consumption"} <= {name for name, _ in rows}
