"""What must hold of my_economy, whatever the members and their weather: run `pytest`."""

from pathlib import Path

from planmodel.runs.checking import judge
from planmodel.runs.checks import load_checks
from planmodel.runs.history import run_fully
from planmodel.scenario import load_scenario

BASELINE = load_scenario(Path(__file__).parent / "baseline.toml")


def test_books_close_and_nobody_eats_more_than_there_is() -> None:
    done = run_fully(BASELINE, members=20)
    assert done.worst_residual < 1e-9
    assert bool((done.dataset["grain_granary"] >= 0).all())
    assert bool((done.dataset["fed"] <= 1).all())


def test_the_checks_hold() -> None:
    for verdict in judge(load_checks(economy=BASELINE.declared), BASELINE):
        assert verdict.passed, verdict.check.statement
