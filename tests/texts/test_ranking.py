"""Agreement side by side: what is circular is left out, the band is that of what is predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planmodel.engine import UserError
from planmodel.experiments.load import read_about, ready_experiments
from planmodel.experiments.schema import ExperimentFile
from planmodel.show.markdown import of_table
from planmodel.texts.ranking import COLUMNS, of_experiment, of_text, ranked, ranked_results, shown

ABOUT = {
    "title": "A",
    "question": "Q",
    "source": "S",
    "group": "book",
    "runs": {"model": {"draws": "archival"}},
}


def points(*rows: tuple[str, str, float, tuple[float, float, float], str]) -> pd.DataFrame:
    """Return a table of points: quantity, dates, documented, (low, median, high), counted."""
    frame = [
        {
            "quantity": quantity, "title": quantity, "unit": "million tonnes", "run": "model", "dates": dates,
            "documented": value, "documented_low": value, "documented_high": value, "version": "made_up",
            "low": band[0], "median": band[1], "high": band[2], "counted": why,
        }
        for quantity, dates, value, band, why in rows
    ]  # fmt: skip
    return pd.DataFrame(frame)


def row(table: pd.DataFrame, **more: Any) -> dict[str, Any]:
    return of_experiment("a", ExperimentFile.model_validate({**ABOUT, **more}), table)


def test_an_input_beside_itself_is_circular_and_does_not_count() -> None:
    found = row(
        points(
            ("coal", "1930", 10.0, (10.0, 10.0, 10.0), ""),
            ("coal", "1931", 12.0, (11.0, 12.0, 13.0), ""),
            ("iron", "1931", 3.0, (2.9, 3.0, 3.1), "its path is an input"),
            ("iron", "1932", 3.0, (2.9, 3.0, 3.1), "plan"),
        )
    )
    assert (found["points"], found["circular"], found["standing"]) == (1, 2, "partly circular")
    found = row(points(("coal", "1930", 10.0, (10.0, 10.0, 10.0), "")))
    assert (found["points"], found["circular"], found["standing"]) == (0, 1, "circular")
    assert row(points(("coal", "1930", 10.0, (9.0, 10.0, 11.0), "plan")))["standing"] == "no test"
    nothing = points(("coal", "1930", 10.0, (np.nan, np.nan, np.nan), ""))
    assert row(nothing)["standing"] == "record alone"
    assert row(pd.DataFrame({"quantity": ["coal"], "median": [1.0]}))["standing"] == "record alone"


def test_the_band_of_what_is_predicted_is_wider_than_that_of_the_draws() -> None:
    near = points(
        ("coal", "1930", 10.0, (10.4, 10.5, 10.6), ""), ("coal", "1931", 20.0, (10.4, 10.5, 10.6), "")
    )
    found = row(near)
    assert (found["within"], found["within_draws"], found["points"]) == (1, 0, 2)
    assert found["median_deviation"] == pytest.approx((0.05 + 0.475) / 2)
    assert (found["right"], found["directions"]) == (0, 1)
    without = row(near, runs={"model": {"number": 3}})
    assert (without["within"], without["fitted"]) == (0, 0)


def test_a_share_below_nothing_and_a_figure_of_nothing_are_borne() -> None:
    table = points(("net", "1930", 0.0, (-1.0, 0.5, 2.0), ""), ("net", "1931", -2.1, (-3.0, -2.5, -2.2), ""))
    found = row(table)
    assert found["within"] == found["points"] == 2
    assert found["median_deviation"] == pytest.approx(0.4 / 2.1)


def test_the_best_comes_first_and_what_is_no_test_last() -> None:
    base = dict.fromkeys(COLUMNS, 0) | {
        "kind": "experiment",
        "run": "",
        "title": "",
        "median_deviation": np.nan,
    }
    rows = [
        base | {"name": "none", "standing": "no test"},
        base | {"name": "circular", "standing": "circular", "circular": 3},
        base | {"name": "half", "standing": "a test", "points": 4, "within": 2, "median_deviation": 0.1},
        base | {"name": "worse", "standing": "a test", "points": 2, "within": 2, "median_deviation": 0.2},
        base
        | {"name": "best", "standing": "partly circular", "points": 2, "within": 2, "median_deviation": 0.1},
    ]
    found = ranked(rows)
    assert list(found["name"]) == ["best", "worse", "half", "circular", "none"]
    lines = of_table(shown(found)).splitlines()
    assert lines[2].startswith("| 1 | best | partly circular | 2 |")
    assert lines[5].startswith("| - | circular | circular | 0 | 3 |")
    assert ranked([]).empty


def test_a_text_is_counted_side_by_side_of_the_record() -> None:
    one = {
        "number": 1, "quantity": "coal", "version": "book", "unit": "million tonnes", "dates": "1930",
        "documented": 10.0, "documented_low": 10.0, "documented_high": 10.0, "median": 10.5, "low": 9.0,
        "high": 12.0, "draws_low": 10.4, "draws_high": 10.6, "counted": "", "mark": "", "fitted": "yes",
    }  # fmt: skip
    given = one | {"number": 2, "quantity": "iron", "mark": "given", "counted": "given", "fitted": ""}
    table = pd.DataFrame([{**r, "run": run} for run in ("book", "archival") for r in (one, given)])
    found = list(of_text("002", "A book", table))
    assert [r["run"] for r in found] == ["book", "archival"]
    assert [(r["points"], r["circular"], r["within"], r["within_draws"]) for r in found] == [(1, 1, 1, 0)] * 2


def test_no_result_is_refused_and_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no result of a ready experiment"):
        ranked_results(tmp_path)


def test_every_reason_why_a_figure_does_not_count_is_told_apart() -> None:
    """Of ready experiments: who gives the model a figure says so in words that the ranking knows."""
    for name, folder in ready_experiments().items():
        text = (folder / "figure.py").read_text(encoding="utf-8")
        if "GIVEN" in text:
            assert any(word in text for word in ("given", "input", "set from")), name
        assert read_about(folder).title
