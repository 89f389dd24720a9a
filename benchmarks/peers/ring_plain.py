"""The ring in plain Python: lists and comprehensions."""

import platform

from answering import answer
from the_ring import RATE, START, STEPS


def run() -> float:
    """Return what the last stock holds at the end."""
    stocks = START.copy()
    for _ in range(STEPS):
        moved = [rate * stock for rate, stock in zip(RATE, stocks, strict=True)]
        before = [moved[-1], *moved[:-1]]
        stocks = [stock - out + into for stock, out, into in zip(stocks, moved, before, strict=True)]
    return stocks[-1]


if __name__ == "__main__":
    answer({"one": run, "version": platform.python_version})
