"""The golden histories hold to the bit; residuals where the libraries are those with which they were made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from golden import HASHES, Lines, arithmetic, differences, histories, read

KNOWN = histories()
ALWAYS = ("baseline", "posterior", "nep", "kuzbass", "magnitogorsk", "labour_process", "cadres_of_25000")
NOW_AND_THEN = ("baseline-without-food_productivity", "setting-1")
same_arithmetic = pytest.mark.skipif(
    (HASHES / "arithmetic.txt").read_text().strip() != arithmetic(),
    reason="the hashes were made with other libraries or another processor",
)


@pytest.mark.parametrize(
    "name", [*ALWAYS, *NOW_AND_THEN, pytest.param("archival-residuals", marks=same_arithmetic)]
)
def test_a_history_is_what_it_was(name: str) -> None:
    found = list(differences(read(name), KNOWN[name]()))
    assert not found, f"{len(found)} series differ: {found[:10]}; see python tests/golden/golden.py {name}"


def test_every_history_is_held() -> None:
    assert {f.stem for f in HASHES.glob("*.csv")} == set(KNOWN)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ({"a": ("1", "xxx"), "new": ("3", "")}, ""),
        ({"a": ("2", "xxy")}, "a: differs from month 3"),
        ({"a": ("2", "xxx")}, "a: differs"),
        ({}, "a: is not recorded any more"),
    ],
)
def test_differences_name_series_and_month(now: Lines, sentence: str) -> None:
    assert "; ".join(differences({"a": ("1", "xxx")}, now)) == sentence


def test_a_change_of_one_last_bit_in_one_month_is_seen() -> None:
    run: Callable[[], Lines] = KNOWN["kuzbass"]
    lines = run()
    held = dict(lines)
    whole, letters = held["coal_mined"]
    held["coal_mined"] = (whole[::-1], letters[:5] + ("A" if letters[5] != "A" else "B") + letters[6:])
    assert list(differences(held, lines)) == ["coal_mined: differs from month 6"]
