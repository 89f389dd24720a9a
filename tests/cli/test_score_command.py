"""``planmodel score``: shares, series and misses on the screen."""

import re

import pytest
from cli_calls import fits, planmodel


def test_score_on_80_columns_says_the_shares() -> None:
    answer = planmodel("score")
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    said = re.search(r"Core series: (\d+) of (\d+) points near the model \((\d+) %\); still", answer.out)
    assert said is not None
    near, of, share = map(int, said.groups())
    assert share == round(100 * near / of)
    misses = answer.out.split("the worst first")[1].split("Near: within")[0]
    listed = [line for line in misses.splitlines() if re.search(r"\d{4}.* [-+]\d+ %", line)]
    assert len(listed) == of - near


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--tolerance", "0"], "--tolerance 0: out of bounds; allowed: above 0, below 10"),
        (["baselin"], "no scenario is called 'baselin'; did you mean 'baseline'?"),
    ],
)
def test_a_wrong_call_is_one_line(words: list[str], message: str) -> None:
    assert planmodel("score", *words).message == message
