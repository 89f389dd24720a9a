"""``planmodel score``: shares, series and misses on the screen."""

import re

import pytest
from cli_calls import fits, planmodel


def test_score_on_80_columns_says_the_shares() -> None:
    answer = planmodel("score", "one_country")
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    said = re.search(r"Core series: (\d+) of (\d+) points near the model \((\d+) %\); still", answer.out)
    assert said is not None
    near, of, share = map(int, said.groups())
    assert share == round(100 * near / of)
    misses = answer.out.split("the worst first")[1].split("Near: within")[0]
    listed = [line for line in misses.splitlines() if re.search(r"\d{4}.* [-+]\d+ %", line)]
    assert len(listed) == of - near


def test_score_by_regions_fits_80_columns() -> None:
    assert fits(planmodel("score").out)


def shares(out: str) -> tuple[int, int]:
    said = re.search(r"All series: (\d+) of (\d+) points near the model", out)
    assert said is not None
    return int(said[1]), int(said[2])


def test_only_figures_that_are_firm_enough_are_counted_and_the_others_are_said() -> None:
    everything, firm = planmodel("score"), planmodel("score", "--evidence", "transcribed")
    assert (firm.status, firm.err) == (0, "")
    said = re.search(r"Compared with figures that are transcribed only: (\d+)\s+of\s+(\d+)\s+doc", firm.out)
    assert said is not None
    lost, of = map(int, said.groups())
    assert 0 < of - lost < of
    assert shares(firm.out)[1] <= of - lost
    assert shares(firm.out)[1] < shares(everything.out)[1] <= of
    assert "Compared with figures" not in everything.out
    weakest = planmodel("score", "--set", "evidence=reading")
    assert shares(weakest.out) == shares(everything.out)
    assert re.search(r"transcribed or recalled or reading only: 0\s+of\s+\d+\s+doc", weakest.out)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--tolerance", "0"], "--tolerance 0: out of bounds; allowed: above 0, below 10"),
        (
            ["--evidence", "certain"],
            "--evidence certain: no such mark; allowed: transcribed, recalled, reading",
        ),
        (
            ["--evidence", "recalled", "--set", "evidence=recalled"],
            "--evidence recalled: --set says it too; allowed: one of the two",
        ),
        (
            ["kuzbass", "--evidence", "recalled"],
            "--evidence recalled: kuzbass names no record to be compared with; allowed: without it",
        ),
        (["baselin"], "no scenario is called 'baselin'; did you mean 'baseline'?"),
    ],
)
def test_a_wrong_call_is_one_line(words: list[str], message: str) -> None:
    assert planmodel("score", *words).message == message
