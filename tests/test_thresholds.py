"""The log of thresholds: each bound is used where it says, and none is loosened without a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from thresholds import TABLE, bound

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", list(TABLE))
def test_a_bound_is_read_by_the_test_that_it_names_and_by_no_other_file(name: str) -> None:
    file, _, test = TABLE[name]["test"].partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert f"def {test}(" in text
    readers = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path != Path(__file__) and f'bound("{name}")' in path.read_text(encoding="utf-8")
    ]
    assert readers == [file]


@pytest.mark.parametrize("name", list(TABLE))
def test_every_move_has_a_commit_and_a_reason(name: str) -> None:
    """A bound that is loosened now needs more than the words for those of before the log."""
    entry = TABLE[name]
    assert set(entry) == {"test", "asserts", "looser", "seen", "moves"}
    assert entry["looser"] in ("up", "down")
    for move in entry["moves"]:
        assert set(move) == {"bound", "commit", "reason"}
        assert len(move["reason"].split()) >= 2 or move["reason"] == "tightened"
    sign = 1 if entry["looser"] == "up" else -1
    before_the_log = ("8c487f9", "a5ef908", "f6fbf7b")
    for earlier, later in zip(entry["moves"], entry["moves"][1:], strict=False):
        assert later["bound"] != earlier["bound"]
        if sign * (later["bound"] - earlier["bound"]) > 0.0 and later["commit"] not in before_the_log:
            assert not later["reason"].startswith("not given")


def test_the_last_move_is_in_force() -> None:
    assert bound("deaths_of_the_famine_years") == TABLE["deaths_of_the_famine_years"]["moves"][-1]["bound"]
    with pytest.raises(KeyError):
        bound("no_such_bound")
