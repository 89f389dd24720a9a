"""The arithmetic of the benchmarks: which ratio is above one, who a second belongs to, where a table goes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from earlier import earlier
from page import Row, put, ratios, shares
from parts import part_of
from turns import by_turns

from planmodel.runs.history import run

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_above_one_is_faster_for_times_and_for_rates() -> None:
    rows = [
        Row("seconds", {"ours": 2.0, "other": 4.0}),
        Row("a second", {"ours": 10.0, "other": 5.0}, rate=True),
    ]
    assert [row.times("other", "ours") for row in rows] == [0.5, 0.5]
    told = ratios([*rows, Row("alone", {"other": 3.0})], ["ours", "other"], "ours").splitlines()
    assert told[2:] == [
        "| seconds | 2.00 | 4.00 (0.500) |",
        "| a second | 10.0 | 5.00 (0.500) |",
        "| alone | - | 3.00 |",
    ]


def test_shares_are_of_each_whole_and_nothing_is_lost() -> None:
    told = shares({"a": {"settlement": 3.0, "one": 0.5, "two": 0.5}, "b": {"settlement": 1.0}}, least=0.2)
    assert told.splitlines()[2:] == ["| settlement | 75 % | 100 % |", "| the rest | 25 % | 0 % |"]


@pytest.mark.parametrize(
    ("file", "function", "part"),
    [
        ("<equations of labour>", "phase", "equations of labour (phase)"),
        ("/a/planmodel/engine/ledger.py", "audit", "audit and closing"),
        ("/a/planmodel/engine/ledger.py", "ask", "equations, what they propose"),
        ("/a/planmodel/economies/soviet/labour.py", "hire", "procedures and helpers"),
        ("/planmodel/.venv/lib/simpy/core.py", "step", "processes (SimPy)"),
        ("/a/planmodel/engine/types.py", "total", None),
        ("/a/numpy/linalg.py", "solve", None),
    ],
)
def test_parts(file: str, function: str, part: str | None) -> None:
    assert part_of(file, function) == part


def test_turns_go_round_and_one_that_fails_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    from subjects import FailedError

    asked = []

    def measure(name: str) -> float:
        asked.append(name)
        if name == "b":
            raise FailedError("no such thing")
        return float(len(asked))

    assert by_turns(["a", "b", "c"], measure, 2) == {"a": [1.0, 4.0], "c": [3.0, 5.0]}
    assert "b is left out: no such thing" in capsys.readouterr().err


def test_a_table_goes_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x begins -->\nold\n<!-- x ends -->\nb\n", encoding="utf-8")
    put(page, "x", "new")
    assert page.read_text(encoding="utf-8") == "a\n<!-- x begins -->\nnew\n<!-- x ends -->\nb\n"
    with pytest.raises(ValueError, match="lacks '<!-- y begins -->'"):
        put(page, "y", "new")


def test_no_checkout_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    with earlier({"before": "0" * 40}, tmp_path) as (codes, notes):
        assert codes == []
    assert len(notes) == 1
    assert notes[0].startswith("before is skipped: ")


def test_the_economy_and_the_tools_run_the_same_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS / "peers"), *sys.path])
    import ring_plain

    end = run(str(BENCHMARKS / "ring" / "baseline.toml"))["goods_place_20"][0, -1]
    assert float(end) == pytest.approx(ring_plain.run(), rel=1e-12)
